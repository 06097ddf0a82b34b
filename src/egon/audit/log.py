"""Writing the transaction log: one statement, in the transaction of what it tells about."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db import connection, models

from egon.audit.models import Outcome
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.tenancy.models import TenantModel

Subject = tuple[str, int, str]

_LONGEST_TEXT = 500
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_notes: ContextVar[dict[str, Any] | None] = ContextVar("log_notes", default=None)

_INSERT = """
WITH record AS (
    INSERT INTO audit_logrecord (recorded_at, request_id, operation, outcome, account_id, person_id,
                                 actor_name, roles, ip, subjects, parameters, message)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    RETURNING id
)
INSERT INTO audit_logsubject (record_id, entity_type, entity_id)
SELECT record.id, subject.entity_type, subject.entity_id
FROM record LEFT JOIN unnest(%s::text[], %s::bigint[]) AS subject(entity_type, entity_id) ON true
WHERE subject.entity_id IS NOT NULL
"""


def record(
    operation: str,
    *,
    actor: Actor,
    outcome: Outcome = Outcome.DONE,
    subjects: Iterable[models.Model] = (),
    parameters: Mapping[str, Any] | None = None,
    message: str = "",
) -> None:
    """Add one record to the log of the actor's originator, in the present transaction."""
    entities = list(dict.fromkeys(subject_of(entity) for entity in subjects if entity.pk))
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                clock.now(),
                actor.request_id,
                operation,
                outcome.value,
                actor.account_id,
                actor.person_id,
                printable(actor.name)[:200],
                _roles_of(actor),
                actor.ip,
                json.dumps(entities, ensure_ascii=False),
                json.dumps(plain(parameters or {}), ensure_ascii=False),
                printable(message),
                [entity_type for entity_type, _, _ in entities],
                [entity_id for _, entity_id, _ in entities],
            ],
        )


def _roles_of(actor: Actor) -> str:
    """The roles the actor acts with, substituted ones as well, as the column keeps them."""
    roles = sorted({grant.role.value for grant in actor.grants})
    return f",{','.join(roles)}," if roles else ""


def note(**facts: Any) -> None:
    """Add facts to the record of the operation now running (a number that was given, a value that was replaced)."""
    collected = _notes.get()
    if collected is None:
        raise RuntimeError("note() belongs inside an @operation")
    collected.update(facts)


def note_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Note what the operation replaces: of each value that differs the former and the new one (NSESSS 7.4.2)."""
    differing = {
        name: {"before": before.get(name), "after": after[name]} for name in after if before.get(name) != after[name]
    }
    if differing:
        note(changes=differing)


@contextmanager
def collecting_notes() -> Iterator[dict[str, Any]]:
    """Collect what :func:`note` is told while one operation runs."""
    collected: dict[str, Any] = {}
    token = _notes.set(collected)
    try:
        yield collected
    finally:
        _notes.reset(token)


def subject_of(entity: models.Model) -> Subject:
    """How the log names an entity: its type, id and what people called it at that time."""
    return entity._meta.label_lower, int(entity.pk), printable(str(entity))


def printable(text: str) -> str:
    """Text that the database and XML both take: no control characters, at most 500 characters."""
    clean = _CONTROL_CHARACTERS.sub("�", text)
    return clean if len(clean) <= _LONGEST_TEXT else clean[: _LONGEST_TEXT - 1] + "…"


def plain(value: Any) -> Any:
    """``value`` as JSON that reads back equal, so that the seal can be recomputed. Bytes are told by their size."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return printable(value)
        case datetime() | date():
            return value.isoformat()
        case models.Model():
            return printable(str(value))
        case bytes():
            return f"{len(value)} B"
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case _ if is_dataclass(value) and type(value).__str__ is object.__str__:
            told = ((field.name, plain(getattr(value, field.name))) for field in fields(value))
            return {name: item for name, item in told if not (item is None or item is False or item in ("", [], {}))}
        case _:
            return printable(str(value))


def entities_in(values: Iterable[Any]) -> Iterator[models.Model]:
    """The tenants' entities among arguments and results, also those inside lists and tuples.

    What a model names in ``log_with`` is a subject, too: taking a hand-over belongs to the history of its document.
    """
    for value in values:
        if isinstance(value, TenantModel):
            yield value
            yield from entities_in(getattr(value, name) for name in getattr(value, "log_with", ()))
        elif isinstance(value, list | tuple):
            yield from entities_in(value)
