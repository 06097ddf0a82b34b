"""What happened in the data boxes, told to higher domains inside the transaction in which it became true."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataMessagesReceived:
    """Received messages (or an uploaded ``.zfo``) are stored with everything that could be read from them."""

    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OutboxStateChanged:
    """Sending got further: sent, delivered, refused, failed…"""

    outbox_id: int
    state: str


@dataclass(frozen=True, slots=True)
class SentCopyStored:
    """The sealed copy of a sent message was fetched from ISDS."""

    message_id: int
    outbox_id: int


@dataclass(frozen=True, slots=True)
class DeliveryReceiptStored:
    """The sealed delivery receipt (doručenka) of a sent message was fetched from ISDS."""

    message_id: int
    outbox_id: int


@dataclass(frozen=True, slots=True)
class PersonalMessageReleased:
    """The person to whose own hands a message was has handed it over; its subject may be shown."""

    message_id: int
