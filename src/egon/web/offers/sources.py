"""What may be asked for by an address: names of people, units and classes of the reader's own organisation.

Everybody in an organisation chooses among these in forms, so that whoever is signed in may ask for them.
"""

from collections.abc import Callable, Mapping

from egon.kernel.actor import Role
from egon.kernel.clock import today
from egon.registry import queries as registry
from egon.registry.models import ROLE_NAMES
from egon.web.offers.offered import Offered, Part

_ROLES = [(role.value, name) for role, name in ROLE_NAMES.items() if role is not Role.CENTRE_ADMINISTRATOR]


def addressees() -> Offered:
    """People, units and roles that a step of a route may go to, each with its kind in the value."""
    return Offered(
        Part(registry.people(), prefix="person:", group="Lidé"),
        Part(registry.units(on=today()), prefix="unit:", group="Útvary"),
        Part(_ROLES, prefix="role:", group="Role"),
    )


def receivers() -> Offered:
    """People, roles of the product and roles of the organisation, whom a restriction may bind."""
    own = [(str(role.pk), role.name) for role in registry.own_roles()]
    return Offered(
        Part(registry.people(), prefix="person:", group="Lidé"),
        Part(_ROLES, prefix="role:", group="Role"),
        Part(own, prefix="own:", group="Vlastní role"),
    )


SOURCES: Mapping[str, Callable[[], Offered]] = {
    "osoby": lambda: Offered(Part(registry.people())),
    "osoby-vsechny": lambda: Offered(Part(registry.people(active=None))),
    "utvary": lambda: Offered(Part(registry.units(on=today()))),
    "utvary-vsechny": lambda: Offered(Part(registry.units())),
    "uzly": lambda: Offered(Part(registry.records_nodes(on=today()))),
    "adresati": addressees,
    "omezovani": receivers,
}
