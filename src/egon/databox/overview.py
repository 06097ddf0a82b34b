"""What the page of the boxes tells: queues of each box, its troubles, and how much came and went each day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Max, Min, Q, QuerySet
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
TO_SEND: Final = (OutboxState.QUEUED, OutboxState.SENDING)


@dataclass(frozen=True, slots=True)
class DayVolume:
    """Messages of one box on one calendar day in Prague."""

    date: date
    received: int
    sent: int


def boxes(*, now: datetime) -> QuerySet[Box]:
    """Boxes with the lengths of their queues and the ages of what waits in them."""
    found = queries.boxes().prefetch_related("certificates")
    threatened = Q(messages__in=queries.threatened(now=now).order_by())
    return found.annotate(
        noticed=_count("messages", progress=Progress.NOTICED),
        threatened=Count("messages", filter=threatened, distinct=True),
        first_threatened_at=Min("messages__accepted_at", filter=threatened),
        waiting_download=_count("messages", progress=Progress.ANNOUNCED),
        failed_download=_count("messages", progress=Progress.FAILED),
        oldest_waiting_at=Min("messages__delivered_at", filter=Q(messages__progress=Progress.ANNOUNCED)),
        waiting_sending=_count("outbox", state__in=TO_SEND),
        ambiguous=_count("outbox", state=OutboxState.AMBIGUOUS),
        waiting_delivery=_count("outbox", state=OutboxState.SENT),
        last_received_at=Max("messages__delivered_at", filter=Q(messages__direction=Direction.RECEIVED)),
    )


def _count(relation: str, **condition: object) -> Count:
    asked = {f"{relation}__{name}": value for name, value in condition.items()}
    return Count(relation, filter=Q(**asked), distinct=True)


def volumes(boxes: Iterable[Box], *, on: date, days: int = DAYS) -> dict[int, list[DayVolume]]:
    """Messages received and sent on each of the days up to ``on``, by box; days without any are there, too."""
    span = [on - timedelta(days=back) for back in reversed(range(days))]
    since = datetime.combine(span[0], time(), PRAGUE)
    ids = [box.pk for box in boxes]
    received = _by_day(
        DataMessage.objects.filter(box__in=ids, direction=Direction.RECEIVED), "delivered_at", "announced_at", since
    )
    sent = _by_day(OutboxItem.objects.filter(box__in=ids), "sent_at", "sent_at", since)
    return {pk: [DayVolume(day, received[pk, day], sent[pk, day]) for day in span] for pk in ids}


def _by_day(
    rows: "QuerySet[DataMessage] | QuerySet[OutboxItem]", moment: str, otherwise: str, since: datetime
) -> defaultdict[tuple[int, date], int]:
    # The condition names the column itself, so that its index serves; rows without the moment are few.
    recent = Q(**{f"{moment}__gte": since}) | Q(**{f"{moment}__isnull": True, f"{otherwise}__gte": since})
    day = TruncDate(Coalesce(moment, otherwise), tzinfo=PRAGUE)
    counted = rows.filter(recent).annotate(day=day).values_list("box_id", "day").annotate(Count("pk")).order_by()
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
