"""What roles may do in the register, and which natural persons they see."""

from datetime import date

import pytest
from tests import traces
from tests.records_steps import acting, register
from tests.strangers import of_school

from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import AccessDenied, NotFound
from egon.parties import operations as parties
from egon.parties import permissions, queries
from egon.parties.errors import PartyRefused
from egon.parties.models import Party
from egon.parties.operations import PartyDetails
from egon.parties.rules import Right
from egon.records import known_parties
from egon.records import operations as records
from egon.records.operations import NewAddressee
from egon.records.rules.parties import PartyRole
from egon.records.rules.states import Direction
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

PERSON = PartyDetails(kind="natural", given_name="Anna", family_name="Skrytá", birth_date=date(1990, 5, 6))
ALL = frozenset(Right)


@pytest.fixture
def administrator(in_region):
    return acting(in_region.administrator)


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


@pytest.fixture
def person(in_region):
    return parties.register_party(actor=acting(in_region.clerk), details=PERSON)


def narrowed(administrator, **officer):
    """The records keeper may everything, the mailroom writes and reads, the officer as told."""
    rights = {
        Role.RECORDS_KEEPER: ALL,
        Role.MAILROOM: {Right.READ, Right.WRITE},
        Role.OFFICER: frozenset(Right(name) for name, given in officer.items() if given),
    }
    parties.set_rights(actor=administrator, rights=rights)


def sees(actor, party):
    return Party.objects.filter(known_parties.visible_to(actor), pk=party.pk).exists()


@pytest.mark.norm("2.8.19")
def test_the_administrator_says_which_role_writes_edits_and_manages(in_region, administrator, officer, person):
    before = permissions.rights()
    assert permissions.may_edit(officer) and permissions.may_write(officer)
    narrowed(administrator, write=True)
    parties.register_party(actor=officer, details=PERSON)
    with pytest.raises(AccessDenied, match="správce systému povolil"):
        parties.edit_party(actor=officer, party=person, details=PERSON)
    narrowed(administrator, edit=True)
    parties.edit_party(actor=officer, party=person, details=PERSON)
    with pytest.raises(AccessDenied):
        parties.register_party(actor=officer, details=PERSON)
    [pair] = queries.duplicates_of(person)
    with pytest.raises(AccessDenied):
        parties.keep_apart(actor=administrator, duplicate=pair, at=clock.now())
    narrowed(administrator, manage=True)
    parties.keep_apart(actor=officer, duplicate=pair, at=clock.now())
    assert permissions.rights() != before
    assert "officer" in traces.last("parties.settings.rights").parameters["before"]


@pytest.mark.norm("2.8.7a", "2.8.19")
def test_a_right_shows_all_natural_persons_and_without_it_only_companies(administrator, officer, person):
    company = parties.register_party(actor=officer, details=PartyDetails(kind="legal", name="Veřejná, a. s."))
    assert sees(officer, person)
    narrowed(administrator, write=True)
    assert not sees(officer, person) and sees(officer, company)
    assert known_parties.among(officer, [person, company]) == [company]
    with pytest.raises(NotFound):
        known_parties.party_for(officer, person.pk)
    narrowed(administrator, read=True)
    assert sees(officer, person)
    assert known_parties.party_for(officer, person.pk) == person


def as_sender(world, party):
    document = register(world, sender=party)
    unit = world.office.units["OD"]
    records.place_in_unit(actor=acting(world.clerk), document=document, unit=unit, holder=world.officer)


def as_addressee(world, party):
    records.create_document(
        actor=acting(world.officer), direction=Direction.OUTGOING, subject="Dopis", addressees=[NewAddressee.of(party)]
    )


def as_other(world, party):
    document = records.create_document(actor=acting(world.officer), direction=Direction.INTERNAL, subject="Záznam")
    keeper = acting(world.records_keeper)
    records.link_party(actor=keeper, document=document, party=party, role=PartyRole.OTHER, at=clock.now())


@pytest.mark.norm("2.8.7b")
@pytest.mark.parametrize("link", [as_sender, as_addressee, as_other])
def test_who_sees_a_document_sees_the_natural_persons_in_it(in_region, administrator, officer, person, link):
    link(in_region, person)
    narrowed(administrator)
    assert sees(officer, person)
    assert not sees(acting(in_region.outsider), person)
    assert known_parties.among(officer, [person]) == [person]


def test_the_register_never_stays_without_anybody(in_region, administrator, officer):
    with pytest.raises(PartyRefused) as refused:
        parties.set_rights(actor=administrator, rights={Role.OFFICER: {Right.READ}})
    assert len(refused.value.obstacles) == 3
    assert permissions.rights() == permissions.DEFAULTS


def test_only_the_administrator_sets_rights(in_region, administrator, officer):
    rights = {Role.OFFICER: ALL}
    for actor in (officer, acting(in_region.records_keeper)):
        with pytest.raises(AccessDenied):
            parties.set_rights(actor=actor, rights=rights)
    with pytest.raises(WrongTenant):
        parties.set_rights(actor=of_school(in_region, administrator), rights=rights)
    assert permissions.rights() == permissions.DEFAULTS
