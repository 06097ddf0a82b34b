"""The data message of a document, as its page shows it: envelope, checks, delivery of each dispatch, receipt."""

from dataclasses import dataclass
from typing import Any

from egon.databox import queries as databox
from egon.databox.models import DataMessage, OutboxItem
from egon.gateways.isds.codes import MessageState
from egon.kernel.actor import Actor, Role
from egon.mailroom import queries as mailroom
from egon.mailroom.models import Dispatch, DispatchState
from egon.records.models import Document
from egon.web.mailroom import facts

_TONES = {
    DispatchState.WAITING: "primary",
    DispatchState.HANDED: "warning",
    DispatchState.SENT: "primary",
    DispatchState.DELIVERED: "success",
    DispatchState.FAILED: "error",
}


@dataclass(frozen=True, slots=True)
class DispatchView:
    """One dispatch as a row: to whom, how, how far, and what proves it."""

    dispatch: Dispatch
    chip: facts.Chip
    state_in_isds: str
    message: DataMessage | None
    receipt: DataMessage | None


def context(actor: Actor, document: Document) -> dict[str, Any]:
    """Context of ``databox/panel.html`` for one document. Everyone who sees the document sees its delivery."""
    item = mailroom.intake_of(document) if document.direction == "received" else None
    message = item.data_message if item else None
    dispatches = list(mailroom.dispatches_of(document)) if document.direction == "outgoing" else []
    sendings = {sending.pk: sending for sending in databox.sendings_of(document)} if dispatches else {}
    return {
        "data_message": message,
        "data_message_facts": facts.envelope_facts(message) if message else [],
        "data_message_chip": facts.checks_chip(message.checks_level, message.checks) if message else None,
        "data_message_groups": facts.check_groups(message) if message else [],
        "dispatches": [_row(dispatch, sendings.get(dispatch.outbox_item_id or 0)) for dispatch in dispatches],
        "may_dispatch": actor.has(Role.MAILROOM) and document.direction == "outgoing",
    }


def _row(dispatch: Dispatch, sending: OutboxItem | None) -> DispatchView:
    state = DispatchState(dispatch.state)
    chip = facts.Chip(state.label, _TONES[state], dispatch.problem)
    in_isds = MessageState(sending.message_state).label if sending and sending.message_state else ""
    receipt = sending.receipt if sending and sending.receipt and sending.receipt.zfo_digest else None
    copy = sending.message if sending and sending.message and sending.message.zfo_digest else None
    return DispatchView(dispatch, chip, in_isds, copy, receipt)
