"""Locking the row that an operation changes, and telling who was faster."""

from collections.abc import Mapping
from typing import Any

from egon.audit import queries as audit
from egon.audit.models import Outcome
from egon.audit.operation import title_of
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import Conflict
from egon.parties.models import Party
from egon.records.errors import NotInThisState
from egon.records.models import CaseFile, Component, Document, RecordClass, TypedFile, TypedSection, Volume
from egon.records.rules.states import GONE, Direction, DocumentState, FileState, may_follow


def lock(document: Document) -> DocumentState:
    """Lock the document's row and bring the instance up to date. Returns the state the caller had believed in.

    Raises :class:`NotInThisState` when it is destroyed: of such a document only the header is left (NSESSS 7.2.9).
    """
    believed = DocumentState(document.state)
    document.refresh_from_db(from_queryset=Document.objects.select_for_update())
    if document.state == DocumentState.DESTROYED:
        raise NotInThisState(f"Dokument {document} je zničený, zůstala z něj jen hlavička. Nic se nezměnilo.")
    return believed


def lock_file(file: CaseFile, *, also_gone: bool = False) -> FileState:
    """Lock the file's row and bring the instance up to date. Returns the state the caller had believed in.

    Raises :class:`NotInThisState` when it is withdrawn or destroyed, unless the caller deals with that.
    """
    believed = FileState(file.state)
    file.refresh_from_db(from_queryset=CaseFile.objects.select_for_update())
    if file.state in GONE and not also_gone:
        raise NotInThisState(f"Spis {file} je {FileState(file.state).label}. Nic se nezměnilo.")
    return believed


def require_transition(document: Document, next_state: DocumentState, believed: DocumentState) -> None:
    """Allow the step only when the state table does. Raises :class:`Conflict` when the state changed meanwhile."""
    present = DocumentState(document.state)
    if may_follow(Direction(document.direction), present, next_state):
        return
    require_unchanged(document, believed)
    raise NotInThisState(
        f"Dokument {document} je ve stavu „{present.label}“, a do stavu „{next_state.label}“ z něj přejít nejde. "
        "Nic se nezměnilo."
    )


def require_unchanged(document: Document, believed: DocumentState) -> None:
    """Raise :class:`Conflict` naming the last change when the document is not in the state the caller saw."""
    present = DocumentState(document.state)
    if present is not believed:
        raise Conflict(
            f"Dokument {document} se mezitím změnil: je ve stavu „{present.label}“.{_last_change(document)} "
            "Vaše změna se neprovedla, podívejte se na současný stav."
        )


def require_seen(
    entity: Document | CaseFile | TypedFile | RecordClass | TypedSection | Volume | Component | Party,
    seen: Mapping[str, Any] | None,
) -> None:
    """Raise :class:`Conflict` when a column of the locked row differs from what the caller had before them.

    Without ``seen`` nothing is asked: the caller sets values that do not follow from the present ones.
    """
    if seen is not None and any(getattr(entity, column) != value for column, value in seen.items()):
        raise Conflict(f"{entity} právě někdo změnil.{_last_change(entity)} Nic se neuložilo.")


def require_file_unchanged(file: CaseFile, believed: FileState) -> None:
    """Raise :class:`Conflict` naming the last change when the file is not in the state the caller saw."""
    present = FileState(file.state)
    if present is not believed:
        raise Conflict(
            f"Spis {file} se mezitím změnil: je {present.label}.{_last_change(file)} "
            "Vaše změna se neprovedla, podívejte se na současný stav."
        )


def _last_change(
    entity: Document | CaseFile | TypedFile | RecordClass | TypedSection | Volume | Component | Party,
) -> str:
    last = audit.history_of(entity).filter(outcome=Outcome.DONE).last()
    if last is None:
        return ""
    at = last.recorded_at.astimezone(PRAGUE)
    return f" Naposledy: {title_of(last.operation)}, {last.actor_name}, {at.day}. {at.month}. {at:%H:%M:%S}."
