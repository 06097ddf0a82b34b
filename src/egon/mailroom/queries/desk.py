"""What the desk counts of the mailroom, in one statement with what others count."""

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Value

from egon.databox import queries as databox
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.mailroom import permissions
from egon.mailroom.models import (
    Dispatch,
    IntakeItem,
    IntakeState,
)
from egon.mailroom.queries.dispatching import returned
from egon.records import access_queries, reminder_queries


def counts_for_desk(actor: Actor, *, now: datetime) -> dict[str, int]:
    """What waits in the mailroom, what the boxes want, what access is offered, what one is reminded of: one statement.

    ``waiting`` and ``failed`` only for the mailroom.
    """
    counted: dict[str, QuerySet[Any]] = {**databox.for_desk(actor, now=now)}
    counted["offered"] = access_queries.waiting_for(actor)
    counted["reminders"] = reminder_queries.due(actor, on=now.astimezone(PRAGUE).date())
    if permissions.may_dispatch(actor):
        counted["waiting"] = IntakeItem.objects.filter(state=IntakeState.WAITING)
        counted["failed"] = Dispatch.objects.filter(returned())
    first, *others = (_counted(what, rows) for what, rows in counted.items())
    return dict(first.union(*others, all=True))


def _counted(what: str, rows: QuerySet[Any]) -> QuerySet[Any, tuple[str, int]]:
    named: QuerySet[Any] = rows.order_by().annotate(what=Value(what)).values("what")
    counted: QuerySet[Any, tuple[str, int]] = named.annotate(count=Count("pk")).values_list("what", "count")
    return counted
