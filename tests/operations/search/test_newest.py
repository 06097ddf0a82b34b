"""The newest hits among many entries: walking and the index give the same, and only of one's own originator."""

import pytest
from django.db import connection, connections

from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope

ENTRIES = 20_000
OTHERS = 2_000
MOST = 1000

# Half of the entries have one frequent word, half the other; the oldest entry alone has both. Fewer have rarer ones.
_FILL = """
INSERT INTO search_entry (tenant_id, entity_type, entity_id, title, sort_at, tsv)
SELECT %(tenant)s, CASE WHEN n %% 10 = 0 THEN 'x.file' ELSE 'x.document' END, n, 'věc',
       now() - make_interval(mins => n),
       array_to_tsvector(array_remove(ARRAY[
           't:' || %(tenant)s,
           CASE WHEN n %% 2 = 0 OR n = %(count)s - 1 THEN 'even' END,
           CASE WHEN n %% 2 = 1 THEN 'odd' END,
           CASE WHEN n %% 700 = 0 THEN 'rare' END
       ], NULL))
FROM generate_series(0, %(count)s - 1) AS n
"""


@pytest.fixture
def many(own_database):
    ours, other = (Tenant.objects.create(code=f"HODNE{n}", name=f"Organizace s mnoha {n}") for n in range(2))
    with connections["owner"].cursor() as cursor:
        for tenant, count in ((ours, ENTRIES), (other, OTHERS)):
            cursor.execute(_FILL, {"tenant": tenant.pk, "count": count})
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
