"""Who may read, write, edit and manage the jmenný rejstřík (NSESSS 2.8.19)."""

from collections.abc import Mapping
from typing import Final

from egon.kernel.access import Decision, allowed_if
from egon.kernel.actor import Actor, Role
from egon.parties.models import RoleRight
from egon.parties.rules import Right

WRITERS = (
    Role.OFFICER,
    Role.HEAD,
    Role.MAILROOM,
    Role.SECRETARIAT,
    Role.NODE_ADMINISTRATOR,
    Role.RECORDS_KEEPER,
)
MANAGERS = (Role.RECORDS_KEEPER, Role.NODE_ADMINISTRATOR, Role.ADMINISTRATOR)

DEFAULTS: Final[Mapping[Role, frozenset[Right]]] = {
    role: frozenset({Right.READ})
    | (frozenset({Right.WRITE, Right.EDIT}) if role in WRITERS else frozenset())
    | (frozenset({Right.MANAGE}) if role in MANAGERS else frozenset())
    for role in Role
}


def rights() -> Mapping[Role, frozenset[Right]]:
    """What each role may do here: as the administrator set it, otherwise the defaults."""
    stored = list(RoleRight.objects.values_list("role", "right"))
    if not stored:
        return DEFAULTS
    return {role: frozenset(Right(right) for one, right in stored if one == role) for role in Role}


def may_read(actor: Actor) -> Decision:
    """Without any role there is nothing to see (NSESSS 7.1). Which natural persons, :func:`reads_all` says."""
    return allowed_if(
        actor.is_system or bool(actor.grants), "Jmenný rejstřík vidí jen ten, kdo má v organizaci nějakou roli."
    )


def reads_all(actor: Actor) -> bool:
    """Whether natural persons are seen without a link to a document or a file that the actor sees (NSESSS 2.8.7)."""
    return _holds(actor, Right.READ, Right.MANAGE)


def may_write(actor: Actor) -> Decision:
    """Those who register, process or dispatch documents write down whom they write with."""
    return allowed_if(
        _holds(actor, Right.WRITE), "Do jmenného rejstříku zapisují role, kterým to správce systému povolil."
    )


def may_edit(actor: Actor) -> Decision:
    """Who changes facts of a record, also by taking them over from a source of data."""
    return allowed_if(
        _holds(actor, Right.EDIT, Right.MANAGE),
        "Údaje v jmenném rejstříku mění role, kterým to správce systému povolil.",
    )


def may_manage(actor: Actor) -> Decision:
    """Duplicates and merging: who keeps the register as a whole (NSESSS 2.8.14)."""
    return allowed_if(_holds(actor, Right.MANAGE), "Jmenný rejstřík spravují role, kterým to správce systému povolil.")


def may_configure(actor: Actor) -> Decision:
    """The administrator sets rights and periods and destroys records by hand (NSESSS 2.8.15, 2.8.16, 2.8.19)."""
    return allowed_if(
        actor.is_system or actor.has(Role.ADMINISTRATOR),
        "Oprávnění a lhůty jmenného rejstříku nastavuje a záznamy ničí správce systému.",
    )


def _holds(actor: Actor, *wanted: Right) -> bool:
    if actor.is_system:
        return True
    if not actor.grants:
        return False
    given = rights()
    return any(not given[grant.role].isdisjoint(wanted) for grant in actor.grants)
