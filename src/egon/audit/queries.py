"""Reading the transaction log: the history of an entity, and of an originator."""

from django.db import models
from django.db.models import QuerySet

from egon.audit.models import LogRecord, LogSubject


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
