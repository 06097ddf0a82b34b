"""A message to be sent, and its requests written piece by piece."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from egon.gateways.isds.messages import LegalTitle
from egon.gateways.isds.soap import SOAP12_TYPE, XML_TYPE, allowed_text, closing, element, opening
from egon.gateways.isds.sources import CHUNK
from egon.gateways.isds.uploads import ExternalFile


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """One attachment (``dmFile``). ``role`` is main, enclosure, signature or meta (``dmFileMetaType``)."""

    name: str
    content: bytes = field(repr=False)
    mime_type: str
    role: str = "enclosure"
    guid: str = ""
    parent_guid: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message for one recipient. Reference number is číslo jednací, file mark spisová značka.

    ``message_type`` is empty for a public message, otherwise ``dmType`` (K, I, O… for commercial ones).
    ``publish_sender`` is the bit sum of ``IdLevel``; ``None`` keeps the sender's person hidden.
    """

    recipient_box: str
    annotation: str
    files: tuple[OutgoingFile, ...]
    sender_unit: str = ""
    sender_unit_number: int | None = None
    recipient_unit: str = ""
    recipient_unit_number: int | None = None
    to_hands: str = ""
    recipient_reference_number: str = ""
    sender_reference_number: str = ""
    recipient_file_mark: str = ""
    sender_file_mark: str = ""
    legal_title: LegalTitle = field(default_factory=LegalTitle)
    personal_delivery: bool = False
    allow_fiction: bool = True
    publish_sender: int | None = None
    message_type: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One of several recipients of CreateMultipleMessage (``tRecipients``)."""

    box_id: str
    unit: str = ""
    unit_number: int | None = None
    to_hands: str = ""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A content that becomes base64 only while it is being sent."""

    content: bytes = field(repr=False)

    @property
    def length(self) -> int:
        return 4 * -(-len(self.content) // 3)

    def __iter__(self) -> Iterator[bytes]:
        view = memoryview(self.content)
        for offset in range(0, len(view), CHUNK):
            yield base64.b64encode(view[offset : offset + CHUNK])


@dataclass(frozen=True, slots=True)
class EncodedBody:
    """A request in pieces; contents are encoded while it is being sent, never held encoded as a whole."""

    pieces: tuple[bytes | Encoded, ...] = field(repr=False)
    content_type: str = XML_TYPE

    @property
    def length(self) -> int:
        """Exact length in bytes."""
        return sum(piece.length if isinstance(piece, Encoded) else len(piece) for piece in self.pieces)

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Encoded):
                yield from piece
            else:
                yield piece


def create_message_body(message: OutgoingMessage) -> EncodedBody:
    """The CreateMessage request; every element of the envelope is present and in order, as the XSD demands."""
    head = f"{opening('CreateMessage')}{_envelope_element(message, _addressed(message))}<dmFiles>"
    return EncodedBody((head.encode(), *_file_pieces(message.files), _end("CreateMessage")))


def create_multiple_message_body(message: OutgoingMessage, recipients: Sequence[Recipient]) -> EncodedBody:
    """The CreateMultipleMessage request; recipients stand apart, those of ``message`` are not used."""
    listed = "".join(
        "<dmRecipient>"
        + element("dbIDRecipient", item.box_id)
        + element("dmRecipientOrgUnit", item.unit)
        + element("dmRecipientOrgUnitNum", item.unit_number)
        + element("dmToHands", item.to_hands)
        + "</dmRecipient>"
        for item in recipients
    )
    head = (
        f"{opening('CreateMultipleMessage')}<dmRecipients>{listed}</dmRecipients>"
        f"{_envelope_element(message, _unaddressed(message))}<dmFiles>"
    )
    return EncodedBody((head.encode(), *_file_pieces(message.files), _end("CreateMultipleMessage")))


def create_big_message_body(message: OutgoingMessage, uploaded: Sequence[ExternalFile]) -> EncodedBody:
    """The CreateBigMessage request: attachments uploaded before, then those of ``message`` itself (up to 20 MB)."""
    external = "".join(item.reference() for item in uploaded)
    envelope = _envelope_element(message, _addressed(message))
    head = f"{opening('CreateBigMessage', soap12=True)}{envelope}<dmFiles>{external}"
    return EncodedBody(
        (head.encode(), *_file_pieces(message.files), _end("CreateBigMessage")), content_type=SOAP12_TYPE
    )


def _end(operation: str) -> bytes:
    return f"</dmFiles>{closing(operation)}".encode()


def _file_pieces(files: Sequence[OutgoingFile]) -> Iterator[bytes | Encoded]:
    for file in files:
        yield _file_start(file).encode()
        yield Encoded(file.content)
        yield b"</dmEncodedContent></dmFile>"


def _envelope_element(message: OutgoingMessage, fields: list[str]) -> str:
    dm_type = f" dmType={quoteattr(message.message_type)}" if message.message_type else ""
    if message.publish_sender is not None:
        fields = [*fields, element("dmPublishOwnID", True, {"IdLevel": str(message.publish_sender)})]
    return f"<dmEnvelope{dm_type}>{''.join(fields)}</dmEnvelope>"


def _addressed(message: OutgoingMessage) -> list[str]:
    """``gMessageEnvelopeSub``."""
    fields = _unaddressed(message)
    return [
        *fields[:2],
        element("dbIDRecipient", message.recipient_box),
        element("dmRecipientOrgUnit", message.recipient_unit),
        element("dmRecipientOrgUnitNum", message.recipient_unit_number),
        element("dmToHands", message.to_hands),
        *fields[2:],
    ]


def _unaddressed(message: OutgoingMessage) -> list[str]:
    """``gMultipleMessageEnvelopeSub``."""
    title = message.legal_title
    return [
        element("dmSenderOrgUnit", message.sender_unit),
        element("dmSenderOrgUnitNum", message.sender_unit_number),
        element("dmAnnotation", message.annotation),
        element("dmRecipientRefNumber", message.recipient_reference_number),
        element("dmSenderRefNumber", message.sender_reference_number),
        element("dmRecipientIdent", message.recipient_file_mark),
        element("dmSenderIdent", message.sender_file_mark),
        element("dmLegalTitleLaw", title.law),
        element("dmLegalTitleYear", title.year),
        element("dmLegalTitleSect", title.section),
        element("dmLegalTitlePar", title.paragraph),
        element("dmLegalTitlePoint", title.point),
        element("dmPersonalDelivery", message.personal_delivery),
        element("dmAllowSubstDelivery", message.allow_fiction),
    ]


def _file_start(file: OutgoingFile) -> str:
    attributes = {
        "dmMimeType": file.mime_type,
        "dmFileMetaType": file.role,
        "dmFileGuid": file.guid,
        "dmUpFileGuid": file.parent_guid,
        "dmFileDescr": file.name,
    }
    optional = {"dmFileGuid", "dmUpFileGuid"}
    written = " ".join(
        f"{name}={quoteattr(allowed_text(value))}"
        for name, value in attributes.items()
        if value or name not in optional
    )
    return f"<dmFile {written}><dmEncodedContent>"
