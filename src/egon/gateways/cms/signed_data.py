"""Reading CMS SignedData (RFC 5652, BER or DER) and checking its one signature, fact by fact."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from asn1crypto import cms, core, tsp  # noqa: F401 - tsp teaches cms the attributes of RFC 5035
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from egon.gateways.cms import algorithms
from egon.gateways.cms.algorithms import WEAK_HASHES, UnknownAlgorithm, label_of
from egon.gateways.cms.ber import EndMissing, split_signed_data
from egon.gateways.cms.facts import Fact, SubIndication, failed, indeterminate, passed
from egon.gateways.cms.trust import load_certificate

_CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
_SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
_SIGNING_CERTIFICATE: Final = "1.2.840.113549.1.9.16.2.12"
_SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"
_POLICY: Final = "1.2.840.113549.1.9.16.2.15"
_ARCHIVE_STAMPS: Final = frozenset(
    {"1.2.840.113549.1.9.16.2.27", "1.2.840.113549.1.9.16.2.48", "0.4.0.1733.2.4"}  # versions 1, 2 and 3
)
_STAMP_ATTRIBUTE: Final = "1.2.840.113549.1.9.16.2.14"
_ALGORITHM_PROTECTION: Final = "1.2.840.113549.1.9.52"

_SMALLEST_RSA_KEY: Final = 1900
"""Bits; shorter keys could be broken by now (ETSI TS 119 312)."""

_PARSE_FAILURES: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What asn1crypto raises on damaged input, which it reads lazily."""


class NotSignedData(ValueError):
    """The bytes are not CMS SignedData with content inside."""


class Truncated(NotSignedData):
    """The bytes end before the structure does."""


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A parsed SignedData with its content. ``signer`` is asn1crypto's SignerInfo, ``None`` when there is none."""

    content: bytes
    content_type: str
    certificates: tuple[bytes, ...]
    revocation: tuple[bytes, ...]
    signer: Any = field(compare=False)
    signer_count: int


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What was found about a signature. ``facts`` are content, signature, attributes, algorithm – in that order.

    ``level`` is the form of the signature (ETSI EN 319 122-1): what its attributes make of it, nothing of it verified.
    """

    content: Fact
    signature: Fact
    attributes: Fact
    algorithm: Fact
    algorithm_label: str
    level: str
    signing_time: datetime | None
    certificate: x509.Certificate | None
    others: tuple[x509.Certificate, ...]
    signature_value: bytes
    timestamp_token: bytes

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (self.content, self.signature, self.attributes, self.algorithm)

    @property
    def intact(self) -> bool:
        """The content is what the holder of the certificate's key signed; says nothing about who that is."""
        return self.content.passed and self.signature.passed and self.attributes.passed


def read_signed_data(data: bytes) -> SignedDocument:
    """Parse ``data``. Raises :class:`Truncated` or :class:`NotSignedData`."""
    try:
        parts = split_signed_data(data)
        document = SignedDocument(
            content=parts.content,
            content_type=core.ObjectIdentifier.load(parts.content_type).dotted,
            certificates=parts.certificates,
            revocation=parts.revocation,
            signer=cms.SignerInfo.load(parts.signer_infos[0], strict=True) if parts.signer_infos else None,
            signer_count=len(parts.signer_infos),
        )
    except EndMissing as error:
        raise Truncated(str(error)) from error
    except _PARSE_FAILURES as error:
        raise NotSignedData(str(error)) from error
    if not document.content:
        raise NotSignedData("no content inside")
    return document


def verify_signed_data(document: SignedDocument) -> SignatureCheck:
    """Check the signature of ``document`` by the certificate inside it; trust in that certificate is not judged."""
    try:
        return _check(document)
    except _PARSE_FAILURES as error:
        return _unreadable(f"Podpisová struktura je poškozená ({type(error).__name__}).", SubIndication.FORMAT_FAILURE)


def _check(document: SignedDocument) -> SignatureCheck:
    signer = document.signer
    if signer is None:
        return _unreadable("Dokument neobsahuje žádný podpis.", SubIndication.FORMAT_FAILURE)
    if document.signer_count > 1:
        return _unreadable("Dokument obsahuje více podpisů, pečeť ISDS je jen jedna.", SubIndication.FORMAT_FAILURE)
    certificate, others = _signing_certificate(document)
    digest_name = signer["digest_algorithm"]["algorithm"].native
    attributes = _attributes(signer["signed_attrs"])
    return SignatureCheck(
        content=_content_fact(document, digest_name, attributes),
        signature=_signature_fact(document, certificate, digest_name),
        attributes=_attributes_fact(document, attributes, certificate, digest_name),
        algorithm=_algorithm_fact(signer, digest_name, certificate),
        algorithm_label=label_of(signer["signature_algorithm"], digest_name),
        level=_level(attributes, signer["unsigned_attrs"]),
        signing_time=_signing_time(attributes),
        certificate=certificate,
        others=others,
        signature_value=signer["signature"].native,
        timestamp_token=_timestamp_token(signer["unsigned_attrs"]),
    )


