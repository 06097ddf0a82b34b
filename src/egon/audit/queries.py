"""Reading the transaction log: the history of an entity, and searching (NSESSS 5.1.9, 5.2)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast

from egon.audit.models import LogRecord, LogSubject
from egon.audit.operation import operations
from egon.kernel.actor import Role

MANY: Final = 5_000  # records of a kind of entity: above it the newest are tested one by one


# Operations that change how the product is set, who works here and what they may.
_SETTINGS: Final = re.compile(
    r"registry\.(?!entry\.|changes\.batch)|identity\.(account|membership|password\.reset)|parties\.settings"
    r"|circulation\.template|databox\.(box|certificate)"
    r"|records\.(settings|period|kind|own_[a-z]+|template|regime|class|plan|place|disclosure|removal\.configure)"
)
# Each found by a jump through the index, however many records have it.
_COMBINATIONS: Final = """
WITH RECURSIVE known AS (
    SELECT min(roles) AS roles FROM audit_logrecord
    UNION ALL
    SELECT (SELECT min(next.roles) FROM audit_logrecord AS next WHERE next.roles > known.roles)
    FROM known WHERE known.roles IS NOT NULL
)
SELECT roles FROM known WHERE roles IS NOT NULL
"""


def settings_changes() -> QuerySet[LogRecord]:
    """Records of changed settings, organisation and accounts, newest first (NSESSS 7.4.2)."""
    codes = [spec.code for spec in operations() if _SETTINGS.match(spec.code)]
    return LogRecord.objects.filter(operation__in=codes).order_by("-recorded_at", "-pk")


def history_of(*entities: models.Model) -> QuerySet[LogRecord]:
    """Records that speak of any of these entities, oldest first (NSESSS 5.2: the history of an entity)."""
    by_type: dict[str, list[int]] = {}
    for entity in entities:
        by_type.setdefault(entity._meta.label_lower, []).append(entity.pk)
    about = models.Q(pk__in=[])
    for entity_type, keys in by_type.items():
        about |= models.Q(entity_type=entity_type, entity_id__in=keys)
    ids = LogSubject.objects.filter(about).values("record_id")
    return LogRecord.objects.filter(pk__in=ids).order_by("recorded_at", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCriteria:
    """What is sought in the log; all that is given has to hold (NSESSS 5.1.9)."""

    operation: str = ""
    outcome: str = ""
    since: datetime | None = None
    before: datetime | None = None
    people: Sequence[int] | None = None  # those who acted
    actor_name: str = ""  # of who is no person: the product itself, the preparation of the demo
    role: Role | None = None
    entity_type: str = ""
    entity_id: int | None = None
    entities: Sequence[tuple[str, int]] | None = None


def find(wanted: LogCriteria) -> QuerySet[LogRecord]:
    """Records that fit, in no order. Each condition leads through an index where it is narrow."""
    exact = {
        "operation": wanted.operation,
        "outcome": wanted.outcome,
        "recorded_at__gte": wanted.since,
        "recorded_at__lt": wanted.before,
        "actor_name__icontains": wanted.actor_name,
    }
    found = LogRecord.objects.filter(**{name: value for name, value in exact.items() if value})
    if wanted.people is not None:
        found = found.filter(person_id__in=wanted.people)
    if wanted.role is not None:
        found = found.filter(roles__in=_combinations_with(wanted.role))
    if wanted.entities is not None:
        about = [Q(entity_type=kind, entity_id=pk) for kind, pk in wanted.entities]
        found = found.filter(pk__in=_records_about(Q(*about, _connector=Q.OR) if about else Q(pk__in=[])))
    if wanted.entity_id is not None:
        about_one = Q(entity_id=wanted.entity_id)
        about_one &= Q(entity_type=wanted.entity_type) if wanted.entity_type else Q()
        return found.filter(pk__in=_records_about(about_one))
    return _about_type(found, wanted.entity_type) if wanted.entity_type else found


def _records_about(about: Q) -> QuerySet[LogSubject, int]:
    return LogSubject.objects.filter(about).values_list("record_id", flat=True)


def _combinations_with(role: Role) -> list[str]:
    """What stands in the log as roles of those who acted in this one, too; there are few such combinations."""
    with connection.cursor() as cursor:
        cursor.execute(_COMBINATIONS)
        return [roles for (roles,) in cursor.fetchall() if f",{role.value}," in roles]


def _about_type(found: QuerySet[LogRecord], entity_type: str) -> QuerySet[LogRecord]:
    """A rare kind by the index of subjects; of a frequent one the newest records are soon found by what they tell."""
    about = Q(entity_type=entity_type)
    if LogSubject.objects.filter(about).order_by()[: MANY + 1].count() <= MANY:
        return found.filter(pk__in=_records_about(about))
    told = found.annotate(told=Cast("subjects", models.TextField()))
    return told.filter(told__contains=f'["{entity_type}", ')
