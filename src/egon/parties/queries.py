"""Reads of the jmenný rejstřík."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from egon.kernel.actor import Actor
from egon.kernel.czech import without_diacritics
from egon.kernel.errors import NotFound
from egon.parties import permissions, reading, rules
from egon.parties.models import Party

MOST_CANDIDATES = 10


def party_for(actor: Actor, pk: int) -> Party:
    """One party; looking at a natural person is logged. Raises :class:`NotFound`."""
    party = Party.objects.filter(pk=pk).first()
    if party is None or not permissions.may_read(actor):
        raise NotFound("Taková osoba ve jmenném rejstříku této organizace není.")
    if party.is_natural_person:
        reading.note_reading(actor=actor, party=party)
    return party


def find(text: str = "", *, kind: str = "") -> QuerySet[Party]:
    """Parties with all words of the text somewhere in name, town, IČO or box; case and diacritics do not matter.

    In Czech alphabetical order. A door that shows them to a person calls :func:`note_shown`.
    """
    found = Party.objects.order_by("sort_key", "pk")
    if kind:
        found = found.filter(kind=kind)
    for word in without_diacritics(text).casefold().split():
        found = found.filter(search_key__contains=word)
    return found


def note_shown(actor: Actor, parties: Sequence[Party], *, text: str = "", page: int = 1) -> None:
    """Log which natural persons a list showed to the actor; nothing is logged when there are none."""
    natural = [party for party in parties if party.is_natural_person]
    if natural:
        reading.note_listing(actor=actor, text=text, page=page, shown=natural)


def candidates_for(*, databox_id: str = "", ic: str = "", name: str = "") -> list[Party]:
    """Parties that may be the given one, the surest first: same box, same IČO, then all words of the name."""
    found: dict[int, Party] = {}
    for condition in _conditions(databox_id, ic):
        found |= {party.pk: party for party in Party.objects.filter(condition).order_by("pk")[:MOST_CANDIDATES]}
    if name.strip():
        found |= {party.pk: party for party in find(name)[:MOST_CANDIDATES] if party.pk not in found}
    return list(found.values())[:MOST_CANDIDATES]


def duplicates_of(party: Party) -> list[Party]:
    """Other parties with the same box, the same IČO, or the same name and birth date."""
    same = Q(pk__in=[])
    for condition in _conditions(party.databox_id, party.ic):
        same |= condition
    if party.birth_date:
        same |= Q(birth_date=party.birth_date, sort_key=party.sort_key)
    return list(Party.objects.filter(same).exclude(pk=party.pk).order_by("sort_key")[:MOST_CANDIDATES])


def _conditions(databox_id: str, ic: str) -> list[Q]:
    conditions = []
    if databox_id.strip():
        conditions.append(Q(databox_id=databox_id.strip().casefold()))
    if ic.strip():
        conditions.append(Q(ic=rules.clean_ic(ic)))
    return conditions
