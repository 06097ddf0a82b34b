"""Adversarial SQL as the application's role: no other originator's row is found, changed, pointed at or counted."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from egon import search
from egon.audit.models import LogRecord
from egon.records.models import CaseFile, Document
from egon.tenancy.guard import tenant_models
from egon.tenancy.models import TenantForeignKey
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db

MODELS = sorted(tenant_models(), key=lambda model: model._meta.label)
ids = [model._meta.label for model in MODELS]


def execute(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def table(model):
    return f'"{model._meta.db_table}"'


@pytest.fixture
def region_rows(world):
    """Primary keys of the region's rows in every table."""
    with world.office.scope():
        return {model: list(model.objects.order_by("pk").values_list("pk", flat=True)[:50]) for model in MODELS}


def test_world_has_rows_to_be_stolen(region_rows):
    filled = {model for model, rows in region_rows.items() if rows}
    assert {Document, CaseFile, LogRecord} <= filled


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_neither_keys_nor_counts_nor_unions_show_a_row(world, region_rows, model):
    with world.school.scope():
        foreign = region_rows[model]
        assert execute(f"SELECT count(*) FROM {table(model)} WHERE id = ANY(%s)", foreign) == [(0,)]
        assert execute(f"SELECT count(*) FROM {table(model)} WHERE tenant_id <> %s", world.school.pk) == [(0,)]
        assert execute(f"SELECT count(*) FROM {table(model)} WHERE tenant_id = %s OR true", world.region.pk) == execute(
            f"SELECT count(*) FROM {table(model)}"
        )


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_no_row_can_be_changed_or_removed(world, region_rows, model):
    for statement in (
        f"UPDATE {table(model)} SET tenant_id = tenant_id WHERE id = ANY(%s)",
        f"DELETE FROM {table(model)} WHERE id = ANY(%s)",
    ):
        with world.school.scope():
            try:
                with transaction.atomic():
                    assert execute(statement, region_rows[model]) == 0
            except DatabaseError as refusal:
                assert "permission denied" in str(refusal)  # tables of which nothing may be changed at all
    with world.office.scope():
        assert model.objects.filter(pk__in=region_rows[model]).count() == len(region_rows[model])


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_no_row_can_be_moved_to_another_originator(world, model):
    with world.school.scope():
        try:
            with transaction.atomic():
                moved = execute(f"UPDATE {table(model)} SET tenant_id = %s", world.region.pk)
        except DatabaseError as refusal:
            assert any(reason in str(refusal) for reason in ("row-level security", "permission denied"))
        else:
            assert moved == 0  # the school has no row here


REFERENCES = [
    (model, field) for model in MODELS for field in model._meta.local_fields if isinstance(field, TenantForeignKey)
]


@pytest.mark.parametrize(("model", "field"), REFERENCES, ids=[f"{m._meta.label}.{f.name}" for m, f in REFERENCES])
def test_no_reference_can_point_at_anothers_row(world, region_rows, model, field):
    targets = region_rows.get(field.related_model) or []
    with world.school.scope():
        own = model.objects.order_by("pk").values_list("pk", flat=True).first()
        if own is None or not targets or getattr(model, "append_only", False):
            return
        with pytest.raises(IntegrityError), transaction.atomic():
            execute(f'UPDATE {table(model)} SET "{field.column}" = %s WHERE id = %s', targets[0], own)
            execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_row_cannot_be_inserted_for_another_originator(world):
    with world.school.scope(), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        execute(
            "INSERT INTO numbering_series (tenant_id, code, period, last) VALUES (%s, 'cizi', '2026', 1)",
            world.region.pk,
        )


def test_search_neither_finds_nor_counts_anothers_documents(world):
    with world.office.scope():
        document = Document.objects.order_by("pk").first()
        assert search.find(document.reference_number).hits
    with world.school.scope():
        result = search.find(document.reference_number)
        assert document.pk not in [hit.entity_id for hit in result.hits]
        everything = f"'t:{world.region.pk}'"
        rows = execute("SELECT entity_id FROM search_find(%s::tsquery, NULL, 1000, 0)", everything)
        assert [row for row in rows if row[0]] == []


def test_without_a_scope_there_is_nothing(world):
    for model in MODELS:
        assert execute(f"SELECT count(*) FROM {table(model)}") == [(0,)]


def test_the_application_cannot_become_somebody_else(world):
    for statement in (
        "SET ROLE egon_ops",
        "SET SESSION AUTHORIZATION postgres",
        "ALTER TABLE records_document DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY all_of_it ON records_document USING (true)",
        "ALTER ROLE egon_app BYPASSRLS",
        "DROP POLICY tenant ON records_document",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY records_document TO PROGRAM 'cat'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            execute(statement)


def test_scopes_follow_each_other_cleanly(world):
    with tenant_scope(world.region.pk):
        region = Document.objects.count()
    with tenant_scope(world.school.pk):
        assert Document.objects.count() != region
        assert not Document.objects.exclude(tenant_id=world.school.pk).exists()
