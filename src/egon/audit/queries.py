"""Reading the transaction log: the history of an entity, and of an originator."""

from django.db import models
from django.db.models import QuerySet

from egon.audit.models import LogRecord, LogSubject


def history_of(*entities: models.Model) -> QuerySet[LogRecord]:
    """Records that speak of any of these entities, oldest first (NSESSS 5.2: the history of an entity)."""
    about = models.Q()
    for entity in entities:
        about |= models.Q(entity_type=entity._meta.label_lower, entity_id=entity.pk)
    ids = LogSubject.objects.filter(about).values("record_id")
    return LogRecord.objects.filter(pk__in=ids).order_by("recorded_at", "pk")
