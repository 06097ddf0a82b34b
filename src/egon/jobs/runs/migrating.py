"""For migrations that make tables into tables of runs."""

from typing import Any

from django.db.migrations import RunPython, RunSQL

_COUNT = """
    UPDATE {runs} SET total = counted.total, done = counted.done, refused = counted.refused
    FROM (SELECT {column} AS run, count(*) AS total, count(*) FILTER (WHERE state = 'done') AS done,
                 count(*) FILTER (WHERE state = 'refused') AS refused FROM {items} GROUP BY 1) AS counted
    WHERE counted.run = {runs}.id
"""

_RENAME = """
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{former}') THEN
            ALTER TABLE {table} RENAME CONSTRAINT {former} TO {present};
        END IF;
    END $$
"""


def in_every_tenant(*statements: str) -> RunPython:
    """Statements done for one originator after another: row security binds the owner of the tables, too."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT id FROM tenancy_tenant ORDER BY id")
            for (tenant,) in cursor.fetchall():
                cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant)])
                for statement in statements:
                    cursor.execute(statement)
            # Tables are changed next, which needs no check of references left for the end of the transaction.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    return RunPython(forwards, RunPython.noop)


def count_items(runs: str, items: str, column: str = "run_id") -> RunPython:
    """Fill the counts of runs that were there before."""
    return in_every_tenant(_COUNT.format(runs=runs, items=items, column=column))


def rename_reference(table: str, before: str, after: str) -> RunSQL:
    """The composite key of a reference gets the name of its new column, or it would be made once more."""
    former, present = (f"{table}_{column}_tenant_fk"[:63] for column in (before, after))
    return RunSQL(_RENAME.format(table=table, former=former, present=present), RunSQL.noop)
