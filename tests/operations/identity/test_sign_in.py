"""Signing in: one answer for every failure, a lock-out that grows, a log of all attempts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test.utils import CaptureQueriesContext

from egon.audit.models import LogRecord
from egon.identity import operations as identity
from egon.identity.errors import AccountRefused, NoOrganisation, SignInRefused
from egon.identity.models import Account, Membership
from egon.kernel.errors import AccessDenied, NotFound
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)


def enter(login: str = "dvorak", password: str = PASSWORD, at: datetime = MORNING) -> identity.SignIn:
    return identity.sign_in(login=login, password=password, ip="10.0.0.7", at=at)


def fail(times: int, *, login: str = "dvorak", at: datetime = MORNING) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            enter(login, "wrong-password", at)


@pytest.mark.norm("7.1.1")
def test_right_password_enters_the_organisation_and_is_logged_there(world):
    entry = enter(" DVORAK ")
    assert entry.account.login == "dvorak"
    assert entry.tenant_id == world.region.pk
    with tenant_scope(world.region.pk):
        record = LogRecord.objects.filter(operation="identity.sign_in").latest("pk")
    assert (record.account_id, record.ip) == (entry.account.pk, "10.0.0.7")


@pytest.mark.norm("7.1.1")
def test_every_failure_gives_the_same_answer(world):
    Account.objects.filter(login="kucera").update(is_active=False)
    Account.objects.filter(login="krejci").update(locked_until=MORNING + timedelta(hours=1))
    answers = set()
    for login, password in (("dvorak", "bad"), ("nobody-here", "bad"), ("kucera", PASSWORD), ("krejci", PASSWORD)):
        with pytest.raises(SignInRefused) as refusal:
            enter(login, password)
        answers.add(refusal.value.message)
    assert len(answers) == 1


@pytest.mark.parametrize("login", ["dvorak", "nobody-here", "krejci", "kucera"])
def test_the_hash_is_computed_once_whoever_knocks(world, monkeypatch, login):
    Account.objects.filter(login="krejci").update(locked_until=MORNING + timedelta(hours=1))
    Account.objects.filter(login="kucera").update(is_active=False)
    with pytest.raises(SignInRefused):  # the comparison hash of nobody is made on first use
        enter("nobody-at-all", "x")
    computed = []
    original = hashers.Argon2PasswordHasher.verify

    def counting(self, password, encoded):
        computed.append(encoded)
        return original(self, password, encoded)

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "verify", counting)
    with pytest.raises(SignInRefused):
        enter(login, "wrong-password")
    assert len(computed) == 1
    assert computed[0].startswith("argon2")


def test_fifth_failure_locks_even_the_right_password_and_the_lock_ends(world):
    fail(4)
    enter()  # four are forgiven
    fail(5)
    with pytest.raises(SignInRefused):
        enter(at=MORNING + timedelta(seconds=59))
    enter(at=MORNING + timedelta(seconds=61))
    assert Account.objects.get(login="dvorak").failed_attempts == 0


def test_lock_grows_with_further_failures(world):
    fail(5)
    fail(1, at=MORNING + timedelta(minutes=2))
    account = Account.objects.get(login="dvorak")
    assert account.locked_until == MORNING + timedelta(minutes=4)


def test_attempts_during_the_lock_do_not_lengthen_it(world):
    fail(5)
    fail(20, at=MORNING + timedelta(seconds=30))
    assert Account.objects.get(login="dvorak").locked_until == MORNING + timedelta(minutes=1)


def test_failures_are_logged_with_the_reason_and_never_with_the_password(world):
    fail(1)
    fail(1, login="nobody-here")
    with tenant_scope(world.region.pk):
        records = list(LogRecord.objects.filter(operation="identity.sign_in_failed").order_by("-pk")[:2])
    assert [r.parameters["reason"] for r in records] == ["neznámé přihlašovací jméno", "nesprávné heslo"]
    assert all("wrong-password" not in str(record.parameters) for record in records)


def test_failure_of_a_schools_account_is_in_the_schools_log(world):
    fail(1, login="ticha")
    with world.school.scope():
        assert LogRecord.objects.filter(operation="identity.sign_in_failed").count() == 1
    with tenant_scope(world.region.pk):
        assert not LogRecord.objects.filter(operation="identity.sign_in_failed").exists()


def test_account_without_organisation_is_told_so(world):
    Membership.objects.filter(account__login="dvorak").update(active=False)
    with pytest.raises(NoOrganisation):
        enter()


def test_the_organisation_used_last_comes_first(world):
    account = Account.objects.get(login="spolecna")
    actor = world.actor(world.commuter)
    assert enter("spolecna").tenant_id == world.region.pk
    with tenant_scope(world.region.pk):
        later = MORNING + timedelta(minutes=1)
        identity.switch_organisation(actor=actor, account=account, tenant_id=world.roads.pk, at=later)
    assert enter("spolecna", at=MORNING + timedelta(hours=1)).tenant_id == world.roads.pk


def test_nobody_switches_to_an_organisation_without_membership(world):
    account = Account.objects.get(login="spolecna")
    with tenant_scope(world.region.pk), pytest.raises(NotFound):
        identity.switch_organisation(
            actor=world.actor(world.commuter), account=account, tenant_id=world.school.pk, at=MORNING
        )


def test_nobody_switches_the_account_of_somebody_else(world):
    others = Account.objects.get(login="spolecna")
    elsewhere = Membership.objects.filter(account=others).exclude(tenant_id=world.region.pk).get()
    before = elsewhere.last_used_at
    with tenant_scope(world.region.pk), pytest.raises(NotFound):
        identity.switch_organisation(
            actor=world.actor(world.officer), account=others, tenant_id=elsewhere.tenant_id, at=MORNING
        )
    elsewhere.refresh_from_db()
    assert elsewhere.last_used_at == before


def test_sign_in_takes_few_queries(world):
    enter()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        enter()
    assert len(queries) <= 14, [query["sql"] for query in queries]


def change(world, current: str, new: str) -> Account:
    with tenant_scope(world.region.pk):
        account = Account.objects.get(login="dvorak")
        return identity.change_password(actor=world.actor(world.officer), account=account, current=current, new=new)


def test_changed_password_works_and_the_old_one_does_not(world):
    change(world, PASSWORD, "ranní kafe bez cukru")
    enter(password="ranní kafe bez cukru")
    with pytest.raises(SignInRefused):
        enter()


def test_all_reasons_against_a_change_come_together_and_nothing_changes(world):
    with pytest.raises(AccountRefused) as refusal:
        change(world, "not my password", "dvorak")
    assert len(refusal.value.obstacles) == 3
    enter()


def test_passwords_never_enter_the_log(world):
    change(world, PASSWORD, "ranní kafe bez cukru")
    with tenant_scope(world.region.pk):
        record = LogRecord.objects.filter(operation="identity.password.change").latest("pk")
    assert "kafe" not in str(record.parameters) and PASSWORD not in str(record.parameters)


def test_nobody_changes_the_password_of_another(world):
    with tenant_scope(world.region.pk), pytest.raises(AccessDenied):
        identity.change_password(
            actor=world.actor(world.administrator),
            account=Account.objects.get(login="dvorak"),
            current=PASSWORD,
            new="ranní kafe bez cukru",
        )
