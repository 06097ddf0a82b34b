"""Lists taken away as tables are written down: they carry names and subjects out of the product."""

from typing import Any, Final

from django.db.models import QuerySet

from egon.audit import log
from egon.audit.operation import anyone, operation
from egon.kernel.actor import Actor
from egon.records import permissions, queries
from egon.records.errors import ListTooLong
from egon.records.models import CaseFile, Document

LONGEST_TABLE: Final = 5000


@operation("records.documents.export", title="Vývoz seznamu dokumentů", requires=anyone, unlogged=("found",))
def export_documents(*, actor: Actor, found: QuerySet[Document]) -> list[queries.DocumentRow]:
    """Rows of documents the actor may see, to be taken away as a table. Raises ``ListTooLong``."""
    return queries.document_rows(_keys(found.filter(permissions.visible_to(actor))))


@operation("records.files.export", title="Vývoz seznamu spisů", requires=anyone, unlogged=("found",))
def export_files(*, actor: Actor, found: QuerySet[CaseFile]) -> list[queries.FileRow]:
    """The same of files."""
    return queries.file_rows(_keys(found.filter(permissions.files_visible_to(actor))))


def _keys(seen: QuerySet[Any]) -> list[int]:
    keys = list(seen.values_list("pk", flat=True)[: LONGEST_TABLE + 1])
    if len(keys) > LONGEST_TABLE:
        raise ListTooLong(LONGEST_TABLE)
    log.note(count=len(keys))
    return keys
