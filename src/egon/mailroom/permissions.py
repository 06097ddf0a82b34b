"""Who may work in the mailroom."""

from egon.kernel.access import Decision, allowed_if
from egon.kernel.actor import Actor, Role


def may_receive(actor: Actor) -> Decision:
    """Registering what came (vyhláška 259/2012 Sb. § 2 až 8)."""
    return allowed_if(actor.has(Role.MAILROOM), "Došlé zásilky eviduje jen podatelna.")


def may_dispatch(actor: Actor) -> Decision:
    """Sending what was approved (vyhláška 259/2012 Sb. § 18)."""
    return allowed_if(actor.has(Role.MAILROOM), "Dokumenty odesílá jen výpravna.")
