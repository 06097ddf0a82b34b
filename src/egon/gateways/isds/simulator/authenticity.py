"""Whether a ZFO came from this simulator and says what the simulator knows (AuthenticateMessage)."""

import hashlib
import hmac
import re
from typing import Final

from asn1crypto import cms
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from egon.gateways.isds.simulator import envelopes
from egon.gateways.isds.simulator.core import Simulator

_NUMBER: Final = re.compile(rb"<p:dmID>(\d{1,18})</p:dmID>")


def is_genuine(simulator: Simulator, zfo: bytes) -> bool:
    """True for an unaltered message or delivery record of ours; ``ValueError`` when it is no ZFO at all."""
    content = _sealed_content(simulator, zfo)
    if content is None:
        return False
    number = _NUMBER.search(content)
    start, end = content.find(b"<p:dmDm"), content.rfind(b"</p:dmDm>")
    if number is None or start < 0 or end < 0:
        return False
    message = simulator.messages.find(number.group(1).decode())
    if message is None:
        return False
    described = content[start : end + len(b"</p:dmDm>")]
    if b"<p:dmFiles>" in described:
        return hmac.compare_digest(hashlib.sha256(described).digest(), message.hash)
    return described == envelopes.envelope_only(message.envelope).encode()


def _sealed_content(simulator: Simulator, zfo: bytes) -> bytes | None:
    """The content if our key sealed it, otherwise ``None``."""
    info = cms.ContentInfo.load(zfo)
    if info["content_type"].native != "signed_data":
        raise ValueError("not SignedData")
    signed = info["content"]
    content: bytes = signed["encap_content_info"]["content"].native
    signer = signed["signer_infos"][0]
    attributes = signer["signed_attrs"]
    digests = [one["values"][0].native for one in attributes if one["type"].native == "message_digest"]
    if digests != [hashlib.sha256(content).digest()]:
        return None
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    try:
        # The tag of signed attributes is [0] in the file and SET in what was signed (RFC 5652, 5.4).
        key = simulator.sealer.seal_public_key
        key.verify(signer["signature"].native, b"\x31" + attributes.dump()[1:], pss, hashes.SHA256())
    except InvalidSignature:
        return None
    return content
