"""A hundred organisations and their documents, files, components, hand-overs, search entries and log, by COPY.

The first organisation is the region of the demo world with a fifth of everything; the others share the rest.
"""

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from django.db import models

from bench.copying import Table
from bench.words import Words
from egon import world
from egon.audit.models import LogRecord, LogSubject
from egon.audit.sealing import seal_new_records
from egon.circulation.models import Handover
from egon.kernel import clock, czech
from egon.numbering.models import Series
from egon.parties.models import Party
from egon.records.models import CaseFile, Component, ComponentVersion, Document, FilingPlan, RecordClass
from egon.registry.models import Person, Position, Unit
from egon.search.lexemes import quoted, tenant_lexeme, vector_of
from egon.search.models import Entry
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope

REGION_SHARE = 0.2
BATCH = 20_000
FILE_EVERY = 4  # documents in one file
FIRST_DAY = datetime(2024, 1, 2, 7, 0, tzinfo=UTC)
DAYS = 1000
TEXTS = 20_000  # different ones; each is met by some fifty documents
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Office:
    """An organisation with what its documents refer to."""

    tenant: Tenant
    units: Sequence[int]
    people: Sequence[tuple[int, int, str]]  # person, unit, name
    record_class: RecordClass


def generate(url: str, *, tenants: int, documents: int, tell: Tell) -> None:
    """Fill an empty, migrated database. ``url`` is the owner's (a superuser: keys are not checked row by row)."""
    begun = time.monotonic()
    world.build()
    offices = [_office(tenant) for tenant in _tenants(tenants)]
    tell(f"{len(offices)} organizací je založeno ({time.monotonic() - begun:.0f} s)")
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DROP INDEX search_entry_tsv")
        _fill(connection, cursor, offices, documents, tell, begun)
        tell(f"fulltextový index ({time.monotonic() - begun:.0f} s)")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("CREATE INDEX search_entry_tsv ON search_entry USING gin (tsv)")
        _advance_sequences(cursor)
        connection.commit()
    with psycopg.connect(url, autocommit=True) as connection:
        tell(f"statistiky databáze ({time.monotonic() - begun:.0f} s)")
        connection.execute("VACUUM (ANALYZE)")
    tell(f"pečetění protokolu ({time.monotonic() - begun:.0f} s)")
    for number, office in enumerate(offices, start=1):
        with tenant_scope(office.tenant.pk):
            seal_new_records(now=clock.now())
        if number % 25 == 0 or number == 1:
            tell(f"zapečetěno {number} z {len(offices)} organizací ({time.monotonic() - begun:.0f} s)")


def _tenants(count: int) -> Iterator[Tenant]:
    region = world.load().region
    yield region
    yield from Tenant.objects.exclude(pk=region.pk).order_by("pk")[: count - 1]
    for number in range(Tenant.objects.count(), count):
        yield Tenant.objects.create(code=f"P{number:03}", name=f"Příspěvková organizace {number}")


def _office(tenant: Tenant) -> Office:
    with tenant_scope(tenant.pk):
        if not Person.objects.exists():
            _found(tenant)
        posts = Position.objects.filter(person__isnull=False).select_related("person").order_by("pk")
        people = [(post.person_id or 0, post.unit_id, str(post.person)) for post in posts]
        record_class = RecordClass.objects.filter(holds_files=True).order_by("pk").first()
        if record_class is None:
            record_class = _found_plan()
        return Office(tenant, sorted({unit for _, unit, _ in people}), people, record_class)


def _found(tenant: Tenant) -> None:
    """A small organisation: three units, five people."""
    since = date(2020, 1, 1)
    units = [Unit.objects.create(code=f"U{n}", name=f"Úsek {n}", valid_from=since) for n in range(3)]
    for number in range(5):
        name = f"{tenant.code}{number}"
        person = Person.objects.create(
            given_name="Jan", family_name=name, sort_key=czech.sort_key(name), search_key=name.lower()
        )
        Position.objects.create(unit=units[number % 3], name="referent", person=person)


def _found_plan() -> RecordClass:
    plan = FilingPlan.objects.create(name="Spisový plán", valid_from=date(2020, 1, 1))
    return RecordClass.objects.create(
        plan=plan,
        code="51.1",
        name="Správa",
        sort_key="51.1",
        disposal_mark="S",
        retention_years=5,
        holds_files=True,
        valid_from=date(2020, 1, 1),
    )


