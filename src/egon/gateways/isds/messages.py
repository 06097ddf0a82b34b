"""What ISDS tells about data messages, as frozen records, and how they are read from its answers."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from lxml import etree

from egon.gateways.isds.codes import BoxType, EventKind, MessageState
from egon.gateways.isds.safe_xml import (
    bool_of,
    bool_or_none,
    child,
    children,
    int_of,
    int_or_none,
    local_name,
    text_of,
)
from egon.gateways.isds.times import parse_time


@dataclass(frozen=True, slots=True)
class LegalTitle:
    """Authorisation the sender names (zmocnění): law number, year, section, paragraph, point."""

    law: int | None = None
    year: int | None = None
    section: str = ""
    paragraph: str = ""
    point: str = ""


@dataclass(frozen=True, slots=True)
class MessageEnvelope:
    """Envelope of a message (``gMessageEnvelope``). Missing and nil texts are empty; unknown fields in ``extra``."""

    dm_id: str
    sender_box: str = ""
    sender: str = ""
    sender_address: str = ""
    sender_type: BoxType = field(default_factory=BoxType)
    recipient: str = ""
    recipient_address: str = ""
    ambiguous_recipient: bool | None = None
    sender_unit: str = ""
    sender_unit_number: int | None = None
    recipient_box: str = ""
    recipient_unit: str = ""
    recipient_unit_number: int | None = None
    to_hands: str = ""
    annotation: str = ""
    recipient_reference_number: str = ""
    sender_reference_number: str = ""
    recipient_file_mark: str = ""
    sender_file_mark: str = ""
    legal_title: LegalTitle = LegalTitle()
    personal_delivery: bool | None = None
    allow_fiction: bool | None = None
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class MessageHash:
    """Digest of ``dmDm`` as ISDS states it. ``algorithm`` is its text (``SHA-256``); ``value`` the raw digest."""

    algorithm: str
    value: bytes


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """One line of a delivery record (``dmEvent``)."""

    time: datetime | None
    description: str

    @property
    def kind(self) -> EventKind:
        return EventKind.of(self.description)


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """One line of a list of messages (``dmRecord``). ``delivery_time`` is *dodání*, ``acceptance_time`` *doručení*.

    ``attachment_size`` is in kilobytes as ISDS gives it; ``message_type`` is empty for a public message.
    """

    envelope: MessageEnvelope
    state: MessageState
    delivery_time: datetime | None
    acceptance_time: datetime | None
    attachment_size: int | None
    ordinal: int | None = None
    message_type: str = ""
    is_big: bool = False
    special_flag: int | None = None

    @property
    def dm_id(self) -> str:
        return self.envelope.dm_id


@dataclass(frozen=True, slots=True)
class ReceivedRecord(MessageRecord):
    """A line of GetListOfReceivedMessages. Asking for it causes legal delivery."""


@dataclass(frozen=True, slots=True)
class SentRecord(MessageRecord):
    """A line of GetListOfSentMessages."""


@dataclass(frozen=True, slots=True)
class ReturnedEnvelope:
    """Answer of MessageEnvelopeDownload: envelope with hash and time stamp, available also after erasure."""

    envelope: MessageEnvelope
    state: MessageState
    hash: MessageHash | None
    timestamp_token: bytes
    delivery_time: datetime | None
    acceptance_time: datetime | None
    attachment_size: int | None
    message_type: str = ""
    is_big: bool = False
    attachment_count: int | None = None
    special_flag: int | None = None


@dataclass(frozen=True, slots=True)
class DeliveryInfo:
    """Answer of GetDeliveryInfo: the delivery receipt (doručenka) without a seal."""

    envelope: MessageEnvelope
    state: MessageState
    hash: MessageHash | None
    timestamp_token: bytes
    delivery_time: datetime | None
    acceptance_time: datetime | None
    events: tuple[MessageEvent, ...]


@dataclass(frozen=True, slots=True)
class StateChange:
    """One change of state of a sent message (GetMessageStateChanges)."""

    dm_id: str
    time: datetime | None
    state: MessageState


_KNOWN_FIELDS: Final = frozenset(
    {
        "dmID",
        "dbIDSender",
        "dmSender",
        "dmSenderAddress",
        "dmSenderType",
        "dmRecipient",
        "dmRecipientAddress",
        "dmAmbiguousRecipient",
        "dmSenderOrgUnit",
        "dmSenderOrgUnitNum",
        "dbIDRecipient",
        "dmRecipientOrgUnit",
        "dmRecipientOrgUnitNum",
        "dmToHands",
        "dmAnnotation",
        "dmRecipientRefNumber",
        "dmSenderRefNumber",
        "dmRecipientIdent",
        "dmSenderIdent",
        "dmLegalTitleLaw",
        "dmLegalTitleYear",
        "dmLegalTitleSect",
        "dmLegalTitlePar",
        "dmLegalTitlePoint",
        "dmPersonalDelivery",
        "dmAllowSubstDelivery",
        "dmFiles",
        "dmOrdinal",
        "dmMessageStatus",
        "dmAttachmentSize",
        "dmDeliveryTime",
        "dmAcceptanceTime",
    }
)


def read_envelope(dm: etree._Element) -> MessageEnvelope:
    """Envelope fields of a ``dmDm`` or ``dmRecord`` element."""
    return MessageEnvelope(
        dm_id=text_of(dm, "dmID").strip(),
        sender_box=text_of(dm, "dbIDSender"),
        sender=text_of(dm, "dmSender"),
        sender_address=text_of(dm, "dmSenderAddress"),
        sender_type=BoxType.of(text_of(dm, "dmSenderType")),
        recipient=text_of(dm, "dmRecipient"),
        recipient_address=text_of(dm, "dmRecipientAddress"),
        ambiguous_recipient=bool_of(dm, "dmAmbiguousRecipient"),
        sender_unit=text_of(dm, "dmSenderOrgUnit"),
        sender_unit_number=int_of(dm, "dmSenderOrgUnitNum"),
        recipient_box=text_of(dm, "dbIDRecipient"),
        recipient_unit=text_of(dm, "dmRecipientOrgUnit"),
        recipient_unit_number=int_of(dm, "dmRecipientOrgUnitNum"),
        to_hands=text_of(dm, "dmToHands"),
        annotation=text_of(dm, "dmAnnotation"),
        recipient_reference_number=text_of(dm, "dmRecipientRefNumber"),
        sender_reference_number=text_of(dm, "dmSenderRefNumber"),
        recipient_file_mark=text_of(dm, "dmRecipientIdent"),
        sender_file_mark=text_of(dm, "dmSenderIdent"),
        legal_title=_legal_title(dm),
        personal_delivery=bool_of(dm, "dmPersonalDelivery"),
        allow_fiction=bool_of(dm, "dmAllowSubstDelivery"),
        extra=MappingProxyType(
            {local_name(item): item.text or "" for item in dm if local_name(item) not in _KNOWN_FIELDS}
        ),
    )


def _legal_title(dm: etree._Element) -> LegalTitle:
    return LegalTitle(
        law=int_of(dm, "dmLegalTitleLaw"),
        year=int_of(dm, "dmLegalTitleYear"),
        section=text_of(dm, "dmLegalTitleSect"),
        paragraph=text_of(dm, "dmLegalTitlePar"),
        point=text_of(dm, "dmLegalTitlePoint"),
    )


def read_records[R: MessageRecord](answer: etree._Element, kind: type[R]) -> tuple[R, ...]:
    """The ``dmRecord`` lines of a list of messages."""
    return tuple(_record(item, kind) for item in children(child(answer, "dmRecords"), "dmRecord"))


def _record[R: MessageRecord](item: etree._Element, kind: type[R]) -> R:
    return kind(
        envelope=read_envelope(item),
        state=state_of(item),
        delivery_time=parse_time(text_of(item, "dmDeliveryTime")),
        acceptance_time=parse_time(text_of(item, "dmAcceptanceTime")),
        attachment_size=int_of(item, "dmAttachmentSize"),
        ordinal=int_of(item, "dmOrdinal"),
        message_type=item.get("dmType", ""),
        is_big=bool_or_none(item.get("dmVODZ")) or False,
        special_flag=int_or_none(item.get("specMessFlag")),
    )


def read_returned_envelope(answer: etree._Element) -> ReturnedEnvelope | None:
    """Content of MessageEnvelopeDownload, ``None`` when ISDS returned nothing."""
    found = child(answer, "dmReturnedMessageEnvelope")
    dm = child(found, "dmDm")
    if found is None or dm is None:
        return None
    return ReturnedEnvelope(
        envelope=read_envelope(dm),
        state=state_of(found),
        hash=read_hash(found),
        timestamp_token=base64_or_empty(text_of(found, "dmQTimestamp")),
        delivery_time=parse_time(text_of(found, "dmDeliveryTime")),
        acceptance_time=parse_time(text_of(found, "dmAcceptanceTime")),
        attachment_size=int_of(found, "dmAttachmentSize"),
        message_type=found.get("dmType", ""),
        is_big=bool_or_none(found.get("dmVODZ")) or False,
        attachment_count=int_or_none(found.get("attsNum")),
        special_flag=int_or_none(found.get("specMessFlag")),
    )


def read_delivery_info(answer: etree._Element) -> DeliveryInfo | None:
    """Content of GetDeliveryInfo, ``None`` when ISDS returned nothing."""
    found = child(answer, "dmDelivery")
    dm = child(found, "dmDm")
    if found is None or dm is None:
        return None
    return DeliveryInfo(
        envelope=read_envelope(dm),
        state=state_of(found),
        hash=read_hash(found),
        timestamp_token=base64_or_empty(text_of(found, "dmQTimestamp")),
        delivery_time=parse_time(text_of(found, "dmDeliveryTime")),
        acceptance_time=parse_time(text_of(found, "dmAcceptanceTime")),
        events=read_events(found),
    )


def read_events(parent: etree._Element) -> tuple[MessageEvent, ...]:
    """The ``dmEvents`` of a delivery record in the order given."""
    return tuple(
        MessageEvent(parse_time(text_of(item, "dmEventTime")), text_of(item, "dmEventDescr"))
        for item in children(child(parent, "dmEvents"), "dmEvent")
    )


def read_state_changes(answer: etree._Element) -> tuple[StateChange, ...]:
    """Content of GetMessageStateChanges."""
    return tuple(
        StateChange(text_of(item, "dmID").strip(), parse_time(text_of(item, "dmEventTime")), state_of(item))
        for item in children(child(answer, "dmRecords"), "dmRecord")
    )


def read_hash(parent: etree._Element) -> MessageHash | None:
    """The ``dmHash`` element, ``None`` when it is missing or empty."""
    found = child(parent, "dmHash")
    value = base64_or_empty(text_of(parent, "dmHash"))
    return MessageHash(found.get("algorithm", ""), value) if found is not None and value else None


def state_of(parent: etree._Element) -> MessageState:
    """The ``dmMessageStatus``; zero when ISDS gave none."""
    return MessageState(int_of(parent, "dmMessageStatus") or 0)


def base64_or_empty(text: str) -> bytes:
    """Decoded base64; empty bytes for an empty or undecodable value."""
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""
