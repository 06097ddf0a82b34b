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
_NEXT_STEPS = {
    MessageState.UNDELIVERABLE: (
        "Zpráva nebyla doručena: schránka příjemce byla zpětně znepřístupněna. Dokument zůstal beze změny; "
        "vyhledejte jinou schránku příjemce, nebo ho odešlete jiným způsobem (například poštou)."
    ),
    MessageState.INFECTED: (
        "Zpráva nebyla dodána: antivirová kontrola ISDS našla v příloze škodlivý kód. Dokument zůstal beze změny; "
        "nechte přílohu prověřit a nahradit, pak ho odešlete znovu nebo jiným způsobem."
    ),
}


@operation("databox.outbox.state", title="Změna stavu datové zprávy", requires=only_system)
def record_state(
    *, actor: Actor, item: OutboxItem, message_state: int, happened_at: datetime | None, at: datetime
) -> OutboxItem:
    """Record a state of a sent message. When it ends the waiting, the sealed receipt (doručenka) is asked for.

    The first delivery is the one that counts: a login after the fiction changes the state shown, neither the time nor
    the receipt (§ 17 odst. 4 zákona č. 300/2008 Sb.).
    """
    row = lock(OutboxItem, item.pk)
    if message_state <= row.message_state:
        return row
    row.message_state = message_state
    if message_state == MessageState.DELIVERED_TO_BOX:
        row.put_in_box_at = happened_at or at
    outcome = outcome_of(message_state)
    ends_now = outcome is not Outcome.WAITING and row.state == OutboxState.SENT
    if ends_now:
        _end(row, outcome, happened_at or at, at)
    row.save()
    log.note(state=MessageState(message_state).label)
    if ends_now:
        publish(events.OutboxStateChanged(outbox_id=row.pk, state=row.state))
    return row


def _end(row: OutboxItem, outcome: Outcome, happened_at: datetime, at: datetime) -> None:
    row.state = _ENDS[outcome]
    if outcome is Outcome.DELIVERED:
        row.delivered_at, row.delivered_state, row.problem = happened_at, row.message_state, ""
    else:
        row.problem = _NEXT_STEPS[MessageState(row.message_state)]
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
