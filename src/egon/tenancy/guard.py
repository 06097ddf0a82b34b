"""The database's own protection, derived from the models so that no table can be forgotten.

Run as the owner after every migration; doing it twice changes nothing. For each tenant table: a unique
``(tenant_id, id)``, row security with the policy, composite foreign keys. For each role: what it may do.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from egon.tenancy.models import TenantForeignKey, TenantModel
from egon.tenancy.roles import APP_ROLE, OPS_ROLE, role_password

POLICY = "tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::int"


def ensure_roles(connection: BaseDatabaseWrapper, secret_key: str) -> None:
    """Create the two roles the product logs in as; the owner's own login is for migrations only."""
    with connection.cursor() as cursor:
        for role in (APP_ROLE, OPS_ROLE):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            verb = "ALTER" if cursor.fetchone() else "CREATE"
            cursor.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                    sql.SQL(verb), sql.Identifier(role), sql.Literal(role_password(secret_key, role))
                )
            )


def secure_schema(connection: BaseDatabaseWrapper) -> None:
    """Bring policies, composite keys and grants in line with the models."""
    with connection.cursor() as cursor:
        _grant(cursor)
        for model in tenant_models():
            _isolate(cursor, model)
        for model in tenant_models():
            for field in _references_within_tenant(model):
                _compose_foreign_key(cursor, model, field)
        for table in append_only_models():
            _make_append_only(cursor, table._meta.db_table)


def tenant_models() -> Iterator[type[TenantModel]]:
    """Every concrete table that holds one originator's records."""
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, TenantModel):
            yield model


def append_only_models() -> Iterator[type[models.Model]]:
    """Tables whose rows the application may add and read, never change or remove."""
    for model in apps.get_models():
        if getattr(model, "append_only", False):
            yield model


def _references_within_tenant(model: type[models.Model]) -> Iterator[TenantForeignKey]:
    for field in model._meta.local_fields:
        if isinstance(field, TenantForeignKey):
            yield field


def _grant(cursor: Any) -> None:
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {OPS_ROLE}")
    cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}, {OPS_ROLE}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}, {OPS_ROLE}")
    cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APP_ROLE}, {OPS_ROLE}")


def _isolate(cursor: Any, model: type[TenantModel]) -> None:
    table = model._meta.db_table
    cursor.execute(f'CREATE UNIQUE INDEX IF NOT EXISTS "{table}_tenant_key" ON "{table}" (tenant_id, id)')
    cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    existing = _policies(cursor, table)
    if "tenant" not in existing:
        cursor.execute(f'CREATE POLICY tenant ON "{table}" USING ({POLICY})')
    if "operations" not in existing:
        # A policy of its own per role: OR-ing it into the tenant policy would cost the tenants their index.
        cursor.execute(f'CREATE POLICY operations ON "{table}" TO {OPS_ROLE} USING (true)')


def _policies(cursor: Any, table: str) -> set[str]:
    cursor.execute("SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = %s", [table])
    return {row[0] for row in cursor.fetchall()}


def _compose_foreign_key(cursor: Any, model: type[models.Model], field: TenantForeignKey) -> None:
    table, column = model._meta.db_table, field.column
    target = field.related_model._meta.db_table
    name = f"{table}_{column}_tenant_fk"[:63]
    cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass", [name, f'"{table}"'])
    if cursor.fetchone():
        return
    cursor.execute(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (tenant_id, "{column}") '
        f'REFERENCES "{target}" (tenant_id, id) DEFERRABLE INITIALLY IMMEDIATE'
    )


def _make_append_only(cursor: Any, table: str) -> None:
    cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {APP_ROLE}, {OPS_ROLE}')
