"""What the less common operations on messages answer, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from lxml import etree

from egon.gateways.isds import messages
from egon.gateways.isds.codes import MessageState, StatusCode
from egon.gateways.isds.messages import MessageEnvelope, MessageHash
from egon.gateways.isds.safe_xml import bool_of, bool_or_none, child, children, int_of, int_or_none, text_of
from egon.gateways.isds.times import parse_time


@dataclass(frozen=True, slots=True)
class RecipientOutcome:
    """What became of one recipient of CreateMultipleMessage; ``dm_id`` is empty when it was refused."""

    box_id: str
    dm_id: str
    status: StatusCode
    text: str

    @property
    def sent(self) -> bool:
        return bool(self.dm_id) and self.status.is_success


@dataclass(frozen=True, slots=True)
class DownloadedFile:
    """One attachment of an unsigned download; ``is_xml`` marks ``dmXMLContent``."""

    name: str
    mime_type: str
    role: str
    content: bytes = field(repr=False)
    guid: str = ""
    parent_guid: str = ""
    is_xml: bool = False


@dataclass(frozen=True, slots=True)
class DownloadedMessage:
    """Answer of MessageDownload: a received message without a seal. It proves nothing; archive the signed one."""

    envelope: MessageEnvelope
    files: tuple[DownloadedFile, ...]
    state: MessageState
    hash: MessageHash | None
    timestamp_token: bytes = field(repr=False)
    delivery_time: datetime | None
    acceptance_time: datetime | None
    attachment_size: int | None
    message_type: str = ""
    special_flag: int | None = None


@dataclass(frozen=True, slots=True)
class MessageAuthor:
    """Who wrote a message (GetMessageAuthor2). ``facts`` are the pairs as they came; unknown keys stay."""

    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def user_type(self) -> str:
        return self.facts.get("userType", "")

    @property
    def name(self) -> str:
        """Given names and last name, empty when the author did not disclose them."""
        return f"{self.facts.get('pnGivenNames', '')} {self.facts.get('pnLastName', '')}".strip()


@dataclass(frozen=True, slots=True)
class PlainAuthor:
    """Answer of the old GetMessageAuthor: kind of the user and the name in one text."""

    user_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Notification:
    """One record of GetListForNotifications: a message put into the box, told without delivering it."""

    kind: int
    dm_id: str
    personal_delivery: bool
    delivery_time: datetime | None
    recipient_box: str
    annotation: str
    sender_box: str
    sender: str


@dataclass(frozen=True, slots=True)
class Notifications:
    """Answer of GetListForNotifications; with ``more`` ask again from the time of the last record."""

    records: tuple[Notification, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class AsyncResult:
    """Answer of PickUpAsyncResponse: ``content`` is a ZIP with the list."""

    kind: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ResignedDocument:
    """Answer of Re-signISDSDocument: the document with a new seal and the last day it can be verified."""

    content: bytes = field(repr=False)
    valid_until: date | None


def read_outcomes(answer: etree._Element, boxes: tuple[str, ...]) -> tuple[RecipientOutcome, ...] | None:
    """Outcomes in the order of the recipients; ``None`` when their number differs and they cannot be paired."""
    found = children(child(answer, "dmMultipleStatus"), "dmSingleStatus")
    if len(found) != len(boxes):
        return None
    return tuple(_outcome(item, box) for item, box in zip(found, boxes, strict=True))


def _outcome(item: etree._Element, box: str) -> RecipientOutcome:
    status = child(item, "dmStatus")
    return RecipientOutcome(
        box_id=box,
        dm_id=text_of(item, "dmID").strip(),
        status=StatusCode(text_of(status, "dmStatusCode").strip()),
        text=text_of(status, "dmStatusMessage").strip(),
    )


def read_downloaded(answer: etree._Element) -> DownloadedMessage | None:
    """Content of MessageDownload and BigMessageDownload, ``None`` when ISDS returned nothing."""
    found = child(answer, "dmReturnedMessage")
    dm = child(found, "dmDm")
    if found is None or dm is None:
        return None
    return DownloadedMessage(
        envelope=messages.read_envelope(dm),
        files=tuple(_file(item) for item in children(child(dm, "dmFiles"), "dmFile")),
        state=messages.state_of(found),
        hash=messages.read_hash(found),
        timestamp_token=messages.base64_or_empty(text_of(found, "dmQTimestamp")),
        delivery_time=parse_time(text_of(found, "dmDeliveryTime")),
        acceptance_time=parse_time(text_of(found, "dmAcceptanceTime")),
        attachment_size=int_of(found, "dmAttachmentSize"),
        message_type=found.get("dmType", ""),
        special_flag=int_or_none(found.get("specMessFlag")),
    )


def _file(item: etree._Element) -> DownloadedFile:
    xml = child(item, "dmXMLContent")
    if xml is not None:
        content = "".join([xml.text or "", *(etree.tostring(part, encoding="unicode") for part in xml)]).encode()
    else:
        content = messages.base64_or_empty(text_of(item, "dmEncodedContent"))
    return DownloadedFile(
        name=item.get("dmFileDescr", ""),
        mime_type=item.get("dmMimeType", ""),
        role=item.get("dmFileMetaType", ""),
        content=content,
        guid=item.get("dmFileGuid", ""),
        parent_guid=item.get("dmUpFileGuid", ""),
        is_xml=xml is not None,
    )


def read_author(answer: etree._Element) -> MessageAuthor:
    """Content of GetMessageAuthor2."""
    items = children(child(answer, "dmMessageAuthor"), "maItem")
    return MessageAuthor(MappingProxyType({item.get("key", ""): item.get("value", "") for item in items}))


def read_plain_author(answer: etree._Element) -> PlainAuthor:
    """Content of GetMessageAuthor."""
    return PlainAuthor(text_of(answer, "userType").strip(), text_of(answer, "authorName").strip())


def read_notifications(answer: etree._Element) -> Notifications:
    """Content of GetListForNotifications."""
    found = children(child(answer, "ntfRecords"), "ntfRecord")
    return Notifications(tuple(_notification(item) for item in found), bool_of(answer, "ntfListContinues") or False)


def _notification(item: etree._Element) -> Notification:
    return Notification(
        kind=int_of(item, "ntfType") or 0,
        dm_id=text_of(item, "dmID").strip(),
        personal_delivery=(int_of(item, "dmPersonalDelivery") or 0) != 0 or bool_of(item, "dmPersonalDelivery") is True,
        delivery_time=parse_time(text_of(item, "dmDeliveryTime")),
        recipient_box=text_of(item, "dbIDRecipient"),
        annotation=text_of(item, "dmAnnotation"),
        sender_box=text_of(item, "dbIDSender"),
        sender=text_of(item, "dmSender"),
    )


def truth_of(answer: etree._Element, name: str) -> bool | None:
    """An outcome given as a truth value; ``None`` when ISDS did not decide."""
    return bool_or_none(text_of(answer, name))


def date_of(parent: etree._Element | None, name: str) -> date | None:
    """An ``xs:date``; ``None`` for an empty or unreadable one."""
    try:
        return date.fromisoformat(text_of(parent, name).strip()[:10])
    except ValueError:
        return None


LIST_ERASED: Final = "LIST_ERASED"
"""``asyncReqType`` of the list of erased messages."""
