"""Intervals of days as few terms of the index."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from egon.search.facets import between, on_day

DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2035, 12, 31))


@given(DAYS, DAYS, DAYS)
def test_a_day_is_found_exactly_when_it_lies_between(since, until, day):
    condition = between("y", since, until)
    terms = set(re.findall(r"'([^']+)'", condition or ""))
    assert bool(terms & set(on_day("y", day))) == (since <= day <= until)


def test_a_long_interval_has_few_terms():
    assert (between("y", date(1900, 1, 2), date(2199, 12, 30)) or "").count("'") == 2 * (30 + 11 + 9 + 28 + 9 + 11 + 30)
    assert (between("y", date(2026, 1, 1), date(2026, 12, 31)) or "").count("f:y=") == 1
    assert (between("y", date(2026, 1, 15), date(2026, 3, 14)) or "").count("f:y=") == 17 + 1 + 14


def test_the_last_day_there_is():
    assert between("y", date.max - timedelta(days=1), date.max) is not None
