"""Reads of the organisation: who acts, who belongs where, who holds what."""

import uuid
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, QuerySet

from egon.identity.models import Account
from egon.kernel.actor import Actor, Grant, Role
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import NotFound
from egon.registry.models import CodeListItem, Person, Position, RoleGrant, Substitution, Unit

# Administrators' roles are personal: a substitute takes over work, not the keys of the system (NSESSS 7.1).
NOT_SUBSTITUTED = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.CENTRE_ADMINISTRATOR})

# They act for a unit, and for those below it.
LEADING = (Role.HEAD, Role.NODE_ADMINISTRATOR, Role.SECRETARIAT)

# One statement, because every request asks for it. A role for a unit holds in its subordinate units, too.
_RIGHTS = """
WITH RECURSIVE persons(id) AS (
    SELECT %(person)s::bigint
    UNION
    SELECT absent_id FROM registry_substitution
    JOIN registry_person ON registry_person.id = absent_id AND registry_person.active
    WHERE substitute_id = %(person)s AND %(day)s BETWEEN valid_from AND valid_to
), held(person_id, role, unit_id) AS (
    SELECT person_id, role, unit_id FROM registry_rolegrant WHERE person_id IN (SELECT id FROM persons)
    UNION
    SELECT held.person_id, held.role, unit.id FROM held JOIN registry_unit unit ON unit.parent_id = held.unit_id
)
SELECT person_id, role, unit_id FROM held
UNION ALL
SELECT person_id, NULL, unit_id FROM registry_position WHERE person_id IN (SELECT id FROM persons)
UNION ALL
SELECT id, NULL, NULL FROM persons
"""


def actor_for(*, account: Account, tenant_id: int, at: datetime, ip: str = "") -> Actor | None:
    """The actor this account is in the open scope of ``tenant_id``; None when it has no business there (any more)."""
    person = Person.objects.filter(
        account=account,
        active=True,
        account__is_active=True,
        account__memberships__tenant=tenant_id,
        account__memberships__active=True,
        account__memberships__tenant__active=True,
    ).first()
    return None if person is None else actor_of(person, at=at, ip=ip)


def actor_of(person: Person, *, at: datetime, ip: str = "") -> Actor:
    """This person acting at the given moment, with their own rights and those of the people they substitute."""
    person_ids, unit_ids, grants = set(), set(), set()
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, {"person": person.pk, "day": at.astimezone(PRAGUE).date()})
        for person_id, role, unit_id in cursor.fetchall():
            own = person_id == person.pk
            if role is None:
                person_ids.add(person_id)
                unit_ids |= {unit_id} - {None}
            elif own or Role(role) not in NOT_SUBSTITUTED:
                grants.add(Grant(Role(role), unit_id, None if own else person_id))
    return Actor(
        tenant_id=person.tenant_id,
        name=person.name,
        account_id=person.account_id,
        person_id=person.pk,
        person_ids=frozenset(person_ids),
        unit_ids=frozenset(unit_ids),
        grants=frozenset(grants),
        request_id=uuid.uuid4(),
        ip=ip,
    )


def units(*, on: date | None = None) -> QuerySet[Unit]:
    """The organisation's units by code; those valid on a day when ``on`` is given."""
    found = Unit.objects.order_by("code")
    return found if on is None else found.filter(valid_on(on))


def records_nodes(*, on: date | None = None) -> QuerySet[Unit]:
    """Units that receive and keep records (spisové uzly)."""
    return units(on=on).filter(is_records_node=True)


def unit_for(actor: Actor, pk: int) -> Unit:
    """A unit of the actor's organisation. Raises :class:`NotFound`."""
    unit = Unit.objects.filter(pk=pk).select_related("parent").first()
    if unit is None:
        raise NotFound("Taková organizační část v této organizaci není.")
    return unit


def people(*, active: bool | None = True) -> QuerySet[Person]:
    """People of the organisation in Czech alphabetical order; ``active=None`` gives also those who left."""
    found = Person.objects.order_by("sort_key", "pk")
    return found if active is None else found.filter(active=active)


def person_for(actor: Actor, pk: int) -> Person:
    """A person of the actor's organisation. Raises :class:`NotFound`."""
    person = Person.objects.filter(pk=pk).select_related("account").first()
    if person is None:
        raise NotFound("Taková osoba v této organizaci není.")
    return person


def name_columns(person: str) -> tuple[str, ...]:
    """The columns :func:`~egon.registry.rules.full_name` is made of, for lists that read no whole ``person``."""
    return tuple(f"{person}__{part}" for part in ("title_before", "given_name", "family_name", "title_after"))


def people_in(unit: Unit) -> QuerySet[Person]:
    """Active people who hold a position in the unit, in Czech alphabetical order."""
    return people().filter(pk__in=Position.objects.filter(unit=unit).values("person"))


def head_of(unit: Unit) -> Person | None:
    """Who leads the unit: the holder of its head position, otherwise of that of the nearest unit above."""
    seen: set[int] = set()
    here: Unit | None = unit
    while here is not None and here.pk not in seen:
        seen.add(here.pk)
        if person := Person.objects.filter(positions__unit=here, positions__is_head=True, active=True).first():
            return person
        here = here.parent
    return None


def people_with(role: Role, unit: Unit | None = None) -> QuerySet[Person]:
    """Active people who hold the role; with ``unit``, those who hold it for this unit, one above, or everywhere."""
    grants = RoleGrant.objects.filter(role=role)
    if unit is not None:
        grants = grants.filter(Q(unit__isnull=True) | Q(unit__in=unit_and_above(unit)))
    return people().filter(pk__in=grants.values("person"))


def people_leading(unit: Unit) -> QuerySet[Person]:
    """Active people who act for the unit: heads, secretariats and node administrators of it, one above, or all."""
    where = Q(unit__isnull=True) | Q(unit__in=unit_and_above(unit))
    return people().filter(pk__in=RoleGrant.objects.filter(where, role__in=LEADING).values("person"))


def deputies_of(person: Person, *, on: date) -> QuerySet[Person]:
    """Who substitutes this person on the day."""
    valid = Substitution.objects.filter(absent=person, valid_from__lte=on, valid_to__gte=on)
    return people().filter(pk__in=valid.values("substitute"))


def substituted_by(person: Person, *, on: date) -> QuerySet[Person]:
    """Whose work this person does on the day."""
    valid = Substitution.objects.filter(substitute=person, valid_from__lte=on, valid_to__gte=on)
    return people().filter(pk__in=valid.values("absent"))


def substitutions_of(person_id: int, *, on: date) -> QuerySet[Substitution]:
    """Substitutions this person does on the day, the one that ends first on top."""
    valid = Substitution.objects.filter(substitute=person_id, valid_from__lte=on, valid_to__gte=on)
    return valid.select_related("absent").order_by("valid_to", "pk")


def code_list(name: str, *, on: date) -> QuerySet[CodeListItem]:
    """Items of a code list valid on the day, by code."""
    return CodeListItem.objects.filter(valid_on(on), code_list=name).order_by("code")


def valid_on(day: date) -> Q:
    """Rows whose period from/to contains the day; an open end is valid for ever."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def unit_and_above(unit: Unit) -> list[int]:
    """The unit and those above it, the nearest first: a role for any of them holds in the unit."""
    ids: list[int] = []
    here: Unit | None = unit
    while here is not None and here.pk not in ids:
        ids.append(here.pk)
        here = here.parent
    return ids
