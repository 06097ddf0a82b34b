"""What came, was settled and was late on each of the last days; for the chart of the desk."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.records import permissions
from egon.records.models import Document
from egon.records.rules.states import Direction, DocumentState

DAYS = 7


@dataclass(frozen=True, slots=True)
class Day:
    """Counts of one calendar day in Prague. ``late``: documents past their deadline at the end of the day."""

    date: date
    received: int
    settled: int
    late: int


def of_desk(actor: Actor, *, on: date) -> list[Day]:
    """The seven days up to ``on``, over the received documents the actor may see; three queries."""
    days = [on - timedelta(days=back) for back in reversed(range(DAYS))]
    seen = Document.objects.filter(permissions.visible_to(actor), direction=Direction.RECEIVED.value)
    since = datetime.combine(days[0], time(), PRAGUE)
    received = dict(
        seen.filter(registered_at__gte=since)
        .annotate(day=TruncDate("registered_at", tzinfo=PRAGUE))
        .values_list("day")
        .annotate(count=Count("pk"))
        .order_by()
    )
    settled = dict(
        seen.filter(settled_on__gte=days[0]).values_list("settled_on").annotate(count=Count("pk")).order_by()
    )
    late = _late(seen, days)
    return [Day(day, received.get(day, 0), settled.get(day, 0), late[f"d{index}"]) for index, day in enumerate(days)]


def _late(seen: QuerySet[Document], days: list[date]) -> dict[str, int]:
    unfinished = Q(settled_on__isnull=True) | Q(settled_on__gte=days[0])
    overdue = seen.filter(unfinished, deadline__lt=days[-1]).exclude(state=DocumentState.WITHDRAWN.value)
    return dict(
        overdue.aggregate(
            **{
                f"d{index}": Count(
                    "pk", filter=Q(deadline__lt=day) & (Q(settled_on__isnull=True) | Q(settled_on__gt=day))
                )
                for index, day in enumerate(days)
            }
        )
    )
