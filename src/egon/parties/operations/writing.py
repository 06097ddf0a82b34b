"""Writing and changing one record of the jmenný rejstřík."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from egon.audit.log import note
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.parties import permissions, queries, rules
from egon.parties.errors import PartyRefused
from egon.parties.models import Kind, Party, Source
from egon.parties.operations.duplicates import note_likenesses


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDetails:
    """Everything one may write about a party; unknown facts stay empty."""

    kind: str
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    ic: str = ""
    street: str = ""
    house_number: str = ""
    orientation_number: str = ""
    city: str = ""
    postal_code: str = ""
    country: str = "CZ"
    databox_id: str = ""
    email: str = ""
    phone: str = ""

    @classmethod
    def of(cls, party: Party) -> "PartyDetails":
        """The details of a stored party, to change some of them by ``dataclasses.replace``."""
        return cls(**{field.name: getattr(party, field.name) for field in fields(cls)})


@operation(
    "parties.party.register", title="Zápis do jmenného rejstříku", requires=permissions.may_write, unlogged=("details",)
)
def register_party(
    *, actor: Actor, details: PartyDetails, source: str = Source.TYPED, identified_at: datetime | None = None
) -> Party:
    """Write a new party. ``identified_at``: when its identity was proven (a data box proves it).

    Duplicates are shown, not refused (:func:`egon.parties.queries.candidates_for`): two branches share one IČO.
    Raises :class:`PartyRefused` with all reasons.
    """
    party = Party(source=source, identified_at=identified_at)
    _fill(party, details, from_isds=source == Source.DATABOX)
    party.save()
    note_likenesses(party, at=clock.now())
    note(**_told(party, [field.name for field in fields(PartyDetails) if getattr(party, field.name)]))
    return party


@operation(
    "parties.party.edit", title="Změna ve jmenném rejstříku", requires=permissions.may_write, unlogged=("details",)
)
def edit_party(*, actor: Actor, party: Party, details: PartyDetails) -> Party:
    """Change the facts; the log keeps what they were. Documents sent before keep the address they were sent to.

    Raises :class:`PartyRefused` with all reasons.
    """
    party = Party.objects.select_for_update().get(pk=party.pk)
    if party.merged_into_id is not None:
        raise PartyRefused(["Záznam byl sloučen do jiného. Změňte ten, do kterého je sloučený."])
    before = PartyDetails.of(party)
    _fill(party, details, from_isds=party.source == Source.DATABOX and details.databox_id == party.databox_id)
    party.save()
    note_likenesses(party, at=clock.now())
    after = PartyDetails.of(party)
    changed = [f.name for f in fields(PartyDetails) if getattr(before, f.name) != getattr(after, f.name)]
    note(before={name: getattr(before, name) for name in changed}, after=_told(party, changed))
    return party


def _fill(party: Party, details: PartyDetails, *, from_isds: bool) -> None:
    for field in fields(PartyDetails):
        value = getattr(details, field.name)
        setattr(party, field.name, " ".join(value.split()) if isinstance(value, str) else value)
    party.ic = rules.clean_ic(party.ic)
    party.databox_id = party.databox_id.casefold()
    party.postal_code = party.postal_code.replace(" ", "")
    party.country = party.country.upper() or "CZ"
    if party.kind in (Kind.LEGAL, Kind.AUTHORITY):
        party.given_name = party.family_name = ""
    party.name = rules.full_name(party.kind, party.name, party.given_name, party.family_name)
    obstacles = rules.obstacles_to_party(queries.facts_of(party), today=clock.today(), from_isds=from_isds)
    if obstacles:
        raise PartyRefused(obstacles)
    party.renew_keys()


def _told(party: Party, names: list[str]) -> dict[str, object]:
    return {name: getattr(party, name) for name in names}
