"""Writes the demo world through the operations of the domains; what is there already is left as it is."""

from collections.abc import Sequence
from datetime import timedelta

from egon.identity import operations as identity
from egon.identity import queries as accounts
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.parties import operations as parties
from egon.parties import queries as known_parties
from egon.parties.models import Kind
from egon.registry import operations as registry
from egon.registry.models import Person, Position, RoleGrant, Substitution, Unit
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope
from egon.world import outside, people, units
from egon.world.boxes import build_boxes
from egon.world.organisations import ORGANISATIONS, PASSWORD, OrganisationData
from egon.world.people import PersonData
from egon.world.places import Organisation, World
from egon.world.records import build_records


def build_world() -> World:
    """Create what is missing, one organisation after another. To be called outside of any scope."""
    for data in ORGANISATIONS:
        tenant, _ = Tenant.objects.get_or_create(
            code=data.code, defaults={"name": data.name, "ic": data.ic, "is_operator": data.is_operator}
        )
        with tenant_scope(tenant.pk):
            _build_organisation(data, tenant)
    return load_world()


def load_world() -> World:
    """Read the world from the database. To be called outside of any scope."""
    found = {data.key: _load_organisation(data) for data in ORGANISATIONS}
    region = found["region"]
    with region.scope():
        substitution = Substitution.objects.filter(absent=region.people[people.ABSENT]).earliest("pk")
    return World(found, substitution)


def _build_organisation(data: OrganisationData, tenant: Tenant) -> None:
    actor = Actor.system(tenant.pk, "Příprava ukázky")
    places = _build_units(actor, units.UNITS[data.key])
    staff = {one.key: _build_person(actor, one, places) for one in people.PEOPLE[data.key]}
    if data.is_operator:
        _build_substitution(actor, staff[people.ABSENT], staff[people.SUBSTITUTE])
        _build_known_company(actor)
    build_records(tenant)
    build_boxes(tenant)


def _build_units(actor: Actor, wanted: Sequence[units.UnitData]) -> dict[str, Unit]:
    found = {unit.code: unit for unit in Unit.objects.all()}
    for one in wanted:
        if one.code not in found:
            found[one.code] = registry.create_unit(
                actor=actor,
                code=one.code,
                name=one.name,
                parent=found[one.parent] if one.parent else None,
                is_records_node=one.is_records_node,
                valid_from=units.VALID_FROM,
            )
    return found


def _build_person(actor: Actor, one: PersonData, places: dict[str, Unit]) -> Person:
    person = Person.objects.filter(account__login=one.login).first() or _new_person(actor, one)
    here = places[one.unit]
    if not Position.objects.filter(unit=here, name=one.post, person=person).exists():
        registry.create_position(actor=actor, unit=here, name=one.post, person=person, is_head=one.is_head)
    for role, code in one.roles:
        if not RoleGrant.objects.filter(person=person, role=role, unit=places.get(code)).exists():
            registry.grant_role(actor=actor, person=person, role=role, unit=places.get(code))
    return person


def _new_person(actor: Actor, one: PersonData) -> Person:
    account = accounts.account_with(one.login) or identity.create_account(
        actor=actor, login=one.login, name=one.name, password=PASSWORD, must_change=False
    )
    person = registry.add_person(
        actor=actor,
        given_name=one.given_name,
        family_name=one.family_name,
        title_before=one.title_before,
        title_after=one.title_after,
        email=f"{one.login}@kraj-sazavsky.example",
    )
    return registry.give_account(actor=actor, person=person, account=account)


def _build_substitution(actor: Actor, absent: Person, substitute: Person) -> None:
    if Substitution.objects.filter(absent=absent, substitute=substitute).exists():
        return
    today = clock.today()
    until = today + timedelta(days=people.SUBSTITUTION_DAYS)
    registry.appoint_substitute(
        actor=actor, absent=absent, substitute=substitute, valid_from=today, valid_to=until, today=today
    )


def _build_known_company(actor: Actor) -> None:
    """The region wrote with the company before; the citizen is new to it."""
    company = outside.COMPANY
    if known_parties.candidates_for(ic=company.ic):
        return
    details = parties.PartyDetails(
        kind=Kind.LEGAL,
        name=company.name,
        ic=company.ic,
        street=company.place.street,
        house_number=company.place.number_in_municipality,
        orientation_number=company.place.number_in_street,
        city=company.place.city,
        postal_code=company.place.zip_code,
        databox_id=company.box.box_id,
    )
    parties.register_party(actor=actor, details=details)


def _load_organisation(data: OrganisationData) -> Organisation:
    tenant = Tenant.objects.get(code=data.code)
    keys = {one.login: one.key for one in people.PEOPLE[data.key]}
    with tenant_scope(tenant.pk):
        staff = Person.objects.filter(account__login__in=keys).select_related("account")
        found = {keys[person.account.login]: person for person in staff if person.account}
        places = {unit.code: unit for unit in Unit.objects.all()}
    return Organisation(data, tenant, found, places)
