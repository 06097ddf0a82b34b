"""What came, was settled and was late on each of the last days; for the chart of the desk."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, DateField, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Greatest, TruncDate

from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.records import permissions
from egon.records.models import Document
from egon.records.rules.states import Direction, DocumentState

DAYS = 7

_NEVER = Cast(Value(None), DateField())

type _Row = tuple[str, date | None, date | None, int]


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
    late = seen.filter(settled_on__isnull=True, deadline__lt=days[-1]).exclude(state=DocumentState.WITHDRAWN.value)
    # Deadlines before the week count alike, so that what is long overdue makes one row.
    due = Greatest(F("deadline"), Value(days[0] - timedelta(days=1)), output_field=DateField())
    received = TruncDate("registered_at", tzinfo=PRAGUE)
    rows = _counted("received", seen.filter(registered_at__gte=since), at=received).union(
        _counted("settled", seen.filter(settled_on__gte=days[0]), at=F("settled_on"), due=F("deadline")),
        _counted("unsettled", late, due=due),
        all=True,
    )
    return _days(days, list(rows))


def _counted(
    what: str, documents: QuerySet[Document], *, at: Combinable = _NEVER, due: Combinable = _NEVER
) -> QuerySet[Document, _Row]:
    """Rows of ``what``, the day it happened, the deadline and the count."""
    rows = documents.annotate(what=Value(what), at=at, due=due).values_list("what", "at", "due")
    return rows.annotate(count=Count("pk"))


def _days(days: list[date], rows: list[_Row]) -> list[Day]:
    return [
        Day(
            date=day,
            received=sum(count for what, at, _, count in rows if what == "received" and at == day),
            settled=sum(count for what, at, _, count in rows if what == "settled" and at == day),
            late=sum(
                count
                for what, at, due, count in rows
                if due and due < day and (what == "unsettled" or (at and at > day))
            ),
        )
        for day in days
    ]
