"""Signing in and out. Here there is no actor yet, so the log is written as the account that knocked."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from egon.audit.log import note
from egon.audit.operation import anyone, operation
from egon.identity import queries, rules
from egon.identity.errors import NoOrganisation, SignInRefused
from egon.identity.models import Account, Membership
from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope

LOCKED = "účet je zablokován po opakovaných chybách"
WRONG_PASSWORD = "nesprávné heslo"  # noqa: S105 - a sentence, not a password


@dataclass(frozen=True)
class SignIn:
    """A successful sign-in: who, into which organisation, and when they were here before."""

    account: Account
    tenant_id: int
    previous_login: datetime | None


def sign_in(*, login: str, password: str, ip: str, at: datetime) -> SignIn:
    """Check the password and choose the organisation used last. To be called outside of any tenant's scope.

    Raises :class:`SignInRefused` for every reason alike (unknown login, wrong password, locked or inactive account) and
    after the same work, or :class:`NoOrganisation`. Failures are counted and logged even though the call fails.
    """
    login = rules.login_of(login)
    account, why_not = _verify(login, password, at)
    membership = queries.memberships_of(account).first() if account else None
    home = membership.tenant if membership else Tenant.objects.filter(is_operator=True).first()
    if home is not None:
        _log_attempt(home, account, login=login, ip=ip, why_not=why_not)
    if account is None or why_not:
        raise SignInRefused
    if membership is None:
        raise NoOrganisation
    Membership.objects.filter(pk=membership.pk).update(last_used_at=at)
    return SignIn(account, membership.tenant_id, account.last_login)


@operation("identity.sign_out", title="Odhlášení", requires=anyone)
def leave(*, actor: Actor) -> None:
    """The person signs out; the session itself is ended by the door."""


@operation("identity.switch", title="Přepnutí do jiné organizace", requires=anyone)
def switch_organisation(*, actor: Actor, account: Account, tenant_id: int, at: datetime) -> Tenant:
    """Choose another organisation of the account. The door gives the session a new key. Raises :class:`NotFound`."""
    membership = queries.memberships_of(account).filter(tenant=tenant_id).first()
    if membership is None or account.pk != actor.account_id:
        raise NotFound("Do této organizace váš účet nemá přístup. Zůstáváte tam, kde jste.")
    Membership.objects.filter(pk=membership.pk).update(last_used_at=at)
    note(organisation=membership.tenant.name)
    return membership.tenant


@operation("identity.sign_in", title="Přihlášení", requires=anyone)
def note_arrival(*, actor: Actor) -> None:
    """Somebody signed in."""


@operation("identity.sign_in_failed", title="Neúspěšné přihlášení", requires=anyone)
def note_failure(*, actor: Actor, login: str, reason: str) -> None:
    """Somebody tried to sign in and failed; the reason is for the auditor, not for the one who tried."""


def count_present_password(account: Account, password: str, at: datetime) -> str:
    """Check and count a password that a signed-in person gives again; why it does not hold, in Czech, or nothing.

    In a transaction of its own, so that the refusal of what the person wanted does not take the count back. The row is
    locked meanwhile: guesses at once queue up. During a lock-out no guess is looked at, nor does it lengthen the lock.
    """
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account.pk)
        if row.locked_until and row.locked_until > at:
            return LOCKED
        matches = check_password(password[: rules.LONGEST_PASSWORD], row.password)
        _count(row, matches, at)
        return "" if matches else WRONG_PASSWORD


def _verify(login: str, password: str, at: datetime) -> tuple[Account | None, str]:
    """The account of this login and, in Czech, why it may not enter. The row stays locked, so guesses queue up."""
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(login=login).first()
        # The hash is computed in every case: the time must not tell whether the login exists or is locked.
        matches = check_password(password[: rules.LONGEST_PASSWORD], account.password if account else _nobodys_hash())
        if account is None:
            return None, "neznámé přihlašovací jméno"
        if account.locked_until and account.locked_until > at:
            return account, LOCKED
        if not account.is_active:
            return account, "účet není aktivní"
        _count(account, matches, at)
        return account, "" if matches else WRONG_PASSWORD


def _count(account: Account, matches: bool, at: datetime) -> None:
    account.failed_attempts = 0 if matches else min(account.failed_attempts + 1, 1000)
    lock = rules.lock_after(account.failed_attempts)
    account.locked_until = at + lock if lock else None
    account.save(update_fields=["failed_attempts", "locked_until"])


def _log_attempt(home: Tenant, account: Account | None, *, login: str, ip: str, why_not: str) -> None:
    actor = Actor(
        tenant_id=home.pk,
        name=account.name if account else "nepřihlášený",
        account_id=account.pk if account else None,
        ip=ip,
    )
    with tenant_scope(home.pk):
        if why_not:
            note_failure(actor=actor, login=login[:60], reason=why_not)
        else:
            note_arrival(actor=actor)


@cache
def _nobodys_hash() -> str:
    return make_password("nobody has this password")
