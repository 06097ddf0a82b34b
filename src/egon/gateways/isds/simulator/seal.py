"""Time stamps (RFC 3161) and seals (CMS, RSA-PSS with SHA-256, CAdES-T) as ISDS puts them on what it gives out.

The outer structure is written in BER with indefinite lengths and the content in pieces of 1000 bytes, because real
ZFO files look so and readers must cope with it. Nothing is cached: ISDS stamps a message anew at each download.
What repeats in every signature is encoded once; the rest is put together by hand, which is ten times faster than
building and dumping ASN.1 objects.
"""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Final

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from egon.gateways.isds.simulator.pki import Identity, Pki


def _tagged(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    length = len(body)
    if length < 0x80:
        return bytes((tag, length)) + body
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(size))) + size + body


def _oid(dotted: str) -> bytes:
    return bytes(core.ObjectIdentifier(dotted).dump())


def _sequence(*parts: bytes) -> bytes:
    return _tagged(0x30, *parts)


def _attribute(oid: bytes, value: bytes) -> bytes:
    return _sequence(oid, _tagged(0x31, value))


_SIGNED_DATA: Final = _oid("1.2.840.113549.1.7.2")
_DATA: Final = _oid("1.2.840.113549.1.7.1")
_STAMP_INFO: Final = _oid("1.2.840.113549.1.9.16.1.4")
_CONTENT_TYPE: Final = _oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST: Final = _oid("1.2.840.113549.1.9.4")
_SIGNING_TIME: Final = _oid("1.2.840.113549.1.9.5")
_SIGNATURE_STAMP: Final = _oid("1.2.840.113549.1.9.16.2.14")
STAMP_POLICY: Final = _oid("2.999.300.2008")
"""Policy of our time stamps: the arc 2.999 is reserved for examples."""

_VERSION_1: Final = b"\x02\x01\x01"
_VERSION_3: Final = b"\x02\x01\x03"
_HALF_A_SECOND: Final = b"\x30\x04\x80\x02\x01\xf4"
_SHA256: Final = bytes(algos.DigestAlgorithm({"algorithm": "sha256"}).dump())
_PSS_ALGORITHM: Final = bytes(
    algos.SignedDigestAlgorithm(
        {
            "algorithm": "rsassa_pss",
            "parameters": {
                "hash_algorithm": {"algorithm": "sha256"},
                "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
                "salt_length": 32,
            },
        }
    ).dump()
)
_RSA_ALGORITHM: Final = bytes(algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}).dump())
_PSS: Final = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
_PIECE: Final = 1000
_END: Final = b"\x00\x00"


class Sealer:
    """Signs with the keys of one :class:`Pki`; safe to use from many threads."""

    def __init__(self, pki: Pki) -> None:
        self._seal = _Signer(pki.seal, pss=True)
        self._stamp = _Signer(pki.stamp, pss=False)
        self.seal_public_key = pki.seal.key.public_key()
        """The key by which seals are checked."""

    def time_stamp(self, digest: bytes, *, at: datetime) -> bytes:
        """An RFC 3161 token over a SHA-256 ``digest``, in DER."""
        # One byte 0x01 in front keeps the serial number positive and of fixed length.
        serial = _tagged(0x02, b"\x01" + secrets.token_bytes(8))
        imprint = _sequence(_SHA256, _tagged(0x04, digest))
        info = _sequence(_VERSION_1, STAMP_POLICY, imprint, serial, _generalized(at), _HALF_A_SECOND)
        signer = self._stamp.signer_info(_STAMP_INFO, info, at)[0]
        signed = _sequence(
            _VERSION_3,
            _tagged(0x31, _SHA256),
            _sequence(_STAMP_INFO, _tagged(0xA0, _tagged(0x04, info))),
            _tagged(0xA0, self._stamp.certificate),
            _tagged(0x31, _sequence(signer)),
        )
        return _sequence(_SIGNED_DATA, _tagged(0xA0, signed))

    def seal(self, content: bytes, *, at: datetime, stamped: bool = True) -> bytes:
        """A ZFO: ``content`` inside CMS SignedData. ``stamped`` adds the time stamp of the signature (CAdES-T)."""
        signer, signature = self._seal.signer_info(_DATA, content, at)
        if stamped:
            token = self.time_stamp(hashlib.sha256(signature).digest(), at=at)
            signer += _tagged(0xA1, _attribute(_SIGNATURE_STAMP, token))
        return _in_ber(content, self._seal.certificate, _sequence(signer))


class _Signer:
    """One key with everything about its certificate that repeats in every signature."""

    def __init__(self, identity: Identity, *, pss: bool) -> None:
        self._key = identity.key
        self._padding = _PSS if pss else padding.PKCS1v15()
        self._algorithm = _PSS_ALGORITHM if pss else _RSA_ALGORITHM
        self.certificate = identity.certificate.public_bytes(serialization.Encoding.DER)
        parsed = asn1_x509.Certificate.load(self.certificate)
        self._identifier = bytes(
            cms.IssuerAndSerialNumber({"issuer": parsed.issuer, "serial_number": parsed.serial_number}).dump()
        )
        self._certificate_attribute = self._signing_certificate_v2(parsed)

    def _signing_certificate_v2(self, parsed: asn1_x509.Certificate) -> bytes:
        issuer = asn1_x509.GeneralName("directory_name", parsed.issuer)
        named = {
            "cert_hash": hashlib.sha256(self.certificate).digest(),
            "issuer_serial": {"issuer": [issuer], "serial_number": parsed.serial_number},
        }
        value = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(named)]})
        return bytes(cms.CMSAttribute({"type": "signing_certificate_v2", "values": [value]}).dump())

    def signer_info(self, content_type: bytes, content: bytes, at: datetime) -> tuple[bytes, bytes]:
        """The body of a SignerInfo without unsigned attributes, and the bare signature in it."""
        attributes = b"".join(
            sorted(  # DER wants the members of a SET in the order of their encodings
                (
                    _attribute(_CONTENT_TYPE, content_type),
                    _attribute(_SIGNING_TIME, _utc_time(at)),
                    _attribute(_MESSAGE_DIGEST, _tagged(0x04, hashlib.sha256(content).digest())),
                    self._certificate_attribute,
                )
            )
        )
        signature = self._key.sign(_tagged(0x31, attributes), self._padding, hashes.SHA256())
        body = (
            _VERSION_1,
            self._identifier,
            _SHA256,
            _tagged(0xA0, attributes),
            self._algorithm,
            _tagged(0x04, signature),
        )
        return b"".join(body), signature


def _generalized(at: datetime) -> bytes:
    text = at.astimezone(UTC).strftime("%Y%m%d%H%M%S.%f")[:-3].rstrip("0").rstrip(".")
    return _tagged(0x18, f"{text}Z".encode())


def _utc_time(at: datetime) -> bytes:
    return _tagged(0x17, at.astimezone(UTC).strftime("%y%m%d%H%M%SZ").encode())


def _in_ber(content: bytes, certificate: bytes, signer_info: bytes) -> bytes:
    parts = [b"\x30\x80", _SIGNED_DATA, b"\xa0\x80\x30\x80", _VERSION_1, _tagged(0x31, _SHA256)]
    parts += [b"\x30\x80", _DATA, b"\xa0\x80\x24\x80"]
    parts.extend(_tagged(0x04, content[start : start + _PIECE]) for start in range(0, len(content), _PIECE))
    parts += [_END * 3, _tagged(0xA0, certificate), _tagged(0x31, signer_info), _END * 3]
    return b"".join(parts)
