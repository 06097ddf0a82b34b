"""Every table of an originator's records is kept apart by the database itself."""

import re

import pytest
from django.apps import apps
from django.db import connection, models

from egon.tenancy.guard import append_only_models, tenant_models
from egon.tenancy.models import TenantForeignKey, TenantModel

pytestmark = pytest.mark.django_db

TENANT_MODELS = sorted(tenant_models(), key=lambda model: model._meta.label)
POLICY = "(tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::integer)"


def rows(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def test_tests_run_as_the_application_role():
    assert rows("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [
        ("egon_app", False, False)
    ]


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_row_security_is_forced_with_the_tenant_policy(model):
    table = model._meta.db_table
    assert rows("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table) == [
        (True, True)
    ]
    policies = dict(rows("SELECT policyname, qual FROM pg_policies WHERE tablename = %s AND roles = '{public}'", table))
    assert policies == {"tenant": POLICY}
    foreign = rows("SELECT roles::text[] FROM pg_policies WHERE tablename = %s AND roles <> '{public}'", table)
    assert all("egon_app" not in roles for (roles,) in foreign)


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_references_between_tenant_tables_are_composite(model):
    for field in model._meta.local_fields:
        if not isinstance(field, models.ForeignKey) or not issubclass(field.related_model, TenantModel):
            continue
        assert isinstance(field, TenantForeignKey), f"{field} must be a TenantForeignKey"
        definitions = [
            definition
            for (definition,) in rows(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
                model._meta.db_table,
            )
            if re.search(rf"\b{field.column}\b", definition)
        ]
        assert definitions, f"{field} has no constraint"
        assert all(f"FOREIGN KEY (tenant_id, {field.column})" in definition for definition in definitions)


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_no_many_to_many_between_tenant_tables(model):
    assert not model._meta.local_many_to_many


def test_no_centre_table_points_at_a_tenant_table():
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            continue
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey):
                assert not issubclass(field.related_model, TenantModel), f"{field} crosses the wall"


@pytest.mark.parametrize(
    "model", sorted(append_only_models(), key=lambda m: m._meta.label), ids=lambda m: m._meta.label
)
def test_append_only_tables_cannot_be_changed_by_the_application(model):
    granted = rows(
        "SELECT privilege_type FROM information_schema.role_table_grants"
        " WHERE table_name = %s AND grantee = current_user",
        model._meta.db_table,
    )
    assert {privilege for (privilege,) in granted} == {"SELECT", "INSERT"}
