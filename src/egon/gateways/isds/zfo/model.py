"""What a ZFO holds."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from egon.gateways.cms.signed_data import SignedDocument
from egon.gateways.isds.codes import MessageState
from egon.gateways.isds.messages import MessageEnvelope, MessageEvent, MessageHash

_MEGABYTE: Final = 1024 * 1024


class ZfoKind(StrEnum):
    """Which of the three documents of ISDS it is."""

    RECEIVED = "received"
    SENT = "sent"
    DELIVERY = "delivery"

    @property
    def label(self) -> str:
        """What it is called on the screen."""
        return {"received": "došlá datová zpráva", "sent": "odeslaná datová zpráva", "delivery": "doručenka"}[self]


@dataclass(frozen=True, slots=True)
class ZfoLimits:
    """What is still read. A large message (VoDZ, 100 MB of attachments) makes a ZFO of some 135 MB.

    ``max_elements`` and ``max_depth`` bound the envelope; ``max_xml_depth`` the content of XML attachments.
    """

    max_size: int = 150 * _MEGABYTE
    max_elements: int = 20_000
    max_depth: int = 16
    max_xml_depth: int = 512


@dataclass(frozen=True, slots=True)
class ZfoFile:
    """One attachment. ``role`` is ``dmFileMetaType``; do not rely on it, senders fill it as they please.

    ``is_xml`` marks content that came as XML inside the message (``dmXMLContent``) rather than as bytes.
    """

    name: str
    mime_type: str
    role: str
    content: bytes = field(repr=False)
    guid: str = ""
    parent_guid: str = ""
    is_xml: bool = False


@dataclass(frozen=True, slots=True)
class Zfo:
    """A data message or a delivery receipt taken out of its seal. Nothing in it is verified: see ``verify_zfo``.

    ``attachment_size`` is in kilobytes as stated by ISDS. ``dm_range`` tells where ``dmDm`` lies in the sealed XML.
    """

    kind: ZfoKind
    envelope: MessageEnvelope
    files: tuple[ZfoFile, ...]
    events: tuple[MessageEvent, ...]
    state: MessageState
    delivery_time: datetime | None
    acceptance_time: datetime | None
    attachment_size: int | None
    message_type: str
    is_big: bool
    special_flag: int | None
    hash: MessageHash | None
    timestamp_token: bytes = field(repr=False)
    signed: SignedDocument = field(repr=False)
    dm_range: tuple[int, int]

    @property
    def dm_id(self) -> str:
        return self.envelope.dm_id

    @property
    def dm_bytes(self) -> memoryview:
        """The raw bytes of ``<dmDm …>…</dmDm>``, over which ISDS computes ``dmHash``; no copy is made."""
        start, end = self.dm_range
        return memoryview(self.signed.content)[start:end]
