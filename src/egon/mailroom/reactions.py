"""What the mailroom does when something happens in the data boxes (listed in ``egon.config.wiring``)."""

from egon.databox import events
from egon.databox.models import DataMessage, OutboxItem
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.mailroom import operations, queries
from egon.mailroom.models import Dispatch, DispatchState
from egon.records.events import WithdrawalAsked
from egon.tenancy.scope import current_tenant_id


def take_in(event: events.DataMessagesReceived) -> None:
    """Messages lie in the inbox as soon as they are stored."""
    messages = DataMessage.objects.filter(pk__in=event.message_ids).order_by("pk").prefetch_related("files")
    operations.receive_items(actor=_system(), messages=list(messages), at=clock.now())


def show_released(event: events.PersonalMessageReleased) -> None:
    """The inbox shows the subject of a message that its person handed over."""
    messages = DataMessage.objects.filter(pk=event.message_id).prefetch_related("files")
    operations.receive_items(actor=_system(), messages=list(messages), at=clock.now())


def follow_sending(event: events.OutboxStateChanged) -> None:
    """The dispatch, its addressee and the document follow the state of the data message."""
    dispatch = Dispatch.objects.filter(outbox_item_id=event.outbox_id).first()
    if dispatch is not None:
        item = OutboxItem.objects.get(pk=event.outbox_id)
        operations.record_dispatch_state(actor=_system(), dispatch=dispatch, item=item, at=clock.now())


def file_sealed_copy(event: events.SentCopyStored | events.DeliveryReceiptStored) -> None:
    """The sealed copy of a sent message and its receipt lie with the document."""
    operations.file_under_document(
        actor=_system(),
        message=DataMessage.objects.get(pk=event.message_id),
        sending=OutboxItem.objects.select_related("document").get(pk=event.outbox_id),
    )


def hold_withdrawal(event: WithdrawalAsked) -> None:
    """A letter that waits, leaves or has left is not withdrawn behind the mailroom's back: it is taken back first."""
    on_its_way = queries.dispatches_on_their_way(event.document_id)
    for dispatch in on_its_way.select_related("addressee"):
        if dispatch.state == DispatchState.WAITING:
            told = f"Dokument čeká ve výpravně na odeslání ({dispatch.addressee}). Nejdřív vypravení zrušte."
        else:
            told = f"Dokument odešel nebo právě odchází ({dispatch.addressee}), proto zůstává."
        event.obstacles.append(told)


def _system() -> Actor:
    return Actor.system(current_tenant_id())
