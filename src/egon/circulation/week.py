"""What came, was settled and was late on each of the last days; for the chart of the desk."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, DateField, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, TruncDate

from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.records import permissions
from egon.records.models import Document
from egon.records.rules.states import Direction, DocumentState

DAYS = 7

type _Row = tuple[str, date, date | None, int]


@dataclass(frozen=True, slots=True)
class Day:
    """Counts of one calendar day in Prague. ``late``: documents past their deadline at the end of the day."""

    date: date
    received: int
    settled: int
    late: int


def of_desk(actor: Actor, *, on: date) -> list[Day]:
    """The seven days up to ``on``, over the received documents the actor may see; one query."""
    days = [on - timedelta(days=back) for back in reversed(range(DAYS))]
    seen = Document.objects.filter(permissions.visible_among(actor), direction=Direction.RECEIVED.value).order_by()
    since = datetime.combine(days[0], time(), PRAGUE)
    overdue = seen.filter(deadline__lt=days[-1]).exclude(state=DocumentState.WITHDRAWN.value)
    # Deadlines before the week count alike. What was settled before the week was late on none of its days.
    due = Greatest(F("deadline"), Value(days[0] - timedelta(days=1)), output_field=DateField())
    rows = _counted("received", seen.filter(registered_at__gte=since), TruncDate("registered_at", tzinfo=PRAGUE))
    rows = rows.union(
        _counted("settled", seen.filter(settled_on__gte=days[0]), F("settled_on")),
        _counted("overdue", overdue.filter(settled_on__isnull=True), due),
        _counted("overdue", overdue.filter(settled_on__gte=days[0]), due),
        all=True,
    )
    return _days(days, list(rows))


def _counted(what: str, documents: QuerySet[Document], day: Combinable) -> QuerySet[Document, _Row]:
    """Rows of ``what``, the day it is about, the day of settling and the count."""
    rows = documents.annotate(what=Value(what), day=day).values_list("what", "day", "settled_on")
    return rows.annotate(count=Count("pk"))


def _days(days: list[date], rows: list[_Row]) -> list[Day]:
    return [
        Day(
            date=day,
            received=sum(count for what, at, _, count in rows if what == "received" and at == day),
            settled=sum(count for what, at, _, count in rows if what == "settled" and at == day),
            late=sum(
                count
                for what, due, settled_on, count in rows
                if what == "overdue" and due < day and (settled_on is None or settled_on > day)
            ),
        )
        for day in days
    ]
