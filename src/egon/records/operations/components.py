"""Components and their versions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max

from egon import storage
from egon.audit import log
from egon.audit.operation import operation
from egon.gateways import formats
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import Conflict
from egon.kernel.events import publish
from egon.records import checkout_queries, events, own_metadata, permissions
from egon.records.errors import InvalidInput, NotEditable, NotInThisState
from egon.records.locking import lock, require_seen
from egon.records.models import Component, ComponentVersion, Document
from egon.records.rules.components import KEPT_AS_THEY_ARE, ComponentForm, ComponentRole, clean_name
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.states import GONE, Direction, DocumentState, FileState, is_editable
from egon.storage import BlobRef

LARGEST_IDENTIFIED = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class NewFile:
    """A stored blob that becomes a component. ``format`` is a PRONOM identifier; an empty one is found out here."""

    name: str
    media_type: str
    blob: BlobRef
    role: str = ComponentRole.ATTACHMENT.value
    format: str = ""
    format_name: str = ""
    form: str = ""
    source_text: str = ""

    def __str__(self) -> str:
        """As the log tells it: by the digest the content can be proved."""
        return f"{self.name}, {self.blob.size} B, SHA-256 {self.blob.digest}"


@operation("records.component.add", title="Přidání komponenty", requires=permissions.may_add_component)
def add_component(*, actor: Actor, document: Document, new_file: NewFile, at: datetime | None = None) -> Component:
    """Add a file to a document. NSESSS 2.1.2.

    A draft takes anything; any other document only receipts and data messages, which prove its delivery. Raises
    :class:`NotEditable`, :class:`InvalidInput` for an empty file.
    """
    lock(document)
    if ComponentRole(new_file.role) not in KEPT_AS_THEY_ARE:
        require_editable(document)
    component = attach(actor, document, [new_file], at or clock.now())[0]
    publish(events.DocumentChanged(document.pk))
    return component


@operation("records.component.version", title="Nová verze komponenty", requires=permissions.may_edit)
def add_version(
    *, actor: Actor, document: Document, component: Component, new_file: NewFile, at: datetime | None = None
) -> ComponentVersion:
    """Add a newer version of a component of a draft. NSESSS 2.1.1. Raises :class:`NotEditable`, :class:`Conflict` while
    somebody has it checked out.
    """
    lock(document)
    require_editable(document)
    require_present(document, component)
    _require_free(component)
    version = write_version(actor, component, new_file, at or clock.now())
    publish(events.DocumentChanged(document.pk))
    return version


@operation("records.component.remove", title="Odebrání komponenty", requires=permissions.may_edit)
def remove_component(*, actor: Actor, document: Document, component: Component, at: datetime | None = None) -> None:
    """Take an annex out of a draft. Its versions stay in the storage and in the log. Raises :class:`NotEditable`."""
    lock(document)
    require_editable(document)
    require_present(document, component)
    _require_free(component)
    component.removed_at = at or clock.now()
    component.save(update_fields=["removed_at"])
    Document.objects.filter(pk=document.pk).update(component_count=F("component_count") - 1)
    document.component_count -= 1
    log.note(removed=component.name)
    publish(events.DocumentChanged(document.pk))


@operation(
    "records.component.describe",
    title="Úprava údajů komponenty",
    requires=permissions.may_edit_metadata,
    unlogged=("own", "seen"),
)
def describe_component(
    *,
    actor: Actor,
    document: Document,
    component: Component,
    own: Mapping[str, Any] | None,
    seen: Mapping[str, Any] | None = None,
) -> Component:
    """Change own metadata of a component (NSESSS 9.1.1), until the file of its document is closed.

    ``seen`` are columns as the person saw them. Raises :class:`NotInThisState`, :class:`Conflict`,
    :class:`InvalidInput` with every fault.
    """
    lock(document)
    require_present(document, component)
    component.refresh_from_db(fields=["own_values"])
    require_seen(component, seen)
    if document.state in GONE or (document.case_file is not None and document.case_file.state == FileState.CLOSED):
        raise NotInThisState(f"Údaje souboru {component} už měnit nejde: dokument {document} je uzavřený.")
    values = own_metadata.accepted(
        OwnEntity.COMPONENT, own, present=component.own_values, refusal="Údaje souboru se neuložily."
    )
    own_metadata.keep(component, values)
    publish(events.DocumentChanged(document.pk))
    return component


def require_editable(document: Document) -> None:
    """Raise :class:`NotEditable` unless the document is a draft; what came or was approved never changes."""
    direction, state = Direction(document.direction), DocumentState(document.state)
    if is_editable(direction, state):
        return
    reason = (
        "Obsah doručeného dokumentu se nemění."
        if direction is Direction.RECEIVED
        else f"Obsah jde měnit jen v rozpracovaném dokumentu, tento je {state.label}."
    )
    raise NotEditable(f"{reason} Nic se nezměnilo.")


def require_present(document: Document, component: Component) -> None:
    """Raise :class:`NotEditable` unless the component is in this document now, whose row is locked.

    The permission was asked for the document: a component of another one must not be changed under its name.
    """
    component.refresh_from_db(fields=["document", "removed_at"])
    if component.document_id != document.pk or component.removed_at is not None:
        raise NotEditable("Tato komponenta už v dokumentu není. Nic se nezměnilo.")


def _require_free(component: Component) -> None:
    """Raise :class:`Conflict` while somebody has the component checked out: their changes would be lost."""
    taken = checkout_queries.of_component(component)
    if taken is not None:
        raise Conflict(
            f"Soubor „{component}“ právě upravuje {taken.person.name}. Úpravy je třeba nejdřív uložit, nebo zrušit. "
            "Nic se nezměnilo."
        )


def attach(actor: Actor, document: Document, files: Iterable[NewFile], at: datetime) -> list[Component]:
    """Add components to a document whose row is locked."""
    last = Component.objects.filter(document=document).aggregate(last=Max("position"))["last"] or 0
    versions = write_components(actor, document, list(files), at, after=last)
    document.component_count += len(versions)
    document.save(update_fields=["component_count"])
    return [version.component for version in versions]


def write_components(
    actor: Actor, document: Document, files: Sequence[NewFile], at: datetime, *, after: int = 0
) -> list[ComponentVersion]:
    """Write new components with their first versions, two statements for all; the document's count is the caller's."""
    for file in files:
        _require_content(file)
    components = Component.objects.bulk_create(
        Component(
            document=document,
            name=clean_name(file.name),
            media_type=file.media_type[:120],
            role=ComponentRole(file.role).value,
            position=position,
        )
        for position, file in enumerate(files, after + 1)
    )
    return ComponentVersion.objects.bulk_create(
        _version(actor, component, 1, file, at) for component, file in zip(components, files, strict=True)
    )


def write_version(
    actor: Actor, component: Component, file: NewFile, at: datetime, *, comment: str = ""
) -> ComponentVersion:
    """Write the next version of a component; its format is told by the content (NSESSS 2.1.3)."""
    _require_content(file)
    last = ComponentVersion.objects.filter(component=component).aggregate(last=Max("number"))["last"] or 0
    version = _version(actor, component, last + 1, file, at)
    version.comment = comment
    version.save(force_insert=True)
    return version


def _version(actor: Actor, component: Component, number: int, file: NewFile, at: datetime) -> ComponentVersion:
    format_id, format_name = _format_of(file)
    return ComponentVersion(
        component=component,
        number=number,
        digest=file.blob.digest,
        size=file.blob.size,
        media_type=file.media_type[:120],
        format_id=format_id[:40],
        format_name=format_name[:160],
        form=file.form or ComponentForm.ORIGINAL.value,
        source_text=file.source_text,
        created_at=at,
        created_by_id=actor.person_id,
    )


def _require_content(file: NewFile) -> None:
    if file.blob.size == 0:
        raise InvalidInput("Soubor se nepřidal.", [f"Soubor „{clean_name(file.name)}“ je prázdný. Vyberte jiný."])


def _format_of(file: NewFile) -> tuple[str, str]:
    if file.format or file.blob.size > LARGEST_IDENTIFIED:
        return file.format, file.format_name
    found = formats.identify(storage.read(file.blob.digest), file.name)
    return (found.pronom_id if found.known else ""), found.description_cs
