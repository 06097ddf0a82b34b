"""Roles the organisation makes itself: sets of rights defined once and given to many people (NSESSS 7.1.7, 7.1.8)."""

import pytest
from tests.records_steps import acting, register

from egon.kernel import clock
from egon.kernel.actor import SEEING, LimitKind, Role
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import permissions, sight
from egon.registry import operations
from egon.registry.errors import RegistryRefused
from egon.registry.models import OwnRole, RoleGrant

pytestmark = pytest.mark.django_db


def make(world, name="Příjem bez evidence", bases=(Role.MAILROOM,), without=("records.document.register",), **values):
    return operations.save_own_role(
        actor=acting(world.administrator), name=name, bases=list(bases), without=without, **values
    )


def give(world, role, person, unit=None):
    return operations.grant_own_role(actor=acting(world.administrator), own_role=role, person=person, unit=unit)


@pytest.mark.norm("7.1.7a", "7.1.8")
def test_an_own_role_has_the_rights_it_was_given_and_no_others(in_region):
    world = in_region
    came = register(world)
    role = make(world)
    with pytest.raises(AccessDenied):
        records.place_in_unit(actor=acting(world.outsider), document=came, unit=world.units["OD"], holder=None)
    give(world, role, world.outsider)
    clerk = acting(world.outsider)
    assert permissions.may_see(clerk, came)
    records.place_in_unit(actor=clerk, document=came, unit=world.units["OD"], holder=None)
    with pytest.raises(AccessDenied, match="podatelna"):
        register_as(world, world.outsider)
    make(world, without=(), own_role=role)
    assert register_as(world, world.outsider).pk


def register_as(world, person):
    from egon import storage
    from egon.parties.models import Party
    from egon.records.operations import NewFile

    return records.register_received(
        actor=acting(person),
        subject="Dopis",
        sender=Party.objects.order_by("pk")[0],
        delivered_at=clock.now(),
        files=[NewFile("dopis.txt", "text/plain", storage.put(b"Dopis"), "main")],
    )


@pytest.mark.norm("7.1.8")
def test_a_change_of_the_role_changes_all_who_have_it(in_region):
    world = in_region
    role = make(world, bases=[Role.MAILROOM])
    for person in (world.outsider, world.officer2):
        give(world, role, person)
    make(world, bases=[Role.AUDITOR, Role.SECRETARIAT], own_role=role)
    for person in (world.outsider, world.officer2):
        held = set(RoleGrant.objects.filter(person=person, own_role=role).values_list("role", flat=True))
        assert held == {Role.AUDITOR, Role.SECRETARIAT}
        assert acting(person).has(Role.AUDITOR)
    operations.withdraw_own_role(actor=acting(world.administrator), own_role=role, person=world.outsider)
    assert not acting(world.outsider).has(Role.AUDITOR) and acting(world.officer2).has(Role.AUDITOR)


def test_a_full_role_beside_an_own_one_loses_nothing(in_region):
    world = in_region
    give(world, make(world), world.clerk)
    assert register_as(world, world.clerk).pk


def test_a_role_without_sight_lets_work_but_shows_no_document(in_region):
    world = in_region
    came = register(world)
    give(world, make(world, bases=[Role.RECORDS_KEEPER], without=[SEEING]), world.outsider)
    assert not permissions.may_see(acting(world.outsider), came)
    assert acting(world.outsider).has(Role.RECORDS_KEEPER)
    assert world.outsider not in {one.person for one in sight.who_sees_document(came, on=clock.today())}


@pytest.mark.norm("7.1.8")
def test_rights_are_restricted_for_an_own_role_as_for_a_person(in_region):
    world = in_region
    came = register(world)
    role = make(world)
    give(world, role, world.outsider)
    operations.set_restriction(
        actor=acting(world.administrator), kind=LimitKind.DOCUMENT, about=str(came.pk), own_role=role,
        reason="citlivé", at=clock.now(),
    )  # fmt: skip
    assert not permissions.may_see(acting(world.outsider), came) and permissions.may_see(acting(world.clerk), came)


def test_obstacles_and_what_does_not_count_as_an_administrator(in_region):
    world = in_region
    role = make(world, bases=[Role.ADMINISTRATOR], without=["registry.role.grant"])
    with pytest.raises(RegistryRefused) as refusal:
        make(world, bases=[])
    assert len(refusal.value.obstacles) == 2
    with pytest.raises(RegistryRefused, match="jen pro celou organizaci"):
        give(world, role, world.outsider, world.units["OD"])
    give(world, role, world.outsider)
    with pytest.raises(AccessDenied):
        operations.grant_role(actor=acting(world.outsider), person=world.outsider, role=Role.ADMINISTRATOR)
    grant = RoleGrant.objects.get(person=world.administrator, role=Role.ADMINISTRATOR, own_role=None)
    with pytest.raises(RegistryRefused, match="bez správce"):
        operations.withdraw_role(actor=acting(world.administrator), grant=grant)
    with pytest.raises(RegistryRefused, match="celou vlastní roli"):
        operations.withdraw_role(
            actor=acting(world.administrator), grant=RoleGrant.objects.get(own_role=role, person=world.outsider)
        )
    with pytest.raises(RegistryRefused, match="1 lidí"):
        operations.delete_own_role(actor=acting(world.administrator), own_role=role)
    operations.withdraw_own_role(actor=acting(world.administrator), own_role=role, person=world.outsider)
    operations.delete_own_role(actor=acting(world.administrator), own_role=role)
    assert not OwnRole.objects.exists()
    with pytest.raises(AccessDenied):
        operations.save_own_role(actor=acting(world.head), name="x", bases=[Role.OFFICER], without=[])
