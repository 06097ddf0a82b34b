"""Letting an account work in an organisation, and taking that back and forth."""

import pytest
from tests import traces
from tests.strangers import of_school

from egon.identity import operations as identity
from egon.identity.models import Account, Membership
from egon.kernel.errors import AccessDenied
from egon.tenancy.scope import WrongTenant
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db

OPERATION = "identity.membership.add"


@pytest.fixture
def account(world):
    """An account of the region that does not belong to the roads."""
    return Account.objects.get(login="dvorak")


def memberships(account, organisation):
    return list(Membership.objects.filter(account=account, tenant=organisation.pk).values_list("active", flat=True))


def test_an_administrator_lets_an_account_into_their_own_organisation_only(world, account):
    with world.roads.scope():
        actor = world.actor(world.roads.director)
        membership = identity.add_membership(actor=actor, account=account)
        record = traces.last(OPERATION)
    assert (membership.tenant_id, membership.active) == (world.roads.pk, True)
    assert record.account_id == actor.account_id
    assert record.parameters["account"]
    assert memberships(account, world.school) == []
    assert identity.sign_in(login="dvorak", password=PASSWORD, ip="", at=account.created_at).account == account


def test_an_ended_access_is_renewed_and_never_doubled(world, account):
    with world.roads.scope():
        actor = world.actor(world.roads.director)
        first = identity.add_membership(actor=actor, account=account)
        identity.end_membership(actor=actor, account=account)
        assert memberships(account, world.roads) == [False]
        again = identity.add_membership(actor=actor, account=account)
        identity.add_membership(actor=actor, account=account)
    assert again.pk == first.pk
    assert memberships(account, world.roads) == [True]


@pytest.mark.parametrize("who", ["officer", "head", "clerk", "records_keeper", "auditor"])
def test_nobody_but_an_administrator_lets_accounts_in(in_region, who):
    stranger = Account.objects.get(login="ticha")
    with pytest.raises(AccessDenied):
        identity.add_membership(actor=in_region.actor(getattr(in_region, who)), account=stranger)
    assert memberships(stranger, in_region.office) == []
    assert traces.denied(OPERATION) == 1


def test_an_administrator_of_another_organisation_lets_nobody_into_this_one(in_region):
    stranger = Account.objects.get(login="ticha")
    before = traces.done(OPERATION)
    actor = of_school(in_region, in_region.actor(in_region.administrator))
    with pytest.raises(WrongTenant):
        identity.add_membership(actor=actor, account=stranger)
    assert memberships(stranger, in_region.office) == []
    assert traces.done(OPERATION) == before
