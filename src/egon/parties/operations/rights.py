"""What roles may do in the register (NSESSS 2.8.19)."""

from collections.abc import Collection, Mapping

from egon.audit.log import note
from egon.audit.operation import operation
from egon.kernel.actor import Actor, Role
from egon.parties import permissions, rules
from egon.parties.errors import PartyRefused
from egon.parties.models import RoleRight
from egon.parties.rules import Right


@operation("parties.settings.rights", title="Oprávnění v jmenném rejstříku", requires=permissions.may_configure)
def set_rights(*, actor: Actor, rights: Mapping[Role, Collection[Right]]) -> None:
    """Set what each role may do; a role left out may nothing but read companies. Raises :class:`PartyRefused`."""
    obstacles = rules.obstacles_to_rights(rights.values())
    if obstacles:
        raise PartyRefused(obstacles)
    note(before={role.value: sorted(given) for role, given in permissions.rights().items() if given})
    RoleRight.objects.all().delete()
    RoleRight.objects.bulk_create(
        RoleRight(role=role.value, right=right.value) for role, given in rights.items() for right in given
    )
