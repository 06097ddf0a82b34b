"""Archive time stamps: a stamped version beside the original, and when to ask for the next one."""

from datetime import date, datetime

from egon.audit.operation import only_system, operation
from egon.databox import permissions
from egon.databox.models import ArchiveStamp, Box, DataMessage, lock
from egon.kernel.actor import Actor
from egon.storage import BlobRef


@operation("databox.stamp.switch", title="Prodlužování archivních razítek", requires=permissions.may_administer_boxes)
def switch_stamps(*, actor: Actor, box: Box, on: bool) -> Box:
    """Let the nightly job renew time stamps of the messages of a box, or not; what is stamped already stays."""
    row = lock(Box, box.pk)
    row.keeps_stamped = on
    row.save(update_fields=["keeps_stamped"])
    return row


@operation("databox.stamp.store", title="Archivní razítko datové zprávy", requires=only_system)
def store_stamp(
    *, actor: Actor, message: DataMessage, blob: BlobRef, next_stamp_to: date | None, due_at: datetime, at: datetime
) -> ArchiveStamp:
    """Keep a stamped version; the original stays. The same version told twice is kept once."""
    row = lock(DataMessage, message.pk)
    stamp, _ = ArchiveStamp.objects.get_or_create(
        message=row,
        digest=blob.digest,
        defaults={"size": blob.size, "stamped_at": at, "next_stamp_to": next_stamp_to},
    )
    row.next_stamp_to, row.stamp_due_at, row.stamp_problem = next_stamp_to, due_at, ""
    row.save(update_fields=["next_stamp_to", "stamp_due_at", "stamp_problem"])
    return stamp


@operation("databox.stamp.give_up", title="Archivní razítko nelze přidat", requires=only_system)
def give_up_stamping(*, actor: Actor, message: DataMessage, reason: str) -> DataMessage:
    """ISDS will never stamp this document; the reason stays with it."""
    row = lock(DataMessage, message.pk)
    row.stamp_problem, row.stamp_due_at = reason, None
    row.save(update_fields=["stamp_problem", "stamp_due_at"])
    return row


@operation("databox.stamp.again", title="Nový pokus o archivní razítko", requires=permissions.may_administer_boxes)
def stamp_again(*, actor: Actor, message: DataMessage, at: datetime) -> DataMessage:
    """Ask once more the next night for a stamp that was refused for good."""
    row = lock(DataMessage, message.pk)
    row.stamp_problem, row.stamp_due_at = "", at
    row.save(update_fields=["stamp_problem", "stamp_due_at"])
    return row
