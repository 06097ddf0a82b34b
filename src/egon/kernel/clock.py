"""The one place where the product reads the time. Rules get it passed in."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Prague, which is the day the law counts by."""
    return now().astimezone(PRAGUE).date()
