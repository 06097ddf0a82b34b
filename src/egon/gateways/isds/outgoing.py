"""A message to be sent, and its CreateMessage request written piece by piece."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import quoteattr

from egon.gateways.isds.messages import LegalTitle
from egon.gateways.isds.soap import allowed_text, closing, element, opening

_CHUNK: Final = 3 * 256 * 1024
"""Bytes encoded at once; a multiple of three, so that base64 pieces join without padding."""


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
class CreateMessageBody:
    """The request of CreateMessage; attachments are encoded while it is being sent, never held encoded as a whole."""

    head: bytes
    files: tuple[tuple[bytes, bytes], ...] = field(repr=False)
    tail: bytes = b""

    @property
    def length(self) -> int:
        """Exact length in bytes."""
        files = sum(len(start) + 4 * -(-len(content) // 3) + len(_FILE_END) for start, content in self.files)
        return len(self.head) + files + len(self.tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self.head
        for start, content in self.files:
            yield start
            view = memoryview(content)
            for offset in range(0, len(view), _CHUNK):
                yield base64.b64encode(view[offset : offset + _CHUNK])
            yield _FILE_END
        yield self.tail


_FILE_END: Final = b"</dmEncodedContent></dmFile>"


def create_message_body(message: OutgoingMessage) -> CreateMessageBody:
    """The CreateMessage request; every element of the envelope is present and in order, as the XSD demands."""
    dm_type = f" dmType={quoteattr(message.message_type)}" if message.message_type else ""
    head = f"{opening('CreateMessage')}<dmEnvelope{dm_type}>{_envelope(message)}</dmEnvelope><dmFiles>"
    return CreateMessageBody(
        head=head.encode(),
        files=tuple((_file_start(file).encode(), file.content) for file in message.files),
        tail=f"</dmFiles>{closing('CreateMessage')}".encode(),
    )


def _envelope(message: OutgoingMessage) -> str:
    title = message.legal_title
    fields = [
        element("dmSenderOrgUnit", message.sender_unit),
        element("dmSenderOrgUnitNum", message.sender_unit_number),
        element("dbIDRecipient", message.recipient_box),
        element("dmRecipientOrgUnit", message.recipient_unit),
        element("dmRecipientOrgUnitNum", message.recipient_unit_number),
        element("dmToHands", message.to_hands),
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
    if message.publish_sender is not None:
        fields.append(element("dmPublishOwnID", True, {"IdLevel": str(message.publish_sender)}))
    return "".join(fields)


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
