"""How code reaches people of the world: ``world.officer``, ``world.school.director``, ``world.node_admins["OD"]``."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.registry import queries as registry
from egon.registry.models import Person, Substitution, Unit
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import OrganisationData


@dataclass(frozen=True, repr=False)  # a repr would query outside of the scope
class Organisation:
    """One organisation with its people by key and its units by code."""

    data: OrganisationData
    tenant: Tenant
    people: Mapping[str, Person]
    units: Mapping[str, Unit]

    @property
    def pk(self) -> int:
        """The tenant's number."""
        return self.tenant.pk

    def scope(self) -> AbstractContextManager[None]:
        """The scope of this organisation."""
        return tenant_scope(self.tenant.pk)

    def __getattr__(self, key: str) -> Person:
        """A person by key."""
        people = self.__dict__.get("people", {})
        if key not in people:
            raise AttributeError(f"no person {key!r} here; there are {', '.join(sorted(people))}")
        person: Person = people[key]
        return person

    @property
    def node_admins(self) -> dict[str, Person]:
        """Administrators of records nodes by the code of their unit."""
        return {k.removeprefix("node_admin_"): p for k, p in self.people.items() if k.startswith("node_admin_")}


@dataclass(frozen=True, repr=False)  # a repr would query outside of the scope
class World:
    """The whole demo world. People of the region are its attributes, too."""

    organisations: Mapping[str, Organisation]
    substitution: Substitution

    @property
    def region(self) -> Tenant:
        """The region, operator of the centre."""
        return self.organisations["region"].tenant

    @property
    def office(self) -> Organisation:
        """The region's office with its people and units."""
        return self.organisations["region"]

    @property
    def school(self) -> Organisation:
        """A founded organisation with two people."""
        return self.organisations["school"]

    @property
    def hospital(self) -> Organisation:
        """The biggest founded organisation."""
        return self.organisations["hospital"]

    @property
    def roads(self) -> Organisation:
        """The middle one; its economist works for the region, too (``world.commuter``)."""
        return self.organisations["roads"]

    @property
    def units(self) -> Mapping[str, Unit]:
        """Units of the region by code."""
        return self.office.units

    @property
    def node_admins(self) -> dict[str, Person]:
        """Administrators of the region's records nodes by the code of their unit."""
        return self.office.node_admins

    def actor(self, person: Person, *, at: datetime | None = None) -> Actor:
        """This person acting (now, unless a moment is given), with present rights."""
        with tenant_scope(person.tenant_id):
            return registry.actor_of(person, at=at or clock.now())

    def __getattr__(self, key: str) -> Person:
        """A person of the region by key."""
        if key.startswith("__") or "organisations" not in self.__dict__:
            raise AttributeError(key)
        person: Person = getattr(self.office, key)
        return person

    def __iter__(self) -> Iterator[Organisation]:
        return iter(self.organisations.values())
