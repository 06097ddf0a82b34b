"""When the product may take messages over by itself, and what the law and ISDS count."""

from datetime import UTC, datetime, timedelta

import pytest

from egon.databox import rules
from egon.kernel.clock import PRAGUE


def prague(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PRAGUE).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "hours", "working_days_only", "may"),
    [
        ("2026-11-24 03:00", (None, None), False, True),
        ("2026-11-24 06:59", (7, 18), False, False),
        ("2026-11-24 07:00", (7, 18), False, True),
        ("2026-11-24 17:59", (7, 18), False, True),
        ("2026-11-24 18:00", (7, 18), False, False),
        ("2026-11-24 23:59", (7, None), False, True),
        ("2026-11-24 12:00", (None, None), True, True),
        ("2026-11-28 12:00", (None, None), True, False),  # Saturday
        ("2026-11-17 12:00", (None, None), True, False),  # a public holiday
        ("2026-07-15 07:30", (7, 18), False, True),  # summer time counts
    ],
)
def test_hours_and_days_of_taking_over(
    moment: str, hours: tuple[int | None, int | None], working_days_only: bool, may: bool
) -> None:
    found = rules.may_fetch_at(
        prague(moment), hours_from=hours[0], hours_to=hours[1], working_days_only=working_days_only
    )
    assert found is may


@pytest.mark.parametrize(
    ("moment", "is_service"),
    [
        ("2026-11-26 23:59", False),
        ("2026-11-27 00:00", True),
        ("2026-11-27 01:04", True),
        ("2026-11-27 01:05", False),
        ("2026-11-28 00:30", False),
    ],
)
def test_isds_is_serviced_on_friday_after_midnight(moment: str, is_service: bool) -> None:
    end = rules.maintenance_end(prague(moment))
    assert (end is not None) is is_service
    assert end is None or end > prague(moment)


def test_fiction_and_erasure_are_counted_in_whole_days() -> None:
    moment = prague("2026-03-25 10:15")
    assert rules.fiction_at(moment) == moment + timedelta(hours=240)
    assert rules.erased_at(moment) == moment + timedelta(days=90)
    assert rules.fiction_at(None) is rules.erased_at(None) is None


def test_lists_overlap_and_reach_far_back_once_a_day() -> None:
    until, now = prague("2026-11-24 10:00"), prague("2026-11-24 12:00")
    assert rules.listing_since(None, None, now=now) is None
    assert rules.listing_since(until, now - timedelta(hours=1), now=now) == until - timedelta(minutes=15)
    assert rules.listing_since(until, now - timedelta(days=1), now=now) == until - timedelta(days=10)
