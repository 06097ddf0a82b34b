"""Roles and substitutions."""

from datetime import date, timedelta

from egon.audit.operation import operation
from egon.kernel.actor import Actor, Role
from egon.registry import permissions, rules
from egon.registry.errors import RegistryRefused
from egon.registry.models import ROLE_NAMES, Person, RoleGrant, Substitution, Unit
from egon.registry.operations.people import is_last_administrator

# These keep the whole organisation; for one unit they would mean nothing.
WHOLE_ORGANISATION = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.CENTRE_ADMINISTRATOR})


@operation("registry.role.grant", title="Přidělení role", requires=permissions.may_grant)
def grant_role(*, actor: Actor, person: Person, role: Role, unit: Unit | None = None) -> RoleGrant:
    """Give a person a role for a unit with its subordinate units, or for the whole organisation.

    Doing it twice changes nothing. Raises :class:`RegistryRefused`.
    """
    if not person.active:
        raise RegistryRefused([f"{person.name} v organizaci už nepracuje, roli nejde přidělit."])
    if unit is not None and role in WHOLE_ORGANISATION:
        raise RegistryRefused([f"Role „{ROLE_NAMES[role]}“ se uděluje jen pro celou organizaci."])
    grant, _ = RoleGrant.objects.get_or_create(person=person, role=role, unit=unit, own_role=None)
    return grant


@operation("registry.role.withdraw", title="Odebrání role", requires=permissions.may_administer)
def withdraw_role(*, actor: Actor, grant: RoleGrant) -> None:
    """Take a role back, from the next request on. The last administrator stays (:class:`RegistryRefused`)."""
    if grant.own_role is not None:
        raise RegistryRefused([f"Role je součást vlastní role {grant.own_role}. Odeberte celou vlastní roli."])
    if grant.role == Role.ADMINISTRATOR and grant.unit_id is None and is_last_administrator(grant.person):
        raise RegistryRefused(["Organizace by zůstala bez správce. Nejdřív určete jiného."])
    RoleGrant.objects.filter(pk=grant.pk).delete()


@operation("registry.substitution.appoint", title="Určení zástupu", requires=permissions.may_appoint)
def appoint_substitute(
    *, actor: Actor, absent: Person, substitute: Person, valid_from: date, valid_to: date, today: date
) -> Substitution:
    """Have ``substitute`` do the work of ``absent`` from the first to the last day. Raises :class:`RegistryRefused`."""
    obstacles = rules.obstacles_to_substitution(
        same_person=absent.pk == substitute.pk,
        substitute_active=substitute.active,
        valid_from=valid_from,
        valid_to=valid_to,
        today=today,
    )
    overlapping = Substitution.objects.filter(
        absent=absent, substitute=substitute, valid_from__lte=valid_to, valid_to__gte=valid_from
    )
    if overlapping.exists():
        obstacles.append("Tato osoba v té době už zastupuje.")
    if obstacles:
        raise RegistryRefused(obstacles)
    return Substitution.objects.create(absent=absent, substitute=substitute, valid_from=valid_from, valid_to=valid_to)


@operation("registry.substitution.end", title="Ukončení zástupu", requires=permissions.may_end_substitution)
def end_substitution(*, actor: Actor, substitution: Substitution, today: date) -> None:
    """End a substitution at once; one that has not begun is removed. What was done under it stays in the log."""
    if substitution.valid_from >= today:
        Substitution.objects.filter(pk=substitution.pk).delete()
        return
    Substitution.objects.filter(pk=substitution.pk).update(valid_to=today - timedelta(days=1))
