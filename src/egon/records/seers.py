"""People who see a thing with the reasons why, put together from what gives sight (NSESSS 5.2.15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from egon.kernel.actor import SEEING
from egon.registry.models import Person, Substitution
from egon.registry.queries import people

# An own role of the organisation may leave out seeing documents by the role.
SEEING_BY_ROLE = Q(own_role__isnull=True) | ~Q(own_role__without__contains=[SEEING])


@dataclass(frozen=True)
class Sight:
    """One person who sees the thing, with all the reasons in Czech."""

    person: Person
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """One thing that gives sight to one person."""

    person_id: int
    text: str
    passes_on: bool = True  # to the person's substitute
    in_person: bool = True  # not as one of a unit or of those with a role


def people_with(reasons: Iterable[Reason], on: date) -> list[Sight]:
    """Active people the reasons are of, and on the day those who substitute them; in Czech alphabetical order."""
    told: dict[int, list[str]] = {}
    passing: set[int] = set()
    for reason in reasons:
        told.setdefault(reason.person_id, []).append(reason.text)
        passing |= {reason.person_id} if reason.passes_on else set()
    # Substitution does not chain, so those added here pass nothing on.
    valid = Substitution.objects.filter(absent__in=passing, absent__active=True, valid_from__lte=on, valid_to__gte=on)
    for one in valid.select_related("absent"):
        told.setdefault(one.substitute_id, []).append(f"zástup: {one.absent}")
    return [Sight(person, tuple(dict.fromkeys(told[person.pk]))) for person in people().filter(pk__in=told)]
