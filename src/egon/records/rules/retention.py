"""Disposal regimes: from when a retention period runs and in which year it ends."""

from collections.abc import Sequence
from datetime import date

from egon.records.rules.labels import Labelled


class DisposalMark(Labelled):
    """What is proposed when the period ends (vyhláška 259/2012 § 15 odst. 2; NSESSS 6.1.7)."""

    ARCHIVE = "A", "A – k trvalému uložení"
    SHRED = "S", "S – ke zničení"


class Trigger(Labelled):
    """The event from which the period runs (NSESSS 6.1.6)."""

    SETTLING = "settling", "rok vyřízení spisu"
    CLOSING = "closing", "rok uzavření spisu"
    OPENING = "opening", "rok založení spisu"
    BIRTH = "birth", "rok narození nebo vzniku subjektu"
    EXTERNAL = "external", "vnější událost"


KNOWN_LATER = (Trigger.BIRTH, Trigger.EXTERNAL)
"""Triggers whose year somebody has to record; the others follow from the life of the file."""


EARLIEST_BIRTH = 1800  # rok; older subjects have no files that could still run
LONGEST_RETENTION = 100  # let, zákon 499/2004 § 66 odst. 5


def disposal_year(
    *,
    trigger: Trigger,
    years: int,
    opened_on: date,
    settled_on: date | None,
    closed_on: date,
    trigger_year: int | None = None,
) -> int | None:
    """The first calendar year in which a file may go to disposal; None while the year of its trigger is not known.

    The period counts whole years from 1 January after the year of the trigger (vyhláška 259/2012 § 15 odst. 3), so a
    file closed in 2026 with S/5 is kept to the end of 2031 and goes to disposal in 2032. ``trigger_year`` is the year
    that was recorded for an external event, or of birth (NSESSS 6.1.9).
    """
    if not 0 <= years <= LONGEST_RETENTION:
        raise ValueError(f"retention of {years} years")
    match trigger:
        case Trigger.EXTERNAL | Trigger.BIRTH:
            return None if trigger_year is None else trigger_year + 1 + years
        case Trigger.OPENING:
            event = opened_on
        case Trigger.SETTLING:
            event = settled_on or closed_on
        case Trigger.CLOSING:
            event = closed_on
    return event.year + 1 + years


def faults_of_trigger_year(file: str, triggers: Sequence[str], *, year: int, opened_on: date, today: date) -> list[str]:
    """Why the year of an event cannot be recorded for a file, in Czech (NSESSS 6.1.6, 6.1.9).

    ``triggers`` are those of all regimes that hold for it, its own first. A subject may be born long before the file
    is opened; an event that a file waits for comes no earlier than the file.
    """
    if not set(triggers) & set(KNOWN_LATER):
        return [f"Lhůta spisu {file} běží od události „{Trigger(triggers[0]).label}“, její rok se nezapisuje."]
    earliest = EARLIEST_BIRTH if Trigger.BIRTH in triggers else opened_on.year
    if not earliest <= year <= today.year:
        return [f"Rok události spisu {file} musí být {earliest} až {today.year}."]
    return []
