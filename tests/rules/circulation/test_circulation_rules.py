"""Lateness and progress, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.circulation.rules import HandoverState, UnitProgress, days_late, progress_of

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
W, T, R, X = HandoverState.WAITING, HandoverState.TAKEN, HandoverState.RETURNED, HandoverState.RECALLED


@given(DAYS, st.integers(-400, 400))
def test_the_last_day_is_still_in_time_and_every_further_day_counts(deadline, distance):
    assert days_late(deadline, on=deadline + timedelta(days=distance)) == max(0, distance)


def test_without_a_deadline_nothing_is_late():
    assert days_late(None, on=date(2026, 1, 1)) == 0


@pytest.mark.parametrize(
    ("state", "passed", "progress"),
    [
        (W, [], UnitProgress.WAITING),
        (T, [], UnitProgress.TAKEN),
        (T, [X], UnitProgress.TAKEN),
        (T, [W], UnitProgress.HANDED_ON),
        (T, [T, W], UnitProgress.HANDED_ON),
        (T, [T, T], UnitProgress.DONE),
        (T, [T, X], UnitProgress.DONE),
        (R, [T], UnitProgress.WAITING),
    ],
)
def test_a_unit_is_done_when_everybody_asked_took_note(state, passed, progress):
    assert progress_of(state, passed) is progress
