"""Working days in the Czech Republic (zákon č. 245/2000 Sb., o státních svátcích)."""

from collections.abc import Container
from datetime import date, timedelta
from typing import Final

_FIXED: Final = {
    (1, 1): "Nový rok, Den obnovy samostatného českého státu",
    (5, 1): "Svátek práce",
    (5, 8): "Den vítězství",
    (7, 5): "Den slovanských věrozvěstů Cyrila a Metoděje",
    (7, 6): "Den upálení mistra Jana Husa",
    (9, 28): "Den české státnosti",
    (10, 28): "Den vzniku samostatného československého státu",
    (11, 17): "Den boje za svobodu a demokracii a Mezinárodní den studentstva",
    (12, 24): "Štědrý den",
    (12, 25): "1. svátek vánoční",
    (12, 26): "2. svátek vánoční",
}
"""Month and day."""

_SATURDAY: Final = 5


def is_working_day(day: date) -> bool:
    """Neither a weekend nor a public holiday."""
    return day.weekday() < _SATURDAY and not is_holiday(day)


def is_holiday(day: date) -> bool:
    """A public holiday, also one on a weekend."""
    return (day.month, day.day) in _FIXED or day in _moving(day.year)


def holidays(year: int) -> dict[date, str]:
    """Public holidays of a year with their names."""
    fixed = {date(year, month, day): name for (month, day), name in _FIXED.items()}
    return {**fixed, **_moving(year)}


def _moving(year: int) -> dict[date, str]:
    easter = easter_sunday(year)
    return {easter - timedelta(days=2): "Velký pátek", easter + timedelta(days=1): "Velikonoční pondělí"}


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def plus_working_days(day: date, count: int, off: Container[date] = ()) -> date:
    """The ``count``-th working day after ``day``; ``day`` itself for 0. ``off`` are days off of the organisation."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day) and day not in off
    return day
