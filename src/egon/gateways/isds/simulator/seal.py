"""Time stamps (RFC 3161) and seals (CMS, RSA-PSS with SHA-256, CAdES-T) as ISDS puts them on what it gives out.

The outer structure is written in BER with indefinite lengths and the content in pieces of 1000 bytes, because real
ZFO files look so and readers must cope with it. Nothing is cached: ISDS stamps a message anew at each download.
What repeats in every signature is encoded once; the rest is put together by hand, which is ten times faster than
building and dumping ASN.1 objects.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO, Final

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from egon.gateways.isds.simulator import zfo_parts
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

_ARCHIVE_STAMP: Final = _oid("0.4.0.1733.2.4")
_HASH_INDEX: Final = _oid("0.4.0.19122.1.5")
ARCHIVE_STAMP: Final = "0.4.0.1733.2.4"
"""``archive-time-stamp-v3`` of ETSI EN 319 122-1, 5.5.3."""

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
_FULL_PIECE: Final = b"\x04\x82" + _PIECE.to_bytes(2)
_END: Final = b"\x00\x00"


class Sealer:
    """Signs with the keys of one :class:`Pki`; safe to use from many threads."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki
        self._seal = _Signer(pki.seal, pss=True)
        self._stamp = _Signer(pki.stamp, pss=False)
        self.stamps_valid_to = pki.stamp.certificate.not_valid_after_utc.date()
        """The last day on which the time stamps of seals can be checked by their certificate."""
        self.seal_public_key = pki.seal.key.public_key()
        """The key by which seals are checked."""

    def time_stamp(self, digest: bytes, *, at: datetime) -> bytes:
        """An RFC 3161 token over a SHA-256 ``digest``, in DER."""
        return self._token(self._stamp, digest, at)

    def _token(self, stamper: "_Signer", digest: bytes, at: datetime, unsigned: bytes = b"") -> bytes:
        # One byte 0x01 in front keeps the serial number positive and of fixed length.
        serial = _tagged(0x02, b"\x01" + secrets.token_bytes(8))
        imprint = _sequence(_SHA256, _tagged(0x04, digest))
        info = _sequence(_VERSION_1, STAMP_POLICY, imprint, serial, _generalized(at), _HALF_A_SECOND)
        signer = stamper.signer_info(_STAMP_INFO, hashlib.sha256(info).digest(), at)[0] + unsigned
        signed = _sequence(
            _VERSION_3,
            _tagged(0x31, _SHA256),
            _sequence(_STAMP_INFO, _tagged(0xA0, _tagged(0x04, info))),
            _tagged(0xA0, stamper.certificate),
            _tagged(0x31, _sequence(signer)),
        )
        return _sequence(_SIGNED_DATA, _tagged(0xA0, signed))

    def seal(self, content: bytes, *, at: datetime, stamped: bool = True) -> bytes:
        """A ZFO: ``content`` inside CMS SignedData. ``stamped`` adds the time stamp of the signature (CAdES-T)."""
        signer = self._sealing(hashlib.sha256(content).digest(), at, stamped=stamped)
        return b"".join(_in_ber((content,), self._seal.certificate, signer))

    def seal_to(
        self, target: BinaryIO, chunks: Callable[[], Iterable[bytes]], *, at: datetime, stamped: bool = True
    ) -> None:
        """The same for content that is never whole in memory: ``chunks`` is gone through twice."""
        digest = hashlib.sha256()
        for chunk in chunks():
            digest.update(chunk)
        for piece in _in_ber(chunks(), self._seal.certificate, self._sealing(digest.digest(), at, stamped=stamped)):
            target.write(piece)

    def _sealing(self, digest: bytes, at: datetime, *, stamped: bool) -> bytes:
        """SignerInfo over a content of this digest."""
        signer, signature = self._seal.signer_info(_DATA, digest, at)
        if stamped:
            signer += self._signature_stamp(signature, at)
        return _sequence(signer)

    def _signature_stamp(self, signature: bytes, at: datetime) -> bytes:
        token = self.time_stamp(hashlib.sha256(signature).digest(), at=at)
        return _tagged(0xA1, _attribute(_SIGNATURE_STAMP, token))

    def with_another_stamp(self, signer: cms.SignerInfo, certificates: bytes, digest: bytes, *, at: datetime) -> bytes:
        """SignerInfo with one more time stamp: of the signature when there is none yet, an archive one otherwise.

        ``certificates`` is the certificate of the seal in DER, ``digest`` SHA-256 of the sealed content.
        """
        names = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")
        signed_fields = b"".join(signer[name].dump() for name in names)
        unsigned = zfo_parts.unsigned_of(signer)
        present = [one.dump() for one in unsigned]
        if not present:
            return _sequence(signed_fields, self._signature_stamp(signer["signature"].native, at))
        index = _hash_index(certificates, [(one["type"].dump(), zfo_parts.values_of(one)) for one in unsigned])
        imprint = hashlib.sha256(_DATA + digest + signed_fields + index).digest()
        stamper = _Signer(self._pki.archive_stamp(at), pss=False)
        token = self._token(stamper, imprint, at, _tagged(0xA1, _attribute(_HASH_INDEX, index)))
        added = _attribute(_ARCHIVE_STAMP, token)
        return _sequence(signed_fields, _tagged(0xA1, *sorted([*present, added])))


def _hash_index(certificate: bytes, unsigned: list[tuple[bytes, list[bytes]]]) -> bytes:
    """``ATSHashIndexV3``: digests of the certificate and of every unsigned attribute value (EN 319 122-1, 5.5.2)."""
    hashed = [hashlib.sha256(kind + value).digest() for kind, values in unsigned for value in values]
    return _sequence(
        _SHA256,
        _sequence(_tagged(0x04, hashlib.sha256(certificate).digest())),
        _sequence(),
        _sequence(*(_tagged(0x04, one) for one in hashed)),
    )


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

    def signer_info(self, content_type: bytes, digest: bytes, at: datetime) -> tuple[bytes, bytes]:
        """The body of a SignerInfo without unsigned attributes, and the bare signature in it.

        ``digest`` is SHA-256 of the content.
        """
        attributes = b"".join(
            sorted(  # DER wants the members of a SET in the order of their encodings
                (
                    _attribute(_CONTENT_TYPE, content_type),
                    _attribute(_SIGNING_TIME, _utc_time(at)),
                    _attribute(_MESSAGE_DIGEST, _tagged(0x04, digest)),
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


def rewritten(chunks: Iterable[bytes], certificates: bytes, signer: bytes) -> Iterator[bytes]:
    """A ZFO of the same content with another SignerInfo, in pieces."""
    return _in_ber(chunks, certificates, signer)


def _in_ber(chunks: Iterable[bytes], certificates: bytes, signer_info: bytes) -> Iterator[bytes]:
    yield b"".join(
        (
            *(b"\x30\x80", _SIGNED_DATA, b"\xa0\x80\x30\x80", _VERSION_1, _tagged(0x31, _SHA256)),
            *(b"\x30\x80", _DATA, b"\xa0\x80\x24\x80"),
        )
    )
    rest = b""
    for chunk in chunks:
        whole = rest + chunk if rest else chunk
        end = len(whole) - len(whole) % _PIECE
        yield b"".join(_FULL_PIECE + whole[start : start + _PIECE] for start in range(0, end, _PIECE))
        rest = whole[end:]
    if rest:
        yield _tagged(0x04, rest)
    yield b"".join((_END * 3, _tagged(0xA0, certificates), _tagged(0x31, signer_info), _END * 3))
