"""Messages that lie in a box undelivered: they are noticed, and a person decides to take them over."""

from collections.abc import Sequence
from datetime import datetime

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.databox import jobs, permissions, rules
from egon.databox.errors import BoxNotUsable
from egon.databox.models import Box, DataMessage, Direction, Progress, lock
from egon.databox.operations.receiving import hide_personal
from egon.databox.rules import fits
from egon.gateways.isds.codes import MessageState
from egon.gateways.isds.reports import Notification
from egon.kernel.actor import Actor


@operation("databox.message.notice", title="Zprávy zjištěné bez doručení", requires=only_system, unlogged=("records",))
def notice_messages(*, actor: Actor, box: Box, records: Sequence[Notification], at: datetime) -> list[DataMessage]:
    """Register messages that notifications tell of. They stay undelivered and wait for a person's decision."""
    rows = [_noticed(box, record, at) for record in {record.dm_id: record for record in records}.values()]
    DataMessage.objects.bulk_create(rows, ignore_conflicts=True)
    ids = [row.dm_id for row in rows]
    log.note(dm_ids=ids)
    return list(DataMessage.objects.filter(box=box, direction=Direction.RECEIVED, dm_id__in=ids).order_by("pk"))


@operation("databox.message.follow", title="Stav nepřevzaté zprávy", requires=only_system)
def follow_noticed(
    *, actor: Actor, message: DataMessage, state: int, accepted_at: datetime | None, at: datetime
) -> DataMessage:
    """Record what ISDS says of a message not taken over. Delivered by a login elsewhere, it is to be downloaded."""
    row = lock(DataMessage, message.pk)
    if row.progress != Progress.NOTICED:
        return row
    row.state, row.accepted_at = state, accepted_at
    if state in rules.DOWNLOADABLE:
        row.progress, row.next_attempt_at, row.announced_at = Progress.ANNOUNCED, None, at
    row.save()
    log.note(state=MessageState(state).label)
    return row


def note_asked(message: DataMessage, *, at: datetime) -> None:
    """Remember when to ask about a noticed message again (technical state, so not in the log)."""
    noticed = DataMessage.objects.filter(pk=message.pk, progress=Progress.NOTICED)
    noticed.update(next_attempt_at=at + rules.NOTICED_ASKED_EVERY)


@operation("databox.deliver", title="Převzetí čekajících zpráv (doručení)", requires=permissions.may_receive)
def deliver_waiting(*, actor: Actor, box: Box, at: datetime) -> Box:
    """Order to list the box, which **delivers everything that lies in it** and starts the deadlines of the law.

    The order stands in the table until ISDS has given the list. Raises ``BoxNotUsable``.
    """
    row = lock(Box, box.pk)
    if not row.active:
        raise BoxNotUsable(["Schránka se nepoužívá. Nejdřív ji správce musí znovu zapnout."])
    waiting = DataMessage.objects.filter(box=row, progress=Progress.NOTICED).values_list("dm_id", flat=True)
    log.note(noticed=list(waiting))
    row.listing_asked_at = at
    if not row.needs_administrator:
        row.next_attempt_at = None
    row.save(update_fields=["listing_asked_at", "next_attempt_at"])
    jobs.ask_to_fetch(row.pk, urgent=True)
    return row


def _noticed(box: Box, record: Notification, at: datetime) -> DataMessage:
    row = DataMessage(
        box=box,
        dm_id=record.dm_id,
        direction=Direction.RECEIVED,
        progress=Progress.NOTICED,
        state=int(MessageState.DELIVERED_TO_BOX),
        sender_box_id=record.sender_box[:7],
        sender_name=fits(record.sender, 255),
        recipient_box_id=box.box_id,
        recipient_name=fits(box.name, 255),
        annotation=fits(record.annotation, 255),
        personal_delivery=record.personal_delivery,
        delivered_at=record.delivery_time,
        announced_at=at,
        next_attempt_at=at + rules.NOTICED_ASKED_EVERY,
    )
    hide_personal(row)
    return row
