"""Reads of the jmenný rejstřík."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from egon.kernel import czech
from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.parties import permissions, reading, rules
from egon.parties.models import Duplicate, DuplicateState, Kind, Party, PartyWord, RegisterSettings, Source
from egon.parties.words import pattern_of, sought_in

MOST_CANDIDATES = 10
MOST_IN_GROUP = 200
MOST_BY_WORDS = 2000


def party_for(actor: Actor, pk: int) -> Party:
    """One party; looking at a natural person is logged. Raises :class:`NotFound`."""
    party = Party.objects.filter(pk=pk).first()
    if party is None or not permissions.may_read(actor):
        raise NotFound("Taková osoba ve jmenném rejstříku této organizace není.")
    if party.is_natural_person:
        reading.note_reading(actor=actor, party=party)
    return party


def present() -> QuerySet[Party]:
    """Records that count: those merged into another are only remembered."""
    return Party.objects.filter(merged_into__isnull=True)


def facts_of(party: Party) -> rules.PartyFacts:
    """What the rules look at."""
    return rules.PartyFacts(**{field.name: getattr(party, field.name) for field in fields(rules.PartyFacts)})


def find(text: str = "", *, kind: str = "", identified: bool | None = None) -> QuerySet[Party]:
    """Parties of whose name, town, street, IČO, box or e-mail some word begins so, for each word of the text.

    Case and diacritics do not matter.
    In Czech alphabetical order. A door that shows them to a person calls :func:`note_shown`.
    """
    found = present().order_by("sort_key", "pk")
    if kind:
        found = found.filter(kind=kind)
    if identified is not None:
        found = found.filter(identified_at__isnull=not identified)
    words = sought_in(text)
    if not words:
        return found
    ids = _with_all(words)
    if len(ids) <= MOST_BY_WORDS:
        return found.filter(pk__in=ids)
    # What so many have is met soon on the way through the order, row by row.
    for word in words:
        found = found.filter(search_key__regex=pattern_of(word))
    return found


def _with_all(words: Sequence[str]) -> list[int]:
    """Keys of parties with words that begin so, one more than :data:`MOST_BY_WORDS` when there are too many."""
    first, *others = (PartyWord.objects.filter(word__begins=word) for word in words)
    for other in others:
        first = first.filter(party__in=other.values("party"))
    return list(first.order_by().values_list("party", flat=True).distinct()[: MOST_BY_WORDS + 1])


def beginning(text: str) -> QuerySet[Party]:
    """Parties whose name (of a natural person the surname) begins so, in alphabetical order; an index answers it."""
    begun = czech.sort_key(text).partition("\x01")[0]
    found = present().order_by("sort_key", "pk")
    return found.filter(sort_key__begins=begun) if begun else found.none()


def note_shown(actor: Actor, parties: Sequence[Party], *, text: str = "", page: int = 1) -> None:
    """Log which natural persons a list showed to the actor; nothing is logged when there are none."""
    natural = [party for party in parties if party.is_natural_person]
    if natural:
        reading.note_listing(actor=actor, text=text, page=page, shown=natural)


def candidates_for(*, databox_id: str = "", ic: str = "", name: str = "") -> list[Party]:
    """Parties that may be the given one, the surest first: same box, same IČO, then all words of the name."""
    found: dict[int, Party] = {}
    for condition in _conditions(databox_id, ic):
        found |= {party.pk: party for party in present().filter(condition).order_by("pk")[:MOST_CANDIDATES]}
    if name.strip():
        found |= {party.pk: party for party in find(name)[:MOST_CANDIDATES] if party.pk not in found}
    return list(found.values())[:MOST_CANDIDATES]


def resembling(party: Party) -> list[Party]:
    """Other records with the same box, IČO or name; the rules say which of them may be of the same person."""
    same = Q(sort_key=party.sort_key)
    for condition in _conditions(party.databox_id, party.ic):
        same |= condition
    found = present().filter(same).exclude(pk=party.pk).order_by("sort_key", "pk")[:MOST_IN_GROUP]
    return [one for one in found if rules.why_the_same(facts_of(party), facts_of(one))][:MOST_CANDIDATES]


def groups_of_resembling() -> Iterator[list[Party]]:
    """Groups of records with the same box, IČO or name in the whole register, the oldest record first."""
    for column in ("databox_id", "ic", "sort_key"):
        counted = present().exclude(**{column: ""}).order_by().values_list(column).annotate(size=Count("pk"))
        for value, _ in counted.filter(size__gt=1):
            yield list(present().filter(**{column: value}).order_by("pk")[:MOST_IN_GROUP])


def duplicates_of(party: Party) -> list[Duplicate]:
    """Pairs with this record that were not decided yet."""
    of_party = Q(party=party) | Q(other=party)
    return list(duplicates(state=DuplicateState.OPEN).filter(of_party)[:MOST_CANDIDATES])


def duplicates(*, state: str = "") -> QuerySet[Duplicate]:
    """Pairs of records that may be of one person, the newest first."""
    found = Duplicate.objects.select_related("party", "other").order_by("-found_at", "-pk")
    if state == DuplicateState.OPEN:
        # A record merged into a third one waits for nothing; it comes back when that merge is taken back.
        found = found.filter(party__merged_into__isnull=True, other__merged_into__isnull=True)
    return found.filter(state=state) if state else found


def duplicate_for(actor: Actor, pk: int) -> Duplicate:
    """One pair, for who keeps the register; a look at natural persons is logged. Raises :class:`NotFound`."""
    pair = duplicates().filter(pk=pk).first()
    if pair is None or not permissions.may_manage(actor):
        raise NotFound("Taková dvojice záznamů tu není.")
    note_shown(actor, [pair.party, pair.other])
    return pair


def open_duplicates(actor: Actor) -> int:
    """How many pairs wait for who keeps the register; 0 for all others."""
    return duplicates(state=DuplicateState.OPEN).count() if permissions.may_manage(actor) else 0


def with_merged(party: Party) -> QuerySet[Party]:
    """A record with all that were merged into it, also in more steps."""
    found, added = {party.pk}, {party.pk}
    while added:
        added = set(Party.objects.filter(merged_into__in=added).values_list("pk", flat=True)) - found
        found |= added
    return Party.objects.filter(pk__in=found)


def periods() -> rules.Periods:
    """After how many days without any link records are destroyed here."""
    row = RegisterSettings.objects.first()
    return rules.Periods(row.natural_days, row.legal_days) if row else rules.Periods()


def notifications() -> RegisterSettings | None:
    """The settings when changes come by notifications here, otherwise nothing."""
    return RegisterSettings.objects.filter(uses_notifications=True).first()


def is_asked_about(party: Party) -> bool:
    """Whether the source of an identified record is asked at intake and dispatch (NSESSS 2.8.13).

    Not of records whose changes come by notifications.
    """
    if party.identified_at is None or not party.source_reference:
        return False
    return party.source == Source.DATABOX or notifications() is None


def known_by(source: str, references: Sequence[str]) -> list[Party]:
    """Records that a source knows by these references."""
    return list(present().filter(source=source, source_reference__in=references).exclude(source_reference=""))


def unlinked() -> QuerySet[Party]:
    """Records without any link, those that wait longest first (NSESSS 2.8.17)."""
    return Party.objects.filter(unlinked_since__isnull=False).order_by("unlinked_since", "pk")


def expired(*, on: date) -> QuerySet[Party]:
    """Records whose period of destruction has passed on a day."""
    ends = Q(pk__in=[])
    kept = periods()
    for kind in Kind.values:
        days = kept.days_of(kind)
        if days is not None:
            ends |= Q(kind=kind, unlinked_since__lte=on - timedelta(days=days))
    return unlinked().filter(ends)


def still_there(party: Party) -> bool:
    """Whether a record was not destroyed meanwhile."""
    return Party.objects.filter(pk=party.pk).exists()


def _conditions(databox_id: str, ic: str) -> list[Q]:
    conditions = []
    if databox_id.strip():
        conditions.append(Q(databox_id=databox_id.strip().casefold()))
    if ic.strip():
        conditions.append(Q(ic=rules.clean_ic(ic)))
    return conditions
