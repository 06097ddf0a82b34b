"""Whether a ZFO came from this simulator and says what the simulator knows (AuthenticateMessage)."""

import hashlib
import hmac
import re
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from egon.gateways.isds.simulator import envelopes
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.records import Message
from egon.gateways.isds.simulator.zfo_parts import Parts

_NUMBER: Final = re.compile(rb"<p:dmID>(\d{1,18})</p:dmID>")
_START: Final = b"<p:dmDm"
_FILES: Final = b"<p:dmFiles>"
_EDGE: Final = 1 << 17
"""The envelope stands within so many bytes of the beginning, the proofs within so many of the end."""


def is_genuine(simulator: Simulator, document: Parts) -> bool:
    """True for an unaltered message or delivery record of ours."""
    if not _is_sealed(simulator, document):
        return False
    message = message_of(simulator, document)
    if message is None:
        return False
    length = document.length
    head = document.content(0, _EDGE)
    tail_at = max(0, length - _EDGE)
    tail = document.content(tail_at)
    start, end = head.find(_START), tail.rfind(envelopes.MESSAGE_END)
    if start < 0 or end < 0:
        return False
    stop = tail_at + end + len(envelopes.MESSAGE_END)
    if _FILES not in head:
        return document.content(start, stop) == envelopes.envelope_only(message.envelope).encode()
    digest = hashlib.sha256()
    for chunk in document.content_chunks(start, stop):
        digest.update(chunk)
    return hmac.compare_digest(digest.digest(), message.hash)


def message_of(simulator: Simulator, document: Parts) -> Message | None:
    """The message a document claims to be about."""
    number = _NUMBER.search(document.content(0, _EDGE))
    return None if number is None else simulator.messages.find(number.group(1).decode())


def _is_sealed(simulator: Simulator, document: Parts) -> bool:
    """Whether our key sealed exactly this content."""
    digest = hashlib.sha256()
    for chunk in document.content_chunks():
        digest.update(chunk)
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    try:
        signer = document.signer
        attributes = signer["signed_attrs"]
        digests = [one["values"][0].native for one in attributes if one["type"].native == "message_digest"]
        if digests != [digest.digest()]:
            return False
        # The tag of signed attributes is [0] in the file and SET in what was signed (RFC 5652, 5.4).
        key = simulator.sealer.seal_public_key
        key.verify(signer["signature"].native, b"\x31" + attributes.dump()[1:], pss, hashes.SHA256())
    except (InvalidSignature, ValueError, TypeError, KeyError):
        return False
    return True
