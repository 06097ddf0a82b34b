"""What of restricted files is being read: the reads tell it here, the door writes it down before it answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from egon.records.models import CaseFile, Component, Document


@dataclass(frozen=True, slots=True)
class Reading:
    """A restricted file, its document or a component of it that somebody is about to be shown."""

    file: CaseFile
    document: Document | None = None
    component: Component | None = None


_collected: ContextVar[dict[Reading, None] | None] = ContextVar("restricted_readings", default=None)


@contextmanager
def collected() -> Iterator[dict[Reading, None]]:
    """Collect what is read meanwhile, each thing once."""
    readings: dict[Reading, None] = {}
    token = _collected.set(readings)
    try:
        yield readings
    finally:
        _collected.reset(token)


def tell_of_file(file: CaseFile) -> None:
    """A file is read."""
    _tell(Reading(file) if file.is_restricted() else None)


def tell_of_document(document: Document, component: Component | None = None) -> None:
    """A document, or a component of it, is read."""
    for file in document.places():
        _tell(Reading(file, document, component) if file.is_restricted() else None)


def _tell(reading: Reading | None) -> None:
    readings = _collected.get()
    if reading is not None and readings is not None:
        readings[reading] = None
