"""Who may do what: every operation's own permission asked for every role (NSESSS 7.1.1).

Nothing is written down twice: the permission is called with an actor who holds one role, and with stand-ins for the
things it is asked about. What only the database could answer (who sees a document) ends the question there.
"""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from inspect import Parameter, signature
from typing import Any, cast

from django.db import connection

from egon.audit.operation import OperationSpec, Permission, operations
from egon.kernel.actor import Actor, Grant, Role


class Reach(IntEnum):
    """How far a role reaches in one operation, weakest first; the best of all states a thing can be in."""

    NO = 0
    OWN = 1  # with what is the actor's own: held, processed, addressed to them
    SEEN = 2  # with what the data let the actor see
    UNIT = 3  # with what the unit of the role has
    ANY = 4  # with anything of the organisation


WORDS = {Reach.NO: "", Reach.OWN: "své", Reach.SEEN: "co vidí", Reach.UNIT: "svůj útvar", Reach.ANY: "ano"}
SYSTEM = "system"
NO_ROLE = "no_role"
COLUMNS: tuple[str, ...] = (*(role.value for role in Role), NO_ROLE, SYSTEM)


@dataclass(frozen=True)
class Row:
    """One operation and the reach of every column of :data:`COLUMNS`."""

    code: str
    title: str
    reaches: tuple[Reach, ...]


def matrix() -> list[Row]:
    """Every operation of the product, by code, as the originator in scope has rights set."""
    product = (spec for spec in operations() if spec.function.__module__.startswith("egon."))
    known: dict[tuple[Any, ...], tuple[Reach, ...]] = {}  # many operations share a permission
    return [Row(spec.code, spec.title, _reaches(spec, known)) for spec in product]


def as_csv(rows: Iterable[Row]) -> str:
    """The matrix as CSV with a header; a cell is one of :data:`WORDS`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["operation", "title", *COLUMNS])
    writer.writerows([row.code, row.title, *(WORDS[reach] for reach in row.reaches)] for row in rows)
    return text.getvalue()


def _reaches(spec: OperationSpec, known: dict[tuple[Any, ...], tuple[Reach, ...]]) -> tuple[Reach, ...]:
    given = signature(spec.function).parameters
    asked = [one for one in signature(spec.requires).parameters.values() if one.name in given and one.name != "actor"]
    key = (spec.requires, *(parameter.name for parameter in asked))
    if key not in known and key not in _LASTING:
        with connection.execute_wrapper(watch := _Watch()):
            known[key] = tuple(_best(spec.requires, asked, column) for column in COLUMNS)
        if not watch.asked:
            _LASTING[key] = known[key]
    return _LASTING.get(key) or known[key]


_LASTING: dict[tuple[Any, ...], tuple[Reach, ...]] = {}
"""Answers of permissions that asked the database nothing: they follow from the code alone."""


class _Watch:
    """Notices statements sent to the database."""

    asked = False

    def __call__(self, execute: Any, *statement: Any) -> Any:
        """Called by Django instead of ``execute``."""
        self.asked = True
        return execute(*statement)


def _best(permission: Permission, asked: list[Parameter], column: str) -> Reach:
    if not asked:  # what the actor is to a thing and the state of it do not matter
        return _answer(permission, {}, *next(_probes(column)))
    best = Reach.NO
    for state in STATES:
        for values in itertools.product(*(_values(parameter, state) for parameter in asked)):
            given = dict(zip((parameter.name for parameter in asked), values, strict=True))
            for reach, probe in _probes(column):
                if max(reach, Reach.SEEN) > best:  # otherwise it could not say anything better
                    state.author = probe.is_author
                    best = max(best, _answer(permission, given, reach, probe))
    return best


def _answer(permission: Permission, given: dict[str, Any], reach: Reach, probe: "Probe") -> Reach:
    try:
        return reach if permission(probe, **given) else Reach.NO
    except DataDecideError:
        return Reach.SEEN


def _values(parameter: Parameter, state: "State") -> list[Any]:
    if isinstance(parameter.default, bool):
        return [True, False]
    return [Thing(state)] if parameter.default is Parameter.empty else [Thing(state), parameter.default]


def _probes(column: str) -> Iterator[tuple[Reach, "Probe"]]:
    if column == SYSTEM:
        yield Reach.ANY, _probe(is_system=True)
        return
    grants = frozenset({Grant(Role(column), unit_id=0)} if column != NO_ROLE else ())
    yield Reach.ANY, _probe(grants=grants)
    yield Reach.UNIT, _probe(grants=grants, in_unit=True)
    for is_author in (True, False):
        yield Reach.OWN, _probe(grants=grants, in_unit=True, is_tied=True, is_author=is_author)


def _probe(**facts: Any) -> "Probe":
    return Probe(
        tenant_id=cast(int, Thing(STATES[0])), name="", account_id=cast(int, ME), person_id=cast(int, ME), **facts
    )


class DataDecideError(Exception):
    """A permission came to a question for the database."""


ME = object()  # the identity of the probing actor: equal to what is asked about only when the actor is its author


@dataclass(frozen=True)
class Probe(Actor):
    """An actor of one role, who is or is not of the unit and tied to the thing asked about."""

    in_unit: bool = False
    is_tied: bool = False
    is_author: bool = False

    def has_in(self, unit_id: int | None, *roles: Role) -> bool:
        """Of every unit, or of none."""
        return self.in_unit and self.has(*roles)

    def is_one_of(self, person_ids: Iterable[int | None]) -> bool:
        """Everybody there is, or nobody."""
        return self.is_tied and any(person is not None for person in person_ids)


@dataclass
class State:
    """What a thing answers: whether its references are empty, and whether it is in the state it is compared with."""

    references_empty: bool
    agrees: bool
    author: bool = False


STATES = [State(empty, agrees) for empty in (False, True) for agrees in (False, True)]


class Thing:
    """A stand-in for a document, file, handover…: whatever it is asked, it answers by its state."""

    def __init__(self, state: State, truth: bool = True) -> None:
        self._state, self._truth = state, truth

    def __getattr__(self, name: str) -> Any:
        if name == "resolve_expression":  # asked by Django of every value of a condition
            raise DataDecideError
        return None if name.endswith("_id") and self._state.references_empty else Thing(self._state)

    def __call__(self, *args: Any, **kwargs: Any) -> "Thing":
        return Thing(self._state, self._state.agrees)

    def __iter__(self) -> Iterator["Thing"]:
        return iter([Thing(self._state)])

    def __bool__(self) -> bool:
        return self._truth

    def __eq__(self, other: object) -> bool:
        if other is None:
            return False
        return self._state.author if other is ME or isinstance(other, Role) else self._state.agrees

    def __hash__(self) -> int:
        return 0

    def __str__(self) -> str:
        return ""
