"""Links by which people set their password: once, for a time, revoked, and nobody else's."""

import pytest
from tests import traces
from tests.records_steps import acting

from egon.identity import operations, queries, rules
from egon.identity.errors import AccountRefused, InvitationRefused
from egon.identity.models import Account, Invitation
from egon.kernel import clock
from egon.kernel.errors import AccessDenied

pytestmark = pytest.mark.django_db
NEW = "modrá lampa nad mostem"


@pytest.fixture
def account(world):
    return Account.objects.get(pk=world.officer.account_id)


@pytest.fixture
def token(world, account):
    with world.office.scope():
        return operations.invite(actor=acting(world.administrator), account=account, at=clock.now())


def accept(token, new=NEW, **changes):
    return operations.accept_invitation(token=token, new=new, ip="192.0.2.7", **({"at": clock.now()} | changes))


def test_it_sets_the_password_once_and_is_logged_without_it(world, account, token):
    assert accept(token).check_password(NEW)
    account.refresh_from_db()
    assert account.check_password(NEW) and not account.must_change_password
    with pytest.raises(InvitationRefused, match="už byl použit"):
        accept(token, new="jiné heslo pro jistotu")
    account.refresh_from_db()
    assert account.check_password(NEW)
    with world.office.scope():
        for code in ("identity.invitation.issue", "identity.invitation.use"):
            record = traces.last(code)
            assert token not in str(record.parameters) and NEW not in str(record.parameters)
    assert token not in str(list(Invitation.objects.values()))


def test_a_weak_password_is_refused_with_all_reasons_and_the_link_still_works(account, token):
    with pytest.raises(AccountRefused) as refused:
        accept(token, new=account.login)
    assert len(refused.value.obstacles) > 1
    assert accept(token)


def test_it_expires_and_a_newer_one_or_an_administrator_ends_it(world, account, token):
    with pytest.raises(InvitationRefused, match="Platnost odkazu skončila"):
        accept(token, at=clock.now() + rules.INVITATION_LASTS)
    with world.office.scope():
        admin = acting(world.administrator)
        newer = operations.invite(actor=admin, account=account, at=clock.now())
    with pytest.raises(InvitationRefused, match="nahradil novější"):
        accept(token)
    with world.office.scope():
        assert queries.open_invitation(account) is not None
        assert operations.revoke_invitation(actor=admin, account=account, at=clock.now()) == 1
        assert operations.revoke_invitation(actor=admin, account=account, at=clock.now()) == 0
    with pytest.raises(InvitationRefused, match="zrušen"):
        accept(newer)
    assert not Account.objects.get(pk=account.pk).check_password(NEW)


def test_an_unknown_link_and_one_of_a_closed_account_tell_nothing(account, token):
    with pytest.raises(InvitationRefused, match="Takový odkaz tu není"):
        operations.invitation_with("nic", at=clock.now())
    Account.objects.filter(pk=account.pk).update(is_active=False)
    with pytest.raises(InvitationRefused, match="Takový odkaz tu není"):
        accept(token)


def test_a_link_sets_the_password_of_its_own_account_only(world, token):
    other = Account.objects.get(pk=world.head.account_id)
    with world.office.scope(), pytest.raises(InvitationRefused):
        operations.use_invitation(actor=acting(world.head), account=other, token=token, new=NEW, at=clock.now())
    assert not Account.objects.get(pk=other.pk).check_password(NEW)


def test_only_an_administrator_issues_and_not_for_who_works_elsewhere_too(world, account):
    with world.office.scope():
        for person in (world.officer, world.head):
            with pytest.raises(AccessDenied):
                operations.invite(actor=acting(person), account=account, at=clock.now())
            with pytest.raises(AccessDenied):
                operations.revoke_invitation(actor=acting(person), account=account, at=clock.now())
        commuter = Account.objects.get(pk=world.commuter.account_id)
    with world.roads.scope(), pytest.raises(AccessDenied, match="i do jiné organizace"):
        operations.invite(actor=acting(world.roads.director), account=commuter, at=clock.now())
    assert not Invitation.objects.exists()
