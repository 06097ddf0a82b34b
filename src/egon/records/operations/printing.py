"""Printing files and lists of them is written down: it carries names and subjects out of the product."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import QuerySet

from egon.audit import log
from egon.audit.operation import anyone, operation
from egon.kernel.actor import Actor
from egon.records import disclosure, permissions, queries
from egon.records.errors import FileNotPrintable, ListTooLong
from egon.records.models import CaseFile, Document, TypedFile
from egon.records.rules.printing import obstacles_to_printing

LONGEST_LIST: Final = 3000
"""Files in one print of a list."""
MOST_COMPONENTS: Final = 200
LARGEST: Final = 50 * 2**20
"""Components and bytes of them in one file printed whole: more would not be made while somebody waits."""


class FilePrint(StrEnum):
    """What is printed of a file; the value is what the log says."""

    COVER = "spisový obal"
    DOCUMENTS = "seznam dokumentů"
    METADATA = "metadata"
    HISTORY = "historie"


class DocumentPrint(StrEnum):
    """What is printed of a document; the value is what the log says."""

    METADATA = "metadata"
    HISTORY = "historie"


@operation("records.file.print", title="Tisk spisu", requires=permissions.may_see_file, reads=True)
def print_file(*, actor: Actor, file: CaseFile, what: FilePrint) -> None:
    """Write down that a part of a file is printed (NSESSS 5.2.3, 5.2.5, 5.2.7)."""


@operation("records.document.print", title="Tisk údajů dokumentu", requires=permissions.may_see, reads=True)
def print_document(*, actor: Actor, document: Document, what: DocumentPrint) -> None:
    """Write down that metadata of a document, or its history, are printed (NSESSS 5.2.3, 5.2.6)."""


@operation("records.typed.print", title="Tisk z typového spisu", requires=permissions.may_see_typed_file, reads=True)
def print_typed_file(*, actor: Actor, typed_file: TypedFile, what: str) -> None:
    """Write down that a cover or a list of a typed file is printed (NSESSS 3.3.20, 5.2.7)."""


@operation("records.files.print", title="Tisk seznamu spisů", requires=anyone, reads=True, unlogged=("found",))
def print_files(*, actor: Actor, found: QuerySet[CaseFile]) -> list[queries.FileRow]:
    """Rows to be printed, of files the actor may see (NSESSS 5.2.9, 5.2.11). Raises ``ListTooLong``."""
    seen = found.filter(permissions.files_visible_to(actor))
    keys = list(seen.values_list("pk", flat=True)[: LONGEST_LIST + 1])
    if len(keys) > LONGEST_LIST:
        raise ListTooLong(LONGEST_LIST)
    log.note(count=len(keys))
    return queries.file_rows(keys)


@dataclass(frozen=True, slots=True)
class PrintedDocument:
    """A document of a file printed whole; ``components`` is None when the actor may not open the document."""

    document: Document
    components: Sequence[queries.ComponentView] | None


@operation("records.file.print_whole", title="Tisk celého spisu", requires=permissions.may_see_file, reads=True)
def print_whole_file(*, actor: Actor, file: CaseFile) -> tuple[PrintedDocument, ...]:
    """Documents with the components to be printed, in their order (NSESSS 5.2.13).

    Raises :class:`FileNotPrintable` with every obstacle.
    """
    documents = disclosure.documents_in(actor, file)
    printed = tuple(
        PrintedDocument(one.document, queries.components_of(one.document, reader=actor) if one.is_open else None)
        for one in documents
    )
    components = [component for one in printed for component in one.components or ()]
    obstacles = obstacles_to_printing(
        len(components), sum(one.latest.size for one in components), most=MOST_COMPONENTS, largest=LARGEST
    )
    if obstacles:
        raise FileNotPrintable("Celý spis se nevytvořil; jednotlivé dokumenty jdou otevřít a tisknout dál.", obstacles)
    log.note(count=len(documents), components=len(components))
    return printed
