"""Keeping documents and files findable, in the transaction that changes them: mostly by reacting to its events."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from types import MappingProxyType

from egon import search
from egon.records import events
from egon.records.models import CaseFile, Component, ComponentText, ComponentVersion, Document, FormerNumber

type DocumentEvent = events.DocumentChanged | events.DocumentSettled | events.DocumentWithdrawn
type FileEvent = events.FileOpened | events.FileChanged | events.FileClosed

DOCUMENT = "records.document"
FILE = "records.casefile"


def reindex_document(event: DocumentEvent) -> None:
    """Bring the index entry of a document up to date."""
    reindex(event.document_id)


def reindex(document_id: int) -> None:
    """Index a document as it stands in the tables: subject, numbers, people, names and texts of its components."""
    document = Document.objects.select_related("sender", "case_file").get(pk=document_id)
    components = Component.objects.filter(document=document, removed_at__isnull=True)
    latest = ComponentVersion.objects.filter(component__in=components).select_related("component")
    versions = latest.order_by("component_id", "-number").distinct("component_id")
    former = FormerNumber.objects.filter(document=document).values_list("reference_number", flat=True)
    read = ComponentText.objects.filter(version__in=[version.pk for version in versions])
    addressees = document.addressees.values_list("name", flat=True)
    _index(document, list(addressees), list(versions), list(former), dict(read.values_list("version_id", "text")))


def index_received(document: Document, versions: Sequence[ComponentVersion]) -> None:
    """Index a document just received from what is at hand, without reading anything back; it has no addressees.

    Texts of its components come later, when they are read (:mod:`egon.records.texts`).
    """
    _index(document, (), versions)


def _index(
    document: Document,
    addressees: Sequence[str],
    versions: Sequence[ComponentVersion],
    former_numbers: Sequence[str] = (),
    read: Mapping[int, str] = MappingProxyType({}),
) -> None:
    keys = [document.reference_number, document.identifier, document.sender_reference, *former_numbers]
    if document.case_file:
        keys.append(document.case_file.file_mark)
    texts = [document.sender.name if document.sender else "", document.note, *addressees]
    texts.extend(version.component.name for version in versions)
    texts.extend(version.source_text or read.get(version.pk, "") for version in versions)
    search.index(
        entity_type=DOCUMENT,
        entity_id=document.pk,
        title=document.subject,
        text="\n".join(text for text in texts if text),
        keys=[key for key in keys if key],
        at=document.registered_at,
    )


def reindex_file(event: FileEvent) -> None:
    """Bring the index entry of a file up to date."""
    _index_files([event.file_id])


def reindex_files(event: events.FilesResorted) -> None:
    """Bring the index entries of many files up to date."""
    _index_files(event.file_ids)


def _index_files(ids: Sequence[int]) -> None:
    files = CaseFile.objects.select_related("record_class").filter(pk__in=ids)
    search.index_many(
        search.Entry(
            entity_type=FILE,
            entity_id=file.pk,
            title=file.subject,
            text=str(file.record_class),
            keys=(file.file_mark, file.identifier, file.class_code),
            at=datetime.combine(file.opened_on, time(12), UTC),
        )
        for file in files
    )
