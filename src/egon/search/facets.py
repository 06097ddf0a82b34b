"""Facets: exact values of an entity (its unit, its class, the day it came) kept in the index among its lexemes.

A condition over them is a part of the ``tsquery``, so a rare word is found in a flood of frequent ones, and a narrow
condition in a flood of hits. No Django.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from egon.search.lexemes import LONGEST_WORD, quoted

_LONGEST_VALUE = 2 * LONGEST_WORD


def facet(name: str, value: object) -> str:
    """How a value stands in the index; no word of a text and no key can look like this."""
    return f"f:{name}={str(value).casefold()[:_LONGEST_VALUE]}"


def beginning_of(name: str) -> str:
    """With what every value of a facet begins."""
    return facet(name, "")


def has(name: str, value: object) -> str:
    """A ``tsquery`` of entities with the value."""
    return quoted(facet(name, value))


def has_beginning(name: str, value: object) -> str:
    """A ``tsquery`` of entities with a value that begins so."""
    return f"{quoted(facet(name, value))}:*"


def any_of(conditions: Iterable[str]) -> str:
    """One of the conditions holds. At least one must be given."""
    return " | ".join(conditions).join("()")


def all_of(conditions: Iterable[str | None]) -> str | None:
    """All the conditions that are given; None when none is."""
    return " & ".join(condition for condition in conditions if condition) or None


def on_day(name: str, day: date) -> list[str]:
    """A day as it stands in the index: also its month, year and decade, so that an interval has few whole terms.

    Terms told by their beginning would cost as much as all that begins so, in every originator.
    """
    written = day.isoformat()
    return [facet(name, written[:length]) for length in (_DAY, _MONTH, _YEAR, _DECADE)]


def between(name: str, since: date, until: date) -> str | None:
    """A ``tsquery`` of entities with a day between the two, both included; None for no day at all."""
    terms = [has(name, term) for term in _periods(since, until)]
    return any_of(terms) if terms else None


def _periods(since: date, until: date) -> Iterator[str]:
    day = since
    while day <= until:
        length, last = next((length, last) for length, last in _periods_from(day) if last <= until or length == _DAY)
        yield day.isoformat()[:length]
        if last == date.max:
            return
        day = last + timedelta(days=1)


def _periods_from(day: date) -> Iterator[tuple[int, date]]:
    """Periods that begin with a day, the longest first, and their last days."""
    if (day.month, day.day) == (1, 1):
        if day.year % 10 == 0:
            yield _DECADE, date(day.year + 9, 12, 31)
        yield _YEAR, date(day.year, 12, 31)
    if day.day == 1:
        yield _MONTH, date(day.year, day.month, monthrange(day.year, day.month)[1])
    yield _DAY, day


_DECADE, _YEAR, _MONTH, _DAY = 3, 4, 7, 10  # characters of a written day
