"""Who may read and write the jmenný rejstřík."""

from egon.kernel.access import Decision, allowed_if
from egon.kernel.actor import Actor, Role

WRITERS = (
    Role.OFFICER,
    Role.HEAD,
    Role.MAILROOM,
    Role.SECRETARIAT,
    Role.NODE_ADMINISTRATOR,
    Role.RECORDS_KEEPER,
)

MANAGERS = (Role.RECORDS_KEEPER, Role.NODE_ADMINISTRATOR, Role.ADMINISTRATOR)


def may_read(actor: Actor) -> Decision:
    """Without any role there is nothing to see (NSESSS 7.1)."""
    return allowed_if(
        actor.is_system or bool(actor.grants), "Jmenný rejstřík vidí jen ten, kdo má v organizaci nějakou roli."
    )


def may_write(actor: Actor) -> Decision:
    """Those who register, process or dispatch documents keep the facts of whom they write with."""
    return allowed_if(
        actor.is_system or actor.has(*WRITERS), "Do jmenného rejstříku zapisují role, které pracují s dokumenty."
    )


def may_manage(actor: Actor) -> Decision:
    """Duplicates, merging and destruction: who keeps the register as a whole (NSESSS 2.8.14)."""
    return allowed_if(
        actor.is_system or actor.has(*MANAGERS),
        "Jmenný rejstřík spravuje správce spisovny, správce spisového uzlu nebo správce systému.",
    )


def may_configure(actor: Actor) -> Decision:
    """Periods of destruction are set, and records destroyed by hand, by the administrator (NSESSS 2.8.15, 2.8.16)."""
    return allowed_if(
        actor.is_system or actor.has(Role.ADMINISTRATOR),
        "Lhůty jmenného rejstříku nastavuje a záznamy ničí správce systému.",
    )
