"""Metadata by příloha č. 8 as people read them, in the annex's own order (NSESSS 2.1.5, 5.2.6)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import Model

from egon.documentation.annex import Value, entries_for, known_of
from egon.web.formatting import write_date, write_datetime


def written(entity: Model) -> Iterator[tuple[str, str]]:
    """Names and values of what is known; what names other entities is left to the lists, which know their reader."""
    for name, value in known_of(entries_for(entity), entity):
        yield name, write_value(value)


def before(entity: Model, facts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What the annex asks for, then of ``facts`` what it did not tell."""
    told = dict(written(entity))
    return [*told.items(), *((name, value) for name, value in facts if value and name not in told)]


def write_value(value: Value) -> str:
    """A value in Czech."""
    match value:
        case None:
            return ""
        case bool():
            return "ano" if value else "ne"
        case datetime():
            return write_datetime(value)
        case date():
            return write_date(value)
        case str() | int():
            return str(value)
    return "; ".join(value)
