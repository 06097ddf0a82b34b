"""Reads across all organisations through the database role ``egon_ops``: counts and times, never a content.

Nothing else in the product reads through this role. Columns are named one by one: subject, parties, ids of messages,
attachments and texts of errors are not even asked for, so they cannot leak.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from egon.databox.centre import BoxHealth
from egon.databox.models import (
    Box,
    BoxCertificate,
    CertificateState,
    DataMessage,
    Direction,
    LoginKind,
    OutboxItem,
    OutboxState,
    Progress,
)
from egon.databox.overview import TO_SEND
from egon.tenancy.models import Tenant

OPS: Final = "ops"
VOLUME_OF: Final = timedelta(days=7)
_COLUMNS: Final = (
    *("box_id", "active", "working_days_only", "needs_administrator", "failures", "last_contact_at"),
    *("pk", "tenant_id", "login_kind", "password_expires_at"),
)
_NOT_TOLD: Final = ("pk", "tenant_id", "login_kind", "password_expires_at")
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
    for counted in (
        _waiting(),
        _not_fetched(),
        _sendings(since),
        _received(since, organisations),
        _sent(since),
        _certificates(),
    ):
        for found in counted:
            facts.setdefault(found.pop("box_id"), {}).update(found)
    rows = Box.objects.using(OPS).filter(tenant__in=organisations).values(*_COLUMNS).order_by("tenant_id", "box_id")
    return [_health_of(row, organisations[row["tenant_id"]], facts.get(row["pk"], {})) for row in rows]


def _health_of(row: dict[str, Any], organisation: Tenant, facts: dict[str, Any]) -> BoxHealth:
    own = {name: row[name] for name in _COLUMNS if name not in _NOT_TOLD}
    login = LoginKind(row["login_kind"])
    certificate_ends = facts.pop("certificate_ends", None) if login.has_certificate else None
    return BoxHealth(
        organisation=organisation.name,
        code=organisation.code,
        **own,
        **{name: value for name, value in facts.items() if name != "certificate_ends"},
        certificate_ends=certificate_ends,
        password_ends=row["password_expires_at"] if login.has_password else None,
    )


type _Counted = Iterable[dict[str, Any]]


def _waiting() -> _Counted:
    rows = DataMessage.objects.using(OPS).filter(box__isnull=False, progress=Progress.ANNOUNCED)
    oldest = Min(Coalesce("delivered_at", "announced_at"))
    return _by_box(rows, waiting_download=Count("pk"), oldest_waiting_at=oldest)


def _not_fetched() -> _Counted:
    rows = DataMessage.objects.using(OPS).filter(box__isnull=False, progress=Progress.FAILED)
    return _by_box(rows, failed_download=Count("pk"))


def _sendings(since: datetime) -> _Counted:
    to_send, ambiguous = Q(state__in=TO_SEND), Q(state=OutboxState.AMBIGUOUS)
    failed = Q(state__in=_FAILED, last_attempt_at__gte=since)
    return _by_box(
        OutboxItem.objects.using(OPS).filter(to_send | ambiguous | failed),
        waiting_sending=Count("pk", filter=to_send),
        ambiguous=Count("pk", filter=ambiguous),
        failed_sending=Count("pk", filter=failed),
    )


def _received(since: datetime, organisations: Collection[int]) -> _Counted:
    # The index begins with the organisation, so they are all named.
    rows = DataMessage.objects.using(OPS).filter(tenant__in=organisations, delivered_at__gte=since)
    return _by_box(rows.filter(direction=Direction.RECEIVED, box__isnull=False), received=Count("pk"))


def _sent(since: datetime) -> _Counted:
    return _by_box(OutboxItem.objects.using(OPS).filter(sent_at__gte=since), sent=Count("pk"))


def _certificates() -> _Counted:
    rows = BoxCertificate.objects.using(OPS).filter(state=CertificateState.IN_USE)
    return _by_box(rows, certificate_ends=Max("valid_until"))


def _by_box(rows: "QuerySet[Any]", **counts: Any) -> _Counted:
    return [dict(row) for row in rows.order_by().values("box_id").annotate(**counts)]
