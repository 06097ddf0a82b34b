"""Reads of accounts and memberships. Centre tables: each query limits itself to the actor's organisation."""

from django.db.models import F, QuerySet

from egon.identity.models import Account, Membership
from egon.identity.rules import login_of
from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound


def accounts_of(actor: Actor) -> QuerySet[Account]:
    """Accounts that belong, or belonged, to the actor's organisation."""
    return Account.objects.filter(memberships__tenant=actor.tenant_id).order_by("login")


def account_for(actor: Actor, pk: int) -> Account:
    """An account of the actor's organisation. Raises :class:`NotFound`."""
    account = accounts_of(actor).filter(pk=pk).first()
    if account is None:
        raise NotFound("Takový účet v této organizaci není.")
    return account


def account_with(login: str) -> Account | None:
    """The account with this login, in whichever organisation."""
    return Account.objects.filter(login=login_of(login)).first()


def memberships_of(account: Account) -> QuerySet[Membership]:
    """Organisations the account may work in, the last used one first."""
    valid = Membership.objects.filter(account=account, active=True, tenant__active=True)
    return valid.select_related("tenant").order_by(F("last_used_at").desc(nulls_last=True), "pk")
