"""Registering a received document, beside the same rows written by plain SQL: psycopg alone, one transaction each."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from bench.processor import processor_seconds
from bench.report import Row
from bench.timing import QueryCounter, counting_queries, percentile_95
from bench.words import Words
from egon import storage, world
from egon.kernel import clock
from egon.parties.models import Party
from egon.records import operations as records
from egon.records.operations.components import NewFile
from egon.registry import queries as registry
from egon.search.lexemes import vector_of
from egon.tenancy.roles import APP_ROLE

COUNT = 300
TARGET = 0.35
WARM_UP = 50


def measure(server: Any, given: Any) -> list[Row]:
    """Operations per second and their ratio to plain SQL, one client each, taking turns."""
    region = world.load().office
    with region.scope():
        product = _Product(region)
        plain = _Plain(region.tenant.pk, region.tenant.code)
        for _ in range(WARM_UP):
            product.register()
            plain.register()
        _require_same_rows(product.register, plain.register)
        times: dict[str, list[float]] = {"product": [], "plain": []}
        worked = 0.0
        for _ in range(COUNT):
            before = processor_seconds()
            times["product"].append(_timed(product.register))
            worked += processor_seconds() - before
            times["plain"].append(_timed(plain.register))
        with counting_queries() as counter:
            product.register()
        plain.close()
    return _rows(times, counter, worked / COUNT)


def _require_same_rows(product: Callable[[], None], plain: Callable[[], None]) -> None:
    """Both must add as many rows to every table; the sequences of identifiers tell. Raises :class:`RuntimeError`."""
    before = _sequences()
    product()
    between = _sequences()
    plain()
    after = _sequences()
    by_product = {name: between[name] - before[name] for name in after}
    by_plain = {name: after[name] - between[name] for name in after}
    if by_product != by_plain or sum(by_product.values()) < len(_WRITTEN):
        raise RuntimeError(f"not the same rows: {by_product} and {by_plain}")


def _sequences() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, COALESCE(last_value, 0) FROM pg_sequences WHERE schemaname = 'public' "
            "AND sequencename NOT LIKE 'procrastinate%%'"
        )
        return dict(cursor.fetchall())


def _timed(function: Callable[[], None]) -> float:
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


def _rows(times: dict[str, list[float]], counter: QueryCounter, worked: float) -> list[Row]:
    rate, plain = (len(values) / sum(values) for values in (times["product"], times["plain"]))
    ratio = rate / plain
    return [
        Row(
            "zaevidování dokumentu",
            f"{rate:.0f}/s, p95 {percentile_95(times['product']) * 1000:.1f} ms (procesor {worked * 1000:.1f} ms), "
            f"{counter.count} příkazů SQL",
        ),
        Row("tytéž řádky prostým SQL", f"{plain:.0f}/s, p95 {percentile_95(times['plain']) * 1000:.1f} ms"),
        Row("poměr zaevidování k prostému SQL", f"{ratio:.2f}", f"≥ {TARGET}".replace(".", ","), ratio >= TARGET),
    ]


class _Product:
    def __init__(self, region: Any) -> None:
        self.actor = registry.actor_of(region.clerk, at=clock.now())
        self.sender = Party.objects.order_by("pk")[0]
        self.words = Words(1)
        blob = storage.put(b"%PDF-1.7 obsah")
        self.files = [NewFile("podani.pdf", "application/pdf", blob, "main", "fmt/477", "PDF/A-2b")]

    def register(self) -> None:
        """One operation, as the mailroom calls it."""
        records.register_received(
            actor=self.actor,
            subject=self.words.subject(),
            sender=self.sender,
            delivered_at=clock.now(),
            channel="databox",
            files=self.files,
        )


class _Plain:
    """The same tables and indexes, the application's role and row security; nothing but the writes."""

    def __init__(self, tenant_id: int, code: str) -> None:
        settings = connection.settings_dict
        self.link = psycopg.connect(
            dbname=settings["NAME"],
            user=APP_ROLE,
            password=settings["PASSWORD"],
            host=settings["HOST"],
            port=settings["PORT"],
        )
        self.link.execute("SELECT set_config('app.tenant_id', %s, false)", [str(tenant_id)])
        self.link.commit()
        self.tenant_id, self.code, self.words = tenant_id, code, Words(2)
        self.sender = self.link.execute("SELECT min(id) FROM parties_party").fetchone()[0]  # type: ignore[index]
        self.link.commit()

    def close(self) -> None:
        """Let the connection go."""
        self.link.close()

    def register(self) -> None:
        """One transaction with the same rows."""
        execute, now, subject = self.link.execute, clock.now(), self.words.subject()
        number = _one(execute(_SERIES, ["plain", "2026"]))
        reference, identifier = f"{self.code} P{number}/2026", f"{self.code}-P-{number:06}"
        document = _one(execute(_DOCUMENT, [identifier, reference, subject, now, now, self.sender]))
        component = _one(execute(_COMPONENT, [document]))
        execute(_VERSION, [component, "0" * 64, now])
        vector = vector_of(tenant_id=self.tenant_id, title=subject, text="podani.pdf", keys=(reference, identifier))
        execute(_ENTRY, [document, subject, now, vector])
        told = json.dumps({"subject": subject, "reference_number": reference}, ensure_ascii=False)
        subjects = json.dumps(
            [["parties.party", self.sender, "Odesílatel"], ["records.document", document, reference]],
            ensure_ascii=False,
        )
        record = _one(execute(_RECORD, [now, uuid.uuid4(), subjects, told]))
        execute(_SUBJECT, [record, "parties.party", self.sender])
        execute(_SUBJECT, [record, "records.document", document])
        self.link.commit()


def _one(cursor: Any) -> int:
    return int(cursor.fetchone()[0])


_SERIES = (
    "INSERT INTO numbering_series (code, period, last) VALUES (%s, %s, 1) "
    "ON CONFLICT (tenant_id, code, period) DO UPDATE SET last = numbering_series.last + 1 RETURNING last"
)
_DOCUMENT = (
    "INSERT INTO records_document (identifier, reference_number, direction, subject, state, channel, delivered_at, "
    "registered_at, sender_id, sender_reference, note, component_count, settled_how, settled_note) "
    "VALUES (%s, %s, 'received', %s, 'registered', 'databox', %s, %s, %s, '', '', 1, '', '') RETURNING id"
)
_COMPONENT = (
    "INSERT INTO records_component (document_id, name, media_type, role, position) "
    "VALUES (%s, 'podani.pdf', 'application/pdf', 'main', 1) RETURNING id"
)
_VERSION = (
    "INSERT INTO records_componentversion (component_id, number, digest, size, media_type, format_id, format_name, "
    "form, source_text, created_at) "
    "VALUES (%s, 1, %s, 14, 'application/pdf', 'fmt/477', 'PDF/A-2b', 'original', '', %s)"
)
_ENTRY = (
    "INSERT INTO search_entry (entity_type, entity_id, title, sort_at, tsv) "
    "VALUES ('records.document', %s, %s, %s, %s::tsvector)"
)
_RECORD = (
    "INSERT INTO audit_logrecord (recorded_at, request_id, operation, outcome, actor_name, ip, subjects, parameters, "
    "message) VALUES (%s, %s, 'bench.plain', 'done', 'Jana Nováková', '', %s, %s, '') RETURNING id"
)
_SUBJECT = "INSERT INTO audit_logsubject (record_id, entity_type, entity_id) VALUES (%s, %s, %s)"
_WRITTEN = (_SERIES, _DOCUMENT, _COMPONENT, _VERSION, _ENTRY, _RECORD, _SUBJECT, _SUBJECT)
