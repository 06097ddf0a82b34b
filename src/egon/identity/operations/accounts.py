"""Accounts, their passwords, and the organisations they belong to."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from egon.audit.log import note
from egon.audit.operation import operation
from egon.identity import permissions, rules
from egon.identity.errors import AccountRefused
from egon.identity.models import Account, Membership
from egon.identity.operations.sessions import end_sessions
from egon.identity.operations.sign_in import count_present_password
from egon.kernel import clock
from egon.kernel.actor import Actor


def new_first_password() -> str:
    """A random password to be dictated once and changed at the first sign-in; no letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


@operation(
    "identity.account.create",
    title="Založení účtu",
    requires=permissions.may_administer_accounts,
    unlogged=("password",),
)
def create_account(
    *, actor: Actor, login: str, name: str, email: str = "", password: str, must_change: bool = True
) -> Account:
    """Create an account of the actor's organisation. Raises :class:`AccountRefused` with all reasons.

    The first password is known to the administrator, hence ``must_change``.
    """
    login = rules.login_of(login)
    obstacles = rules.obstacles_to_login(login) + rules.obstacles_to_password(password, login=login, name=name)
    if Account.objects.filter(login=login).exists():
        obstacles.append(f"Přihlašovací jméno „{login}“ už někdo má. Patří-li této osobě, připojte jí stávající účet.")
    if obstacles:
        raise AccountRefused(obstacles)
    account = Account(login=login, name=name, email=email, must_change_password=must_change)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise AccountRefused([f"Přihlašovací jméno „{login}“ právě obsadil někdo jiný. Zvolte jiné."]) from None
    Membership.objects.create(account=account, tenant_id=actor.tenant_id)
    return account


@operation("identity.membership.add", title="Přístup účtu do organizace", requires=permissions.may_administer_accounts)
def add_membership(*, actor: Actor, account: Account) -> Membership:
    """Let an account work in the actor's organisation (again)."""
    membership, _ = Membership.objects.update_or_create(
        account=account, tenant_id=actor.tenant_id, defaults={"active": True}
    )
    return membership


@operation("identity.membership.end", title="Konec přístupu účtu", requires=permissions.may_administer_accounts)
def end_membership(*, actor: Actor, account: Account) -> None:
    """Stop an account from working in the actor's organisation; from its next request on it is not let in."""
    Membership.objects.filter(account=account, tenant_id=actor.tenant_id).update(active=False)


@operation("identity.account.unlock", title="Odblokování účtu", requires=permissions.may_reset)
def unlock_account(*, actor: Actor, account: Account) -> Account:
    """Forget the failures, so that the person may try again at once."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    note(failures=account.failed_attempts)
    account.failed_attempts, account.locked_until = 0, None
    account.save(update_fields=["failed_attempts", "locked_until"])
    return account


@operation(
    "identity.password.reset", title="Nové heslo od správce", requires=permissions.may_reset, unlogged=("password",)
)
def reset_password(*, actor: Actor, account: Account, password: str) -> Account:
    """Give an account a password it has to change at its next sign-in. All its sessions end at once."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    obstacles = rules.obstacles_to_password(password, login=account.login, name=account.name)
    if obstacles:
        raise AccountRefused(obstacles)
    account.set_password(password)
    account.must_change_password = True
    account.failed_attempts, account.locked_until = 0, None
    account.save()
    end_sessions(account)
    return account


def change_password(*, actor: Actor, account: Account, current: str, new: str, at: datetime | None = None) -> Account:
    """Change one's own password. Sessions elsewhere end, because their key follows from the password.

    A wrong present password counts towards the lock-out as at sign-in: whoever found an open session must not guess
    on. The count stays, for it is made in a transaction of its own before the operation that is then refused. Raises
    :class:`AccountRefused` with all reasons at once, :class:`AccessDenied` (nothing is counted) for another's account.
    """
    at = at or clock.now()
    if permissions.may_change_own(actor, account):
        why_not = count_present_password(account, current, at)
        if why_not:
            note_wrong_password(actor=actor, account=account, reason=why_not)
    return replace_password(actor=actor, account=account, current=current, new=new, at=at)


@operation(
    "identity.password.change", title="Změna hesla", requires=permissions.may_change_own, unlogged=("current", "new")
)
def replace_password(*, actor: Actor, account: Account, current: str, new: str, at: datetime) -> Account:
    """The change itself, without counting; doors call :func:`change_password`."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    obstacles = rules.obstacles_to_password(new, login=account.login, name=account.name, current=current)
    if account.locked_until and account.locked_until > at:
        # While it lasts nothing is told of the present password, as at sign-in.
        obstacles.insert(0, "Účet je po opakovaných chybách na čas zablokován. Zkuste heslo změnit za chvíli.")
    elif not account.check_password(current[: rules.LONGEST_PASSWORD]):
        obstacles.insert(0, "Současné heslo nesouhlasí.")
    if obstacles:
        raise AccountRefused(obstacles)
    account.set_password(new)
    account.must_change_password = False
    account.save()
    end_sessions(account)  # the door gives the present one a new key
    return account


@operation("identity.password.change_failed", title="Neúspěšná změna hesla", requires=permissions.may_change_own)
def note_wrong_password(*, actor: Actor, account: Account, reason: str) -> None:
    """Somebody tried to change the password of their account and did not know the present one; for the auditor."""