def _unreadable(sentence: str, why: SubIndication) -> SignatureCheck:
    fact = failed("content", why, sentence)
    return SignatureCheck(
        content=fact,
        signature=failed("signature", why, sentence),
        attributes=failed("attributes", why, sentence),
        algorithm=indeterminate("algorithm", why, sentence),
        algorithm_label="",
        level="",
        signing_time=None,
        certificate=None,
        others=(),
        signature_value=b"",
        timestamp_token=b"",
    )


def _signing_certificate(document: SignedDocument) -> tuple[x509.Certificate | None, tuple[x509.Certificate, ...]]:
    """The certificate the SignerInfo points at, and the remaining ones."""
    signer_id = document.signer["sid"]
    found: x509.Certificate | None = None
    others: list[x509.Certificate] = []
    for der in document.certificates:
        try:
            certificate = load_certificate(der)
            matches = found is None and _identified(der, signer_id)
        except _PARSE_FAILURES:
            continue  # a certificate we cannot read cannot be the signer's, nor help to find a root
        if matches:
            found = certificate
        else:
            others.append(certificate)
    return found, tuple(others)


def _identified(der: bytes, signer_id: Any) -> bool:
    key_identifier, serial_number, issuer = _identity(der)
    if signer_id.name == "subject_key_identifier":
        return bool(key_identifier == signer_id.chosen.native)
    stated = signer_id.chosen
    if stated["serial_number"].native != serial_number:
        return False
    return bool(stated["issuer"].dump() == issuer.dump() or stated["issuer"].hashable == issuer.hashable)


@lru_cache(maxsize=512)
def _identity(der: bytes) -> tuple[bytes | None, int, Any]:
    """Key identifier, serial number and issuer of a certificate."""
    parsed = asn1_x509.Certificate.load(der)
    return parsed.key_identifier, parsed.serial_number, parsed.issuer


def _attributes(signed_attrs: Any) -> dict[str, Any]:
    """Signed attributes by object identifier; a repeated one is kept as ``None``, which no check accepts."""
    found: dict[str, Any] = {}
    for attribute in signed_attrs:
        oid = attribute["type"].dotted
        found[oid] = None if oid in found or len(attribute["values"]) != 1 else attribute["values"][0]
    return found


def _content_fact(document: SignedDocument, digest_name: str, attributes: dict[str, Any]) -> Fact:
    stated = attributes.get(_MESSAGE_DIGEST)
    if stated is None:
        return failed("content", SubIndication.FORMAT_FAILURE, "V podpisu chybí otisk obsahu.")
    try:
        computed = algorithms.digest(digest_name, document.content)
    except UnknownAlgorithm:
        return indeterminate(
            "content", SubIndication.SIG_CONSTRAINTS_FAILURE, f"Otisk obsahu je v neznámém algoritmu ({digest_name})."
        )
    if hmac.compare_digest(computed, stated.native):
        return passed("content", "Obsah se od zapečetění nezměnil.")
    return failed("content", SubIndication.HASH_FAILURE, "Obsah byl po zapečetění změněn: jeho otisk nesouhlasí.")


def _signature_fact(document: SignedDocument, certificate: x509.Certificate | None, digest_name: str) -> Fact:
    if certificate is None:
        return indeterminate(
            "signature",
            SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
            "Certifikát, kterým byl dokument podepsán, v něm není nebo je poškozený; podpis nelze ověřit.",
        )
    signer = document.signer
    try:
        matches = any(
            algorithms.signature_matches(
                certificate.public_key(), signer["signature_algorithm"], digest_name, signer["signature"].native, signed
            )
            for signed in _signed_bytes(document)
        )
    except UnknownAlgorithm as error:
        return indeterminate(
            "signature", SubIndication.SIG_CONSTRAINTS_FAILURE, f"Podpis používá neznámý algoritmus ({error})."
        )
    if matches:
        return passed("signature", "Podpis odpovídá certifikátu.")
    return failed("signature", SubIndication.SIG_CRYPTO_FAILURE, "Podpis neodpovídá certifikátu, dokument byl změněn.")


