"""Searching documents, files and classes by criteria, only among what the actor may see (NSESSS 5.1.1 to 5.1.8)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Max

from egon import search
from egon.kernel.actor import Actor
from egon.kernel.czech import sort_key
from egon.records import queries
from egon.records.criteria import Criteria
from egon.records.indexing import CLASS, DOCUMENT, FILE, SECTION, TYPED_FILE, Facet
from egon.records.models import CaseFile, Document, RecordClass, TypedFile, TypedSection
from egon.records.search_reach import Part, Sieve, ids_of, parts_for
from egon.search import Hit
from egon.search.facets import all_of, has

MOST_FOUND: Final = 1000
MOST_BATCHES: Final = 8  # of hits of the index, in which those the actor may see are looked for
KINDS: Final = (DOCUMENT, FILE, TYPED_FILE, SECTION, CLASS)


@dataclass(frozen=True, slots=True)
class Found:
    """Hits the actor may see, newest first; ``more`` tells that older ones of these were left.

    ``bounded``: only so many of the organisation's newest hits are gone through. It is told to who sees much whatever
    is found: whether the bound was met depends also on what they may not see (NSESSS 5.1.1).
    """

    hits: tuple[Hit, ...] = ()
    more: bool = False
    bounded: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of all that fits, newest first; ``end`` is where the next one begins, None behind the last one."""

    hits: tuple[Hit, ...]
    end: Hit | None


def find(actor: Actor, criteria: Criteria, kinds: Sequence[str] = KINDS, *, after: Hit | None = None) -> Found:
    """What fits, at most :data:`MOST_FOUND`, behind a hit already known. Raises :class:`egon.search.QueryMistake`."""
    wanted = criteria.for_index()
    parts = list(parts_for(actor, _possible(criteria, kinds)))
    sieve = Sieve(actor, criteria)
    found = {hit for part in parts for hit in _found_in(sieve, criteria, wanted, part, after=after)}
    hits = sorted(found, key=_place, reverse=True)
    bounded = any(part.among is None and part.kinds != [CLASS] for part in parts)
    return Found(tuple(hits[:MOST_FOUND]), more=len(hits) > MOST_FOUND, bounded=bounded)


def find_known(actor: Actor, criteria: Criteria, kinds: Sequence[str] = KINDS, *, after: Hit | None = None) -> Found:
    """What fits, and headers of what is gone that the actor might have seen: that it was is told (NSESSS 5.1.10)."""
    found = find(actor, criteria, kinds, after=after)
    hits = sorted({*found.hits, *_gone(actor, criteria, kinds, after)}, key=_place, reverse=True)
    return Found(tuple(hits[:MOST_FOUND]), more=found.more or len(hits) > MOST_FOUND, bounded=found.bounded)


def next_stretch(
    actor: Actor, criteria: Criteria, kinds: Sequence[str] = KINDS, *, after: Hit | None = None
) -> Stretch:
    """The next hits of the index behind a place, those of them that fit and that the actor may see now.

    Going on from ``end`` to ``end`` finds everything, however much of it others have; that takes long, so a background
    run does it. Nothing of the places themselves may be shown: they may be of what the actor does not see.
    """
    wanted = criteria.for_index()
    sieve = Sieve(actor, criteria)
    found: set[Hit] = set()
    ends: list[Hit] = []
    for part in parts_for(actor, _possible(criteria, kinds)):
        batch = _batch(criteria, wanted, part, after)
        found.update(sieve.let_through(batch.hits))
        if batch.capped_count > search.AT_ONCE:
            ends.append(batch.hits[-1])
    # Parts are searched each by itself; behind the nearest end nobody knows what else there is.
    end = max(ends, key=_place, default=None)
    hits = [hit for hit in found if end is None or _place(hit) >= _place(end)]
    return Stretch(tuple(sorted(hits, key=_place, reverse=True)), end)


def _possible(criteria: Criteria, kinds: Sequence[str]) -> Sequence[str]:
    return [kind for kind in kinds if kind == DOCUMENT] if criteria.only_of_documents else kinds


def _place(hit: Hit) -> tuple[datetime, int]:
    return hit.at, hit.entry_id


def _gone(actor: Actor, criteria: Criteria, kinds: Sequence[str], after: Hit | None) -> list[Hit]:
    """Found by words alone: conditions are of metadata, and those must not be guessed from answers."""
    wanted = criteria.for_index()
    kinds = [kind for kind in kinds if kind != CLASS]
    if wanted is None or not kinds or criteria != Criteria(words=criteria.words):
        return []
    hits = search.find_by(all_of([wanted, has(Facet.GONE, "1")]), kinds, after=after).hits
    known = queries.gone_among(actor, documents=ids_of(hits, DOCUMENT), files=ids_of(hits, FILE))
    return [hit for hit in hits if (hit.entity_type, hit.entity_id) in known]


def files_named(actor: Actor, words: str) -> list[int]:
    """Files the actor may see by words of their mark, content or class; at most the newest :data:`MOST_FOUND`.

    For the filters of lists. Raises :class:`egon.search.QueryMistake`.
    """
    return ids_of(find(actor, Criteria(words=words), [FILE]).hits, FILE)


def order_by(hits: Sequence[Hit], order: str, *, hides: Collection[str] = ()) -> list[Hit]:
    """Hits by one of :data:`ORDERS` (a minus: from the end); those without the value are last. NSESSS 5.1.8.

    What is in a state that ``hides`` has only its header: its place must not tell the rest (NSESSS 7.2.13).
    """
    if order.removeprefix("-") not in ORDERS:
        return list(hits)
    return by_rank(list(zip(ranks_of(hits, order, hides=hides), hits, strict=True)), order)


