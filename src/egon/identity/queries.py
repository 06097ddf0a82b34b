"""Reads of accounts and memberships. Centre tables: each query limits itself to the actor's organisation."""

from datetime import datetime

from django.db.models import F, QuerySet

from egon.identity.models import Account, Invitation, Membership, Session
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


def sessions_of(account: Account, *, at: datetime) -> QuerySet[Session]:
    """Where the account is signed in, the newest first."""
    return Session.objects.filter(account=account, expire_date__gt=at).order_by(F("started_at").desc(nulls_last=True))


def open_invitation(account: Account) -> Invitation | None:
    """The account's link that was neither used nor revoked; it may have expired."""
    return Invitation.objects.filter(account=account, used_at=None, revoked_at=None).first()
