"""Roles the organisation makes itself, and who holds them (NSESSS 7.1.7, 7.1.8)."""

from collections.abc import Collection

from egon.audit.log import note
from egon.audit.operation import operation
from egon.kernel.actor import Actor, Role
from egon.registry import permissions
from egon.registry.errors import RegistryRefused
from egon.registry.models import OwnRole, Person, Restriction, RoleGrant, Unit
from egon.registry.operations.roles import WHOLE_ORGANISATION
from egon.registry.restriction_rules import obstacles_to_own_role


@operation("registry.own_role.save", title="Vlastní role", requires=permissions.may_administer)
def save_own_role(
    *,
    actor: Actor,
    name: str,
    bases: list[Role],
    without: Collection[str],
    description: str = "",
    own_role: OwnRole | None = None,
) -> OwnRole:
    """Make or change a role of the organisation; who holds it has its new rights from the next request on.

    Raises :class:`RegistryRefused` with all reasons.
    """
    same = OwnRole.objects.filter(name=name.strip()).exclude(pk=own_role.pk if own_role else 0)
    if obstacles := obstacles_to_own_role(name=name, bases=bases, taken=same.exists()):
        raise RegistryRefused(obstacles)
    role = OwnRole() if own_role is None else OwnRole.objects.select_for_update().get(pk=own_role.pk)
    if own_role is not None:
        note(before={"name": role.name, "bases": role.bases, "without": role.without})
    role.name, role.description = name.strip(), description.strip()
    role.bases, role.without = [base.value for base in bases], sorted(without)
    role.save()
    if own_role is not None:
        _bring_holders_up_to_date(role)
    return role


@operation("registry.own_role.delete", title="Smazání vlastní role", requires=permissions.may_administer)
def delete_own_role(*, actor: Actor, own_role: OwnRole) -> None:
    """Delete a role that nobody holds and no restriction names. Raises :class:`RegistryRefused`."""
    own_role.refresh_from_db(from_queryset=OwnRole.objects.select_for_update())
    obstacles = []
    if holders := RoleGrant.objects.filter(own_role=own_role).values("person").distinct().count():
        obstacles.append(f"Roli má {holders} lidí. Nejdřív jim ji odeberte.")
    if Restriction.objects.filter(own_role=own_role).exists():
        obstacles.append("Role je uvedená v omezeních přístupu, zůstává proto v evidenci.")
    if obstacles:
        raise RegistryRefused(obstacles)
    OwnRole.objects.filter(pk=own_role.pk).delete()


@operation("registry.own_role.grant", title="Přidělení vlastní role", requires=permissions.may_administer)
def grant_own_role(*, actor: Actor, own_role: OwnRole, person: Person, unit: Unit | None = None) -> OwnRole:
    """Give a person an own role for a unit with its subordinate ones, or for all. Doing it twice changes nothing.

    Raises :class:`RegistryRefused`.
    """
    obstacles = [] if person.active else [f"{person.name} v organizaci už nepracuje, roli nejde přidělit."]
    if unit is not None and WHOLE_ORGANISATION & {Role(base) for base in own_role.bases}:
        obstacles.append(f"Role „{own_role}“ vychází ze správcovské role, uděluje se jen pro celou organizaci.")
    if obstacles:
        raise RegistryRefused(obstacles)
    for base in own_role.bases:
        RoleGrant.objects.get_or_create(person=person, role=base, unit=unit, own_role=own_role)
    return own_role


@operation("registry.own_role.withdraw", title="Odebrání vlastní role", requires=permissions.may_administer)
def withdraw_own_role(*, actor: Actor, own_role: OwnRole, person: Person, unit: Unit | None = None) -> None:
    """Take an own role back, from the next request on."""
    RoleGrant.objects.filter(own_role=own_role, person=person, unit=unit).delete()


def _bring_holders_up_to_date(own_role: OwnRole) -> None:
    """Who holds the role holds all its bases and no others."""
    held = RoleGrant.objects.filter(own_role=own_role)
    places = set(held.values_list("person", "unit"))
    held.exclude(role__in=own_role.bases).delete()
    for person, unit in places:
        for base in own_role.bases:
            RoleGrant.objects.get_or_create(person_id=person, role=base, unit_id=unit, own_role=own_role)
