"""What the page of the boxes tells: queues of each box, its troubles, and how much came and went each day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, F, Min, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from egon.databox import queries
from egon.databox.models import (
    Box,
    CertificateState,
    DataMessage,
    Direction,
    LoginKind,
    OutboxItem,
    OutboxState,
    Progress,
)
from egon.kernel.clock import PRAGUE

DAYS: Final = 14
NEWEST: Final = (F("delivered_at").desc(nulls_last=True), F("id").desc())
"""The order of the index ``databox_message_browsed``."""
TO_SEND: Final = (OutboxState.QUEUED, OutboxState.SENDING)


@dataclass(frozen=True, slots=True)
class DayVolume:
    """Messages of one box on one calendar day in Prague."""

    date: date
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in one box, or did not succeed."""

    noticed: int = 0
    threatened: int = 0
    first_threatened_at: datetime | None = None
    waiting_download: int = 0
    oldest_waiting_at: datetime | None = None
    failed_download: int = 0
    waiting_sending: int = 0
    ambiguous: int = 0
    waiting_delivery: int = 0
    late_delivery: int = 0
    last_received_at: datetime | None = None


def queues(boxes: Sequence[Box], *, now: datetime) -> dict[int, Queue]:
    """The queues of each box. Several small questions, each with its index: one join would multiply the rows."""
    found: dict[int, dict[str, Any]] = {box.pk: {} for box in boxes}
    messages, outbox = DataMessage.objects.filter(box__in=found), OutboxItem.objects.filter(box__in=found)
    waiting = messages.filter(progress=Progress.ANNOUNCED)
    threatened = queries.threatened(now=now).filter(box__in=found)
    for rows in (
        _by_box(messages.filter(progress=Progress.NOTICED), noticed=Count("pk")),
        _by_box(threatened, threatened=Count("pk"), first_threatened_at=Min("accepted_at")),
        _by_box(waiting, waiting_download=Count("pk"), oldest_waiting_at=Min(Coalesce("delivered_at", "announced_at"))),
        _by_box(messages.filter(progress=Progress.FAILED), failed_download=Count("pk")),
        _by_box(outbox.filter(state__in=TO_SEND), waiting_sending=Count("pk")),
        _by_box(outbox.filter(state=OutboxState.AMBIGUOUS), ambiguous=Count("pk")),
        _by_box(outbox.filter(state=OutboxState.SENT), waiting_delivery=Count("pk")),
        _by_box(queries.late_sendings(now=now).filter(box__in=found), late_delivery=Count("pk")),
    ):
        for row in rows:
            found[row.pop("box_id")].update(row)
    for box in boxes:
        found[box.pk]["last_received_at"] = last_received_at(box)
    return {pk: Queue(**facts) for pk, facts in found.items()}


def last_received_at(box: Box) -> datetime | None:
    """When the newest message came into the box."""
    received = DataMessage.objects.filter(box=box, direction=Direction.RECEIVED, delivered_at__isnull=False)
    return received.order_by(*NEWEST).values_list("delivered_at", flat=True).first()


def _by_box(rows: "QuerySet[DataMessage] | QuerySet[OutboxItem]", **counts: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in rows.order_by().values("box_id").annotate(**counts)]


def volumes(boxes: Iterable[Box], *, on: date, days: int = DAYS) -> dict[int, list[DayVolume]]:
    """Messages received and sent on each of the days up to ``on``, by box; days without any are there, too."""
    span = [on - timedelta(days=back) for back in reversed(range(days))]
    since = datetime.combine(span[0], time(), PRAGUE)
    ids = [box.pk for box in boxes]
    came = DataMessage.objects.filter(box__in=ids, direction=Direction.RECEIVED, delivered_at__gte=since)
    left = OutboxItem.objects.filter(box__in=ids, sent_at__gte=since)
    received, sent = _by_day(came, "delivered_at"), _by_day(left, "sent_at")
    return {pk: [DayVolume(day, received[pk, day], sent[pk, day]) for day in span] for pk in ids}


def _by_day(rows: "QuerySet[DataMessage] | QuerySet[OutboxItem]", moment: str) -> defaultdict[tuple[int, date], int]:
    days = rows.annotate(day=TruncDate(moment, tzinfo=PRAGUE)).values_list("box_id", "day")
    counted = days.annotate(Count("pk")).order_by()
    return defaultdict(int, {(box_id, day): count for box_id, day, count in counted})


def certificate_end(box: Box) -> datetime | None:
    """When the certificate the box logs in with ends; None for a box without one."""
    ends = (
        [row.valid_until for row in box.certificates.all() if row.state == CertificateState.IN_USE]
        if LoginKind(box.login_kind).has_certificate
        else []
    )
    return max(ends, default=None)


def password_end(box: Box) -> datetime | None:
    """When ISDS stops accepting the password; None when it never does, or was not asked yet."""
    return box.password_expires_at if LoginKind(box.login_kind).has_password else None
