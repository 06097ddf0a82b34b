"""The hash chain over the log: made by a job, recomputed by anyone.

Requests only add records; a job seals them in batches, so that no writer waits for another. A batch holds the
SHA-256 digest of each record; the hash of a batch covers its digests and the hash of the batch before it.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from egon.audit.models import LogRecord, LogSeal

BATCH = 1000
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
    """SHA-256 over a record's fields in the order of ``_FIELDS``, as canonical JSON."""
    canonical = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_text)
    return hashlib.sha256(canonical.encode()).digest()


def chain_hash(position: int, previous: bytes, record_ids: Sequence[int], digests: bytes) -> bytes:
    """The hash of a link."""
    ids = ",".join(map(str, record_ids))
    return hashlib.sha256(b"%d|%s|%s|" % (position, previous, ids.encode()) + digests).digest()


def seal_new_records(*, now: datetime) -> int:
    """Seal every committed record of the open tenant scope that no link holds yet. Returns how many."""
    sealed = 0
    while count := _seal_one_batch(now):
        sealed += count
    return sealed


def verify() -> Verification:
    """Recompute the chain of the open tenant scope and tell everything that was changed, added or removed."""
    findings: list[Finding] = []
    previous, expected, records, last = b"", 1, 0, None
    for seal in LogSeal.objects.order_by("position").iterator(chunk_size=50):
        findings += _check_link(seal, expected, previous)
        findings += _check_records(seal)
        previous, expected, last = bytes(seal.hash), seal.position + 1, seal
        records += len(seal.record_ids)
    unsealed, strangers = _unsealed(last)
    findings += [Finding(None, i, f"záznam {i} byl do protokolu vložen mimo pečetění") for i in strangers]
    return Verification(records, expected - 1, unsealed, tuple(findings))


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
        position = last.position + 1 if last else 1
        previous = bytes(last.hash) if last else b""
        record_ids = [row[0] for row in rows]
        digests = b"".join(digest_of(row) for row in rows)
        LogSeal.objects.create(
            position=position,
            sealed_at=now,
            record_ids=record_ids,
            digests=digests,
            low_water=_low_water(cursor, last, record_ids, now),
            previous_hash=previous,
            hash=chain_hash(position, previous, record_ids, digests),
        )
        return len(rows)


def _rows_to_seal(cursor: Any, last: LogSeal | None) -> list[tuple[Any, ...]]:
    """Records no link holds. A slow transaction may commit a lower id later, so look back to the low-water mark."""
    low_water = last.low_water if last else 0
    cursor.execute(
        f"SELECT {', '.join(_FIELDS)} FROM audit_logrecord WHERE id > %s AND id NOT IN "
        "(SELECT unnest(record_ids) FROM audit_logseal WHERE record_ids[array_length(record_ids, 1)] > %s) "
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


def _check_link(seal: LogSeal, expected: int, previous: bytes) -> Iterator[Finding]:
    if seal.position != expected:
        yield Finding(seal.position, None, f"v řetězu chybí články {expected} až {seal.position - 1}")
    elif bytes(seal.previous_hash) != previous:
        yield Finding(seal.position, None, f"článek {seal.position} nenavazuje na předchozí")
    if chain_hash(seal.position, bytes(seal.previous_hash), seal.record_ids, bytes(seal.digests)) != bytes(seal.hash):
        yield Finding(seal.position, None, f"článek {seal.position} řetězu byl změněn")


def _check_records(seal: LogSeal) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(_FIELDS)} FROM audit_logrecord WHERE id = ANY(%s)", [seal.record_ids])
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
