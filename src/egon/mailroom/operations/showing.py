"""The inbox of the mailroom tells also of what was registered otherwise than from a message: paper, tables."""

from datetime import datetime

from egon.kernel.actor import Actor
from egon.mailroom.models import Channel, IntakeItem, IntakeState
from egon.records.models import Document


def show_in_inbox(actor: Actor, document: Document, channel: Channel, at: datetime) -> IntakeItem:
    """An item of the inbox for a document registered just now."""
    item: IntakeItem = IntakeItem.objects.create(
        channel=channel,
        state=IntakeState.REGISTERED,
        received_at=document.delivered_at or document.registered_at,
        subject=document.subject,
        sender_name=document.sender.name if document.sender else "",
        document=document,
        decided_at=at,
        decided_by=actor.name,
    )
    return item
