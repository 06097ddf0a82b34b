"""A hundred organisations and their documents, files, components, hand-overs, search entries and log.

The first organisation is the region of the demo world with a fifth of everything; the others share the rest. Texts
and their lexemes are prepared by the product, rows are made of them inside the database.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from django.db import models

from bench.filling import indexes_built_afterwards, insert_selected
from bench.sealing import seal_all
from bench.words import Words
from egon import world
from egon.audit.models import LogRecord, LogSubject
from egon.circulation.models import Handover
from egon.kernel import czech
from egon.numbering.models import Series
from egon.parties.models import Party
from egon.records.models import CaseFile, Component, ComponentVersion, DisposalRegime, Document, FilingPlan, RecordClass
from egon.registry.models import Person, Position, Unit
from egon.search.lexemes import quoted, tenant_lexeme, vector_of
from egon.search.models import Entry
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope

REGION_SHARE = 0.2
FILE_EVERY = 4  # documents in one file
TEXTS = 20_000  # different ones; each is met by some fifty documents
NAMES = 2_000
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Office:
    """An organisation with what its documents refer to."""

    tenant: Tenant
    people: Sequence[tuple[int, int, str]]  # person, unit, name
    record_class: RecordClass


def generate(url: str, *, tenants: int, documents: int, tell: Tell) -> None:
    """Fill an empty, migrated database. ``url`` is the owner's (a superuser: keys are not checked row by row)."""
    begun = time.monotonic()

    def tell_since(what: str) -> None:
        tell(f"{what} ({time.monotonic() - begun:.0f} s)")

    world.build()
    offices = [_office(tenant) for tenant in _tenants(tenants)]
    tell_since(f"{len(offices)} organizací je založeno")
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET synchronous_commit = off")
        with indexes_built_afterwards(cursor, [model._meta.db_table for model in _GENERATED]):
            _fill(cursor, offices, documents, tell_since)
            tell_since("tvoří se rejstříky")
        _advance_sequences(cursor)
        connection.commit()
    tell_since("sbírají se statistiky databáze")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
    tell_since("pečetí se protokol")
    seal_all([office.tenant.pk for office in offices])
    tell_since("hotovo")


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
        leaves = RecordClass.objects.filter(holds_files=True).select_related("disposal_regime")
        record_class = leaves.order_by("pk").first()
        if record_class is None:
            record_class = _found_plan()
        return Office(tenant, people, record_class)


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
    plan = FilingPlan.objects.create(name="Spisový plán", valid_from=date(2020, 1, 1), draft=False)
    return RecordClass.objects.create(
        plan=plan,
        code="51.1",
        name="Správa",
        sort_key="51.1",
        disposal_regime=DisposalRegime.objects.create(name="S/5", mark="S", years=5, trigger="closing"),
        holds_files=True,
        valid_from=date(2020, 1, 1),
    )


def _fill(cursor: Any, offices: Sequence[Office], documents: int, tell: Tell) -> None:
    _prepare_texts(cursor, Words(2026))
    next_id = {model: _first_free(cursor, model) for model in _GENERATED}
    done = 0
    for order, office in enumerate(offices):
        count = _share(order, len(offices), documents)
        _draw(cursor, office, count, next_id)
        for model, columns in _GENERATED.items():
            insert_selected(cursor, model, columns, _SOURCES.get(model, _DRAWN))
            next_id[model] += count
        done += count
        if done * 10 // documents != (done - count) * 10 // documents:
            tell(f"{done:,} z {documents:,} dokumentů".replace(",", "\u00a0"))


def _share(order: int, offices: int, documents: int) -> int:
    if offices == 1:
        return documents
    region = int(documents * REGION_SHARE)
    rest = documents - region
    return region if order == 0 else rest // (offices - 1) + (1 if order <= rest % (offices - 1) else 0)


def _prepare_texts(cursor: Any, words: Words) -> None:
    """Subjects with their index entries and names with their keys, computed by the product, used many times."""
    tenant = quoted(tenant_lexeme(0)) + " "
    cursor.execute("CREATE TEMP TABLE bench_text (n int PRIMARY KEY, subject text, tsv tsvector)")
    with cursor.copy("COPY bench_text FROM STDIN") as copy:
        for n in range(TEXTS):
            subject = words.subject()
            vector = vector_of(tenant_id=0, title=subject, text=words.text(), keys=())
            copy.write_row((n, subject, vector.replace(tenant, "", 1)))
    cursor.execute("CREATE TEMP TABLE bench_name (n int PRIMARY KEY, name text, sort_key text)")
    with cursor.copy("COPY bench_name FROM STDIN") as copy:
        for n in range(NAMES):
            name = words.name()
            copy.write_row((n, name, czech.sort_key(name)))
    cursor.execute("ANALYZE bench_text, bench_name")


