"""Who sees sections, volumes, components, classes and persons is told exactly as the permissions decide it."""

import pytest
from tests.records_steps import acting, record_class, register
from tests.typed_steps import full_file, section, typed_class, typed_file, volumes

from egon.kernel import clock
from egon.kernel.actor import LimitKind, Role
from egon.kernel.errors import NotFound
from egon.parties import operations as parties
from egon.parties.operations import PartyDetails
from egon.parties.rules import Right
from egon.records import known_parties, permissions, plan_queries, queries, sight_around, typed_queries
from egon.records import operations as records
from egon.records.rules.parties import PartyRole
from egon.registry import operations as registry
from egon.registry.models import Person, RoleGrant

pytestmark = pytest.mark.django_db


def names(seers):
    assert all(one.reasons for one in seers)
    return {one.person.pk for one in seers}


def seeing(decide):
    """By what a page of the thing does for each person."""

    def opens(person):
        try:
            return bool(decide(acting(person)))
        except NotFound:
            return False

    return {person.pk for person in Person.objects.filter(active=True) if opens(person)}


@pytest.fixture
def restrict(in_region):
    def take(kind, about, person=None):
        return registry.set_restriction(
            actor=acting(in_region.administrator), kind=kind, about=str(about), person=person or in_region.officer,
            reason="střet zájmů", at=clock.now(),
        )  # fmt: skip

    return take


@pytest.fixture
def substituted(in_region):
    on = clock.today()
    for absent, substitute in ((in_region.officer, in_region.substitute), (in_region.clerk, in_region.commuter)):
        registry.appoint_substitute(
            actor=acting(in_region.administrator), absent=absent, substitute=substitute, valid_from=on, valid_to=on,
            today=on,
        )  # fmt: skip


@pytest.mark.norm("5.2.15")
@pytest.mark.parametrize("kind", [None, LimitKind.SECTION, LimitKind.TYPED_FILE, LimitKind.CLASS])
def test_of_sections_and_volumes(in_region, substituted, restrict, kind):
    typed = typed_file(in_region, typed_class(in_region))
    full_file(in_region, section(typed, "1.2"))
    about = {LimitKind.SECTION: section(typed, "1").pk, LimitKind.TYPED_FILE: typed.pk, LimitKind.CLASS: "65.30"}
    if kind is not None:
        restrict(kind, about[kind])
    for one in (section(typed, "1.2"), section(typed, "2")):
        sees = seeing(lambda actor, one=one: typed_queries.section_for(actor, one.pk))
        assert names(sight_around.who_sees_section(one, on=clock.today())) == sees
        (volume,) = volumes(one)
        assert names(sight_around.who_sees_volume(volume, on=clock.today())) == sees
    hidden = kind is not None
    told = names(sight_around.who_sees_section(section(typed, "1.2"), on=clock.today()))
    assert (in_region.officer.pk in told) is not hidden and in_region.head.pk in told


@pytest.mark.norm("5.2.15")
def test_of_a_component(in_region, substituted, restrict, received):
    component, version = received.components.get(), queries.components_of(received)[0].latest
    sees = seeing(lambda actor: queries.version_for(actor, version.pk))
    assert names(sight_around.who_sees_component(component, on=clock.today())) == sees and in_region.officer.pk in sees
    restrict(LimitKind.COMPONENT, component.pk)
    sees = seeing(lambda actor: queries.version_for(actor, version.pk))
    assert names(sight_around.who_sees_component(component, on=clock.today())) == sees
    assert in_region.officer.pk not in sees and in_region.head.pk in sees


@pytest.mark.norm("5.2.15", "7.1.6b")
def test_of_a_class_and_of_one_of_a_draft(in_region, restrict):
    entry = record_class("80.1")
    everybody = set(Person.objects.filter(active=True).values_list("pk", flat=True))
    assert names(sight_around.who_sees_class(entry, on=clock.today())) == everybody
    restrict(LimitKind.CLASS, "80")
    assert names(sight_around.who_sees_class(entry, on=clock.today())) == everybody - {in_region.officer.pk}
    keeper = acting(in_region.records_keeper)
    draft = records.copy_plan(actor=keeper, plan=entry.plan, name="Další", valid_from=clock.today())
    of_draft = plan_queries.class_by_code(draft, "80.1")
    told = names(sight_around.who_sees_class(of_draft, on=clock.today()))
    assert told == seeing(permissions.may_configure) and in_region.officer.pk not in told


@pytest.fixture
def person(in_region):
    details = PartyDetails(kind="natural", given_name="Anna", family_name="Skrytá")
    return parties.register_party(actor=acting(in_region.clerk), details=details)


@pytest.mark.norm("5.2.15", "2.8.7b")
@pytest.mark.parametrize("narrowed", [False, True])
def test_of_a_person_of_the_register(in_region, substituted, received, file, person, narrowed):
    company = parties.register_party(
        actor=acting(in_region.clerk), details=PartyDetails(kind="legal", name="Veřejná, a. s.")
    )
    records.link_party(
        actor=acting(in_region.officer), document=received, party=person, role=PartyRole.OTHER, at=clock.now()
    )
    RoleGrant.objects.filter(person=in_region.outsider).delete()
    if narrowed:
        parties.set_rights(
            actor=acting(in_region.administrator),
            rights={Role.RECORDS_KEEPER: [Right.READ, Right.WRITE, Right.EDIT, Right.MANAGE]},
        )
    for party in (person, company):
        sees = seeing(lambda actor, party=party: known_parties.party_for(actor, party.pk))
        assert names(sight_around.who_sees_party(party, on=clock.today())) == sees
    told = {one.person: one.reasons for one in sight_around.who_sees_party(person, on=clock.today())}
    assert in_region.outsider not in told
    assert (told[in_region.officer] == ("vidí dokument, v němž osoba je",)) is narrowed
    assert not any(sight_around.is_shortened(party) for party in (person, company))


def test_of_a_person_in_very_much_it_is_said_that_older_things_were_not_looked_through(
    in_region, received, person, monkeypatch
):
    monkeypatch.setattr(sight_around, "MOST_LINKS", 1)
    records.link_party(
        actor=acting(in_region.officer), document=received, party=person, role=PartyRole.OTHER, at=clock.now()
    )
    assert not sight_around.is_shortened(person)
    other = register(in_region, sender=person)
    assert sight_around.is_shortened(person) and other.pk > received.pk