def _signed_bytes(document: SignedDocument) -> Iterator[bytes]:
    """What the signature covers: the signed attributes as a SET OF in DER, or the content when there are none.

    Attributes come in DER nearly always and are first taken as they are, then, for those in BER, encoded anew.
    """
    attributes = document.signer["signed_attrs"]
    if not len(attributes):
        yield document.content
        return
    as_received = attributes.untag().dump()
    yield as_received
    encoded_anew = attributes.untag().dump(force=True)
    if encoded_anew != as_received:
        yield encoded_anew


def _attributes_fact(
    document: SignedDocument, attributes: dict[str, Any], certificate: x509.Certificate | None, digest_name: str
) -> Fact:
    """Signed attributes must speak of this content and of this certificate (RFC 5652 § 11, RFC 5035, RFC 6211)."""

    def wrong(sentence: str) -> Fact:
        return failed("attributes", SubIndication.SIG_CONSTRAINTS_FAILURE, sentence)

    if None in attributes.values():
        return wrong("Některý podepsaný atribut je v podpisu vícekrát.")
    content_type = attributes.get(_CONTENT_TYPE)
    if content_type is None or content_type.dotted != document.content_type:
        return wrong("Podepsaný typ obsahu nesouhlasí se skutečným.")
    protection = attributes.get(_ALGORITHM_PROTECTION)
    if protection is not None and not _protects(protection, document.signer):
        return wrong("Podepsaný algoritmus nesouhlasí s použitým.")
    if certificate is not None and not _names_certificate(attributes, certificate):
        return wrong("Podepsaný odkaz na certifikát vede k jinému certifikátu.")
    return passed("attributes", f"Podepsané údaje souhlasí (otisk {digest_name}).")


def _protects(protection: Any, signer: Any) -> bool:
    stated, used = protection["signature_algorithm"], signer["signature_algorithm"]
    same_digest = protection["digest_algorithm"]["algorithm"].dotted == signer["digest_algorithm"]["algorithm"].dotted
    return bool(same_digest and (stated is None or stated["algorithm"].dotted == used["algorithm"].dotted))


def _names_certificate(attributes: dict[str, Any], certificate: x509.Certificate) -> bool:
    """Whether the ESS attribute, when there is one, holds the digest of the certificate."""
    newer, older = attributes.get(_SIGNING_CERTIFICATE_V2), attributes.get(_SIGNING_CERTIFICATE)
    if newer is not None:
        first = newer["certs"][0]
        name = first["hash_algorithm"]["algorithm"].native
    elif older is not None:
        first, name = older["certs"][0], "sha1"
    else:
        return True
    computed = algorithms.digest(name, certificate.public_bytes(serialization.Encoding.DER))
    return hmac.compare_digest(computed, first["cert_hash"].native)


def _algorithm_fact(signer: Any, digest_name: str, certificate: x509.Certificate | None) -> Fact:
    label = label_of(signer["signature_algorithm"], digest_name)
    key = certificate.public_key() if certificate else None
    if digest_name in WEAK_HASHES or (isinstance(key, rsa.RSAPublicKey) and key.key_size < _SMALLEST_RSA_KEY):
        return indeterminate(
            "algorithm",
            SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
            f"Algoritmus podpisu ({label}) už se nepovažuje za bezpečný; podpis dokazuje jen to, co vzniklo v době, "
            "kdy bezpečný byl.",
        )
    return passed("algorithm", f"Algoritmus podpisu je bezpečný ({label}).")


def _signing_time(attributes: dict[str, Any]) -> datetime | None:
    stated = attributes.get(_SIGNING_TIME)
    moment = stated.native if stated is not None else None
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _level(attributes: dict[str, Any], unsigned_attrs: Any) -> str:
    unsigned = {attribute["type"].dotted for attribute in unsigned_attrs}
    if not {_SIGNING_CERTIFICATE, _SIGNING_CERTIFICATE_V2} & attributes.keys():
        return "CMS s časovým razítkem" if _STAMP_ATTRIBUTE in unsigned else "CMS"
    if unsigned & _ARCHIVE_STAMPS:
        return "CAdES-A"
    if _STAMP_ATTRIBUTE in unsigned:
        return "CAdES-T"
    return "CAdES-EPES" if _POLICY in attributes else "CAdES-BES"


def _timestamp_token(unsigned_attrs: Any) -> bytes:
    """The time stamp over the signature (CAdES-T), DER or BER as it came; empty when there is none."""
    for attribute in unsigned_attrs:
        if attribute["type"].dotted == _STAMP_ATTRIBUTE and len(attribute["values"]):
            return bytes(attribute["values"][0].dump())
    return b""
