"""The simulator's clock: real time plus an offset that a person or a test may move forward.

All moments inside the simulator are whole milliseconds since 1970 (UTC), which is the precision ISDS shows.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

PRAGUE: Final = ZoneInfo("Europe/Prague")
DAY_MS: Final = 24 * 3600 * 1000
FICTION_MS: Final = 10 * DAY_MS
"""Fiction of delivery: 10 × 24 hours after the message came into the box (§ 17 odst. 4 zákona č. 300/2008 Sb.)."""


class MovableClock:
    """Real time plus a stored offset; ``store`` is called with the new offset (ms) whenever it changes."""

    def __init__(self, offset_ms: int, store: Callable[[int], None]) -> None:
        self._offset_ms = offset_ms
        self._store = store

    @property
    def offset_ms(self) -> int:
        return self._offset_ms

    def now(self) -> int:
        """The present moment in milliseconds since 1970."""
        return int(time.time() * 1000) + self._offset_ms

    def advance(self, milliseconds: int) -> None:
        """Move the clock on. Going back is refused with ``ValueError``: events would come before their causes."""
        if milliseconds < 0:
            raise ValueError("Hodiny simulátoru lze posunout jen dopředu.")
        self._offset_ms += milliseconds
        self._store(self._offset_ms)


def moment(milliseconds: int) -> datetime:
    """A moment as an aware datetime in Czech local time."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=PRAGUE)


def milliseconds(when: datetime) -> int:
    """An aware datetime as milliseconds since 1970."""
    return round(when.timestamp() * 1000)


def as_xml(milliseconds_: int) -> str:
    """A moment the way ISDS writes it: ``2018-10-03T07:48:36.718+02:00``."""
    return moment(milliseconds_).isoformat(timespec="milliseconds")


def from_xml(text: str) -> int:
    """A moment as clients write it; without a zone it is Czech local time. ``ValueError`` when it is not one."""
    when = datetime.fromisoformat(text.strip())
    if when.tzinfo is None:
        when = when.replace(tzinfo=PRAGUE)
    return milliseconds(when)


def erasure_after_login(delivered_ms: int) -> int:
    """Midnight after 90 whole days from delivery by login (manual 2.67, 1.7.1)."""
    return _midnight_after_days(delivered_ms, 91)


def erasure_after_fiction(put_in_box_ms: int) -> int:
    """Midnight after three years from the moment the message came into the box, when nobody logged in."""
    return _midnight_after_days(put_in_box_ms, 3 * 365 + 2)


def erasure_of_system(put_in_box_ms: int) -> int:
    """Midnight after 100 days: messages of the system itself are kept no longer."""
    return _midnight_after_days(put_in_box_ms, 101)


def _midnight_after_days(from_ms: int, days: int) -> int:
    day = moment(from_ms).date() + timedelta(days=days)
    return milliseconds(datetime(day.year, day.month, day.day, tzinfo=PRAGUE))


def utc(milliseconds_: int) -> datetime:
    """A moment as an aware UTC datetime, for certificates and time stamps."""
    return datetime.fromtimestamp(milliseconds_ / 1000, tz=UTC)
