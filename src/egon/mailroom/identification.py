"""Asking the sources of data who an outside person is: base registers and ISDS (NSESSS 2.8.8 to 2.8.11).

The network is asked outside of any transaction; the operations of parties take the answer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings

from egon.databox import connection
from egon.databox import queries as boxes
from egon.gateways.base_registers import AbsentRegisters, BaseRegisters, Entry, Query, Register, RemoteRegisters
from egon.gateways.isds import BoxOwner, BoxQuery, IsdsRefused
from egon.gateways.isds.codes import BoxType
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import GatewayError, Misconfigured
from egon.parties import operations, queries, rules
from egon.parties.models import Kind, Party, Source
from egon.parties.operations import PartyDetails
from egon.parties.rules import Key
from egon.tenancy.scope import current_tenant_id

_BOX_TYPES = {Kind.NATURAL: "FO", Kind.ENTREPRENEUR: "PFO", Kind.LEGAL: "PO", Kind.AUTHORITY: "OVM"}


@dataclass(frozen=True, slots=True)
class Found:
    """One whom a source knows."""

    source: Source
    reference: str
    details: PartyDetails

    @property
    def key(self) -> str:
        """What a page sends back when a person chooses this one."""
        return f"{self.source}:{self.reference}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sources told, and why some of them did not, in Czech."""

    found: tuple[Found, ...]
    troubles: tuple[str, ...]


def registers() -> BaseRegisters:
    """The base registers this installation is connected to."""
    if settings.BASE_REGISTERS_URL:
        return RemoteRegisters(settings.BASE_REGISTERS_URL, settings.BASE_REGISTERS_TOKEN)
    return AbsentRegisters()


def look_up(party: Party) -> Answer:
    """Ask every source that can be asked by the facts at hand: ROB or ROS by the kind of party, and ISDS."""
    facts = queries.facts_of(party)
    keys = rules.keys_of(facts)
    found: list[Found] = []
    troubles: list[str] = []
    for ask in (_in_base_registers, _in_isds):
        try:
            found.extend(ask(party, keys))
        except GatewayError as error:
            troubles.append(error.message)
    return Answer(tuple(found), tuple(troubles))


def read_again(party: Party) -> Found | None:
    """The present facts of an identified party from the source that identified it; ``None``: it knows it no more.

    Raises ``GatewayError``.
    """
    if party.source in (Source.ROB, Source.ROS):
        entry = registers().read(Register(party.source), party.source_reference)
        return _of_entry(entry) if entry else None
    return next(iter(_in_isds(party, [Key.DATABOX])), None)


def refresh(party: Party) -> bool:
    """Take newer facts of an identified party from its source; tells whether there were any (NSESSS 2.8.12, 2.8.13).

    Raises ``GatewayError``, and ``PartyRefused`` when what the source tells cannot be true.
    """
    found = read_again(party)
    if found is None:
        return False
    actor = Actor.system(current_tenant_id())
    if not operations.would_change(party, found.details):
        operations.confirm_party(actor=actor, party=party, at=clock.now())
        return False
    operations.identify_party(
        actor=actor,
        party=party,
        details=found.details,
        source=found.source,
        source_reference=found.reference,
        at=clock.now(),
    )
    return True


def kind_of_box(box_type: BoxType) -> str:
    """What kind of party has a box of this type."""
    number = box_type.number or 0
    if box_type.is_public_authority or number == 0:
        return Kind.AUTHORITY
    if number == 40:
        return Kind.NATURAL
    return Kind.ENTREPRENEUR if number >= 30 else Kind.LEGAL


def _in_base_registers(party: Party, keys: list[Key]) -> Iterator[Found]:
    queries_by_key: dict[Key, Callable[[Party], Query]] = {
        Key.NATURAL: _query_by_person,
        Key.ENTREPRENEUR: _query_by_person,
        Key.LEGAL: lambda one: Query(name=one.name, legal_form=one.legal_form),
        Key.IC: lambda one: Query(ic=one.ic),
    }
    register = Register.ROB if party.kind == Kind.NATURAL else Register.ROS
    known: dict[str, Found] = {}
    for key in keys:
        if key in queries_by_key:
            for entry in registers().find(register, queries_by_key[key](party)):
                known.setdefault(entry.reference, _of_entry(entry))
    yield from known.values()


def _query_by_person(party: Party) -> Query:
    return Query(
        given_name=party.given_name,
        family_name=party.family_name,
        birth_date=party.birth_date,
        street=party.street,
        house_number=party.house_number,
        orientation_number=party.orientation_number,
        city=party.city,
        postal_code=party.postal_code,
        legal_form=party.legal_form,
    )


def _of_entry(entry: Entry) -> Found:
    details = PartyDetails(
        kind=entry.kind,
        name=entry.name,
        given_name=entry.given_name,
        family_name=entry.family_name,
        birth_date=entry.birth_date,
        ic=entry.ic,
        legal_form=entry.legal_form,
        street=entry.street,
        house_number=entry.house_number,
        orientation_number=entry.orientation_number,
        city=entry.city,
        postal_code=entry.postal_code,
        country=entry.country,
        databox_id=entry.databox_id,
    )
    return Found(Source(entry.register.value), entry.reference, details)


def _in_isds(party: Party, keys: list[Key]) -> Iterator[Found]:
    asked = [query for key in keys if (query := _box_query(party, key))]
    if not asked:
        return
    own = boxes.sending_box()
    if own is None:
        raise Misconfigured("ISDS se zeptat nejde: organizace nemá žádnou používanou schránku.")
    known: dict[str, Found] = {}
    with connection.client_for(own, patient=False) as client:
        for query in asked:
            try:
                for owner in client.find_box(query).boxes:
                    known.setdefault(owner.box_id, _of_owner(owner))
            except IsdsRefused:
                continue  # ISDS wants more facts for this kind of box, or there is no such box
    yield from known.values()


def _box_query(party: Party, key: Key) -> BoxQuery | None:
    box_type = _BOX_TYPES[Kind(party.kind)]
    match key:
        case Key.DATABOX if party.databox_id:
            return BoxQuery(box_id=party.databox_id)
        case Key.IC:
            return BoxQuery(box_type=box_type, ico=party.ic)
        case Key.NATURAL | Key.ENTREPRENEUR:
            return BoxQuery(
                box_type=box_type,
                given_names=party.given_name,
                last_name=party.family_name,
                birth_date=party.birth_date,
                city=party.city,
            )
        case Key.LEGAL:
            return BoxQuery(box_type=box_type, firm_name=party.name)
    return None


def _of_owner(owner: BoxOwner) -> Found:
    kind = kind_of_box(owner.box_type)
    person = kind in (Kind.NATURAL, Kind.ENTREPRENEUR)
    details = PartyDetails(
        kind=kind,
        name=owner.firm_name,
        given_name=owner.given_names if person else "",
        family_name=owner.last_name if person else "",
        birth_date=owner.birth_date if person else None,
        ic=owner.ico,
        street=owner.street,
        house_number=owner.number_in_municipality,
        orientation_number=owner.number_in_street,
        city=owner.city,
        postal_code=owner.zip_code,
        country=owner.country[:2] or "CZ",
        databox_id=owner.box_id,
    )
    return Found(Source.DATABOX, owner.box_id, details)
