"""Rules of the periods in which numbers run from one (NSESSS 2.7.2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_DAYS = 3 * 366
_YEAR = re.compile(r"\d{4}")
_APART = re.compile(r"[^0-9A-Za-z]+")
_LABEL = re.compile(r"[0-9A-Za-z]+([/.-][0-9A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A period: how it stands in numbers, its first and its last day."""

    label: str
    starts_on: date
    ends_on: date


def compact(label: str) -> str:
    """How a period stands in identifiers, which carry only letters, digits and dashes: ``2026-27`` for ``2026/27``."""
    return _APART.sub("-", label).strip("-")


def obstacles_to_period(new: PeriodFacts, others: Iterable[PeriodFacts], *, today: date) -> list[str]:
    """What speaks against a period, in Czech, all together. It is set before it begins and repeats no number."""
    obstacles = []
    if not _LABEL.fullmatch(new.label):
        obstacles.append(
            "Označení období smí mít jen písmena bez diakritiky a číslice, mezi nimi lomítko, tečku nebo pomlčku."
        )
    elif _YEAR.fullmatch(new.label):
        obstacles.append(
            "Samotný letopočet patří kalendářnímu roku, který se čísluje sám. Označte období třeba 2026/27."
        )
    if new.ends_on < new.starts_on:
        obstacles.append("Období končí dřív, než začíná.")
    elif (new.ends_on - new.starts_on).days >= LONGEST_DAYS:
        obstacles.append("Období smí trvat nejvýš tři roky.")
    if new.starts_on <= today:
        obstacles.append("Období se stanoví předem: musí začínat nejdřív zítra (NSESSS 2.7.2).")
    for other in others:
        if compact(other.label).casefold() == compact(new.label).casefold():
            obstacles.append(f"Označení {other.label} už má jiné období, čísla by se opakovala.")
        if other.starts_on <= new.ends_on and new.starts_on <= other.ends_on:
            obstacles.append(f"Období se překrývá s obdobím {other.label}.")
    return obstacles


def following(last: PeriodFacts) -> PeriodFacts:
    """The period proposed after the last one: begins the next day, lasts the same, its numbers are one higher."""
    starts_on = last.ends_on + timedelta(days=1)
    return PeriodFacts(_raised(last.label), starts_on, _same_day_later(last, starts_on))


def _same_day_later(last: PeriodFacts, starts_on: date) -> date:
    if (last.starts_on.month, last.starts_on.day) == (starts_on.month, starts_on.day):  # whole years
        years = starts_on.year - last.starts_on.year
        return starts_on.replace(year=starts_on.year + years) - timedelta(days=1)
    return starts_on + (last.ends_on - last.starts_on)


def _raised(label: str) -> str:
    return re.sub(r"\d+", lambda found: str(int(found.group()) + 1).zfill(len(found.group())), label)
