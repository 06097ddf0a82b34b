"""Reports of large originators: counting millions of rows takes long, so it is done in the background and kept.

A small originator's reports are counted as they are opened.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from egon.jobs.job import defer
from egon.records import jobs
from egon.records.models import Document, KeptReport
from egon.records.report_queries import Cell, Period, Report
from egon.registry.models import Person

LARGE: Final = 50_000
"""Documents of an originator whose reports are counted in the background."""
FRESH: Final = timedelta(hours=12)

type Rows = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Answer:
    """``counted_at`` is None when the rows are of this moment; ``is_counting``: newer ones are on the way."""

    rows: Rows
    counted_at: datetime | None = None
    is_counting: bool = False


def answer(key: str, report: Report, period: Period, *, now: datetime) -> Answer:
    """The rows of a report; those of a large originator as they were last counted, at most :data:`FRESH` old."""
    if not report.heavy or not is_large():
        return Answer(report.rows(period))
    kept = KeptReport.objects.filter(key=key, asked=asked_of(period)).first()
    if kept is not None and any(len(row) != len(report.columns) for row in kept.rows):
        kept = None  # counted by an older version of the product, which told other columns
    if kept is not None and now - kept.counted_at < FRESH:
        return Answer(from_json(kept.rows), kept.counted_at)
    ask(key, period)
    return Answer(from_json(kept.rows), kept.counted_at, True) if kept else Answer([], is_counting=True)


def ask(key: str, period: Period) -> None:
    """Have the report counted; while it waits, it is not asked for again."""
    asked = asked_of(period)
    defer(jobs.count_report, key=key, asked=asked, only_one=f"records.report:{key}:{asked}")


def is_large() -> bool:
    """Whether there are too many documents to be counted while somebody waits."""
    return len(Document.objects.order_by().values_list("pk")[LARGE : LARGE + 1]) > 0


def asked_of(period: Period) -> str:
    """What a report is asked about as a text; the same question has the same text."""
    person = period.person.pk if period.person else ""
    return f"{period.since}/{period.until}/{period.on or ''}/{person}"


def period_of(asked: str) -> Period:
    """The period a text of :func:`asked_of` tells."""
    since, until, on, person = asked.split("/")
    return Period(
        since=date.fromisoformat(since),
        until=date.fromisoformat(until),
        on=date.fromisoformat(on) if on else None,
        person=Person.objects.get(pk=int(person)) if person else None,
    )


def to_json(rows: Rows) -> list[list[object]]:
    """Days marked, so that they come back as days."""
    return [[{"day": cell.isoformat()} if isinstance(cell, date) else cell for cell in row] for row in rows]


def from_json(rows: list[list[object]]) -> Rows:
    """Rows as they were given to :func:`to_json`."""
    return [[date.fromisoformat(cell["day"]) if isinstance(cell, dict) else cell for cell in row] for row in rows]  # type: ignore[misc]
