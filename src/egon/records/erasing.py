"""Erasing what a destroyed document or file consisted of: every row that points at it, and the contents they name.

Rows are found by the models themselves, so that no table can be forgotten: what is not named here goes.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db import models

from egon import storage
from egon.records.models import CaseFile, Component, ComponentVersion, Document, DoomedContent

# They tell only what was done, with references to the header that stays.
LEFT: Final = frozenset(
    {
        "records.withdrawal",
        "records.destruction",
        "records.destructionitem",
        "records.resortingitem",
        "circulation.agendaitem",
    }
)
# Records of their own that only lose the reference.
DETACHED: Final = frozenset({("records.document", "replies_to"), ("mailroom.intakeitem", "duplicate_of")})
# They are headers themselves and are destroyed by their own step.
HEADERS: Final = frozenset({("records.document", "case_file"), ("records.component", "document")})


def erase_parts(entity: Document | CaseFile, at: datetime) -> None:
    """Delete all rows that point at the entity, deepest first, and doom the contents they name."""
    doomed = set[str]()
    if isinstance(entity, Document):
        for component in Component.objects.filter(document=entity):
            _reduce_to_header(component, doomed, at)
    _erase_pointing_at(entity, doomed)
    doom(doomed, at)


def doom(contents: set[str], at: datetime) -> None:
    """Note contents to be removed from the storage once the transaction commits; done twice it changes nothing."""
    rows = [DoomedContent(content=content, doomed_at=at) for content in sorted(contents) if content]
    DoomedContent.objects.bulk_create(rows, ignore_conflicts=True)


def remove_doomed() -> None:
    """Remove doomed contents from the storage; what another record names stays, what may be coming in waits."""
    for row in DoomedContent.objects.order_by("pk"):
        if storage.remove(row.content):
            row.delete()


def _reduce_to_header(component: Component, doomed: set[str], at: datetime) -> None:
    """Of a component its name, format and the day of destruction are kept (NSESSS 7.2.9, příloha 8)."""
    newest = ComponentVersion.objects.filter(component=component).order_by("-number").first()
    _erase_pointing_at(component, doomed)
    if newest is not None:
        component.kept_format = f"{newest.format_name} {newest.format_id}".strip() or newest.media_type
    component.destroyed_at, component.own_values = at, {}
    component.save(update_fields=["kept_format", "destroyed_at", "own_values"])


def _erase_pointing_at(row: models.Model, doomed: set[str]) -> None:
    for model, field in _pointing_at(type(row)):
        label = (model._meta.label_lower, field)
        found = model._base_manager.filter(**{field: row.pk})
        if label in HEADERS or (label[0] in LEFT and isinstance(row, Document | CaseFile)):
            continue
        if label in DETACHED or label[0] in LEFT:
            found.update(**{field: None})
            continue
        for dependent in found:
            _erase_pointing_at(dependent, doomed)
            doomed |= set(_contents_of(dependent))
        found.delete()


def _pointing_at(model: type[models.Model]) -> Iterator[tuple[Any, str]]:
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            yield relation.related_model, relation.field.name


def _contents_of(row: models.Model) -> Iterator[str]:
    """Blobs that a row names, by the same rule as the sweep of the storage."""
    for field in row._meta.local_fields:
        if field.name == "digest" or field.name.endswith("_digest"):
            yield getattr(row, field.name)