def ranks_of(hits: Sequence[Hit], order: str, *, hides: Collection[str] = ()) -> list[Any]:
    """What each of the hits is put in order by; None of those that do not have it, and of all in no order."""
    chosen = ORDERS.get(order.removeprefix("-"), {})
    values = {kind: _values(kind, column, hits, hides) for kind, column in chosen.items()}
    found = (values.get(hit.entity_type, {}).get(hit.entity_id) for hit in hits)
    return [None if value in (None, "") else _rank(value) for value in found]


def by_rank[T](ranked: Sequence[tuple[Any, T]], order: str) -> list[T]:
    """Things in order of their ranks, with a minus from the end; those without a rank are last."""
    having = sorted((one for one in ranked if one[0] is not None), key=lambda one: one[0])
    if order.startswith("-"):
        having.reverse()
    return [thing for _, thing in having] + [thing for rank, thing in ranked if rank is None]


# By what results are put in order: the column of each kind of entity that has it (NSESSS 5.1.8, letters a to m).
ORDERS: Final[Mapping[str, Mapping[str, str]]] = {
    "cislo": {DOCUMENT: "reference_number", FILE: "file_mark", CLASS: "code"},
    "typovy": {
        DOCUMENT: "case_file__volume__section__typed_file__name",
        FILE: "volume__section__typed_file__name",
        TYPED_FILE: "name",
        SECTION: "typed_file__name",
    },
    "znacka": {DOCUMENT: "case_file__file_mark", FILE: "file_mark"},
    "identifikator": {
        DOCUMENT: "identifier",
        FILE: "identifier",
        TYPED_FILE: "identifier",
        SECTION: "identifier",
        CLASS: "identifier",
    },
    "zpracovatel": {DOCUMENT: "holder", FILE: "processor", TYPED_FILE: "processor", SECTION: "typed_file__processor"},
    "odeslano": {DOCUMENT: "sent_at"},
    "doslo": {DOCUMENT: "came_at"},
    "odesilatele": {DOCUMENT: "sender_reference"},
    "nazev": {DOCUMENT: "subject", FILE: "subject", TYPED_FILE: "name", SECTION: "template__name", CLASS: "name"},
    "znak": {
        DOCUMENT: "case_file__class_code",
        FILE: "class_code",
        TYPED_FILE: "class_code",
        SECTION: "template__code",
        CLASS: "code",
    },
    "rezim": {DOCUMENT: "case_file__regime", FILE: "regime", SECTION: "section_regime", CLASS: "class_regime"},
    "odesilano": {DOCUMENT: "sent_by"},
    "dorucovano": {DOCUMENT: "channel"},
}


def _found_in(
    sieve: Sieve, criteria: Criteria, wanted: str | None, part: Part, *, after: Hit | None = None
) -> Iterator[Hit]:
    """Hits in batches, until there are enough of those that fit and may be seen."""
    count = 0
    for _ in range(MOST_BATCHES):
        batch = _batch(criteria, wanted, part, after)
        hits = sieve.let_through(batch.hits)
        count += len(hits)
        yield from hits
        if batch.capped_count <= search.AT_ONCE or count > MOST_FOUND:
            return
        after = batch.hits[-1]


def _batch(criteria: Criteria, wanted: str | None, part: Part, after: Hit | None) -> search.SearchResult:
    since, before = criteria.registered.begins_at, criteria.registered.ends_before
    asked = all_of([wanted, part.within])
    return search.find_by(asked, part.kinds, since=since, before=before, after=after, among=part.among)


def _values(kind: str, column: str, hits: Sequence[Hit], hides: Collection[str]) -> dict[int, Any]:
    ids = ids_of(hits, kind)
    if not ids:
        return {}
    model: Any = _MODELS[kind]
    rows = model.objects.filter(pk__in=ids)
    if hides and kind in (DOCUMENT, FILE) and column not in _IN_HEADER:
        rows = rows.exclude(state__in=hides)
    match column:
        case "holder" | "processor" | "typed_file__processor":
            family, given = f"{column}__family_name", f"{column}__given_name"
            return {pk: " ".join(filter(None, name)) for pk, *name in rows.values_list("pk", family, given)}
        case "sent_at":
            return dict(rows.values_list("pk").annotate(last=Max("addressees__dispatched_at")))
        case "sent_by":
            return dict(rows.values_list("pk").annotate(last=Max("addressees__sent_by")))
        case "came_at":
            return {pk: came or registered for pk, came, registered in rows.values_list("pk", *_CAME)}
        case "regime" | "case_file__regime" | "section_regime" | "class_regime":
            columns = _REGIMES[column]
            return {pk: (mark, years) if mark else None for pk, mark, years in rows.values_list("pk", *columns)}
        case _:
            return dict(rows.values_list("pk", column))


_MODELS = {DOCUMENT: Document, FILE: CaseFile, TYPED_FILE: TypedFile, SECTION: TypedSection, CLASS: RecordClass}
_IN_HEADER = ("reference_number", "file_mark", "identifier", "subject")  # what is told also of what is gone
_CAME = ("delivered_at", "registered_at")
_REGIMES = {
    "regime": ("disposal_mark", "retention_years"),
    "case_file__regime": ("case_file__disposal_mark", "case_file__retention_years"),
    "section_regime": ("template__disposal_regime__mark", "template__disposal_regime__years"),
    "class_regime": ("disposal_regime__mark", "disposal_regime__years"),
}


def _rank(value: Any) -> Any:
    return sort_key(value) if isinstance(value, str) else value
