"""Administrators give accounts; one who works elsewhere, too, cannot be taken over."""

import pytest

from egon.identity import operations as identity
from egon.identity import queries
from egon.identity.errors import AccountRefused
from egon.identity.models import Account
from egon.kernel import clock
from egon.kernel.errors import AccessDenied, NotFound
from egon.registry import operations as registry
from egon.registry import queries as people
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "ranní kafe bez cukru"


def test_new_account_must_change_its_password_and_has_to_be_accepted(in_region):
    actor = in_region.actor(in_region.administrator)
    account = identity.create_account(actor=actor, login="Novy.Clovek", name="Nový Člověk", password=NEW)
    assert account.login == "novy.clovek"
    assert account.must_change_password
    with pytest.raises(AccountRefused, match="už někdo má"):
        identity.create_account(actor=actor, login="novy.clovek", name="Jiný", password=NEW)


def test_only_administrators_create_accounts(in_region):
    with pytest.raises(AccessDenied):
        identity.create_account(actor=in_region.actor(in_region.officer), login="novy.clovek", name="x", password=NEW)


def test_administrator_unlocks_and_resets(in_region):
    actor, account = in_region.actor(in_region.administrator), Account.objects.get(login="dvorak")
    Account.objects.filter(pk=account.pk).update(failed_attempts=7, locked_until=clock.now())
    unlocked = identity.unlock_account(actor=actor, account=account)
    assert (unlocked.failed_attempts, unlocked.locked_until) == (0, None)
    changed = identity.reset_password(actor=actor, account=account, password=identity.new_first_password())
    assert changed.must_change_password
    assert not changed.check_password(PASSWORD)


def test_administrator_of_one_organisation_cannot_take_over_an_account_of_two(world):
    account = Account.objects.get(login="spolecna")
    with world.roads.scope(), pytest.raises(AccessDenied, match="i do jiné organizace"):
        identity.reset_password(actor=world.actor(world.roads.director), account=account, password=NEW)
    with tenant_scope(world.region.pk):  # the administrator of the whole centre may
        identity.reset_password(actor=world.actor(world.administrator), account=account, password=NEW)


def test_accounts_of_other_organisations_do_not_exist(in_region):
    with pytest.raises(NotFound):
        queries.account_for(in_region.actor(in_region.administrator), Account.objects.get(login="ticha").pk)


def test_account_joined_from_elsewhere_gets_in(world):
    account = Account.objects.get(login="dvorak")
    with world.roads.scope():
        actor = world.actor(world.roads.director)
        person = registry.add_person(actor=actor, given_name="Petr", family_name="Dvořák")
        registry.give_account(actor=actor, person=person, account=account)
        entered = people.actor_for(account=account, tenant_id=world.roads.pk, at=clock.now())
        assert entered is not None and entered.person_id == person.pk
        identity.end_membership(actor=actor, account=account)
        assert people.actor_for(account=account, tenant_id=world.roads.pk, at=clock.now()) is None
