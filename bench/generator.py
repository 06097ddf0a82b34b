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

from bench.enlarging import enlarge, ensure_box
from bench.filling import indexes_built_afterwards, insert_selected
from bench.rows import DRAW, DRAWN, FILE_ENTRY, FILE_ENTRY_SOURCE, FILE_EVERY, GENERATED, LARGE_FILE, MINUTES, SOURCES
from bench.sealing import seal_all
from bench.words import Words
from egon import world
from egon.databox.models import Box
from egon.kernel import czech
from egon.records.models import DisposalRegime, FilingPlan, RecordClass
from egon.registry.models import Person, Position, Unit
from egon.search.lexemes import quoted, tenant_lexeme, vector_of
from egon.search.models import Entry
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope

REGION_SHARE = 0.2
TEXTS = 20_000  # different ones; each is met by some fifty documents
NAMES = 2_000
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Office:
    """An organisation with what its documents refer to."""

    tenant: Tenant
    people: Sequence[tuple[int, int, str]]  # person, unit, name
    box: Box
    classes: Sequence[RecordClass]


def generate(url: str, *, tenants: int, documents: int, tell: Tell) -> None:
    """Fill an empty, migrated database. ``url`` is the owner's (a superuser: keys are not checked row by row)."""
    begun = time.monotonic()

    def tell_since(what: str) -> None:
        tell(f"{what} ({time.monotonic() - begun:.0f} s)")

    world.build()
    with world.load().office.scope():
        enlarge()
    offices = [_office(tenant) for tenant in _tenants(tenants)]
    tell_since(f"{len(offices)} organizací je založeno")
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET synchronous_commit = off")
        with indexes_built_afterwards(cursor, [model._meta.db_table for model in GENERATED]):
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
        leaves = RecordClass.objects.filter(holds_files=True).select_related("disposal_regime").order_by("pk")
        return Office(tenant, people, ensure_box(tenant.code), list(leaves) or [_found_plan()])


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
    next_id = {model: _first_free(cursor, model) for model in GENERATED}
    done = 0
    for order, office in enumerate(offices):
        count = _share(order, len(offices), documents)
        _draw(cursor, office, count, next_id)
        for model, columns in GENERATED.items():
            insert_selected(cursor, model, columns, SOURCES.get(model, DRAWN))
            next_id[model] += 2 * count
        insert_selected(cursor, Entry, FILE_ENTRY, FILE_ENTRY_SOURCE)
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
    cursor.execute("CREATE TEMP TABLE bench_text (n int PRIMARY KEY, subject text, tsv tsvector, title_tsv tsvector)")
    with cursor.copy("COPY bench_text FROM STDIN") as copy:
        for n in range(TEXTS):
            subject = words.subject()
            vector = vector_of(tenant_id=0, title=subject, text=words.text(words.length()), keys=())
            title = vector_of(tenant_id=0, title=subject, text="", keys=())
            copy.write_row((n, subject, vector.replace(tenant, "", 1), title.replace(tenant, "", 1)))
    cursor.execute("CREATE TEMP TABLE bench_name (n int PRIMARY KEY, name text, sort_key text)")
    with cursor.copy("COPY bench_name FROM STDIN") as copy:
        for n in range(NAMES):
            name = words.name()
            copy.write_row((n, name, czech.sort_key(name)))
    cursor.execute("ANALYZE bench_text, bench_name")


def _draw(cursor: Any, office: Office, count: int, next_id: Mapping[type[models.Model], int]) -> None:
    """One row a document with everything that was drawn for it; identifiers of all its rows are offsets."""
    people, units, names = zip(*office.people, strict=True)
    regimes = [leaf.disposal_regime for leaf in office.classes]
    # A document's search entry: the prepared words and the product's own lexemes of its numbers.
    keys = (f"{office.tenant.code} qnumberq/2024", f"{office.tenant.code}-2024-qpaddedq")
    cursor.execute(_FORGET)
    cursor.execute(
        DRAW,
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
            "box": office.box.pk,
            "minutes": MINUTES,
            "large": LARGE_FILE,
            "large_step": _large_step(count) if office.tenant.is_operator else 0,
            "leaves": len(office.classes),
            "classes": [leaf.pk for leaf in office.classes],
            "class_codes": [leaf.code for leaf in office.classes],
            "marks": [regime.mark for regime in regimes],
            "years": [regime.years for regime in regimes],
            "triggers": [regime.trigger for regime in regimes],
        },
    )
    cursor.execute("CREATE INDEX ON bench_drawn (n)")
    cursor.execute("ANALYZE bench_drawn")


# A table dropped in a transaction keeps its place on the disk until the end; one that is emptied gives it back at once.
_FORGET = """
DO $$ BEGIN
    IF to_regclass('pg_temp.bench_drawn') IS NOT NULL THEN
        TRUNCATE bench_drawn;
        DROP TABLE bench_drawn;
    END IF;
END $$
"""


def _large_step(count: int) -> int:
    """Of how many documents one goes into the large file: a multiple of 20 keeps it among those taken over."""
    return max(1, count // LARGE_FILE // 20) * 20


def _first_free(cursor: Any, model: type[models.Model]) -> int:
    """An offset: rows of the first organisation get this plus 1 and so on."""
    cursor.execute(f"SELECT COALESCE(max(id), 0) FROM {model._meta.db_table}")
    return int(cursor.fetchone()[0])


def _advance_sequences(cursor: Any) -> None:
    for model in GENERATED:
        table = model._meta.db_table
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT COALESCE(max(id), 1) FROM {table}))"
        )
