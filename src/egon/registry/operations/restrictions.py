"""Restrictions of people and roles by the administrator (NSESSS 7.1.6)."""

from datetime import date, datetime

from egon.audit.log import note
from egon.audit.operation import anyone, operation
from egon.kernel.actor import Actor, LimitKind, Role
from egon.kernel.clock import PRAGUE
from egon.registry import permissions, restriction_rules
from egon.registry.errors import RegistryRefused
from egon.registry.models import OwnRole, Person, Restriction
from egon.registry.operations.people import is_last_administrator


@operation("registry.restriction.set", title="Omezení přístupu", requires=permissions.may_administer)
def set_restriction(
    *,
    actor: Actor,
    kind: LimitKind,
    reason: str,
    at: datetime,
    about: str = "",
    title: str = "",
    hides: bool = True,
    person: Person | None = None,
    role: Role | None = None,
    own_role: OwnRole | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Restriction:
    """Take from a person, or from everybody with a role, a thing, a class, a function or the whole access.

    It holds from the next request on, within its days. Raises :class:`RegistryRefused` with all reasons.
    """
    receivers = [one for one in (person, role, own_role) if one is not None]
    obstacles = restriction_rules.obstacles_to_restriction(
        receivers=len(receivers),
        kind=kind,
        about=about,
        reason=reason,
        valid_from=valid_from,
        valid_to=valid_to,
        today=at.astimezone(PRAGUE).date(),
    )
    obstacles += _against_lockout(actor, kind, person, role, own_role)
    if obstacles:
        raise RegistryRefused(obstacles)
    return Restriction.objects.create(
        person=person,
        role=role.value if role else "",
        own_role=own_role,
        kind=kind.value,
        about=about,
        title=title[:250],
        hides=hides,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason.strip()[:250],
        set_at=at,
        set_by=actor.name[:200],
    )


@operation("registry.restriction.lift", title="Zrušení omezení přístupu", requires=permissions.may_administer)
def lift_restriction(*, actor: Actor, restriction: Restriction, at: datetime) -> Restriction:
    """End a restriction from the next request on; what it was stays. Raises :class:`RegistryRefused`."""
    restriction.refresh_from_db(from_queryset=Restriction.objects.select_for_update())
    if restriction.lifted_at is not None:
        raise RegistryRefused(["Omezení už je zrušené."])
    note(before=str(restriction))
    restriction.lifted_at, restriction.lifted_by = at, actor.name[:200]
    restriction.save(update_fields=["lifted_at", "lifted_by"])
    return restriction


@operation("registry.entry.refused", title="Odmítnutý vstup", requires=anyone)
def note_refused_entry(*, actor: Actor, path: str) -> None:
    """Write down that a person whose access was taken tried to come in (NSESSS 7.4.2)."""


def _against_lockout(
    actor: Actor, kind: LimitKind, person: Person | None, role: Role | None, own_role: OwnRole | None
) -> list[str]:
    """An administrator must stay who can undo it: neither who sets it nor the last one is kept out."""
    if kind not in (LimitKind.ENTRY, LimitKind.FUNCTION):
        return []
    if person is not None and person.pk == actor.person_id:
        return ["Sami sobě přístup ani funkce omezit nemůžete."]
    if person is not None and is_last_administrator(person):
        return ["Organizace by zůstala bez správce. Nejdřív určete jiného."]
    held = {grant.role for grant in actor.grants}
    of_own = own_role is not None and own_role.role_grants.filter(person=actor.person_id).exists()
    if of_own or (role is not None and role in held):
        return ["Roli, kterou sami máte, přístup ani funkce omezit nemůžete."]
    return []