def _fill(connection: Any, cursor: Any, offices: Sequence[Office], documents: int, tell: Tell, begun: float) -> None:
    writer = _Writer(Words(2026), cursor)
    done = 0
    for order, office in enumerate(offices):
        count = _share(order, len(offices), documents)
        writer.parties(office, max(20, count // 20))
        for start in range(0, count, BATCH):
            size = min(BATCH, count - start)
            writer.documents(office, start, size)
            writer.send(cursor)
            done += size
            if done % 100_000 < size:
                seconds = time.monotonic() - begun
                tell(f"{done:,} z {documents:,} dokumentů ({seconds:.0f} s)".replace(",", "\u00a0"))
        writer.numbers(office, count)
        writer.send(cursor)
        connection.commit()


def _share(order: int, offices: int, documents: int) -> int:
    if offices == 1:
        return documents
    region = int(documents * REGION_SHARE)
    rest = documents - region
    return region if order == 0 else rest // (offices - 1) + (1 if order <= rest % (offices - 1) else 0)


class _Writer:
    """Rows of all tables, with identifiers given here so that they fit together."""

    def __init__(self, words: Words, cursor: Any) -> None:
        self.words = words
        self.next_id = {model: _first_free(cursor, model) for model in _GENERATED}
        self.tables = {model: Table(model, columns.split()) for model, columns in _GENERATED.items()}
        self.party_ids: range = range(0)
        self.texts = [self._text() for _ in range(TEXTS)]
        self._key_patterns: dict[int, str] = {}

    def send(self, cursor: Any) -> None:
        """COPY everything collected, referred rows first."""
        for table in self.tables.values():
            table.send(cursor)

    def take(self, model: type[models.Model]) -> int:
        """A new identifier."""
        number = self.next_id[model]
        self.next_id[model] += 1
        return number

    def parties(self, office: Office, count: int) -> None:
        """Senders of the organisation's documents."""
        first = self.next_id[Party]
        for _ in range(count):
            name, now = self.words.name(), FIRST_DAY
            row = (self.take(Party), office.tenant.pk, "legal", name, now, now, czech.sort_key(name), name.lower())
            self.tables[Party].add(*row)
        self.party_ids = range(first, first + count)

    def documents(self, office: Office, start: int, count: int) -> None:
        """``count`` documents numbered from ``start`` + 1, with all that belongs to them."""
        file_id = None
        for number in range(start + 1, start + count + 1):
            at = FIRST_DAY + timedelta(minutes=number * DAYS * 1440 / 250_000 + self.words.number(200))
            person = office.people[self.words.number(len(office.people))]
            if (number - 1) % FILE_EVERY == 0:
                file_id = self._file(office, number, at, person)
            self._document(office, number, at, person, file_id)

    def numbers(self, office: Office, count: int) -> None:
        """Series go on where the generated numbers end."""
        # The generated numbers carry the year 2024; the series of the present year starts by itself.
        self.tables[Series].add(self.take(Series), office.tenant.pk, "document", "2024", count)

    def _text(self) -> tuple[str, str]:
        """A subject and the index entry of a document with it; computed by the product, used for many documents."""
        subject = self.words.subject()
        vector = vector_of(tenant_id=0, title=subject, text=self.words.text(), keys=())
        return subject, vector.replace(quoted(tenant_lexeme(0)) + " ", "", 1)

    def _keys(self, office: Office, number: int) -> str:
        """The index entry of a document's numbers, by the product's own pattern for the organisation."""
        tenant, code = office.tenant.pk, office.tenant.code
        if tenant not in self._key_patterns:
            keys = (f"{code} qnumberq/2024", f"{code}-2024-qpaddedq")
            self._key_patterns[tenant] = vector_of(tenant_id=tenant, title="", text="", keys=keys)
        return self._key_patterns[tenant].replace("qnumberq", str(number)).replace("qpaddedq", f"{number:06}")

    def _file(self, office: Office, number: int, at: datetime, person: tuple[int, int, str]) -> int:
        pk, chosen, day = self.take(CaseFile), office.record_class, at.date()
        closed = number % 5 != 0
        mark = f"S-{office.tenant.code} {number}/2024"
        self.tables[CaseFile].add(
            *(pk, office.tenant.pk, f"S-{office.tenant.code}-2024-{number:06}", mark, self.words.subject(), chosen.pk),
            *(chosen.code, chosen.disposal_mark, chosen.retention_years, chosen.trigger, person[1], person[0]),
            *("closed" if closed else "open", day, day if closed else None, day if closed else None, FILE_EVERY),
        )
        return pk

    def _document(
        self, office: Office, number: int, at: datetime, person: tuple[int, int, str], file_id: int | None
    ) -> None:
        pk, tenant, code = self.take(Document), office.tenant.pk, office.tenant.code
        state = _STATES[number % len(_STATES)]
        subject, vector = self.texts[self.words.number(len(self.texts))]
        reference, identifier = f"{code} {number}/2024", f"{code}-2024-{number:06}"
        sender = self.party_ids[self.words.number(len(self.party_ids))]
        in_file = file_id if state in ("settled", "processing") else None
        self.tables[Document].add(
            *(pk, tenant, identifier, reference, "received", subject, person[1] if state != "registered" else None),
            *(person[0] if state in ("settled", "processing") else None, in_file),
            *((number - 1) % FILE_EVERY + 1 if in_file else None, state, "databox", at, at, sender, 1),
            at.date() if state == "settled" else None,
        )
        self._component(tenant, pk, number, at)
        self._handover(tenant, pk, at, person, state)
        self.tables[Entry].add(
            *(self.take(Entry), tenant, "records.document", pk, subject, at),
            f"{vector} {self._keys(office, number)}",
        )
        self._log(tenant, pk, reference, subject, at, person)

    def _component(self, tenant: int, document: int, number: int, at: datetime) -> None:
        pk, name = self.take(Component), f"podani-{number}.pdf"
        self.tables[Component].add(pk, tenant, document, name, "application/pdf", "main", 1)
        digest = hashlib.sha256(b"%d" % pk).hexdigest()
        version = (self.take(ComponentVersion), tenant, pk, 1, digest, 48_000, "application/pdf", "fmt/477")
        self.tables[ComponentVersion].add(*version, "PDF/A-2b", "original", at)

    def _handover(self, tenant: int, document: int, at: datetime, person: tuple[int, int, str], state: str) -> None:
        if state == "registered":
            return
        taken = state != "assigned"
        self.tables[Handover].add(
            *(self.take(Handover), tenant, document, "processing", "taken" if taken else "waiting", person[1]),
            *(at, at if taken else None, person[0] if taken else None),
        )

    def _log(
        self, tenant: int, document: int, reference: str, subject: str, at: datetime, person: tuple[int, int, str]
    ) -> None:
        pk = self.take(LogRecord)
        subjects = json.dumps([["records.document", document, reference]], ensure_ascii=False)
        parameters = json.dumps({"subject": subject, "reference_number": reference}, ensure_ascii=False)
        self.tables[LogRecord].add(
            *(pk, tenant, at, uuid.UUID(int=pk), "records.document.register", "done", person[0], person[2]),
            *(subjects, parameters),
        )
        self.tables[LogSubject].add(self.take(LogSubject), tenant, pk, "records.document", document)


_STATES = ("settled",) * 16 + ("processing", "processing", "assigned", "registered")
_GENERATED: dict[type[models.Model], str] = {
    Party: "id tenant_id kind name created_at changed_at sort_key search_key",
    CaseFile: (
        "id tenant_id identifier file_mark subject record_class_id class_code disposal_mark retention_years trigger "
        "unit_id processor_id state opened_on settled_on closed_on last_order"
    ),
    Document: (
        "id tenant_id identifier reference_number direction subject unit_id holder_id case_file_id order_in_file "
        "state channel delivered_at registered_at sender_id component_count settled_on"
    ),
    Component: "id tenant_id document_id name media_type role position",
    ComponentVersion: ("id tenant_id component_id number digest size media_type format_id format_name form created_at"),
    Handover: "id tenant_id document_id purpose state to_unit_id created_at decided_at decided_by_id",
    Entry: "id tenant_id entity_type entity_id title sort_at tsv",
    LogRecord: ("id tenant_id recorded_at request_id operation outcome person_id actor_name subjects parameters"),
    LogSubject: "id tenant_id record_id entity_type entity_id",
    Series: "id tenant_id code period last",
}


def _first_free(cursor: Any, model: type[models.Model]) -> int:
    cursor.execute(f"SELECT COALESCE(max(id), 0) + 1 FROM {model._meta.db_table}")
    return int(cursor.fetchone()[0])


def _advance_sequences(cursor: Any) -> None:
    for model in _GENERATED:
        table = model._meta.db_table
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT COALESCE(max(id), 1) FROM {table}))"
        )
