"""Accounts, their passwords, and the organisations they belong to."""

import secrets

from django.db import IntegrityError, transaction

from egon.audit.log import note
from egon.audit.operation import operation
from egon.identity import permissions, rules
from egon.identity.errors import AccountRefused
from egon.identity.models import Account, Membership
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
    return account


@operation(
    "identity.password.change", title="Změna hesla", requires=permissions.may_change_own, unlogged=("current", "new")
)
def change_password(*, actor: Actor, account: Account, current: str, new: str) -> Account:
    """Change one's own password. Sessions elsewhere end, because their key follows from the password.

    Raises :class:`AccountRefused` with all reasons at once.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    obstacles = rules.obstacles_to_password(new, login=account.login, name=account.name, current=current)
    if not account.check_password(current[: rules.LONGEST_PASSWORD]):
        obstacles.insert(0, "Současné heslo nesouhlasí.")
    if obstacles:
        raise AccountRefused(obstacles)
    account.set_password(new)
    account.must_change_password = False
    account.save()
    return account
