"""Where a document is and who else may see it; called by circulation, which knows who hands over to whom."""

from datetime import datetime

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, permissions
from egon.records.errors import InvalidInput
from egon.records.locking import lock, lock_file, require_transition
from egon.records.models import CaseFile, Document, DocumentAccess
from egon.records.rules.states import FINAL, GONE, Direction, DocumentState
from egon.registry.models import Person, Unit


@operation("records.document.place", title="Změna umístění dokumentu", requires=permissions.may_place)
def place_in_unit(*, actor: Actor, document: Document, unit: Unit | None, holder: Person | None) -> Document:
    """Record which unit has the document and who in it holds it.

    A received document without a holder waits to be taken over, with one it is being processed, without a unit it is
    back in the mailroom. An own document keeps its state. Raises :class:`NotInThisState` or :class:`Conflict`;
    :class:`InvalidInput` when a document of a restricted file would be left to a whole unit.
    """
    if holder is None:
        _require_unrestricted(document, "předejte ho přímo člověku, který ho má zpracovat.")
    return _move(document, unit, holder)


@operation("records.document.give_back", title="Vrácení dokumentu předávajícímu", requires=permissions.may_place)
def return_to_sender(*, actor: Actor, document: Document, unit: Unit | None, holder: Person | None) -> Document:
    """Put a document back where it was before it was handed over; to the mailroom when it had no unit yet."""
    return _move(document, unit, holder if unit else None)


@operation("records.file.place", title="Změna umístění spisu", requires=only_system)
def place_file(*, actor: Actor, file: CaseFile, unit: Unit, processor: Person) -> list[Document]:
    """Give a file to another unit and processor with all that is in it; returns its documents (NSESSS 2.7.5).

    What is settled stays with the name of who settled it, only its unit changes. Withdrawn and destroyed documents
    stay untouched. Raises :class:`NotInThisState`.
    """
    lock_file(file)
    log.note_changes(
        {"unit": str(file.unit), "processor": str(file.processor or "")},
        {"unit": str(unit), "processor": str(processor)},
    )
    file.handed_over = file.handed_over or processor.pk != file.first_processor_id
    file.unit, file.processor = unit, processor
    file.save(update_fields=["unit", "processor", "handed_over"])
    documents = list(Document.objects.filter(case_file=file).exclude(state__in=GONE).order_by("pk"))
    for document in documents:
        _follow_file(document, unit, processor)
    publish(events.FileChanged(file.pk))
    return documents


def _follow_file(document: Document, unit: Unit, processor: Person) -> None:
    state = DocumentState(lock(document))
    if state in FINAL:
        document.unit = unit
        document.save(update_fields=["unit"])
        publish(events.DocumentChanged(document.pk))
    else:
        _move(document, unit, processor)


@operation("records.document.share", title="Zpřístupnění dokumentu", requires=permissions.may_share)
def share(
    *,
    actor: Actor,
    document: Document,
    reason: str,
    unit: Unit | None = None,
    person: Person | None = None,
    at: datetime | None = None,
) -> DocumentAccess:
    """Let a unit (all who work in it) or a person see the document; doing it twice changes nothing."""
    if (unit is None) == (person is None):
        raise ValueError("share with a unit or with a person")
    if unit is not None:
        _require_unrestricted(document, "zpřístupněte ho jmenovaným lidem, ne útvaru.")
    access, _ = DocumentAccess.objects.get_or_create(
        document=document, unit=unit, person=person, defaults={"reason": reason[:250], "granted_at": at or clock.now()}
    )
    return access


def _require_unrestricted(document: Document, what_to_do: str) -> None:
    restricted = [file for file in document.places() if file.is_restricted()]
    if restricted:
        told = f"Dokument {document} je ve vyhrazeném spisu {restricted[0]}: {what_to_do}"
        raise InvalidInput("Nic se nezměnilo.", [told])


def _move(document: Document, unit: Unit | None, holder: Person | None) -> Document:
    believed = lock(document)
    if document.direction == Direction.RECEIVED:
        next_state = _state_in(unit, holder)
        if next_state.value != document.state or next_state is DocumentState.REGISTERED:
            require_transition(document, next_state, believed)
        document.state = next_state.value
    _note_first_processor(document, holder)
    document.unit, document.holder = unit, holder
    document.save(update_fields=["state", "unit", "holder", "first_processor", "handed_over"])
    publish(events.DocumentChanged(document.pk))
    return document


def _note_first_processor(document: Document, holder: Person | None) -> None:
    """The first who gets a received document is its first processor until anybody else gets it (NSESSS 7.2.12)."""
    if document.first_processor_id is None and not document.handed_over:
        document.first_processor = holder
    elif holder is None or holder.pk != document.first_processor_id:
        document.handed_over = True


def _state_in(unit: Unit | None, holder: Person | None) -> DocumentState:
    if unit is None:
        return DocumentState.REGISTERED
    return DocumentState.PROCESSING if holder else DocumentState.ASSIGNED
