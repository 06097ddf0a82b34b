"""What happened in the data boxes, told to higher domains inside the transaction in which it became true."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataMessageReceived:
    """A received message (or an uploaded ``.zfo``) is stored with everything that could be read from it."""

    message_id: int


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
