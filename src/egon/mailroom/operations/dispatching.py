"""Dispatch: an approved document leaves to its addressees, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from egon.audit.operation import only_system, operation
from egon.databox import operations as databox
from egon.databox.models import Box, OutboxItem, OutboxState
from egon.databox.operations.sending import Addressed
from egon.databox.options import SendingOptions
from egon.kernel.actor import Actor
from egon.mailroom import jobs, outgoing, permissions, queries
from egon.mailroom.errors import DispatchUnderWay, NotDispatchable, ReasonMissing
from egon.mailroom.models import Channel, Dispatch, DispatchState
from egon.parties import operations as parties
from egon.parties.operations import PartyDetails
from egon.records import operations as records
from egon.records.locking import lock
from egon.records.models import Addressee, Document
from egon.records.rules.states import DocumentState

# How far a letter is when its data message is in a state. Ambiguous is still on its way: never a reason to send again.
DISPATCH_STATES: Final[Mapping[str, DispatchState]] = {
    OutboxState.QUEUED: DispatchState.WAITING,
    OutboxState.SENDING: DispatchState.HANDED,
    OutboxState.AMBIGUOUS: DispatchState.HANDED,
    OutboxState.SENT: DispatchState.SENT,
    OutboxState.DELIVERED: DispatchState.DELIVERED,
    OutboxState.UNDELIVERABLE: DispatchState.FAILED,
    OutboxState.REFUSED: DispatchState.FAILED,
    OutboxState.FAILED: DispatchState.FAILED,
    OutboxState.CANCELLED: DispatchState.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenBox:
    """An addressee with the box a person chose for it. ``box_type`` as ISDS calls it, empty when not known."""

    addressee: Addressee
    box_id: str
    box_type: str = ""
    to_hands: str = ""


@operation("mailroom.dispatch.databox", title="Předání k odeslání datovou schránkou", requires=permissions.may_dispatch)
def dispatch_document(
    *,
    actor: Actor,
    document: Document,
    addressee: Addressee,
    box: Box | None,
    recipient_box_id: str,
    at: datetime,
    recipient_type: str = "",
    options: SendingOptions | None = None,
    remember: bool = False,
) -> Dispatch:
    """Send an approved document to one addressee by data box. Vyhláška 259/2012 Sb. § 18.

    ``options`` left out are those of an ordinary answer; ``remember`` writes the box to the addressee's party.
    Raises ``NotDispatchable`` or the databox's ``MessageNotSendable`` with every obstacle, ``DispatchUnderWay`` when it
    is on its way already (two people at once: one wins).
    """
    chosen = ChosenBox(addressee=addressee, box_id=recipient_box_id, box_type=recipient_type)
    [dispatch] = _dispatch(actor, document, [chosen], box, at, options, remember=remember)
    return dispatch


@operation(
    "mailroom.dispatch.databox_many",
    title="Předání k odeslání do více datových schránek",
    requires=permissions.may_dispatch,
    unlogged=("chosen",),
)
def dispatch_to_many(
    *,
    actor: Actor,
    document: Document,
    chosen: Sequence[ChosenBox],
    box: Box | None,
    at: datetime,
    options: SendingOptions | None = None,
    remember: bool = False,
) -> list[Dispatch]:
    """Send an approved document to several addressees in one step, each with a dispatch and a receipt of its own.

    Raises as :func:`dispatch_document` does, then nobody gets anything; what ISDS says of each comes afterwards.
    """
    return _dispatch(actor, document, chosen, box, at, options, remember=remember)


def _dispatch(
    actor: Actor,
    document: Document,
    chosen: Sequence[ChosenBox],
    box: Box | None,
    at: datetime,
    options: SendingOptions | None,
    *,
    remember: bool,
) -> list[Dispatch]:
    if box is None:
        raise NotDispatchable(["Organizace nemá žádnou používanou schránku. Přidá ji správce na stránce Schránky."])
    lock(document)
    for one in chosen:
        require_ready(document, one.addressee)
    items = databox.queue_messages(
        actor=actor,
        box=box,
        document=document,
        recipients=[
            Addressed(box_id=one.box_id, name=one.addressee.name, box_type=one.box_type, to_hands=one.to_hands)
            for one in chosen
        ],
        annotation=document.subject,
        files=outgoing.files_of(document),
        at=at,
        reference_number=document.reference_number,
        file_mark=outgoing.file_mark_of(document),
        options=options or outgoing.options_of(document),
    )
    for one, item in zip(chosen, items, strict=True):
        _keep_box(actor, one.addressee, item.recipient_box_id, remember=remember)
    return [
        create_dispatch(document, one.addressee, Channel.DATABOX, DispatchState.WAITING, at, outbox_item=item)
        for one, item in zip(chosen, items, strict=True)
    ]


def _keep_box(actor: Actor, addressee: Addressee, box_id: str, *, remember: bool) -> None:
    """The box stays with the addressee of this document, and with the party when a person said so."""
    if addressee.databox_id != box_id:
        Addressee.objects.filter(pk=addressee.pk).update(databox_id=box_id)
    party = addressee.party
    if remember and party is not None and party.databox_id != box_id:
        parties.edit_party(actor=actor, party=party, details=replace(PartyDetails.of(party), databox_id=box_id))


@operation("mailroom.dispatch.hand_over", title="Vypravení mimo datovou schránku", requires=permissions.may_dispatch)
def hand_over(
    *, actor: Actor, document: Document, addressee: Addressee, channel: str, at: datetime, note: str = ""
) -> Dispatch:
    """Record that a document left on paper or in person; such a sending is known as sent, not as delivered."""
    lock(document)
    require_ready(document, addressee)
    dispatch = create_dispatch(document, addressee, Channel(channel), DispatchState.SENT, at, note=note[:255])
    tell_document(actor, addressee, DispatchState.SENT, at, channel=dispatch.channel)
    return dispatch


@operation("mailroom.dispatch.cancel", title="Zrušení vypravení", requires=permissions.may_dispatch)
def cancel_dispatch(*, actor: Actor, dispatch: Dispatch, reason: str) -> Dispatch:
    """Take back a dispatch that still waits. Raises ``AlreadyUnderWay`` once ISDS may have the message."""
    if not reason.strip():
        raise ReasonMissing
    if dispatch.outbox_item is None:
        raise DispatchUnderWay("Tohle vypravení už nelze vzít zpět, dokument odešel.")
    databox.cancel_sending(actor=actor, item=dispatch.outbox_item, reason=reason.strip())
    dispatch.refresh_from_db()
    return dispatch


@operation("mailroom.dispatch.advise", title="Pokyn k nedoručené zásilce", requires=permissions.may_advise)
def advise_on_return(*, actor: Actor, dispatch: Dispatch, advice: str, at: datetime) -> Dispatch:
    """Say what to do with a letter that came back (another box, by post…); dispatch reads it beside the letter.

    Raises ``ReasonMissing`` without words, ``DispatchUnderWay`` when the letter is no longer a returned one.
    """
    if not advice.strip():
        raise ReasonMissing
    row = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
    if row.state != DispatchState.FAILED or queries.is_on_its_way(row.addressee):
        raise DispatchUnderWay("Zásilka už je znovu na cestě, pokyn není třeba. Nic se nezměnilo.")
    row.advice, row.advised_at, row.advised_by = advice.strip(), at, actor.name
    row.save(update_fields=["advice", "advised_at", "advised_by"])
    return row


@operation("mailroom.dispatch.state", title="Změna stavu vypravení", requires=only_system)
def record_dispatch_state(*, actor: Actor, dispatch: Dispatch, item: OutboxItem, at: datetime) -> Document:
    """Carry the state of a data message over to the dispatch, its addressee and the document."""
    row = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
    row.state, row.changed_at, row.problem = DISPATCH_STATES[item.state], at, item.problem
    row.sent_at, row.delivered_at = item.sent_at, item.delivered_at
    row.save()
    moment = item.delivered_at or item.sent_at or at
    tell_document(actor, row.addressee, DispatchState(row.state), moment, channel=row.channel)
    document: Document = row.document
    return document


def require_ready(document: Document, addressee: Addressee) -> None:
    """The document is approved, belongs to the addressee and has something to send."""
    if addressee.document_id != document.pk:
        raise NotDispatchable(["Adresát patří k jinému dokumentu."])
    obstacles = outgoing.obstacles_to_dispatching(document)
    if obstacles:
        raise NotDispatchable(obstacles)


def create_dispatch(
    document: Document,
    addressee: Addressee,
    channel: Channel,
    state: DispatchState,
    at: datetime,
    *,
    outbox_item: OutboxItem | None = None,
    note: str = "",
) -> Dispatch:
    jobs.ask_about([addressee.party])
    try:
        with transaction.atomic():
            return Dispatch.objects.create(
                document=document,
                addressee=addressee,
                channel=channel,
                state=state,
                outbox_item=outbox_item,
                created_at=at,
                changed_at=at,
                sent_at=at if state == DispatchState.SENT else None,
                note=note,
            )
    except IntegrityError as error:
        raise DispatchUnderWay(
            f"Dokument už je k adresátovi {addressee.name} na cestě, podruhé se neposílá. "
            "Podívejte se na stav odeslání níže na stránce výpravny."
        ) from error


def tell_document(actor: Actor, addressee: Addressee, state: DispatchState, moment: datetime, *, channel: str) -> None:
    """Bring the document and its addressee to the same state, once."""
    document = addressee.document
    match state:
        case DispatchState.SENT if addressee.dispatched_at is None or addressee.state == "failed":
            records.mark_dispatched(actor=actor, document=document, addressee=addressee, at=moment, channel=channel)
        case DispatchState.DELIVERED if addressee.delivered_at is None:
            records.mark_delivered(actor=actor, document=document, addressee=addressee, at=moment)
        case DispatchState.FAILED if addressee.state == DocumentState.DISPATCHED.value:
            records.mark_undelivered(actor=actor, document=document, addressee=addressee)
