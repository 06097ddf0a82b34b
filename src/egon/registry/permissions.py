"""Who may change the organisation."""

from egon.kernel.access import ALLOWED, Decision, allowed_if
from egon.kernel.actor import Actor, Role
from egon.registry.models import Person, Substitution


def may_administer(actor: Actor) -> Decision:
    """Administrators keep units, people, roles and code lists (NSESSS 7.2)."""
    return allowed_if(
        actor.is_system or actor.has(Role.ADMINISTRATOR), "Organizaci, osoby a role spravuje jen správce systému."
    )


def may_grant(actor: Actor, role: Role) -> Decision:
    """Only an administrator of the centre makes another one."""
    if role == Role.CENTRE_ADMINISTRATOR and not actor.is_system:
        return allowed_if(
            actor.has(Role.CENTRE_ADMINISTRATOR), "Roli správce krajského centra uděluje jen jiný správce centra."
        )
    return may_administer(actor)


def may_appoint(actor: Actor, absent: Person) -> Decision:
    """A person names their own substitute; an administrator names anyone's."""
    if absent.pk == actor.person_id:
        return ALLOWED
    return allowed_if(bool(may_administer(actor)), "Zástup si určuje každý sám, za jiné ho zapíše správce systému.")


def may_end_substitution(actor: Actor, substitution: Substitution) -> Decision:
    """Who may appoint may also end."""
    return may_appoint(actor, substitution.absent)
