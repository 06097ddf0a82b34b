"""A message in the outbox brought to any state, without ISDS."""

from typing import Any

from tests.letters import approved_letter

from egon.databox.models import Box, OutboxItem, OutboxState
from egon.kernel import clock
from egon.mailroom import operations as mailroom
from egon.mailroom.models import Dispatch

SENT_ONCE = (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.UNDELIVERABLE)


def queued(world: Any) -> OutboxItem:
    """A letter to the citizen handed over to dispatch; nothing was sent yet."""
    addressee = approved_letter(world)
    dispatch: Dispatch = mailroom.dispatch_document(
        actor=world.actor(world.clerk),
        document=addressee.document,
        addressee=addressee,
        box=Box.objects.get(),
        recipient_box_id=addressee.databox_id,
        at=clock.now(),
    )
    item: OutboxItem = dispatch.outbox_item
    return item


def put_into(item: OutboxItem, state: str) -> OutboxItem:
    """As if the message had got there; who had been sent has its number."""
    dm_id = "900001" if state in SENT_ONCE else ""
    OutboxItem.objects.filter(pk=item.pk).update(state=state, dm_id=dm_id)
    item.refresh_from_db()
    return item


def picture(item: OutboxItem) -> dict[str, Any]:
    """The row as it stands in the database."""
    values: dict[str, Any] = OutboxItem.objects.filter(pk=item.pk).values().get()
    return values
