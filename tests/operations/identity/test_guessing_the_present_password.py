"""Who found an open session cannot guess the password by changing it: the guesses count as at sign-in."""

from datetime import UTC, datetime, timedelta

import pytest
from tests import traces

from egon.identity import operations as identity
from egon.identity.errors import AccountRefused, SignInRefused
from egon.identity.models import Account
from egon.identity.operations.accounts import note_wrong_password, replace_password
from egon.kernel.errors import AccessDenied
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
NEW = "ranní kafe bez cukru"


def dvorak():
    return Account.objects.get(login="dvorak")


def change(world, current, *, new=NEW, at=MORNING, actor=None):
    with tenant_scope(world.region.pk):
        actor = actor or world.actor(world.officer)
        return identity.change_password(actor=actor, account=dvorak(), current=current, new=new, at=at)


def guess(world, times, *, at=MORNING):
    for _ in range(times):
        with pytest.raises(AccountRefused):
            change(world, "wrong-password", at=at)


def enter(password=PASSWORD, at=MORNING):
    return identity.sign_in(login="dvorak", password=password, ip="", at=at)


def test_the_count_stays_although_the_change_is_refused(world):
    guess(world, 3)
    assert dvorak().failed_attempts == 3


def test_the_fifth_guess_locks_sign_in_and_further_guessing_even_with_the_right_password(world):
    guess(world, 5)
    assert dvorak().locked_until == MORNING + timedelta(minutes=1)
    with pytest.raises(AccountRefused, match="zablokován"):
        change(world, PASSWORD, at=MORNING + timedelta(seconds=59))
    with pytest.raises(SignInRefused):
        enter(at=MORNING + timedelta(seconds=59))
    assert dvorak().check_password(PASSWORD)
    change(world, PASSWORD, at=MORNING + timedelta(seconds=61))
    assert dvorak().check_password(NEW)


def test_while_locked_the_answer_does_not_tell_a_right_guess_from_a_wrong_one(world):
    guess(world, 5)
    answers = set()
    for current in (PASSWORD, "wrong-password"):
        with pytest.raises(AccountRefused) as refusal:
            change(world, current)
        answers.add(refusal.value.message)
    assert len(answers) == 1


def test_guesses_here_and_at_sign_in_are_one_count(world):
    guess(world, 2)
    for _ in range(3):
        with pytest.raises(SignInRefused):
            enter("wrong-password")
    assert dvorak().locked_until == MORNING + timedelta(minutes=1)


def test_a_right_password_sets_the_count_back(world):
    guess(world, 4)
    change(world, PASSWORD)
    assert dvorak().failed_attempts == 0


def test_guesses_during_the_lock_do_not_lengthen_it(world):
    guess(world, 5)
    guess(world, 5, at=MORNING + timedelta(seconds=30))
    assert dvorak().locked_until == MORNING + timedelta(minutes=1)


def test_every_guess_is_in_the_log_without_the_password(world):
    guess(world, 6)
    with tenant_scope(world.region.pk):
        assert traces.done("identity.password.change_failed") == 6
        record = traces.last("identity.password.change_failed")
        assert traces.done("identity.password.change") == 0
    assert record.account_id == dvorak().pk
    assert record.parameters["reason"] == "účet je zablokován po opakovaných chybách"
    assert "wrong-password" not in str(record.parameters)


def test_nobody_locks_the_account_of_another_by_guessing(world):
    for _ in range(6):
        with pytest.raises(AccessDenied):
            change(world, "wrong-password", actor=world.actor(world.administrator))
    with tenant_scope(world.region.pk), pytest.raises(AccessDenied):
        note_wrong_password(actor=world.actor(world.administrator), account=dvorak(), reason="x")
    assert (dvorak().failed_attempts, dvorak().locked_until) == (0, None)


def test_the_operation_itself_refuses_a_wrong_password_and_a_locked_account(in_region):
    actor = in_region.actor(in_region.officer)
    with pytest.raises(AccountRefused, match="nesouhlasí"):
        replace_password(actor=actor, account=dvorak(), current="wrong-password", new=NEW, at=MORNING)
    Account.objects.filter(login="dvorak").update(locked_until=MORNING + timedelta(minutes=1))
    with pytest.raises(AccountRefused, match="zablokován"):
        replace_password(actor=actor, account=dvorak(), current=PASSWORD, new=NEW, at=MORNING)
    assert dvorak().check_password(PASSWORD)
