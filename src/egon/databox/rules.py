"""Rules of data boxes that need no database: windows, delays, recognising a message, what a state means."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from egon.gateways.isds.codes import MessageState
from egon.kernel.calendar import is_working_day
from egon.kernel.clock import PRAGUE

PAGE: Final = 1000
"""Messages asked for at once in a list."""

LIST_OVERLAP: Final = timedelta(minutes=15)
"""How far back a list goes behind the newest message seen; the register of ids makes repeats harmless."""

CLOCK_TOLERANCE: Final = timedelta(hours=1)
"""By how much our clock and that of ISDS may differ when we look for a message we may have sent."""

STATES_KEPT: Final = timedelta(days=15)
"""ISDS remembers changes of states for this long (WSDL GetMessageStateChanges)."""

STATES_PERIOD: Final = timedelta(seconds=30)
MOST_ATTEMPTS: Final = 12
"""After so many failed attempts at one message the product stops and asks people."""

FIELD_LENGTH: Final = 50
"""Longest reference number or file mark in an envelope (dmBaseTypes.xsd)."""

SWEEP_EVERY: Final = timedelta(days=1)
SWEEP_OVERLAP: Final = timedelta(days=10)
"""Once a day the list reaches this far back, for a message that ISDS would show late."""

ERASED_AFTER: Final = timedelta(days=90)
"""After delivery by login ISDS erases the content (provozní řád ISDS)."""

ERASURE_ALARM_AFTER: Final = timedelta(days=7)
"""A delivered message that still is not downloaded is an alarm: 83 days remain, time enough for anything."""

CERTIFICATE_WARNING: Final = timedelta(days=45)
PASSWORD_WARNING: Final = timedelta(days=14)
NOTICED_ASKED_EVERY: Final = timedelta(hours=1)
DOWNLOADABLE: Final = frozenset({MessageState.DELIVERED_BY_LOGIN, MessageState.READ, MessageState.IN_VAULT})
"""States in which ISDS gives out a received message (otherwise 1222)."""

PERSONAL_SUBJECT: Final = "Zpráva do vlastních rukou"
"""What everybody else reads instead of the subject."""

_FRIDAY: Final = 4
_MAINTENANCE: Final = timedelta(minutes=65)
"""ISDS is serviced on Friday from 0 to 1 o'clock; a few minutes more until it answers again."""

_UNMISTAKABLE: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_MARK_LENGTH: Final = 10


class Level(StrEnum):
    """What the separate facts about a message come to, for a list."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Outcome(StrEnum):
    """Whether a state of a sent message ends the waiting."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"


def outcome_of(state: int) -> Outcome:
    """Delivered by login, by fiction or read; or never to be delivered (box closed, harmful code)."""
    if state in (MessageState.UNDELIVERABLE, MessageState.INFECTED):
        return Outcome.UNDELIVERABLE
    return Outcome.DELIVERED if MessageState(state).is_delivered else Outcome.WAITING


def new_token() -> str:
    """A mark no other sending has (50 bits), made of characters nobody mistakes."""
    return "".join(secrets.choice(_UNMISTAKABLE) for _ in range(_MARK_LENGTH))


def marked_file_mark(file_mark: str, token: str) -> str:
    """The sender's file mark with the token, at most fifty characters: ``S-KSA 45/2026 (k7x2m9q4ab)``."""
    mark = f"({token})"
    room = FIELD_LENGTH - len(mark) - 1
    return f"{file_mark[:room].rstrip()} {mark}".strip()


def carries_token(file_mark: str, token: str) -> bool:
    """Whether a sender's file mark was written by :func:`marked_file_mark` with this token."""
    return file_mark.strip().endswith(f"({token})")


def listing_since(
    listed_until: datetime | None, swept_at: datetime | None = None, *, now: datetime | None = None
) -> datetime | None:
    """From when to list received messages; ``None`` (everything ISDS still has) for a box never listed."""
    if listed_until is None:
        return None
    sweeps = now is not None and needs_sweep(swept_at, now=now)
    return listed_until - (SWEEP_OVERLAP if sweeps else LIST_OVERLAP)


