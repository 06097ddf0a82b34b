"""The envelope of a message: what the sender fills in, and the XML that ISDS makes of it.

The XML of an envelope and of the attachments is written once, when the message is submitted, and never again:
``dmHash`` is a digest of exactly these bytes (facts on ``dmDm``), whoever downloads them and when.
"""

import base64
import re
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from egon.gateways.isds.namespaces import ISDS
from egon.gateways.isds.simulator.attachments import Attachment
from egon.gateways.isds.simulator.boxes import Box
from egon.gateways.isds.simulator.refusals import bad_envelope

_TO_SPACE: Final = re.compile("[\t\n\r\u2028\u2029\u202f\u00a0]")
_TO_NOTHING: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2061-\u206f\ufffe\uffff]"
)
_NUMBER: Final = re.compile(r"-?\d{1,18}")


def cleaned(text: str) -> str:
    """Input without control and formatting characters (manual 2.67, 1.3.4)."""
    return _TO_NOTHING.sub("", _TO_SPACE.sub(" ", text)).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the sender writes on a message. Empty strings stand for elements that are nil or empty."""

    recipient_box: str
    annotation: str
    sender_org_unit: str = ""
    sender_org_unit_num: str = ""
    recipient_org_unit: str = ""
    recipient_org_unit_num: str = ""
    to_hands: str = ""
    recipient_ref_number: str = ""
    sender_ref_number: str = ""
    recipient_ident: str = ""
    sender_ident: str = ""
    legal_title_law: str = ""
    legal_title_year: str = ""
    legal_title_sect: str = ""
    legal_title_par: str = ""
    legal_title_point: str = ""
    personal_delivery: bool = False
    allow_subst_delivery: bool = True
    publish_own_id: bool = False
    id_level: int = 0
    kind: str = ""
    """``dmType`` as asked for: empty, ``V``, ``K``, ``I``, ``O`` or ``E``."""


def check(envelope: Envelope) -> None:
    """Raise :class:`Refusal` when a value is missing, too long or of a wrong kind."""
    if not envelope.annotation:
        raise bad_envelope("chybí věc (dmAnnotation).")
    if len(envelope.annotation) > 255:
        raise bad_envelope("věc (dmAnnotation) smí mít nejvýše 255 znaků.")
    for name in ("recipient_ref_number", "sender_ref_number", "recipient_ident", "sender_ident"):
        if len(getattr(envelope, name)) > 50:
            raise bad_envelope("číslo jednací a spisová značka smějí mít nejvýše 50 znaků.")
    for name in ("sender_org_unit_num", "recipient_org_unit_num", "legal_title_law", "legal_title_year"):
        value: str = getattr(envelope, name)
        if value and not _NUMBER.fullmatch(value):
            raise bad_envelope(f"„{value[:40]}“ není celé číslo.")
    if envelope.kind not in {"", "V", "K", "I", "O", "E"}:
        raise bad_envelope(f"typ zprávy dmType „{envelope.kind[:5]}“ nelze zadat.")


def envelope_xml(message_id: int, sender: Box, recipient: Box, envelope: Envelope, *, fiction_allowed: bool) -> str:
    """The children of ``dmDm`` before ``dmFiles`` (``gMessageEnvelope``), with prefix ``p``."""
    written = (
        ("dmID", str(message_id)),
        ("dbIDSender", sender.id),
        ("dmSender", sender.full_name),
        ("dmSenderAddress", sender.address.in_one_line()),
        ("dmSenderType", str(sender.type)),
        ("dmRecipient", recipient.full_name),
        ("dmRecipientAddress", recipient.address.in_one_line()),
        ("dmAmbiguousRecipient", "false"),
        ("dmSenderOrgUnit", envelope.sender_org_unit),
        ("dmSenderOrgUnitNum", envelope.sender_org_unit_num),
        ("dbIDRecipient", recipient.id),
        ("dmRecipientOrgUnit", envelope.recipient_org_unit),
        ("dmRecipientOrgUnitNum", envelope.recipient_org_unit_num),
        ("dmToHands", envelope.to_hands),
        ("dmAnnotation", envelope.annotation),
        ("dmRecipientRefNumber", envelope.recipient_ref_number),
        ("dmSenderRefNumber", envelope.sender_ref_number),
        ("dmRecipientIdent", envelope.recipient_ident),
        ("dmSenderIdent", envelope.sender_ident),
        ("dmLegalTitleLaw", envelope.legal_title_law),
        ("dmLegalTitleYear", envelope.legal_title_year),
        ("dmLegalTitleSect", envelope.legal_title_sect),
        ("dmLegalTitlePar", envelope.legal_title_par),
        ("dmLegalTitlePoint", envelope.legal_title_point),
        ("dmPersonalDelivery", "true" if envelope.personal_delivery else "false"),
        ("dmAllowSubstDelivery", "true" if fiction_allowed else "false"),
    )
    return "".join(element("p", name, value) for name, value in written)


def element(prefix: str, name: str, value: str) -> str:
    """One element; an empty value becomes nil, which is how ISDS writes what it does not know."""
    if not value:
        return f'<{prefix}:{name} xsi:nil="true"></{prefix}:{name}>'
    return f"<{prefix}:{name}>{escape(value)}</{prefix}:{name}>"


def files_xml(attachments: list[Attachment]) -> str:
    """``dmFiles`` with the attachments in base64 (lines of 76 characters), with prefix ``p``."""
    return f"<p:dmFiles>{''.join(_file_xml(one) for one in attachments)}</p:dmFiles>"


def file_tag(one: Attachment) -> str:
    """The opening tag of ``dmFile`` with its attributes."""
    attributes = [("dmMimeType", one.mime_type), ("dmFileMetaType", one.meta_type), ("dmFileDescr", one.name)]
    optional = (("dmFileGuid", one.guid), ("dmUpFileGuid", one.upper_guid), ("dmFormat", one.format))
    attributes += [(name, value) for name, value in optional if value is not None]
    return f"<p:dmFile{''.join(f' {name}={quoteattr(value)}' for name, value in attributes)}>"


def _file_xml(one: Attachment) -> str:
    if one.xml is not None:
        return f"{file_tag(one)}<p:dmXMLContent>{one.xml}</p:dmXMLContent></p:dmFile>"
    return f"{file_tag(one)}<p:dmEncodedContent>{in_lines(one.content)}</p:dmEncodedContent></p:dmFile>"


def in_lines(content: bytes) -> str:
    """Base64 in lines of 76 characters, each ended; several times faster than ``base64.encodebytes``."""
    packed = base64.b64encode(content).decode("ascii")
    return "".join(f"{packed[start : start + 76]}\n" for start in range(0, len(packed), 76))


MESSAGE_END: Final = b"</p:dmDm>"


def message_start(envelope: str) -> bytes:
    """``dmDm`` up to its attachments."""
    return f'<p:dmDm xmlns:p="{ISDS}">{envelope}'.encode()


def message_bytes(envelope: str, files: bytes) -> bytes:
    """``dmDm`` from its first to its last byte: what ``dmHash`` is made of."""
    return b"".join((message_start(envelope), files, MESSAGE_END))


def envelope_only(envelope: str) -> str:
    """``dmDm`` without attachments, for delivery records and envelopes."""
    return f'<p:dmDm xmlns:p="{ISDS}">{envelope}</p:dmDm>'
