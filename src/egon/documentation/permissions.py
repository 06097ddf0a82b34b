"""Who keeps the documentation."""

from egon.kernel.access import Decision, allowed_if
from egon.kernel.actor import Actor, Role


def may_keep(actor: Actor) -> Decision:
    """The administrator, and the product itself at night."""
    return allowed_if(actor.is_system or actor.has(Role.ADMINISTRATOR), "Dokumentaci systému vede správce systému.")