def needs_sweep(swept_at: datetime | None, *, now: datetime) -> bool:
    """Whether it is time to list far into the past again."""
    return swept_at is None or now - swept_at >= SWEEP_EVERY


def may_fetch_at(now: datetime, *, hours_from: int | None, hours_to: int | None, working_days_only: bool) -> bool:
    """Whether the product may list by itself now: within the hours of the day in Prague, on the days wanted."""
    local = now.astimezone(PRAGUE)
    if working_days_only and not is_working_day(local.date()):
        return False
    return (hours_from or 0) <= local.hour < (24 if hours_to is None else hours_to)


def maintenance_end(now: datetime) -> datetime | None:
    """When the weekly service of ISDS ends, ``None`` when there is none now."""
    local = now.astimezone(PRAGUE)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    end = midnight + _MAINTENANCE
    return end if local.weekday() == _FRIDAY and local < end else None


def fiction_at(delivered_at: datetime | None) -> datetime | None:
    """When ISDS marks a message put into the box at that time as delivered by fiction."""
    return None if delivered_at is None else delivered_at + FICTION_AFTER


def erased_at(accepted_at: datetime | None) -> datetime | None:
    """When ISDS may erase the content of a message delivered at that time."""
    return None if accepted_at is None else accepted_at + ERASED_AFTER


def states_since(states_until: datetime | None, *, now: datetime) -> datetime:
    """From when to ask for changes of states, within what ISDS keeps."""
    oldest = now - STATES_KEPT + timedelta(minutes=5)
    return oldest if states_until is None else max(states_until - LIST_OVERLAP, oldest)


def delay_after(failures: int) -> timedelta:
    """How long to leave ISDS alone after so many failures in a row: 20 s, 40 s, … up to ten minutes."""
    doubled: int = 2 ** min(max(failures - 1, 0), 6)
    return min(timedelta(seconds=20) * doubled, timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call may take, and from when on an unconfirmed message cannot appear any more."""

    read_timeout: timedelta

    @property
    def whole_call(self) -> timedelta:
        """A call that lasts longer is given up by us."""
        return self.read_timeout * 1.5

    @property
    def safe_wait(self) -> timedelta:
        """After this time from the attempt, a message not among the sent ones was not accepted.

        Longer than the whole call and than the antivirus check of ISDS (up to 240 s with the usual 300 s).
        """
        return self.read_timeout * 2


FICTION_AFTER: Final = timedelta(days=10)
"""ISDS delivers by fiction 10 × 24 hours after a message was put into the box (§ 17 odst. 4 zákona č. 300/2008 Sb.).
Whether the last day of the law moves over a weekend is for a lawyer, so screens tell the time of ISDS only."""

STATES_ALARM: Final = timedelta(days=10)
"""Not having asked about states for so long, people are told: after fifteen days ISDS forgets the changes."""

STAMP_AHEAD: Final = timedelta(days=365)
"""How long before the last day the next archive stamp is asked for; ISDS takes it in the last 18 months."""

FIRST_STAMP_AFTER: Final = timedelta(hours=24, minutes=10)
"""ISDS adds the first archive stamp 24 hours after the download (2209)."""


def is_late(*, sent_at: datetime, put_in_box_at: datetime | None, allow_fiction: bool, now: datetime) -> bool:
    """Whether a sent message should have been delivered by now: it is in no box after a day, or the fiction is over."""
    if put_in_box_at is None:
        return now - sent_at > timedelta(days=1)
    return allow_fiction and now - put_in_box_at > FICTION_AFTER + timedelta(days=1)


def next_stamp_due(next_stamp_to: date | None, *, now: datetime) -> datetime:
    """From when to ask for the next archive stamp: a year before its last day, in a year when ISDS did not say."""
    if next_stamp_to is None:
        return now + STAMP_AHEAD
    last_day = datetime.combine(next_stamp_to, time.min, tzinfo=now.tzinfo)
    return max(last_day - STAMP_AHEAD, now + FIRST_STAMP_AFTER)


def fits(text: str, longest: int) -> str:
    """``text`` cut to ``longest`` characters; what ISDS says is data and never a reason to fail."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
