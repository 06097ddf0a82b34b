"""Rules of proposed changes: what a table or a directory says against what we have. Pure functions.

Nothing of a proposal (návrh změn) is done until it is confirmed; then its changes are done one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class ChangeKind(StrEnum):
    """What a proposal is about."""

    PEOPLE = "people"
    DIRECTORY = "directory"
    CODES = "codes"
    UNITS = "units"


class ChangeAction(StrEnum):
    """What is to become of one row."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


KIND_NAMES = {
    ChangeKind.PEOPLE: "osoby ze souboru",
    ChangeKind.DIRECTORY: "osoby z adresáře",
    ChangeKind.CODES: "číselník",
    ChangeKind.UNITS: "organizační části",
}
ACTION_NAMES = {ChangeAction.NEW: "přibude", ChangeAction.CHANGED: "změní se", ChangeAction.GONE: "chybí ve zdroji"}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of the source, or the same thing as we have it: its key, how people call it, and its values."""

    key: str
    label: str
    values: Mapping[str, Any]
    line: int = 0
    entity_id: int | None = None


@dataclass(frozen=True, slots=True)
class Faulty:
    """What the source says and cannot be used: who it may be (who is faulty is not gone), and why."""

    label: str
    message: str
    key: str = ""
    login: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One proposed change with the values that differ, each as it is and as it is to be."""

    action: ChangeAction
    label: str
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    differences: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    line: int = 0
    entity_id: int | None = None


def differences(present: Iterable[Row], wanted: Iterable[Row]) -> list[Change]:
    """What is new, what differs in the values the source gives, and what the source no longer has, in this order.

    What we have without a key the source cannot know, so it is left alone.
    """
    held = {row.key: row for row in present if row.key}
    new, changed, named = [], [], set()
    for row in wanted:
        named.add(row.key)
        mine = held.get(row.key)
        if mine is None:
            told = {name: ("", value) for name, value in row.values.items() if value not in ("", None)}
            new.append(Change(ChangeAction.NEW, row.label, row.key, row.values, told, row.line))
            continue
        differing = {
            name: (mine.values.get(name, ""), value)
            for name, value in row.values.items()
            if (mine.values.get(name) or "") != (value or "")
        }
        if differing:
            changed.append(
                Change(ChangeAction.CHANGED, mine.label, row.key, row.values, differing, row.line, mine.entity_id)
            )
    missing = [row for key, row in held.items() if key not in named]
    gone = [Change(ChangeAction.GONE, row.label, row.key, entity_id=row.entity_id) for row in missing]
    return [*new, *changed, *gone]


def without_faulty(present: Iterable[Row], faulty: Iterable[Faulty]) -> list[Row]:
    """``present`` without those the source speaks of in an unusable way: they are neither changed nor gone."""
    named = {value.casefold() for one in faulty for value in (one.key, one.login, one.email) if value}
    return [row for row in present if named.isdisjoint(_names_of(row))]


def _names_of(row: Row) -> set[str]:
    values = (row.key, str(row.values.get("login") or ""), str(row.values.get("email") or ""))
    return {value.casefold() for value in values if value}


def recognised(present: Sequence[Row], wanted: Iterable[Row], *, by: Sequence[str]) -> list[Row]:
    """``present`` with keys given to rows that have none and agree with one wanted row in a value of ``by``.

    A value that several rows share tells nothing.
    """
    rows = list(present)
    keys = {row.key for row in rows if row.key}
    strangers = [row for row in wanted if row.key not in keys]
    for name in by:
        nameless = _told_apart(rows, name, only_without_key=True)
        for value, row in _told_apart(strangers, name).items():
            at = nameless.get(value)
            if at is not None and not rows[at].key and strangers[row].key not in keys:
                rows[at] = replace(rows[at], key=strangers[row].key)
                keys.add(strangers[row].key)
    return rows


def _told_apart(rows: Sequence[Row], name: str, *, only_without_key: bool = False) -> dict[str, int]:
    """Positions of rows by a value that only one of them has."""
    found: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        value = row.label if name == "label" else str(row.values.get(name) or "")
        if value and not (only_without_key and row.key):
            found.setdefault(value.casefold(), []).append(at)
    return {value: places[0] for value, places in found.items() if len(places) == 1}


def too_many_gone(gone: int, present: int, *, limit_percent: int) -> bool:
    """Whether so many would go that a person has to look first: a broken source must not empty an organisation."""
    return gone * 100 > present * limit_percent
