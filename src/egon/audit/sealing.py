"""The hash chain over the log: made by a job, recomputed by anyone.

Requests only add records; a job seals them in batches, so that no writer waits for another. A batch holds the
SHA-256 digest of each record; the hash of a batch covers its digests, its time and mark, and the hash of the batch
before it. Links made before the time and the mark were covered have form 1, those made before records had the roles
of the actor form 2; they stay provable as they were made.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction

from egon.audit import anchor
from egon.audit.models import LogRecord, LogSeal

BATCH = 1000
FORM = 3
# No transaction lives this long (see statement and idle time-outs in the settings): older gaps are rollbacks.
LONGEST_TRANSACTION = timedelta(minutes=15)

_FIELDS = (
    "id",
    "tenant_id",
    "recorded_at",
    "request_id",
    "operation",
    "outcome",
    "account_id",
    "person_id",
    "actor_name",
    "ip",
    "subjects",
    "parameters",
    "message",
)
_WITH_ROLES = (*_FIELDS, "roles")

# Compared as text, because what somebody changed need not be a number any more.
_INDEX_DIFFERENCES = """
SELECT DISTINCT coalesce(told.id, kept.record_id) AS record_id
FROM (
    SELECT record.id, subject ->> 0 AS entity_type, subject ->> 1 AS entity_id
    FROM audit_logrecord AS record, jsonb_array_elements(
        CASE jsonb_typeof(record.subjects) WHEN 'array' THEN record.subjects ELSE '[]' END
    ) AS subject
) AS told
FULL JOIN audit_logsubject AS kept
    ON kept.record_id = told.id AND kept.entity_type = told.entity_type AND kept.entity_id::text = told.entity_id
WHERE told.id IS NULL OR kept.record_id IS NULL
ORDER BY 1
"""


@dataclass(frozen=True)
class Finding:
    """One place where the log is not what was sealed. ``record_id`` is None when the link itself was changed."""

    position: int | None
    record_id: int | None
    message: str


@dataclass(frozen=True)
class Verification:
    """What recomputing found: numbers of records and links read, and everything that does not fit."""

    records: int
    links: int
    unsealed: int
    findings: tuple[Finding, ...]

    @property
    def intact(self) -> bool:
        """Whether every sealed record is there and unchanged."""
        return not self.findings


def digest_of(row: Sequence[Any]) -> bytes:
    """SHA-256 over a record's fields in their order, as canonical JSON."""
    canonical = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_text)
    return hashlib.sha256(canonical.encode()).digest()


def hash_of(seal: LogSeal) -> bytes:
    """The hash of a link over everything else in it."""
    ids = ",".join(map(str, seal.record_ids)).encode()
    head = b"%d|%s|%s|" % (seal.position, bytes(seal.previous_hash), ids)
    if seal.form != 1:
        head += f"{seal.form}|{_as_text(seal.sealed_at)}|{seal.low_water}|".encode()
    return hashlib.sha256(head + bytes(seal.digests)).digest()


def seal_new_records(*, now: datetime) -> int:
    """Seal every committed record of the open tenant scope that no link holds yet. Returns how many."""
    sealed = 0
    while count := _seal_one_batch(now):
        sealed += count
    return sealed


def verify() -> Verification:
    """Recompute the chain of the open tenant scope and tell everything that was changed, added or removed."""
    findings: list[Finding] = []
    records, last = 0, None
    for seal in LogSeal.objects.order_by("position").iterator(chunk_size=50):
        findings += _check_link(seal, last)
        findings += _check_records(seal)
        records, last = records + len(seal.record_ids), seal
    if lost := _lost_anchor():
        told = f"článek {lost.position}, jehož otisk je uložen mimo databázi, v řetězu chybí nebo je jiný"
        findings.append(Finding(lost.position, None, f"{told}; konec protokolu byl odstraněn nebo přepsán"))
    unsealed, strangers = _unsealed(last)
    findings += [Finding(None, i, f"záznam {i} byl do protokolu vložen mimo pečetění") for i in strangers]
    findings += _check_index(known={finding.record_id for finding in findings})
    return Verification(records, last.position if last else 0, unsealed, tuple(findings))


