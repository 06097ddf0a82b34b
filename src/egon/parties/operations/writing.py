"""Writing and changing one record of the jmenný rejstřík."""

from copy import copy
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from egon.audit.log import note
from egon.audit.operation import only_system, operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import Conflict
from egon.parties import permissions, queries, rules
from egon.parties.errors import PartyRefused
from egon.parties.models import Kind, Party, Source
from egon.parties.operations.duplicates import note_likenesses
from egon.parties.words import save_with_words

ADDRESS = ("street", "house_number", "orientation_number", "city", "postal_code", "country")
# What these told is not doubted.
AUTHORITATIVE = (Source.DATABOX, Source.ROB, Source.ROS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDetails:
    """Everything one may write about a party; unknown facts stay empty."""

    kind: str
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    ic: str = ""
    legal_form: str = ""
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

    def over(self, known: "PartyDetails") -> "PartyDetails":
        """These details, and what only ``known`` tells. An address counts as a whole."""
        kept = {f.name: getattr(known, f.name) for f in fields(self) if not getattr(self, f.name)}
        if self.city:
            kept = {name: value for name, value in kept.items() if name not in ADDRESS}
        return replace(self, **kept)


@operation(
    "parties.party.register", title="Zápis do jmenného rejstříku", requires=permissions.may_write, unlogged=("details",)
)
def register_party(
    *,
    actor: Actor,
    details: PartyDetails,
    source: str = Source.TYPED,
    identified_at: datetime | None = None,
    source_reference: str = "",
) -> Party:
    """Write a new party. ``identified_at``: when its identity was proven; without it the record is not identified.

    Duplicates are shown, not refused (:func:`egon.parties.queries.candidates_for`): two branches share one IČO.
    Raises :class:`PartyRefused` with all reasons.
    """
    party = Party(
        source=source, identified_at=identified_at, verified_at=identified_at, source_reference=source_reference
    )
    _fill(party, details, trusted=source in AUTHORITATIVE)
    save_with_words(party)
    note_likenesses(party, at=clock.now())
    note(**_told(party, [field.name for field in fields(PartyDetails) if getattr(party, field.name)]))
    return party


@operation(
    "parties.party.edit",
    title="Změna ve jmenném rejstříku",
    requires=permissions.may_edit,
    unlogged=("details", "seen"),
)
def edit_party(*, actor: Actor, party: Party, details: PartyDetails, seen: PartyDetails | None = None) -> Party:
    """Change the facts; the log keeps what they were. Documents sent before keep the address they were sent to.

    ``seen`` are the facts as the person saw them. Raises :class:`PartyRefused` with all reasons, :class:`Conflict`
    when the facts are not those seen any more.
    """
    party = lock_party(party)
    before = PartyDetails.of(party)
    if seen is not None and seen != before:
        raise Conflict("Záznam o osobě právě někdo změnil. Nic se neuložilo, podívejte se na současné údaje.")
    _fill(party, details, trusted=party.source == Source.DATABOX and details.databox_id == party.databox_id)
    save_with_words(party)
    note_likenesses(party, at=clock.now())
    after = PartyDetails.of(party)
    changed = [f.name for f in fields(PartyDetails) if getattr(before, f.name) != getattr(after, f.name)]
    note(before={name: getattr(before, name) for name in changed}, after=_told(party, changed))
    return party


@operation("parties.party.identify", title="Ztotožnění osoby", requires=permissions.may_edit, unlogged=("details",))
def identify_party(
    *, actor: Actor, party: Party, details: PartyDetails, source: str, source_reference: str, at: datetime
) -> Party:
    """The record is of the one whom a source of data knows: its facts are written here (NSESSS 2.8.9).

    Facts the source does not tell (e-mail, telephone) stay. Also used when the source tells newer ones (2.8.13): the
    day of identification then stays, that of verification moves.
    Raises :class:`PartyRefused`.
    """
    party = lock_party(party, instead="Ztotožněte")
    before = PartyDetails.of(party)
    _fill(party, details.over(before), trusted=True)
    is_same = (party.source, party.source_reference) == (source, source_reference[:64])
    party.source, party.source_reference, party.verified_at = source, source_reference[:64], at
    party.identified_at = party.identified_at if is_same and party.identified_at else at
    save_with_words(party)
    note_likenesses(party, at=at)
    changed = [f.name for f in fields(PartyDetails) if getattr(before, f.name) != getattr(party, f.name)]
    note(before={name: getattr(before, name) for name in changed}, after=_told(party, changed))
    return party


def lock_party(party: Party, *, instead: str = "Změňte") -> Party:
    """The record as it stands, locked. Raises :class:`PartyRefused` for one that was merged into another."""
    party = Party.objects.select_for_update().get(pk=party.pk)
    if party.merged_into_id is not None:
        raise PartyRefused([f"Záznam byl sloučen do jiného. {instead} ten, do kterého je sloučený."])
    return party


def renew_words(party: Party) -> None:
    """Store a changed record with the words it is found by; part of the operation that changes it."""
    party.renew_keys()
    save_with_words(party)


def obstacles_to(details: PartyDetails) -> list[str]:
    """Everything for which such a record would be refused; nothing is written."""
    try:
        _fill(Party(), details, trusted=False)
    except PartyRefused as refusal:
        return list(refusal.obstacles)
    return []


@operation("parties.party.confirm", title="Ověření údajů osoby u zdroje", requires=only_system)
def confirm_party(*, actor: Actor, party: Party, at: datetime) -> None:
    """The source was asked and tells what is written here (2.8.13)."""
    Party.objects.filter(pk=party.pk, identified_at__isnull=False).update(verified_at=at)


def would_change(party: Party, details: PartyDetails) -> bool:
    """Whether what a source tells differs from the record. Raises :class:`PartyRefused` when it cannot be true."""
    told, present = copy(party), PartyDetails.of(party)
    _fill(told, details.over(present), trusted=True)
    return PartyDetails.of(told) != present


def _fill(party: Party, details: PartyDetails, *, trusted: bool) -> None:
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
    obstacles = rules.obstacles_to_party(queries.facts_of(party), today=clock.today(), from_isds=trusted)
    obstacles += _too_long(party)
    if obstacles:
        raise PartyRefused(obstacles)
    party.renew_keys()


def _too_long(party: Party) -> list[str]:
    """What a form would not let in, but a source of data may tell."""
    written = {field.name for field in fields(PartyDetails)}
    return [
        f"{str(column.verbose_name).capitalize()}: nejvýš {column.max_length} znaků."
        for column in Party._meta.concrete_fields
        if column.name in written and column.max_length and len(getattr(party, column.name)) > column.max_length
    ]


def _told(party: Party, names: list[str]) -> dict[str, object]:
    return {name: getattr(party, name) for name in names}
