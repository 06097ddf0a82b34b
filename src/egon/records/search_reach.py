"""Where a search looks for what a person may see, and how each hit is tested (NSESSS 5.1.1)."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from egon.kernel.actor import Actor
from egon.records import indexing, permissions, queries, typed_queries
from egon.records.criteria import Criteria
from egon.records.indexing import CLASS, DOCUMENT, FILE, SECTION, TYPED_FILE, Facet
from egon.records.models import CaseFile, Document, TypedFile
from egon.search import Hit
from egon.search.facets import any_of, has

MOST_AMONG: Final = 10_000  # things one sees; who sees more is shown what the index finds newest


@dataclass(frozen=True, slots=True)
class Part:
    """Kinds to be searched at once; only ``among`` these, or what has the facets ``within``."""

    kinds: list[str]
    among: list[int] | None = None
    within: str | None = None


def parts_for(actor: Actor, kinds: Sequence[str]) -> Iterator[Part]:
    """Where to look for what the actor may see; each hit is tested nevertheless, and some are found twice."""
    if not permissions.sees_much(actor):
        yield from itertools.chain.from_iterable(_among_seen(actor, kind) for kind in kinds)
        return
    reach = permissions.reach_of(actor)
    held = [kind for kind in kinds if kind in (DOCUMENT, FILE)]
    beyond = list(_among(held, _keys_beyond(actor, held))) if reach is not None and held else []
    if reach is None or any(part.among is None for part in beyond):
        # They see everything, the mail, or too much for other reasons: the newest hits of all are tested.
        yield Part(list(kinds))
        return
    # Their units and they themselves stand in the index, the rest is listed.
    if held:
        facets = [(Facet.UNIT, reach.units), (Facet.PERSON, reach.people), (Facet.THROUGH, reach.people)]
        yield Part(held, within=any_of(has(name, pk) for name, keys in facets for pk in sorted(keys)))
    if other := [kind for kind in kinds if kind not in held]:
        yield Part(other)
    yield from beyond


def _keys_beyond(actor: Actor, held: Sequence[str]) -> QuerySet[Any]:
    first, *others = (rows.order_by().values("pk") for rows in _beyond(actor, held))
    return first.union(*others, all=True)


def _beyond(actor: Actor, held: Sequence[str]) -> Iterator[QuerySet[Any]]:
    """What the actor may see for other reasons than those in the index."""
    if DOCUMENT in held:
        yield Document.objects.filter(permissions.documents_beyond_reach(actor))
    if FILE in held:
        yield CaseFile.objects.filter(permissions.files_beyond_reach(actor))


def _among_seen(actor: Actor, kind: str) -> Iterator[Part]:
    """Of who sees little: what they see is listed."""
    match kind:
        case indexing.DOCUMENT:
            rows: QuerySet[Any] = Document.objects.filter(permissions.visible_to(actor))
        case indexing.FILE:
            rows = CaseFile.objects.filter(permissions.files_visible_to(actor))
        case indexing.TYPED_FILE:
            rows = TypedFile.objects.filter(permissions.typed_files_visible_to(actor))
        case indexing.SECTION:
            rows = typed_queries.sections_visible_to(actor)
        case _:
            return iter([Part([kind])])
    return _among([kind], rows.order_by().values("pk"))


def _among(kinds: list[str], keys: QuerySet[Any]) -> Iterator[Part]:
    """Only these, unless there are too many of them; nothing when there are none. Keys of one kind harm no other."""
    listed = [row["pk"] for row in keys[: MOST_AMONG + 1]]
    if listed:
        yield Part(kinds, listed if len(listed) <= MOST_AMONG else None)


class Sieve:
    """Lets through hits that fit and that the actor may see; one query a kind of entity and a batch.

    The conditions are put together once a search: that takes longer than to ask by them.
    """

    def __init__(self, actor: Actor, criteria: Criteria) -> None:
        self._fitting: dict[str, Callable[[], QuerySet[Any]]] = {
            DOCUMENT: lambda: queries.findable_documents(actor).filter(criteria.of_documents()),
            FILE: lambda: queries.findable_files(actor).filter(criteria.of_files()),
            TYPED_FILE: lambda: typed_queries.typed_files_visible_to(actor).filter(criteria.of_typed_files()),
            SECTION: lambda: typed_queries.sections_visible_to(actor).filter(criteria.of_sections()),
            CLASS: lambda: queries.findable_classes(actor).filter(criteria.of_classes()),
        }
        self._made: dict[str, QuerySet[Any]] = {}

    def let_through(self, hits: Sequence[Hit]) -> list[Hit]:
        """Those of the hits, in their order."""
        seen = {
            kind: self._seen(kind, [hit.entity_id for hit in hits if hit.entity_type == kind])
            for kind in {hit.entity_type for hit in hits}
        }
        return [hit for hit in hits if hit.entity_id in seen[hit.entity_type]]

    def _seen(self, kind: str, ids: list[int]) -> frozenset[int]:
        if kind not in self._fitting:
            return frozenset()
        if kind not in self._made:
            self._made[kind] = self._fitting[kind]().order_by()
        return frozenset(self._made[kind].filter(queries.AnyOf("pk", ids)).values_list("pk", flat=True))


def ids_of(hits: Iterable[Hit], kind: str) -> list[int]:
    """Keys of the hits that are of one kind."""
    return [hit.entity_id for hit in hits if hit.entity_type == kind]
