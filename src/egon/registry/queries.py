"""Reads of the organisation: who acts, who belongs where, who holds what."""

import uuid
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, QuerySet

from egon.identity.models import Account
from egon.kernel.actor import Actor, Grant, Limit, LimitKind, Role
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import NotFound
from egon.registry.errors import EntryRefused
from egon.registry.models import (
    CodeListItem,
    DayOff,
    OwnRole,
    Person,
    Position,
    Restriction,
    RoleGrant,
    Substitution,
    Unit,
)

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
), held(person_id, role, unit_id, own_role_id) AS (
    SELECT person_id, role, unit_id, own_role_id FROM registry_rolegrant WHERE person_id IN (SELECT id FROM persons)
    UNION
    SELECT held.person_id, held.role, unit.id, held.own_role_id
    FROM held JOIN registry_unit unit ON unit.parent_id = held.unit_id
)
SELECT 'role' AS what, person_id, role, unit_id, own_role_id, own.without, NULL AS about, false AS hides
FROM held LEFT JOIN registry_ownrole own ON own.id = own_role_id
UNION ALL
SELECT 'place', person_id, NULL, unit_id, NULL, NULL, NULL, false FROM registry_position
WHERE person_id IN (SELECT id FROM persons)
UNION ALL
SELECT 'place', id, NULL, NULL, NULL, NULL, NULL, false FROM persons
UNION ALL
SELECT kind, person_id, role, NULL, own_role_id, NULL, about, hides FROM registry_restriction
WHERE lifted_at IS NULL AND (person_id = %(person)s OR person_id IS NULL)
    AND COALESCE(valid_from <= %(day)s, true) AND COALESCE(valid_to >= %(day)s, true)
"""


def actor_for(*, account: Account, tenant_id: int, at: datetime, ip: str = "") -> Actor | None:
    """The actor this account is in the open scope of ``tenant_id``; None when it has no business there (any more).

    Raises :class:`EntryRefused` when an administrator's restriction keeps the person out (NSESSS 7.1.6).
    """
    person = Person.objects.filter(
        account=account,
        active=True,
        account__is_active=True,
        account__memberships__tenant=tenant_id,
        account__memberships__active=True,
        account__memberships__tenant__active=True,
    ).first()
    actor = None if person is None else actor_of(person, at=at, ip=ip)
    if actor is not None and actor.limits_on(LimitKind.ENTRY):
        raise EntryRefused(actor)
    return actor


def actor_of(person: Person, *, at: datetime, ip: str = "") -> Actor:
    """This person acting at the given moment, with their own rights and those of the people they substitute."""
    person_ids, unit_ids, grants, restrictions = set(), set(), set(), []
    held = set()  # roles, and ids of own ones
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, {"person": person.pk, "day": at.astimezone(PRAGUE).date()})
        for what, person_id, role, unit_id, own_role_id, without, about, hides in cursor.fetchall():
            own = person_id == person.pk
            if what == "place":
                person_ids.add(person_id)
                unit_ids |= {unit_id} - {None}
            elif what != "role":
                restrictions.append((person_id, own_role_id or role, Limit(LimitKind(what), about, hides)))
            elif own or Role(role) not in NOT_SUBSTITUTED:
                held |= {role, own_role_id}
                grants.add(Grant(Role(role), unit_id, None if own else person_id, frozenset(without or ())))
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
        # Those of a person are theirs alone: who substitutes them is another person, with no conflict of interests.
        limits=frozenset(limit for person_id, of_role, limit in restrictions if person_id or of_role in held),
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
    unit = Unit.objects.filter(pk=pk).select_related("parent", "successor").first()
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


def in_force(day: date) -> Q:
    """Restrictions that hold on the day: not lifted, within their days."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return Q(lifted_at__isnull=True) & begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def restrictions() -> QuerySet[Restriction]:
    """All restrictions ever set, the newest first."""
    return Restriction.objects.select_related("person", "own_role").order_by("-set_at", "-pk")


def own_roles() -> QuerySet[OwnRole]:
    """Roles the organisation made itself, by name."""
    return OwnRole.objects.order_by("name", "pk")


def own_role_for(actor: Actor, pk: int) -> OwnRole:
    """An own role of the actor's organisation. Raises :class:`NotFound`."""
    found = OwnRole.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("Taková vlastní role v této organizaci není.")
    return found


def holders_of(own_role: OwnRole) -> list[RoleGrant]:
    """Who holds an own role and where: one grant for each person and place."""
    found = RoleGrant.objects.filter(own_role=own_role).select_related("person", "unit")
    return list(
        found.order_by("person__sort_key", "person", "unit", "pk").distinct("person__sort_key", "person", "unit")
    )


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


def days_off(year: int) -> QuerySet[DayOff]:
    """Own days off of the organisation in a year."""
    return DayOff.objects.filter(day__year=year).order_by("day")


def days_off_after(day: date) -> frozenset[date]:
    """Own days off after a day, for counting deadlines in working days."""
    return frozenset(DayOff.objects.filter(day__gt=day).values_list("day", flat=True))
