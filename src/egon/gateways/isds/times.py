"""Times of ISDS: input without a zone is Czech local time, output carries an offset."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

PRAGUE: Final = ZoneInfo("Europe/Prague")


def parse_time(text: str | None) -> datetime | None:
    """An ``xs:dateTime`` as an aware datetime; ``None`` for an empty or unreadable value.

    A value without an offset is Czech local time. Fractions finer than a microsecond are cut.
    """
    if not text or not text.strip():
        return None
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return parsed.replace(tzinfo=PRAGUE) if parsed.tzinfo is None else parsed


def format_time(moment: datetime) -> str:
    """An aware datetime as ``xs:dateTime`` in Czech local time with its offset (milliseconds).

    The offset makes the hour that repeats in autumn unambiguous, and a server that ignores offsets still reads
    the right local time. Raises ``ValueError`` for a naive datetime.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment sent to ISDS must carry its time zone")
    return moment.astimezone(UTC).astimezone(PRAGUE).isoformat(timespec="milliseconds")
