"""States of an own document on its way out; who approves and who sends is decided by circulation and the mailroom."""

from datetime import datetime

from django.db.models import QuerySet

from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import checkout_queries, events, permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.locking import lock, require_transition
from egon.records.models import Addressee, Document
from egon.records.operations.writing import refresh_letter
from egon.records.rules.states import Direction, DocumentState


@operation("records.document.in_approval", title="Uzamčení ke schválení", requires=permissions.may_work_on)
def mark_in_approval(*, actor: Actor, document: Document, at: datetime | None = None) -> Document:
    """Freeze a draft until the approver decides. Raises :class:`InvalidInput` with all that the draft lacks."""
    believed = lock(document)
    require_transition(document, DocumentState.IN_APPROVAL, believed)
    _require_complete(document)
    refresh_letter(actor, document, at or clock.now())
    return _move_to(document, DocumentState.IN_APPROVAL)


@operation("records.document.approved", title="Schválení obsahu", requires=permissions.may_decide_on)
def mark_approved(*, actor: Actor, document: Document) -> Document:
    """The content is approved and never changes again."""
    believed = lock(document)
    require_transition(document, DocumentState.APPROVED, believed)
    return _move_to(document, DocumentState.APPROVED)


@operation("records.document.to_draft", title="Vrácení do rozpracování", requires=permissions.may_decide_on)
def return_to_draft(*, actor: Actor, document: Document) -> Document:
    """Let the author work on it again."""
    believed = lock(document)
    require_transition(document, DocumentState.DRAFT, believed)
    return _move_to(document, DocumentState.DRAFT)


@operation("records.document.dispatched", title="Odeslání dokumentu", requires=permissions.may_mark_dispatched)
def mark_dispatched(
    *,
    actor: Actor,
    document: Document,
    addressee: Addressee | None = None,
    at: datetime | None = None,
    channel: str = "",
) -> Document:
    """Record that the document left for one addressee, or for all, and how. More addressees may follow."""
    believed = lock(document)
    if document.state != DocumentState.DISPATCHED:
        require_transition(document, DocumentState.DISPATCHED, believed)
    _addressees(document, addressee).update(
        state=DocumentState.DISPATCHED.value, dispatched_at=at or clock.now(), sent_by=channel
    )
    return _move_to(document, DocumentState.DISPATCHED)


@operation(
    "records.document.delivered", title="Doručení dokumentu adresátovi", requires=permissions.may_mark_dispatched
)
def mark_delivered(*, actor: Actor, document: Document, at: datetime, addressee: Addressee | None = None) -> Document:
    """Record the delivery to one addressee; the document is delivered when all of them have it.

    Whatever became of the document meanwhile (another addressee could not be reached and it waits to be sent again),
    who was sent it may still get it.
    """
    believed = lock(document)
    got = _addressees(document, addressee)
    if document.state != DocumentState.DELIVERED and not _on_the_way(got).exists():
        require_transition(document, DocumentState.DELIVERED, believed)
    got.update(state=DocumentState.DELIVERED.value, delivered_at=at)
    if document.state != DocumentState.DISPATCHED or _not_delivered(document).exists():
        return document
    return _move_to(document, DocumentState.DELIVERED)


@operation("records.document.undelivered", title="Neúspěšné odeslání", requires=permissions.may_mark_dispatched)
def mark_undelivered(*, actor: Actor, document: Document, addressee: Addressee | None = None) -> Document:
    """The document did not reach the addressee: it is approved again and waits to be sent another way.

    Only what was dispatched can come back, so that the mailroom approves nothing; of several addressees more may fail,
    one after another. Raises :class:`NotInThisState` when the document is on its way to nobody.
    """
    lock(document)
    unreached = _on_the_way(_addressees(document, addressee))
    if not unreached.exists():
        raise NotInThisState(
            f"Dokument {document} není na cestě k adresátovi (je {DocumentState(document.state).label}), nemůže se "
            "tedy vrátit jako nedoručený. Nic se nezměnilo."
        )
    unreached.update(state="failed")
    return _move_to(document, DocumentState.APPROVED) if document.state == DocumentState.DISPATCHED else document


def _move_to(document: Document, state: DocumentState) -> Document:
    document.state = state.value
    document.save(update_fields=["state"])
    publish(events.DocumentChanged(document.pk))
    return document


def _addressees(document: Document, addressee: Addressee | None) -> QuerySet[Addressee]:
    rows = Addressee.objects.filter(document=document)
    return rows if addressee is None else rows.filter(pk=addressee.pk)


def _on_the_way(addressees: QuerySet[Addressee]) -> QuerySet[Addressee]:
    return addressees.filter(state=DocumentState.DISPATCHED.value)


def _not_delivered(document: Document) -> QuerySet[Addressee]:
    return Addressee.objects.filter(document=document).exclude(state=DocumentState.DELIVERED.value)


def _require_complete(document: Document) -> None:
    missing = checkout_queries.obstacles_in(document)
    if document.component_count == 0:
        missing.append("Dokument nemá žádný obsah. Napište text, nebo přidejte soubor.")
    if document.direction == Direction.OUTGOING and not document.addressees.exists():
        missing.append("Dokument nemá adresáta. Doplňte, komu se odesílá.")
    if missing:
        raise InvalidInput("Dokument se nepředložil ke schválení, zůstává rozpracovaný.", missing)
