"""The newest hits among many entries: walking and the index give the same, and only of one's own originator."""

import pytest
from django.db import connection, connections, transaction

from egon import search
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope

ENTRIES = 20_000
OTHERS = 2_000
MOST = search.AT_ONCE

# Half of the entries have one frequent word, half the other; the oldest entry alone has both. Fewer have rarer ones.
_FILL = """
INSERT INTO search_entry (tenant_id, entity_type, entity_id, title, sort_at, tsv)
SELECT %(tenant)s, CASE WHEN n %% 10 = 0 THEN 'x.file' ELSE 'x.document' END, n, 'věc',
       now() - make_interval(mins => n),
       array_to_tsvector(array_remove(ARRAY[
           't:' || %(tenant)s,
           CASE WHEN n %% 2 = 0 OR n = %(count)s - 1 THEN 'even' END,
           CASE WHEN n %% 2 = 1 THEN 'odd' END,
           CASE WHEN n %% 700 = 0 THEN 'rare' END,
           CASE WHEN n %% 10 <> 0 OR n = 9990 THEN 'of_documents' END
       ], NULL))
FROM generate_series(0, %(count)s - 1) AS n
"""


@pytest.fixture
def many(own_database):
    ours, other = (Tenant.objects.create(code=f"HODNE{n}", name=f"Organizace s mnoha {n}") for n in range(2))
    with connections["owner"].cursor() as cursor:
        for tenant, count in ((ours, ENTRIES), (other, OTHERS)):
            cursor.execute(_FILL, {"tenant": tenant.pk, "count": count})
        # What waits to be put into the index makes it look dear to the planner, the longer the list the dearer.
        cursor.execute("SELECT gin_clean_pending_list('search_entry_tsv')")
        cursor.execute("ANALYZE search_entry")
    return ours, other


def find(query, types=None):
    with connection.cursor() as cursor:
        cursor.execute("SELECT entity_id, total FROM search_find(%s::tsquery, %s::text[], %s, 0)", [query, types, MOST])
        rows = cursor.fetchall()
    return [row[0] for row in rows if row[0] is not None], rows[0][1]


def test_the_newest_are_found_however_frequent_the_words_are(many):
    ours, other = many
    with tenant_scope(ours.pk):
        assert find("'even'") == (list(range(0, 2 * MOST, 2)), MOST + 1)
        assert find("!'even'") == (list(range(1, 2 * MOST, 2)), MOST + 1)
        assert find("'even'", ["x.file"]) == (list(range(0, 10 * MOST, 10)), MOST + 1)
        assert find("'rare'") == (list(range(0, ENTRIES, 700)), len(range(0, ENTRIES, 700)))
        # The planner expects a quarter of the entries; the walk finds none of them soon and the index takes over.
        assert find("'even' & 'odd'") == ([ENTRIES - 1], 1)
    with tenant_scope(other.pk):
        assert find("'odd'") == (list(range(1, OTHERS, 2)), OTHERS // 2)
        for everything in (f"'t:{ours.pk}'", f"'even' & 't:{ours.pk}'", f"!'even' & 't:{ours.pk}'"):
            assert find(everything) == ([], 0)


def test_kinds_are_merged_by_time_and_those_not_asked_for_do_not_count(many):
    ours, _ = many
    with tenant_scope(ours.pk):
        assert find("'odd' | 'even'") == (list(range(MOST)), MOST + 1)
        assert find("'odd' | 'even'", ["x.document", "x.file", "x.none"]) == (list(range(MOST)), MOST + 1)
        # Nearly every document has the word and one file in the middle, so the walk through files gives up.
        assert find("'of_documents'", ["x.file"]) == ([9990], 1)
        assert find("'even'", ["x.none"]) == ([], 0)
        assert find("'even'", []) == ([], 0)


def test_a_search_goes_on_behind_the_last_hit(many):
    ours, _ = many
    with tenant_scope(ours.pk):
        first = search.find_by("'even'", ["x.file"])
        second = search.find_by("'even'", ["x.file"], after=first.hits[-1])
        assert [hit.entity_id for hit in (*first.hits, *second.hits)] == list(range(0, ENTRIES, 10))
        assert (first.capped_count, second.capped_count) == (MOST + 1, ENTRIES // 10 - MOST)
        assert search.find_by("'even'", ["x.file"], after=second.hits[-1]).hits == ()


@pytest.mark.parametrize(
    ("query", "types", "most"),
    [
        ("'even'", ["x.document"], 4 * MOST),  # of a frequent word only the newest entries are read
        ("'even'", ["x.file"], 4 * MOST),  # those of the wanted kind alone
        ("'rare'", None, 4 * MOST),  # of a rare one only its hits
    ],
)
def test_of_many_entries_few_are_read(many, query, types, most):
    ours, _ = many
    with tenant_scope(ours.pk), transaction.atomic():
        before = rows_read()
        find(query, types)
        assert rows_read() - before < most


def rows_read():
    """Rows of the index's table that the present transaction has read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'search_entry'"
        )
        return cursor.fetchone()[0]