def _draw(cursor: Any, office: Office, count: int, next_id: Mapping[type[models.Model], int]) -> None:
    """One row a document with everything that was drawn for it; identifiers of all its rows are offsets."""
    people, units, names = zip(*office.people, strict=True)
    chosen = office.record_class
    # A document's search entry: the prepared words and the product's own lexemes of its numbers.
    keys = (f"{office.tenant.code} qnumberq/2024", f"{office.tenant.code}-2024-qpaddedq")
    cursor.execute("DROP TABLE IF EXISTS bench_drawn")
    cursor.execute(
        _DRAW,
        {
            **{f"{model.__name__.lower()}_id": first for model, first in next_id.items()},
            "count": count,
            "file_every": FILE_EVERY,
            "parties": max(20, count // 20),
            "tenant": office.tenant.pk,
            "code": office.tenant.code,
            "people": list(people),
            "units": list(units),
            "names": list(names),
            "texts": TEXTS,
            "known_names": NAMES,
            "keys": vector_of(tenant_id=office.tenant.pk, title="", text="", keys=keys),
            "class": chosen.pk,
            "class_code": chosen.code,
            "mark": chosen.disposal_regime.mark,
            "years": chosen.disposal_regime.years,
            "trigger": chosen.disposal_regime.trigger,
        },
    )
    cursor.execute("ANALYZE bench_drawn")


# Draws are hashes of the document's number, so the data are the same each time. The times reach over a thousand days.
_DRAW = """
CREATE TEMP TABLE bench_drawn AS
SELECT d.n, %(tenant)s::int AS tenant, %(code)s::text AS code,
       %(document_id)s::bigint + d.n AS document, %(casefile_id)s::bigint + d.n - (d.n - 1) %% %(file_every)s AS file,
       %(party_id)s::bigint + 1 + (d.draw / 11) %% %(parties)s AS sender,
       %(component_id)s::bigint + d.n AS component, %(componentversion_id)s::bigint + d.n AS version,
       %(party_id)s::bigint + d.n AS party, %(parties)s AS parties, name.name AS party_name, name.sort_key,
       %(handover_id)s::bigint + d.n AS handover, %(entry_id)s::bigint + d.n AS entry,
       %(logrecord_id)s::bigint + d.n AS record, %(logsubject_id)s::bigint + d.n AS record_subject,
       %(series_id)s::bigint + 1 AS series, %(count)s AS count,
       (%(people)s::bigint[])[1 + d.draw %% cardinality(%(people)s::bigint[])] AS person,
       (%(units)s::bigint[])[1 + d.draw %% cardinality(%(people)s::bigint[])] AS unit,
       (%(names)s::text[])[1 + d.draw %% cardinality(%(people)s::bigint[])] AS person_name,
       CASE WHEN d.n %% 20 < 16 THEN 'settled' WHEN d.n %% 20 < 18 THEN 'processing'
            WHEN d.n %% 20 = 18 THEN 'assigned' ELSE 'registered' END AS state,
       d.n %% 20 < 18 AS taken,
       timestamptz '2024-01-02 07:00+00' + make_interval(mins => (d.n * 1440 / 250 + d.draw %% 200)::int) AS at,
       text.subject, text.tsv || replace(replace(%(keys)s, 'qnumberq', d.n::text),
                                         'qpaddedq', lpad(d.n::text, 6, '0'))::tsvector AS tsv,
       %(code)s || ' ' || d.n || '/2024' AS reference, %(code)s || '-2024-' || lpad(d.n::text, 6, '0') AS identifier,
       %(class)s::bigint AS class, %(class_code)s::text AS class_code, %(mark)s::text AS mark,
       %(years)s::int AS years, %(trigger)s::text AS trigger
FROM (SELECT n, hashint8extended(n, %(tenant)s) & 2147483647 AS draw FROM generate_series(1, %(count)s) AS n) AS d
JOIN bench_text AS text ON text.n = (d.draw / 7) %% %(texts)s
JOIN bench_name AS name ON name.n = (d.draw / 13) %% %(known_names)s
ORDER BY d.n
"""
_DRAWN = "bench_drawn"
_SOURCES: dict[type[models.Model], str] = {
    Party: "bench_drawn WHERE n <= parties",
    CaseFile: f"bench_drawn WHERE n % {FILE_EVERY} = 1",
    Handover: "bench_drawn WHERE state <> 'registered'",
    Series: "bench_drawn WHERE n = 1",
}
_TENANT = {"tenant_id": "tenant"}
# Table → column → expression over one drawn row.
_GENERATED: dict[type[models.Model], dict[str, str]] = {
    Party: _TENANT
    | {
        "id": "party",
        "kind": "'legal'",
        "name": "party_name",
        "created_at": "at",
        "changed_at": "at",
        "sort_key": "sort_key",
        "search_key": "lower(party_name)",
    },
    CaseFile: _TENANT
    | {
        "id": "file",
        "identifier": "'S-' || identifier",
        "file_mark": "'S-' || reference",
        "subject": "subject",
        "record_class_id": "class",
        "class_code": "class_code",
        "disposal_mark": "mark",
        "retention_years": "years",
        "trigger": "trigger",
        "unit_id": "unit",
        "processor_id": "person",
        "state": "CASE WHEN n % 5 <> 0 THEN 'closed' ELSE 'open' END",
        "opened_on": "at::date",
        "settled_on": "CASE WHEN n % 5 <> 0 THEN at::date END",
        "closed_on": "CASE WHEN n % 5 <> 0 THEN at::date END",
        "last_order": str(FILE_EVERY),
    },
    Document: _TENANT
    | {
        "id": "document",
        "identifier": "identifier",
        "reference_number": "reference",
        "direction": "'received'",
        "subject": "subject",
        "unit_id": "CASE WHEN state <> 'registered' THEN unit END",
        "holder_id": "CASE WHEN taken THEN person END",
        "case_file_id": "CASE WHEN taken THEN file END",
        "order_in_file": f"CASE WHEN taken THEN (n - 1) % {FILE_EVERY} + 1 END",
        "state": "state",
        "channel": "'databox'",
        "delivered_at": "at",
        "registered_at": "at",
        "sender_id": "sender",
        "component_count": "1",
        "settled_on": "CASE WHEN state = 'settled' THEN at::date END",
        "deadline": "CASE WHEN n % 3 = 0 THEN at::date + 30 END",
    },
    Component: _TENANT
    | {
        "id": "component",
        "document_id": "document",
        "name": "'podani-' || n || '.pdf'",
        "media_type": "'application/pdf'",
        "role": "'main'",
        "position": "1",
    },
    ComponentVersion: _TENANT
    | {
        "id": "version",
        "component_id": "component",
        "number": "1",
        "digest": "encode(sha256(component::text::bytea), 'hex')",
        "size": "48000",
        "media_type": "'application/pdf'",
        "format_id": "'fmt/477'",
        "format_name": "'PDF/A-2b'",
        "form": "'original'",
        "created_at": "at",
    },
    Handover: _TENANT
    | {
        "id": "handover",
        "document_id": "document",
        "purpose": "'processing'",
        "state": "CASE WHEN taken THEN 'taken' ELSE 'waiting' END",
        "to_unit_id": "unit",
        "created_at": "at",
        "decided_at": "CASE WHEN taken THEN at END",
        "decided_by_id": "CASE WHEN taken THEN person END",
    },
    Entry: _TENANT
    | {
        "id": "entry",
        "entity_type": "'records.document'",
        "entity_id": "document",
        "title": "subject",
        "sort_at": "at",
        "tsv": "tsv",
    },
    LogRecord: _TENANT
    | {
        "id": "record",
        "recorded_at": "at",
        "request_id": "gen_random_uuid()",
        "operation": "'records.document.register'",
        "outcome": "'done'",
        "person_id": "person",
        "actor_name": "person_name",
        "subjects": "jsonb_build_array(jsonb_build_array('records.document', document, reference))",
        "parameters": "jsonb_build_object('subject', subject, 'reference_number', reference)",
    },
    LogSubject: _TENANT
    | {
        "id": "record_subject",
        "record_id": "record",
        "entity_type": "'records.document'",
        "entity_id": "document",
    },
    # The generated numbers carry the year 2024; the series of the present year starts by itself.
    Series: _TENANT | {"id": "series", "code": "'document'", "period": "'2024'", "last": "count"},
}


def _first_free(cursor: Any, model: type[models.Model]) -> int:
    """An offset: rows of the first organisation get this plus 1 and so on."""
    cursor.execute(f"SELECT COALESCE(max(id), 0) FROM {model._meta.db_table}")
    return int(cursor.fetchone()[0])


def _advance_sequences(cursor: Any) -> None:
    for model in _GENERATED:
        table = model._meta.db_table
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT COALESCE(max(id), 1) FROM {table}))"
        )
