"""Finding entities: Czech, without diacritics, by number of record, and never another originator's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from egon import search
from egon.tenancy.models import Tenant
from egon.tenancy.scope import WrongTenant, tenant_scope

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)

DOCUMENTS = {
    1: ("Žádost o stavební povolení", "Žádáme o vydání povolení ke stavbě rodinného domu v Brně.", "KSA/123/2026"),
    2: ("Smlouva o dílo", "Dodatek ke smlouvě se zhotovitelem, úřad souhlasí.", "KSA/1234/2026"),
    3: ("Stížnost na opravu silnice", "Silnice druhé třídy, č. j. MV-55-7/VS-2025.", "KSA/77/2025"),
    4: ("Povolení stavební uzávěry", "Text o povolení.", "KSA/78/2025"),
}


@pytest.fixture
def tenants() -> tuple[Tenant, Tenant]:
    return (
        Tenant.objects.create(code="HLEDA", name="Hledající kraj"),
        Tenant.objects.create(code="HLEDB", name="Hledající škola"),
    )


@pytest.fixture
def indexed(tenants: tuple[Tenant, Tenant]) -> Iterator[tuple[Tenant, Tenant]]:
    with tenant_scope(tenants[0].pk):
        for number, (title, text, key) in DOCUMENTS.items():
            at = NOW + timedelta(days=number)
            search.index(entity_type="records.document", entity_id=number, title=title, text=text, keys=[key], at=at)
        yield tenants


def found(query: str, types: list[str] | None = None) -> list[int]:
    return [hit.entity_id for hit in search.find(query, types).hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("smlouva", [2]),
        ("smlouvami", [2]),
        ("zadost", [1]),
        ("žádosti stavební", [1]),
        ("STAVEBNI", [4, 1]),
        ("stavební -uzávěra", [1]),
        ('"stavební povolení"', [1]),
        ('"povolení stavební"', [4]),
        ("stížnost OR smlouva", [3, 2]),
        ("stížnost NEBO smlouva", [3, 2]),
        ("siln*", [3]),
        ("KSA/123/2026", [1]),
        ("ksa/123/2026", [1]),
        ("123/2026", [1]),
        ("1234", [2]),
        ("/2025", [4, 3]),
        ("MV-55-7/VS-2025", [3]),
        ("55-7", [3]),
        ("neexistující", []),
        ("smlouva silnice", []),
        ("-smlouva", [4, 3, 1]),
    ],
)
def test_what_people_type_finds_what_they_mean(indexed: tuple[Tenant, Tenant], query: str, expected: list[int]) -> None:
    assert found(query) == expected


def test_a_new_entry_replaces_the_old_one_and_can_be_removed(indexed: tuple[Tenant, Tenant]) -> None:
    search.index(entity_type="records.document", entity_id=2, title="Darovací listina", at=NOW)
    assert found("smlouva") == []
    assert found("darovací") == [2]
    search.remove(entity_type="records.document", entity_id=2)
    assert found("darovací") == []


def test_the_search_may_be_limited_to_kinds(indexed: tuple[Tenant, Tenant]) -> None:
    search.index(entity_type="records.casefile", entity_id=2, title="Smlouvy 2026", at=NOW)
    assert found("smlouva", ["records.casefile"]) == [2]
    assert found("smlouva", []) == []


def test_pages_follow_one_another_and_the_count_is_capped(tenants: tuple[Tenant, Tenant]) -> None:
    with tenant_scope(tenants[0].pk):
        for number in range(1105):
            search.index(entity_type="x.y", entity_id=number, title="oběžník", at=NOW + timedelta(minutes=number))
        first, second = search.find("oběžník", limit=2), search.find("oběžník", limit=2, offset=2)
        assert [hit.entity_id for hit in (*first.hits, *second.hits)] == [1104, 1103, 1102, 1101]
        assert first.count_text == "1000+"
        beyond = search.find("oběžník", offset=5000)
        assert (beyond.hits, beyond.capped_count) == ((), 1101)


def test_another_originator_finds_nothing_and_counts_nothing(indexed: tuple[Tenant, Tenant]) -> None:
    ours, other = indexed
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [str(other.pk)])
        for query in ("'smlouv'", f"'t:{ours.pk}'", f"'smlouv' | 't:{ours.pk}'", "!'nic'", "'k':*", "'t':*"):
            cursor.execute("SELECT * FROM search_find(%s::tsquery, NULL, 1000, 0)", [query])
            rows = cursor.fetchall()
            assert all(row[1] is None and row[4] == 0 for row in rows), query
        cursor.execute("SELECT count(*) FROM search_entry")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [str(ours.pk)])


def test_outside_of_any_originator_there_is_nothing(indexed: tuple[Tenant, Tenant]) -> None:
    ours, _ = indexed
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant_id', '', false)")
        cursor.execute("SELECT * FROM search_find('!x'::tsquery, NULL, 1000, 0)")
        assert cursor.fetchall() == []
        cursor.execute("SELECT set_config('app.tenant_id', %s, false)", [str(ours.pk)])


def test_asking_without_a_scope_is_a_defect(db: None) -> None:
    with pytest.raises(WrongTenant):
        search.find("smlouva")


def test_the_application_cannot_change_whom_the_search_runs_as(indexed: tuple[Tenant, Tenant]) -> None:
    for attack in (
        "ALTER FUNCTION search_find OWNER TO egon_app",
        "SET ROLE egon_ops",
        "CREATE FUNCTION public.numnode(tsquery) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "INSERT INTO search_entry (tenant_id, entity_type, entity_id, title, sort_at, tsv) "
        f"VALUES ({indexed[1].pk}, 'x', 1, 'x', now(), '')",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)


def test_a_temporary_table_of_the_same_name_deceives_nobody(indexed: tuple[Tenant, Tenant]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE search_entry (id int) ON COMMIT DROP")
        cursor.execute("SELECT entity_id FROM search_find('''smlouv'''::tsquery, NULL, 10, 0)")
        assert cursor.fetchall() == [(2,)]
        cursor.execute("DROP TABLE pg_temp.search_entry")


@pytest.mark.parametrize(
    "typed",
    [
        "'; DROP TABLE search_entry; --",
        "a" * 10_000,
        '"' * 99,
        "\\'\\'",
        "(((((",
        "\x00\x00",
        "🙂 🙂",
        "-" * 50,
        "a OR OR b",
    ],
)
def test_hostile_queries_are_only_queries(indexed: tuple[Tenant, Tenant], typed: str) -> None:
    assert search.find(typed).capped_count in (0, 1)


def test_hostile_texts_are_only_texts(indexed: tuple[Tenant, Tenant]) -> None:
    text = "'uvozovka' \\zpět :*A 'x':1 \x00 " + "velmidlouhéslovo" * 1000 + " konec"
    search.index(entity_type="records.document", entity_id=9, title="a\x00b 'c'", text=text, keys=["'/\\/\x00"], at=NOW)
    assert found("konec uvozovka") == [9]
