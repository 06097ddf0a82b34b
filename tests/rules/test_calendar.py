"""Working days: weekends, fixed holidays and Easter."""

from datetime import date

import pytest

from egon.kernel.calendar import easter_sunday, holidays, is_holiday, is_working_day, plus_working_days


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2026, 4, 5), (2038, 4, 25), (2100, 3, 28)]
)
def test_easter(year: int, month: int, day: int) -> None:
    assert easter_sunday(year) == date(year, month, day)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 11, 17),
        date(2026, 12, 24),
        date(2026, 11, 21),
        date(2026, 11, 22),
    ],
)
def test_nobody_works_on_holidays_and_weekends(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 4, 2), date(2026, 4, 7), date(2026, 11, 16), date(2026, 12, 23)])
def test_the_days_around_are_working_days(day: date) -> None:
    assert is_working_day(day)


def test_holidays_have_names_and_own_days_off_are_no_working_days():
    assert holidays(2026)[date(2026, 4, 3)] == "Velký pátek"
    assert all(is_holiday(day) for day in holidays(2026)) and len(holidays(2026)) == 13
    off = {date(2026, 7, 2), date(2026, 7, 3)}
    assert plus_working_days(date(2026, 7, 1), 1) == date(2026, 7, 2)
    assert plus_working_days(date(2026, 7, 1), 1, off) == date(2026, 7, 7)  # Monday the 6th is a holiday
