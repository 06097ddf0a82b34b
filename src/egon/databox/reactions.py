"""What data boxes do when records tell that something happened."""

from egon.databox.models import ArchiveStamp, DataMessage, MessageEvent, MessageFile, OutboxItem
from egon.kernel import clock
from egon.records.erasing import doom
from egon.records.events import DocumentToBeErased
from egon.records.models import ComponentVersion
from egon.records.rules.states import DocumentState

# What of an envelope is not needed to recognise the message when ISDS lists it again.
_ERASED = (
    "sender_box_id", "sender_name", "sender_address", "sender_type", "recipient_box_id", "recipient_name",
    "recipient_address", "annotation", "sender_reference", "sender_file_mark", "recipient_reference",
    "recipient_file_mark", "to_hands", "legal_title", "hidden_annotation", "zfo_digest", "content_hash", "problem",
)  # fmt: skip


def erase_messages(event: DocumentToBeErased) -> None:
    """Erase the content of messages that only this document came or left in; that they were stays (NSESSS 7.2.7)."""
    contents = ComponentVersion.objects.filter(component__document=event.document_id).values_list("digest", flat=True)
    sent = OutboxItem.objects.filter(document=event.document_id)
    related = [pk for pair in sent.values_list("message", "receipt") for pk in pair if pk]
    messages = DataMessage.objects.filter(pk__in=related) | DataMessage.objects.filter(zfo_digest__in=list(contents))
    for message in messages.exclude(zfo_digest=""):
        if not _is_kept_by_another(message, event.document_id):
            _erase(message)


def _is_kept_by_another(message: DataMessage, document_id: int) -> bool:
    others = ComponentVersion.objects.filter(digest=message.zfo_digest).exclude(component__document=document_id)
    return others.exclude(component__document__state=DocumentState.DESTROYED.value).exists()


def _erase(message: DataMessage) -> None:
    parts = (MessageFile.objects.filter(message=message), ArchiveStamp.objects.filter(message=message))
    doom({message.zfo_digest, *(part.digest for rows in parts for part in rows)}, clock.now())
    for rows in (*parts, MessageEvent.objects.filter(message=message)):
        rows.delete()
    for name in _ERASED:
        setattr(message, name, "")
    message.checks, message.stamp_due_at = [], None
    message.save()
