"""Typed files (typové spisy): templates, periods of volumes, mapping of templates (NSESSS 3.3)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from egon.records.rules.labels import Labelled
from egon.records.rules.plan import LONGEST_NAME, faults_of_code, parent_code

LONGEST_PERIOD: Final = 50  # let; a longer one would hardly ever be disposed of
SCHOOL_YEAR_BEGINS: Final = (9, 1)
NAMED_AT_MOST: Final = 20
"""Of more things that stand in the way only so many are named."""


class Period(Labelled):
    """For how long a volume takes files in (NSESSS 3.3.9)."""

    CALENDAR = "calendar", "kalendářní rok"
    SCHOOL = "school", "školní rok"
    YEARS = "years", "počet let"


class TypedState(Labelled):
    """Of a typed file and its sections."""

    OPEN = "open", "otevřený"
    CLOSED = "closed", "uzavřený"


class VolumeState(Labelled):
    """Of a volume; of a destroyed one only the header of metadata is left (NSESSS 3.3.14)."""

    OPEN = "open", "otevřený"
    CLOSED = "closed", "uzavřený"
    DESTROYED = "destroyed", "zničený"


def last_day(period: Period, years: int | None, opened_on: date) -> date:
    """The last day of a volume that opens on a day (NSESSS 3.3.9)."""
    match period:
        case Period.CALENDAR:
            return date(opened_on.year, 12, 31)
        case Period.SCHOOL:
            begins = date(opened_on.year, *SCHOOL_YEAR_BEGINS)
            return (begins if opened_on < begins else begins.replace(year=begins.year + 1)) - timedelta(days=1)
        case Period.YEARS:
            return _years_later(opened_on, years or 1) - timedelta(days=1)


def next_opening(period: Period, years: int | None, ended_on: date, today: date) -> date:
    """When the next volume opens: the day after the last one, or the beginning of the period that runs today."""
    opens = ended_on + timedelta(days=1)
    while (ends := last_day(period, years, opens)) < today:
        opens = ends + timedelta(days=1)
    return opens


def written_period(period: str, years: int | None) -> str:
    """A period as people write it: ``školní rok``, ``5 let``."""
    if period == Period.YEARS and years:
        word = "rok" if years == 1 else "roky" if years < 5 else "let"
        return f"{years} {word}"
    return Period(period).label if period else ""


def period_of(text: str) -> tuple[Period, int | None] | None:
    """The period that a text names; None when it names none."""
    wanted = " ".join(text.split()).casefold()
    for period in (Period.CALENDAR, Period.SCHOOL):
        if wanted in (period.label, period.value):
            return period, None
    number = wanted.split(" ")[0]
    return (Period.YEARS, int(number)) if number.isdecimal() else None


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section of a template as the rules see it; ``code`` is whole, with the code of the class before it."""

    code: str
    name: str
    has_regime: bool
    period: str = ""
    period_years: int | None = None


def faults_of_template(class_code: str, lines: Sequence[SectionLine], separator: str) -> list[str]:
    """Everything that is wrong with a template, in Czech (NSESSS 3.3.3, 3.3.6, 3.3.18)."""
    if not lines:
        return ["Šablona musí mít aspoň jednu součást (NSESSS 3.3.3)."]
    counts = Counter(line.code for line in lines)
    groups = {parent_code(code, separator) for code in counts}
    faults = [f"Spisový znak {code} má víc součástí (NSESSS 3.1.11)." for code, count in counts.items() if count > 1]
    for line in lines:
        found = faults_of_code(line.code, separator)
        above = parent_code(line.code, separator)
        if above != class_code and above not in counts:
            found.append(f"nad součástí chybí „{above}“; znak doplňuje znak skupiny {class_code} (NSESSS 3.3.6).")
        found += _faults_of_section(line, is_leaf=line.code not in groups)
        faults += [f"Součást {line.code}: {fault}" for fault in found]
    return faults


def _faults_of_section(line: SectionLine, *, is_leaf: bool) -> list[str]:
    faults = []
    if not line.name.strip() or len(line.name) > LONGEST_NAME:
        faults.append(f"název musí mít 1 až {LONGEST_NAME} znaků.")
    if is_leaf and not line.has_regime:
        faults.append("chybí skartační režim, nejnižší součást ho mít musí (NSESSS 3.3.18).")
    if not is_leaf and line.has_regime:
        faults.append("skartační režim nemá součást, v níž jsou jiné součásti (NSESSS 3.3.18).")
    return faults + (faults_of_period(line.period, line.period_years) if is_leaf else [])


def faults_of_period(period: str, years: int | None) -> list[str]:
    """What is wrong with the period of a section that holds volumes (NSESSS 3.3.9)."""
    if period not in set(Period):
        return ["chybí časové období dílu (NSESSS 3.3.9)."]
    if period == Period.YEARS and not 1 <= (years or 0) <= LONGEST_PERIOD:
        return [f"období dílu je 1 až {LONGEST_PERIOD} let (NSESSS 3.3.9)."]
    return []


@dataclass(frozen=True, slots=True)
class MappedSection:
    """A section of a template with what its place in the structure is."""

    pk: int
    code: str
    parent: int | None
    is_leaf: bool


def faults_of_mapping(
    old: Sequence[MappedSection], new: Sequence[MappedSection], pairs: Mapping[int, int]
) -> list[str]:
    """Why sections of a closed class cannot go into those of another as mapped; all reasons (NSESSS 3.3.4).

    Every old section goes into a section of its own, of the same kind and in the corresponding place; what is new in
    the other template stays empty.
    """
    targets, sources = {one.pk: one for one in new}, {one.pk: one for one in old}
    counts = Counter(pairs.get(one.pk) for one in old)
    faults = []
    for one in old:
        target = targets.get(pairs.get(one.pk, 0))
        if target is None:
            faults.append(f"Součást {one.code} není přiřazená (NSESSS 3.3.4).")
            continue
        if counts[target.pk] > 1:
            faults.append(f"Součást {one.code}: do součásti {target.code} je přiřazeno víc součástí.")
        if one.is_leaf != target.is_leaf:
            kinds = "díly" if one.is_leaf else "jiné součásti"
            faults.append(f"Součást {one.code} obsahuje {kinds}, součást {target.code} ne; struktura musí být shodná.")
        above = pairs.get(one.parent) if one.parent in sources else None
        if above != target.parent:
            faults.append(f"Součást {one.code}: součást {target.code} je v šabloně na jiném místě.")
    return faults


def told(marks: Sequence[str], count: int) -> str:
    """Names of what stands in the way, and how many more there are."""
    more = f" a další ({count - len(marks)})" if count > len(marks) else ""
    return ", ".join(marks) + more


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February in a year without one
        return date(day.year + years, 3, 1)
