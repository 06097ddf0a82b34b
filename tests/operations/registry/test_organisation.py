"""Keeping the organisation: units, positions, people, roles, code lists; what would break it is refused."""

from datetime import date

import pytest

from egon.audit import queries as log
from egon.identity.models import Membership
from egon.kernel.actor import Role
from egon.kernel.errors import AccessDenied, NotFound
from egon.registry import operations, queries
from egon.registry.errors import RegistryRefused
from egon.registry.models import Position, RoleGrant

pytestmark = pytest.mark.django_db

SINCE = date(2026, 1, 1)


@pytest.fixture
def admin(in_region):
    return in_region.actor(in_region.administrator)


def facts(unit, **changes):
    names = ("code", "name", "parent", "is_records_node", "valid_from", "valid_to")
    return {name: getattr(unit, name) for name in names} | changes


def test_unit_is_created_renamed_and_ended_with_its_history(in_region, admin):
    unit = operations.create_unit(actor=admin, code=" oz ", name="Odbor zdravotnictví", valid_from=SINCE)
    assert unit.code == "OZ"
    operations.edit_unit(actor=admin, unit=unit, **facts(unit, name="Odbor zdraví", valid_to=date(2026, 6, 30)))
    assert unit in queries.units(on=date(2026, 6, 30))
    assert unit not in queries.units(on=date(2026, 7, 1))
    records = list(log.history_of(unit))
    assert [record.operation for record in records] == ["registry.unit.create", "registry.unit.edit"]
    assert records[1].parameters["changes"]["name"] == {"before": "Odbor zdravotnictví", "after": "Odbor zdraví"}


def test_all_reasons_against_a_unit_come_together(in_region, admin):
    with pytest.raises(RegistryRefused) as refusal:
        operations.create_unit(actor=admin, code="OD", name="x", valid_from=SINCE, valid_to=date(2025, 1, 1))
    assert len(refusal.value.obstacles) == 2


def test_units_make_no_circle(in_region, admin):
    units = in_region.units
    with pytest.raises(RegistryRefused, match="podřízena sama sobě"):
        operations.edit_unit(actor=admin, unit=units["OD"], **facts(units["OD"], parent=units["ODS"]))


def test_unit_has_one_head(in_region, admin):
    with pytest.raises(RegistryRefused, match="vedoucí místo má"):
        operations.create_position(actor=admin, unit=in_region.units["OD"], name="druhý vedoucí", is_head=True)


def test_position_is_filled_by_another_person(in_region, admin):
    position = Position.objects.get(unit=in_region.units["OD"], is_head=True)
    operations.fill_position(actor=admin, position=position, person=in_region.substitute)
    assert queries.head_of(in_region.units["OD"]) == in_region.substitute
    operations.remove_position(actor=admin, position=position)
    assert queries.head_of(in_region.units["OD"]) is None


def test_person_is_found_under_the_new_name(in_region, admin):
    person = operations.add_person(actor=admin, given_name="Anna", family_name="Čížková", title_after="Ph.D.")
    changed = operations.edit_person(actor=admin, person=person, given_name="Anna", family_name="Šťastná")
    assert changed.name == "Anna Šťastná"
    assert changed.search_key == "stastna anna"


def test_who_leaves_loses_access_roles_and_positions(in_region, admin):
    officer = in_region.officer
    operations.deactivate_person(actor=admin, person=officer)
    assert not RoleGrant.objects.filter(person=officer).exists()
    assert not Position.objects.filter(person=officer).exists()
    assert not Membership.objects.get(account=officer.account).active
    assert officer not in queries.people()
    with pytest.raises(RegistryRefused, match="už v organizaci nepracuje"):
        operations.deactivate_person(actor=admin, person=officer)
    operations.reactivate_person(actor=admin, person=officer)
    assert Membership.objects.get(account=officer.account).active


def test_organisation_is_never_left_without_an_administrator(in_region, admin):
    with pytest.raises(RegistryRefused, match="bez správce"):
        operations.deactivate_person(actor=admin, person=in_region.administrator)
    grant = RoleGrant.objects.get(person=in_region.administrator, role=Role.ADMINISTRATOR)
    with pytest.raises(RegistryRefused, match="bez správce"):
        operations.withdraw_role(actor=admin, grant=grant)
    operations.grant_role(actor=admin, person=in_region.outsider, role=Role.ADMINISTRATOR)
    operations.withdraw_role(actor=admin, grant=grant)
    assert not in_region.actor(in_region.administrator).has(Role.ADMINISTRATOR)


@pytest.mark.norm("7.1.7b")
def test_granting_twice_changes_nothing_and_strange_grants_are_refused(in_region, admin):
    unit = in_region.units["OE"]
    first = operations.grant_role(actor=admin, person=in_region.officer, role=Role.HEAD, unit=unit)
    assert operations.grant_role(actor=admin, person=in_region.officer, role=Role.HEAD, unit=unit) == first
    assert in_region.actor(in_region.officer).has_in(unit.pk, Role.HEAD)
    with pytest.raises(RegistryRefused, match="celou organizaci"):
        operations.grant_role(actor=admin, person=in_region.officer, role=Role.AUDITOR, unit=unit)


def test_centre_administrator_is_made_only_by_another(world):
    with world.school.scope(), pytest.raises(AccessDenied):
        operations.grant_role(
            actor=world.actor(world.school.director), person=world.school.clerk, role=Role.CENTRE_ADMINISTRATOR
        )


@pytest.mark.norm("7.1.7")
def test_officer_changes_nothing_of_the_organisation(in_region):
    actor = in_region.actor(in_region.officer)
    with pytest.raises(AccessDenied):
        operations.create_unit(actor=actor, code="X", name="x", valid_from=SINCE)
    with pytest.raises(AccessDenied):
        operations.grant_role(actor=actor, person=in_region.officer, role=Role.ADMINISTRATOR)
    with pytest.raises(AccessDenied):
        operations.deactivate_person(actor=actor, person=in_region.head)
    assert not in_region.actor(in_region.officer).has(Role.ADMINISTRATOR)


def test_an_account_belongs_to_one_person_of_the_organisation(in_region, admin):
    with pytest.raises(RegistryRefused, match="už v této organizaci používá"):
        operations.give_account(actor=admin, person=in_region.outsider, account=in_region.officer.account)


def test_code_list_items_are_ended_not_deleted(in_region, admin):
    item = operations.add_code(actor=admin, code_list="druhy", code="Z", name="žádost", valid_from=SINCE)
    with pytest.raises(RegistryRefused, match="už v číselníku je"):
        operations.add_code(actor=admin, code_list="druhy", code="Z", name="znovu", valid_from=SINCE)
    operations.edit_code(actor=admin, item=item, name="žádost", valid_from=SINCE, valid_to=date(2026, 6, 30))
    assert item in queries.code_list("druhy", on=date(2026, 6, 30))
    assert item not in queries.code_list("druhy", on=date(2026, 7, 1))


def test_people_and_units_of_another_organisation_are_not_there(in_region, admin):
    with pytest.raises(NotFound):
        queries.person_for(admin, in_region.school.director.pk)
    with pytest.raises(NotFound):
        queries.unit_for(admin, in_region.school.units["RED"].pk)
