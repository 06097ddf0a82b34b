"""What the transaction log says of an operation in the present scope."""

from egon.audit.models import LogRecord, Outcome


def done(operation: str) -> int:
    """How many times it was done."""
    return LogRecord.objects.filter(operation=operation, outcome=Outcome.DONE).count()


def denied(operation: str) -> int:
    """How many times somebody was refused."""
    return LogRecord.objects.filter(operation=operation, outcome=Outcome.DENIED).count()


def last(operation: str) -> LogRecord:
    """The newest record of it, done or denied."""
    return LogRecord.objects.filter(operation=operation).latest("pk")


def speaks_of(record: LogRecord, entity: object) -> bool:
    """Whether the entity is among the subjects of the record."""
    label, pk = entity._meta.label_lower, entity.pk  # type: ignore[attr-defined]
    return any(subject[0] == label and subject[1] == pk for subject in record.subjects)
