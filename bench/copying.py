"""Rows for PostgreSQL's COPY, made from the models: what is not given gets the model's default."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import models

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Table:
    """Collects rows of one model and sends them by COPY in the text format."""

    def __init__(self, model: type[models.Model], columns: Sequence[str]) -> None:
        self.name = model._meta.db_table
        fields = {field.column: field for field in model._meta.local_concrete_fields}
        unknown = set(columns) - set(fields)
        if unknown:
            raise ValueError(f"{self.name} has no columns {sorted(unknown)}")
        rest = [column for column in fields if column not in columns]
        self.columns = [*columns, *rest]
        self._tail = "".join(f"\t{as_text(_default(fields[column]))}" for column in rest) + "\n"
        self._lines: list[str] = []

    def add(self, *values: Any) -> None:
        """One row, in the order of the columns given at the start."""
        self._lines.append("\t".join(map(as_text, values)) + self._tail)

    def send(self, cursor: Any) -> int:
        """COPY what was collected; returns how many rows."""
        count = len(self._lines)
        if count:
            names = ", ".join(f'"{column}"' for column in self.columns)
            with cursor.copy(f'COPY "{self.name}" ({names}) FROM STDIN') as copy:
                copy.write("".join(self._lines))
            self._lines.clear()
        return count


def as_text(value: Any) -> str:
    """A value in COPY's text format."""
    kind = type(value)
    if kind is int:
        return str(value)
    if kind is str:
        return value.translate(_ESCAPES) if "\\" in value or not value.isprintable() else value
    if value is None:
        return "\\N"
    if kind is bool:
        return "t" if value else "f"
    if isinstance(value, date):
        return value.isoformat()
    return str(value).translate(_ESCAPES)


def _default(field: Any) -> Any:
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    if isinstance(field, models.CharField | models.TextField):
        return ""
    raise ValueError(f"{field} needs a value")
