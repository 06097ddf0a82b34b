"""Links by which people set their password themselves: issued, revoked, used once."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from egon.audit.log import note
from egon.audit.operation import anyone, operation
from egon.identity import permissions, rules
from egon.identity.errors import AccountRefused, InvitationRefused
from egon.identity.models import Account, Invitation
from egon.identity.operations.sessions import end_sessions
from egon.kernel.actor import Actor
from egon.tenancy.scope import tenant_scope


@operation("identity.invitation.issue", title="Pozvánka k nastavení hesla", requires=permissions.may_reset)
def invite(*, actor: Actor, account: Account, at: datetime) -> str:
    """A new link for the account; the one before stops working. Returns its secret, which is kept nowhere.

    The present password works until the link is used.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    Invitation.objects.filter(account=account, used_at=None, revoked_at=None).update(revoked_at=at)
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        account=account,
        tenant_id=actor.tenant_id,
        token_hash=_hash(token),
        issued_at=at,
        issued_by=actor.name[:200],
        expires_at=at + rules.INVITATION_LASTS,
    )
    note(expires_at=made.expires_at)
    return token


@operation("identity.invitation.revoke", title="Zrušení pozvánky", requires=permissions.may_reset)
def revoke_invitation(*, actor: Actor, account: Account, at: datetime) -> int:
    """Make the account's link work no more. Returns 1, or 0 when there was none."""
    return Invitation.objects.filter(account=account, used_at=None, revoked_at=None).update(revoked_at=at)


def invitation_with(token: str, *, at: datetime) -> Invitation:
    """The invitation of a link that works. Raises :class:`InvitationRefused`, which tells why only of a real link."""
    found = Invitation.objects.filter(token_hash=_hash(token)).select_related("account").first()
    if found is None or not found.account.is_active:
        raise InvitationRefused("Takový odkaz tu není.")
    if found.used_at:
        raise InvitationRefused("Odkaz už byl použit. Přihlaste se heslem, které jste si nastavili.")
    if found.revoked_at:
        raise InvitationRefused("Odkaz byl zrušen nebo ho nahradil novější.")
    if found.expires_at <= at:
        raise InvitationRefused("Platnost odkazu skončila.")
    return found


def accept_invitation(*, token: str, new: str, ip: str, at: datetime) -> Account:
    """Set the password by the link, which thereby stops working. To be called outside of any tenant's scope.

    Raises :class:`InvitationRefused`, or :class:`AccountRefused` with all that speaks against the password.
    """
    found = invitation_with(token, at=at)
    actor = Actor(tenant_id=found.tenant_id, name=found.account.name, account_id=found.account_id, ip=ip)
    with tenant_scope(found.tenant_id):
        return use_invitation(actor=actor, account=found.account, token=token, new=new, at=at)


@operation(
    "identity.invitation.use", title="Nastavení hesla podle pozvánky", requires=anyone, unlogged=("token", "new")
)
def use_invitation(*, actor: Actor, account: Account, token: str, new: str, at: datetime) -> Account:
    """The change itself; the door calls :func:`accept_invitation`. Whoever has the link is let to it, nobody else."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account.pk)
        found = invitation_with(token, at=at)  # of two at once the second finds it used
        if found.account_id != account.pk:
            raise InvitationRefused("Takový odkaz tu není.")
        obstacles = rules.obstacles_to_password(new, login=account.login, name=account.name)
        if obstacles:
            raise AccountRefused(obstacles)
        account.set_password(new)
        account.must_change_password = False
        account.failed_attempts, account.locked_until = 0, None
        account.save()
        found.used_at = at
        found.save(update_fields=["used_at"])
        end_sessions(account)
    return account


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
