"""Reads across all organisations through the database role ``egon_ops``: counts and times, never a content.

Nothing else in the product reads through this role. Columns are named one by one: subject, parties, ids of messages,
attachments and texts of errors are not even asked for, so they cannot leak.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from egon.databox.centre import BoxHealth
from egon.databox.models import Box, DataMessage, Direction, OutboxItem, OutboxState, Progress
from egon.databox.overview import TO_SEND
from egon.tenancy.models import Tenant

OPS: Final = "ops"
VOLUME_OF: Final = timedelta(days=7)
_COLUMNS: Final = ("pk", "tenant_id", "box_id", "active", "needs_administrator", "failures", "last_contact_at")
_FAILED: Final = (OutboxState.FAILED, OutboxState.REFUSED)


def boxes_in_use(box_ids: Collection[str]) -> list[str]:
    """Those of the identifiers that some organisation of the centre has among its boxes."""
    if not box_ids:
        return []
    found = Box.objects.using(OPS).filter(box_id__in=box_ids).values_list("box_id", flat=True)
    return sorted(set(found))


def health(*, now: datetime) -> list[BoxHealth]:
    """Every box of every active organisation; volumes are those of the last seven days."""
    organisations = {tenant.pk: tenant for tenant in Tenant.objects.filter(active=True)}
    since = now - VOLUME_OF
    facts: dict[int, dict[str, Any]] = {}
    for counted in (_downloads(), _sendings(since), _received(since), _sent(since)):
        for found in counted:
            facts.setdefault(found.pop("box_id"), {}).update(found)
    rows = Box.objects.using(OPS).filter(tenant__in=organisations).values(*_COLUMNS).order_by("tenant_id", "box_id")
    return [_health_of(row, organisations[row["tenant_id"]], facts.get(row["pk"], {})) for row in rows]


def _health_of(row: dict[str, Any], organisation: Tenant, facts: dict[str, Any]) -> BoxHealth:
    own = {name: row[name] for name in _COLUMNS if name not in ("pk", "tenant_id")}
    return BoxHealth(organisation=organisation.name, code=organisation.code, **own, **facts)


type _Counted = Iterable[dict[str, Any]]


def _downloads() -> _Counted:
    unfinished = [Progress.ANNOUNCED, Progress.FAILED]
    rows = DataMessage.objects.using(OPS).filter(box__isnull=False, progress__in=unfinished)
    waits, failed = Q(progress=Progress.ANNOUNCED), Q(progress=Progress.FAILED)
    return _by_box(
        rows,
        waiting_download=Count("pk", filter=waits),
        failed_download=Count("pk", filter=failed),
        oldest_waiting_at=Min(Coalesce("delivered_at", "announced_at"), filter=waits),
    )


def _sendings(since: datetime) -> _Counted:
    to_send, ambiguous = Q(state__in=TO_SEND), Q(state=OutboxState.AMBIGUOUS)
    failed = Q(state__in=_FAILED, last_attempt_at__gte=since)
    return _by_box(
        OutboxItem.objects.using(OPS).filter(to_send | ambiguous | failed),
        waiting_sending=Count("pk", filter=to_send),
        ambiguous=Count("pk", filter=ambiguous),
        failed_sending=Count("pk", filter=failed),
    )


def _received(since: datetime) -> _Counted:
    rows = DataMessage.objects.using(OPS).filter(direction=Direction.RECEIVED, delivered_at__gte=since)
    return _by_box(rows.filter(box__isnull=False), received=Count("pk"))


def _sent(since: datetime) -> _Counted:
    return _by_box(OutboxItem.objects.using(OPS).filter(sent_at__gte=since), sent=Count("pk"))


def _by_box(rows: "QuerySet[DataMessage] | QuerySet[OutboxItem]", **counts: Any) -> _Counted:
    return [dict(row) for row in rows.order_by().values("box_id").annotate(**counts)]
