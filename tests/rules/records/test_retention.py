"""Disposal years by vyhláška 259/2012 § 15 odst. 3 and NSESSS 6.1.6."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.records.rules.retention import LONGEST_RETENTION, Trigger, disposal_year

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2150, 12, 31))
YEARS = st.integers(min_value=0, max_value=LONGEST_RETENTION)


def year(trigger, years, closed_on, opened_on=date(1990, 1, 1), settled_on=None):
    return disposal_year(trigger=trigger, years=years, opened_on=opened_on, settled_on=settled_on, closed_on=closed_on)


@pytest.mark.norm("6.1.6")
@pytest.mark.parametrize(
    ("trigger", "expected"), [(Trigger.OPENING, 2030), (Trigger.SETTLING, 2031), (Trigger.CLOSING, 2032),
     (Trigger.EXTERNAL, None)]
)  # fmt: skip
def test_the_period_runs_from_the_year_of_its_trigger(trigger, expected):
    found = year(trigger, 5, date(2026, 1, 2), opened_on=date(2024, 12, 31), settled_on=date(2025, 6, 1))
    assert found == expected


def test_the_last_and_the_first_day_of_a_year_differ_by_a_year():
    assert year(Trigger.CLOSING, 5, date(2026, 12, 31)) == 2032
    assert year(Trigger.CLOSING, 5, date(2027, 1, 1)) == 2033


@given(closed_on=DAYS, years=YEARS)
def test_at_least_the_whole_period_passes_between_closing_and_disposal(closed_on, years):
    found = year(Trigger.CLOSING, years, closed_on)
    last_day_kept = date(found - 1, 12, 31)
    assert last_day_kept.year - closed_on.year == years
    assert last_day_kept >= closed_on


@given(closed_on=DAYS, years=st.integers(min_value=0, max_value=LONGEST_RETENTION - 1))
def test_one_year_more_means_one_year_later(closed_on, years):
    assert year(Trigger.CLOSING, years + 1, closed_on) == year(Trigger.CLOSING, years, closed_on) + 1


@pytest.mark.parametrize("years", [-1, LONGEST_RETENTION + 1])
def test_a_period_outside_the_law_is_refused(years):
    with pytest.raises(ValueError, match="retention"):
        year(Trigger.CLOSING, years, date(2026, 1, 1))
