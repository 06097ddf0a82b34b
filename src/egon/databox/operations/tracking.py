"""What ISDS tells about sent messages: delivered, read, undeliverable."""

from datetime import datetime

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.databox import events
from egon.databox.models import DataMessage, Direction, OutboxItem, OutboxState, Progress, lock
from egon.databox.rules import Outcome, outcome_of
from egon.gateways.isds.codes import MessageState
from egon.kernel.actor import Actor
from egon.kernel.events import publish

_ENDS = {Outcome.DELIVERED: OutboxState.DELIVERED, Outcome.UNDELIVERABLE: OutboxState.UNDELIVERABLE}


@operation("databox.outbox.state", title="Změna stavu datové zprávy", requires=only_system)
def record_state(
    *, actor: Actor, item: OutboxItem, message_state: int, happened_at: datetime | None, at: datetime
) -> OutboxItem:
    """Record a state of a sent message. When it ends the waiting, the sealed receipt (doručenka) is asked for."""
    row = lock(OutboxItem, item.pk)
    if message_state <= row.message_state:
        return row
    row.message_state = message_state
    outcome = outcome_of(message_state)
    ends_now = outcome is not Outcome.WAITING and row.state == OutboxState.SENT
    if ends_now:
        row.state = _ENDS[outcome]
        row.delivered_at = (happened_at or at) if outcome is Outcome.DELIVERED else None
        row.problem = "" if outcome is Outcome.DELIVERED else _why_undeliverable(message_state)
        row.receipt, _ = DataMessage.objects.get_or_create(
            box_id=row.box_id,
            dm_id=row.dm_id,
            direction=Direction.RECEIPT,
            defaults={
                "progress": Progress.ANNOUNCED,
                "annotation": row.annotation,
                "recipient_box_id": row.recipient_box_id,
                "recipient_name": row.recipient_name,
                "announced_at": at,
            },
        )
    row.save()
    log.note(state=MessageState(message_state).label)
    if ends_now:
        publish(events.OutboxStateChanged(outbox_id=row.pk, state=row.state))
    return row


def _why_undeliverable(message_state: int) -> str:
    return (
        f"Zpráva nebyla doručena ({MessageState(message_state).label}). "
        "Dokument zůstal beze změny; odešlete ho jiným způsobem nebo do jiné schránky."
    )
