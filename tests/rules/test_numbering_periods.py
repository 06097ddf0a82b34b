"""Periods of numbering: set before they begin, never over one another, never with numbers that could repeat."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.numbering.rules import PeriodFacts, compact, following, obstacles_to_period

TODAY = date(2026, 7, 1)
SCHOOL = PeriodFacts("2026/27", date(2026, 9, 1), date(2027, 8, 31))


def test_a_coming_school_year_is_all_right():
    assert obstacles_to_period(SCHOOL, [], today=TODAY) == []


@pytest.mark.parametrize(
    ("label", "starts", "ends", "told"),
    [
        ("2026", date(2026, 9, 1), date(2027, 8, 31), "letopočet"),
        ("škola", date(2026, 9, 1), date(2027, 8, 31), "bez diakritiky"),
        ("", date(2026, 9, 1), date(2027, 8, 31), "bez diakritiky"),
        ("A/", date(2026, 9, 1), date(2027, 8, 31), "bez diakritiky"),
        ("A", date(2026, 9, 1), date(2026, 8, 31), "končí dřív"),
        ("A", date(2026, 9, 1), date(2030, 8, 31), "tři roky"),
        ("A", TODAY, date(2027, 8, 31), "předem"),
    ],
)
def test_what_makes_a_period_wrong(label, starts, ends, told):
    [obstacle] = obstacles_to_period(PeriodFacts(label, starts, ends), [], today=TODAY)
    assert told in obstacle


def test_all_obstacles_come_together():
    other = PeriodFacts("2026-27", date(2027, 1, 1), date(2027, 12, 31))
    found = obstacles_to_period(SCHOOL, [other], today=date(2026, 9, 1))
    assert len(found) == 3  # begun, the same in identifiers, overlapping


def test_what_follows_a_school_year_is_the_next_one():
    assert following(SCHOOL) == PeriodFacts("2027/28", date(2027, 9, 1), date(2028, 8, 31))
    assert following(PeriodFacts("2099/00", date(2099, 9, 1), date(2100, 8, 31))).label == "2100/01"


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 1000))
def test_what_follows_begins_the_day_after_and_is_no_obstacle(starts, days):
    last = PeriodFacts("2026/27", starts, starts + timedelta(days=days))
    proposed = following(last)
    assert proposed.starts_on == last.ends_on + timedelta(days=1)
    assert obstacles_to_period(proposed, [last], today=last.ends_on) == []


def test_identifiers_carry_no_slash():
    assert compact("2026/27") == "2026-27"
