"""Lists of millions: what narrows them is answered by an index under row security, or tried on the newest rows only."""

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from egon.audit import matrix
from egon.kernel import clock
from egon.mailroom.models import IntakeItem
from egon.mailroom.queries import dispatches, inbox
from egon.records import permissions, queries
from egon.records.models import CaseFile
from egon.registry import queries as registry
from egon.search import newest_of


def plan_of(found):
    """How the database would read it if reading and sorting whole tables were dear, as it is in large ones."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        return found.explain()


def test_a_beginning_may_be_found_by_an_index_under_row_security(in_region):
    begins = CaseFile.objects.filter(class_code__begins="80.")
    assert {file.class_code[:3] for file in begins} == {"80."}
    assert not CaseFile.objects.filter(file_mark__begins="s-ksa").exists()
    with connection.cursor() as cursor:
        cursor.execute(_LEAKPROOF)
        assert dict(cursor.fetchall()) == {"^@": True, "~~": False}


_LEAKPROOF = """
SELECT oprname, proleakproof FROM pg_operator JOIN pg_proc ON pg_proc.oid = oprcode
WHERE oprname IN ('^@', '~~') AND oprleft = 'text'::regtype
"""


def test_files_of_who_sees_little_are_found_by_what_they_hold_not_by_walking_all(in_region, world):
    officer, head = (registry.actor_of(one, at=clock.now()) for one in (world.officer, world.head))
    assert "UNION ALL" in str(CaseFile.objects.filter(permissions.files_visible_to(officer)).query)
    assert "UNION ALL" not in str(CaseFile.objects.filter(permissions.files_visible_to(head)).query)
    for actor in (officer, head):
        seen = set(queries.files_visible_to(actor).values_list("pk", flat=True))
        everything = CaseFile.objects.values_list("pk", flat=True)
        assert seen == set(queries.files_among(actor, everything).values_list("pk", flat=True))


def test_a_part_of_a_word_is_sought_in_the_newest_rows_only(in_region):
    IntakeItem.objects.all().delete()
    for subject in ("nová", "prostřední", "nová stará"):
        IntakeItem.objects.create(channel="email", subject=subject, received_at=clock.now())
    newest = IntakeItem.objects.order_by("pk")
    assert [one.subject for one in newest_of(newest, most=2).filter(Q(subject__icontains="nová"))] == ["nová"]
    assert {one.subject for one in inbox(text="nová")} == {"nová", "nová stará"}
    assert "LIMIT 10000" in str(inbox(text="nová").query)
    assert "LIMIT" not in str(inbox().query)


def test_dispatches_are_read_in_the_order_of_an_index(in_region):
    assert "mailroom_dispatch_changed" in plan_of(dispatches()[:50])


@pytest.mark.django_db
def test_the_matrix_asks_again_only_what_depends_on_data(in_region):
    matrix.matrix()
    with CaptureQueriesContext(
        connection,
    ) as first:
        known = matrix.matrix()
    matrix._LASTING.clear()
    assert matrix.matrix() == known
    assert len(first) < 40
