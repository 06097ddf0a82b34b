"""Rows of many documents made inside the database: ``INSERT … SELECT`` with the models' defaults, then indexes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import models
from psycopg.types.json import Jsonb


def insert_selected(cursor: Any, model: type[models.Model], columns: Mapping[str, str], source: str) -> None:
    """Insert what ``SELECT columns FROM source`` gives; a column not given gets the model's default.

    Values of ``columns`` are SQL expressions over ``source``. Raises :class:`ValueError` for unknown columns and for
    those without any default.
    """
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    if unknown := set(columns) - set(fields):
        raise ValueError(f"{model._meta.db_table} has no columns {sorted(unknown)}")
    # An identifier nobody refers to comes from its own sequence.
    rest = [column for column, field in fields.items() if column not in columns and not field.primary_key]
    names = ", ".join(f'"{column}"' for column in [*columns, *rest])
    given = [expression.replace("%", "%%") for expression in columns.values()]
    values = ", ".join([*given, *["%s"] * len(rest)])
    statement = f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {values} FROM {source.replace("%", "%%")}'
    cursor.execute(statement, [_default(fields[column]) for column in rest])


@contextmanager
def indexes_built_afterwards(cursor: Any, tables: Iterable[str]) -> Iterator[None]:
    """Drop indexes and unique constraints of the tables, and make them anew at the end, each in one pass.

    Those that foreign keys lean on stay, and primary keys too: identifiers grow, so keeping them costs little.
    """
    cursor.execute(_DROPPABLE, [list(tables)])
    found = cursor.fetchall()
    for drop, _ in found:
        cursor.execute(drop)
    yield
    for _, create in found:
        cursor.execute(create)


_DROPPABLE = """
SELECT CASE WHEN c.oid IS NULL THEN format('DROP INDEX %%s', i.indexrelid::regclass)
            ELSE format('ALTER TABLE %%s DROP CONSTRAINT %%I', i.indrelid::regclass, c.conname) END,
       CASE WHEN c.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
            ELSE format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', i.indrelid::regclass, c.conname,
                        pg_get_constraintdef(c.oid)) END
FROM pg_index AS i
LEFT JOIN pg_constraint AS c ON c.conindid = i.indexrelid AND c.contype = 'u'
WHERE i.indrelid = ANY (%s::regclass[])
  AND NOT i.indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.contype = 'f' AND f.conindid = i.indexrelid)
"""


def _default(field: Any) -> Any:
    if field.has_default():
        value = field.get_default()
        return Jsonb(value) if isinstance(value, dict | list) else value
    if field.null:
        return None
    if isinstance(field, models.CharField | models.TextField):
        return ""
    raise ValueError(f"{field} needs a value")