def _seal_one_batch(now: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        # One sealer per originator at a time; others return at once and find the work done.
        cursor.execute("SELECT pg_try_advisory_xact_lock(7404, current_setting('app.tenant_id')::int)")
        if not cursor.fetchone()[0]:
            return 0
        last = LogSeal.objects.order_by("-position").first()
        rows = _rows_to_seal(cursor, last)
        if not rows:
            return 0
        record_ids = [row[0] for row in rows]
        seal = LogSeal(
            position=last.position + 1 if last else 1,
            sealed_at=now,
            record_ids=record_ids,
            last_record_id=record_ids[-1],
            digests=b"".join(digest_of(row) for row in rows),
            low_water=_low_water(cursor, last, record_ids, now),
            previous_hash=bytes(last.hash) if last else b"",
            form=FORM,
        )
        seal.hash = hash_of(seal)
        seal.save(force_insert=True)
        if not _lost_anchor():  # while its link is missing, the older anchor is the proof and stays
            transaction.on_commit(partial(anchor.remember, seal.position, seal.hash))
        return len(rows)


def _rows_to_seal(cursor: Any, last: LogSeal | None) -> list[tuple[Any, ...]]:
    """Records no link holds. A slow transaction may commit a lower id later, so look back to the low-water mark."""
    low_water = last.low_water if last else 0
    cursor.execute(
        f"SELECT {', '.join(_fields_of(FORM))} FROM audit_logrecord WHERE id > %s AND id NOT IN "
        "(SELECT unnest(record_ids) FROM audit_logseal WHERE last_record_id > %s) "
        "ORDER BY id LIMIT %s",
        [low_water, low_water, BATCH],
    )
    return _with_parsed_json(cursor.fetchall())


def _low_water(cursor: Any, last: LogSeal | None, record_ids: list[int], now: datetime) -> int:
    """The highest id below which nothing can appear any more: all older than the longest transaction are settled."""
    before = last.low_water if last else 0
    cursor.execute(
        "SELECT max(id) FROM audit_logrecord WHERE id > %s AND id <= %s AND recorded_at < %s",
        [before, record_ids[-1], now - LONGEST_TRANSACTION],
    )
    return max(before, cursor.fetchone()[0] or 0)


def _check_link(seal: LogSeal, before: LogSeal | None) -> Iterator[Finding]:
    expected, previous = (before.position + 1, bytes(before.hash)) if before else (1, b"")
    if seal.position != expected:
        yield Finding(seal.position, None, f"v řetězu chybí články {expected} až {seal.position - 1}")
    elif bytes(seal.previous_hash) != previous:
        yield Finding(seal.position, None, f"článek {seal.position} nenavazuje na předchozí")
    # An older form covers less, so none may follow a newer one.
    changed = hash_of(seal) != bytes(seal.hash) or seal.record_ids[-1:] != [seal.last_record_id]
    if changed or (before and seal.form < before.form):
        yield Finding(seal.position, None, f"článek {seal.position} řetězu byl změněn")


def _fields_of(form: int) -> tuple[str, ...]:
    """What of a record is covered by links of a form."""
    return _WITH_ROLES if form >= 3 else _FIELDS


def _check_records(seal: LogSeal) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        fields = ", ".join(_fields_of(seal.form))
        cursor.execute(f"SELECT {fields} FROM audit_logrecord WHERE id = ANY(%s)", [seal.record_ids])
        rows = {row[0]: row for row in _with_parsed_json(cursor.fetchall())}
    digests = bytes(seal.digests)
    for index, record_id in enumerate(seal.record_ids):
        row = rows.get(record_id)
        if row is None:
            yield Finding(seal.position, record_id, f"záznam {record_id} byl z protokolu odstraněn")
        elif digest_of(row) != digests[32 * index : 32 * index + 32]:
            yield Finding(seal.position, record_id, f"záznam {record_id} byl změněn")


def _unsealed(last: LogSeal | None) -> tuple[int, list[int]]:
    """How many records wait for the sealing job, and which lie below the mark where none may be."""
    low_water = last.low_water if last else 0
    sealed = set()
    for ids in LogSeal.objects.values_list("record_ids", flat=True).iterator(chunk_size=50):
        sealed.update(ids)
    everyone = LogRecord.objects.order_by().values_list("pk", flat=True).iterator(chunk_size=10_000)
    missing = [pk for pk in everyone if pk not in sealed]
    strangers = [pk for pk in missing if pk <= low_water]
    return len(missing) - len(strangers), strangers


def _lost_anchor() -> anchor.Anchor | None:
    """The anchor kept outside the database when the chain has no such link."""
    kept = anchor.remembered()
    if kept is None or LogSeal.objects.filter(position=kept.position, hash=kept.hash).exists():
        return None
    return kept


def _check_index(known: set[int | None]) -> list[Finding]:
    """Records whose index of entities tells something else than the sealed record: history of a document reads it."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEX_DIFFERENCES)
        found = [row[0] for row in cursor.fetchall()]
    return [
        Finding(None, record_id, f"záznam {record_id} se v historii některé entity ztratil, nebo v ní přebývá")
        for record_id in found
        if record_id not in known
    ]


def _with_parsed_json(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Raw cursors give jsonb as text; parsed and written again it is canonical."""
    subjects, parameters = _FIELDS.index("subjects"), _FIELDS.index("parameters")
    parsed = []
    for row in rows:
        values = list(row)
        for index in (subjects, parameters):
            if isinstance(values[index], str):
                values[index] = json.loads(values[index])
        parsed.append(tuple(values))
    return parsed


def _as_text(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
