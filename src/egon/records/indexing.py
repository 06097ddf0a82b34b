"""Keeping documents and files findable: reactions to the events of this domain, in the same transaction."""

from datetime import UTC, datetime, time

from egon import search, storage
from egon.records import events
from egon.records.models import CaseFile, Component, ComponentVersion, Document

type DocumentEvent = (
    events.DocumentRegistered | events.DocumentChanged | events.DocumentSettled | events.DocumentWithdrawn
)
type FileEvent = events.FileOpened | events.FileChanged | events.FileClosed

DOCUMENT = "records.document"
FILE = "records.casefile"
LARGEST_TEXT = 1_000_000  # bajtů; larger text files are found by their name only


def reindex_document(event: DocumentEvent) -> None:
    """Bring the index entry of a document up to date: subject, numbers, people, names and texts of its components."""
    document = Document.objects.select_related("sender", "case_file").get(pk=event.document_id)
    keys = [document.reference_number, document.identifier, document.sender_reference]
    if document.case_file:
        keys.append(document.case_file.file_mark)
    search.index(
        entity_type=DOCUMENT,
        entity_id=document.pk,
        title=document.subject,
        text="\n".join(_texts_of(document)),
        keys=[key for key in keys if key],
        at=document.registered_at,
    )


def reindex_file(event: FileEvent) -> None:
    """Bring the index entry of a file up to date."""
    file = CaseFile.objects.select_related("record_class").get(pk=event.file_id)
    search.index(
        entity_type=FILE,
        entity_id=file.pk,
        title=file.subject,
        text=str(file.record_class),
        keys=[file.file_mark, file.identifier, file.class_code],
        at=datetime.combine(file.opened_on, time(12), UTC),
    )


def _texts_of(document: Document) -> list[str]:
    texts = [document.sender.name if document.sender else "", document.note]
    texts.extend(document.addressees.values_list("name", flat=True))
    components = Component.objects.filter(document=document, removed_at__isnull=True)
    texts.extend(components.values_list("name", flat=True))
    latest = ComponentVersion.objects.filter(component__in=components).order_by("component_id", "-number")
    for version in latest.distinct("component_id"):
        texts.append(version.source_text or _content_of(version))
    return [text for text in texts if text]


def _content_of(version: ComponentVersion) -> str:
    """The content of a plain text file; other formats are found by what is recorded of them."""
    if version.media_type.partition(";")[0] != "text/plain" or version.size > LARGEST_TEXT:
        return ""
    return _decoded(storage.read(version.digest))


def _decoded(content: bytes) -> str:
    """Czech text files come in UTF-8, the older ones in Windows-1250."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1250", errors="replace")
