"""Who may do what with accounts."""

from egon.identity.models import Account
from egon.kernel.access import ALLOWED, Decision, allowed_if
from egon.kernel.actor import Actor, Role


def may_administer_accounts(actor: Actor) -> Decision:
    """Administrators of the organisation give accounts to its people."""
    return allowed_if(
        actor.is_system or actor.has(Role.ADMINISTRATOR, Role.CENTRE_ADMINISTRATOR),
        "Účty spravuje jen správce systému.",
    )


def may_reset(actor: Actor, account: Account) -> Decision:
    """An account that works elsewhere, too, must not be taken over by the administrator of one organisation."""
    decision = may_administer_accounts(actor)
    if not decision or actor.is_system or actor.has(Role.CENTRE_ADMINISTRATOR):
        return decision
    elsewhere = account.memberships.filter(active=True).exclude(tenant=actor.tenant_id).exists()
    return allowed_if(
        not elsewhere, "Účet patří i do jiné organizace, proto ho smí měnit jen správce krajského centra."
    )


def may_change_own(actor: Actor, account: Account) -> Decision:
    """Everyone changes their own password and nobody else's."""
    return ALLOWED if actor.account_id == account.pk else Decision(False, "Heslo si mění každý sám.")
