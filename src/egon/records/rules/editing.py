"""Locks and conditions of office programs (WebDAV, RFC 4918)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from egon.kernel.czech import without_diacritics

LINK_LASTS = timedelta(hours=10)  # a working day with its breaks
LOCK_LASTS = timedelta(hours=1)

_LIST = re.compile(r"\(([^()]*)\)")
_CONDITION = re.compile(r"(Not\s+)?(?:<([^<>]*)>|\[([^\[\]]*)\])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the header ``If``: a lock or an entity tag that the file has, or has not."""

    lock: str = ""
    tag: str = ""
    negated: bool = False


def name_in_address(name: str) -> str:
    """The name of a file as its address bears it: letters, digits, dots and dashes.

    LibreOffice does not find its own lock under an address with other characters, however they are written, and saves
    nothing.
    """
    return re.sub(r"[^A-Za-z0-9.]+", "-", without_diacritics(name)).strip("-.") or "soubor"


def conditions_of(header: str) -> list[list[Condition]]:
    """Lists of conditions of the header ``If`` (RFC 4918, 10.4); it holds when all of any list hold."""
    return [
        [
            Condition(lock=token or "", tag=tag or "", negated=bool(negation))
            for negation, token, tag in _CONDITION.findall(inside)
        ]
        for inside in _LIST.findall(header)
    ]


def holds(conditions: Sequence[Sequence[Condition]], *, lock: str, tag: str) -> bool:
    """Whether the conditions hold for a file with this lock (empty: none) and this entity tag."""
    return not conditions or any(
        all((one.lock == lock if one.lock else one.tag == tag) is not one.negated for one in every)
        for every in conditions
    )


def may_write(lock: str, until: datetime | None, conditions: Sequence[Sequence[Condition]], at: datetime) -> bool:
    """Whether a request that names these locks may change a file with this lock."""
    if not is_locked(lock, until, at):
        return True
    return any(one.lock == lock and not one.negated for every in conditions for one in every)


def is_locked(lock: str, until: datetime | None, at: datetime) -> bool:
    """Whether the lock holds now."""
    return bool(lock) and until is not None and until > at
