"""Who one is in an organisation: own rights, those of the absent, nothing without a role (NSESSS 7.1)."""

from datetime import date, datetime, timedelta

import pytest

from egon.identity.models import Membership
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import AccessDenied
from egon.registry import operations, queries
from egon.registry.errors import RegistryRefused
from egon.registry.models import Person, RoleGrant, Substitution
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=PRAGUE)


def test_officer_has_the_role_in_the_unit_and_below_it_only(in_region):
    actor, units = in_region.actor(in_region.officer), in_region.units
    assert actor.has_in(units["OD"].pk, Role.OFFICER)
    assert actor.has_in(units["ODS"].pk, Role.OFFICER)
    assert not actor.has_in(units["OS"].pk, Role.OFFICER)
    assert not actor.has(Role.HEAD)
    assert actor.unit_ids == {units["OD"].pk}


@pytest.mark.norm("7.1.1")
def test_account_without_role_may_nothing(in_region):
    RoleGrant.objects.filter(person=in_region.officer).delete()
    actor = in_region.actor(in_region.officer)
    assert not any(actor.has(role) for role in Role)


def test_substitute_works_for_the_absent_exactly_in_the_period(in_region):
    substitution, head = in_region.substitution, in_region.head
    first, last = substitution.valid_from, substitution.valid_to

    def works_for_head(moment: datetime) -> bool:
        actor = queries.actor_of(in_region.substitute, at=moment)
        return head.pk in actor.person_ids and actor.has(Role.HEAD)

    assert not works_for_head(at(first - timedelta(days=1), 23))
    assert works_for_head(at(first, 0))
    assert works_for_head(at(last, 23))
    assert not works_for_head(at(last + timedelta(days=1), 0))


def test_substituted_roles_tell_on_whose_behalf(in_region):
    actor = in_region.actor(in_region.substitute)
    assert {grant.on_behalf_of for grant in actor.grants if grant.role == Role.HEAD} == {in_region.head.pk}
    assert actor.person_id == in_region.substitute.pk


def test_administrators_roles_are_not_handed_over(in_region):
    today, admin = clock.today(), in_region.administrator
    operations.appoint_substitute(
        actor=in_region.actor(admin),
        absent=admin,
        substitute=in_region.officer,
        valid_from=today,
        valid_to=today,
        today=today,
    )
    actor = in_region.actor(in_region.officer)
    assert admin.pk in actor.person_ids
    assert not actor.has(Role.ADMINISTRATOR, Role.CENTRE_ADMINISTRATOR)


def test_substitution_does_not_chain(in_region):
    today = clock.today()
    operations.appoint_substitute(
        actor=in_region.actor(in_region.substitute),
        absent=in_region.substitute,
        substitute=in_region.outsider,
        valid_from=today,
        valid_to=today,
        today=today,
    )
    assert in_region.head.pk not in in_region.actor(in_region.outsider).person_ids


def test_substitution_ends_with_the_next_request(in_region):
    operations.end_substitution(
        actor=in_region.actor(in_region.head), substitution=in_region.substitution, today=clock.today()
    )
    assert in_region.head.pk not in in_region.actor(in_region.substitute).person_ids


def test_nobody_appoints_for_another_or_twice(in_region):
    today = clock.today()
    period = {"valid_from": today, "valid_to": today, "today": today}
    with pytest.raises(AccessDenied):
        operations.appoint_substitute(
            actor=in_region.actor(in_region.officer), absent=in_region.head, substitute=in_region.officer, **period
        )
    with pytest.raises(RegistryRefused, match="už zastupuje"):
        operations.appoint_substitute(
            actor=in_region.actor(in_region.head), absent=in_region.head, substitute=in_region.substitute, **period
        )


def test_actor_exists_only_with_membership_account_and_activity(in_region):
    account = in_region.officer.account

    def actor():
        return queries.actor_for(account=account, tenant_id=in_region.region.pk, at=clock.now())

    assert actor() is not None
    Membership.objects.filter(account=account).update(active=False)
    assert actor() is None
    Membership.objects.filter(account=account).update(active=True)
    Person.objects.filter(pk=in_region.officer.pk).update(active=False)
    assert actor() is None


def test_one_account_is_another_person_in_each_organisation(world):
    account = world.commuter.account
    with tenant_scope(world.region.pk):
        here = queries.actor_for(account=account, tenant_id=world.region.pk, at=clock.now())
    with world.roads.scope():
        there = queries.actor_for(account=account, tenant_id=world.roads.pk, at=clock.now())
    assert here is not None and there is not None
    assert here.person_id != there.person_id
    assert not here.has(Role.RECORDS_KEEPER) and there.has(Role.RECORDS_KEEPER)


def test_rights_take_one_query(in_region, django_assert_num_queries):
    with django_assert_num_queries(2):
        queries.actor_for(account=in_region.head.account, tenant_id=in_region.region.pk, at=clock.now())


def test_head_of_a_unit_without_head_position_is_that_of_the_unit_above(in_region):
    assert queries.head_of(in_region.units["OD"]) == in_region.head
    assert queries.head_of(in_region.units["ODS"]) == in_region.head
    assert queries.head_of(in_region.units["POD"]) is None


def test_people_with_a_role_for_a_unit(in_region):
    heads = set(queries.people_with(Role.HEAD, in_region.units["ODS"]))
    assert heads == {in_region.head}
    assert in_region.clerk in queries.people_with(Role.MAILROOM, in_region.units["OS"])
    assert in_region.substitute in queries.deputies_of(in_region.head, on=clock.today())
    assert in_region.head in queries.substituted_by(in_region.substitute, on=clock.today())


def test_people_of_a_unit_are_in_czech_order(in_region):
    names = [person.family_name for person in queries.people_in(in_region.units["OD"])]
    assert names == ["Cestová", "Dvořák", "Horáková", "Růžička"]


def test_world_is_built_once(world):
    from egon.world import build

    with tenant_scope(world.region.pk):
        before = (Person.objects.count(), RoleGrant.objects.count(), Substitution.objects.count())
    again = build()
    with tenant_scope(world.region.pk):
        assert (Person.objects.count(), RoleGrant.objects.count(), Substitution.objects.count()) == before
    assert again.officer == world.officer
