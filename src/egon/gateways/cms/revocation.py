"""Revocation of certificates, where data about it are at hand: nothing is fetched from a network.

Data come with a signature (``crls`` of CMS, ``revocation-values`` of CAdES) or lie beside the trusted roots.
Sources: RFC 5280 § 6.3, RFC 6960, ETSI EN 319 102-1 § 5.2.5.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, ClassVar, Final, Self

from asn1crypto import cms, core, crl
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from egon.gateways.cms.facts import Fact, SubIndication, indeterminate, passed
from egon.gateways.cms.signed_data import SignedDocument

_REVOCATION_VALUES: Final = "1.2.840.113549.1.9.16.2.24"
_UNREADABLE: Final = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, UnsupportedAlgorithm),
    *(x509.InvalidVersion, x509.DuplicateExtension, x509.ExtensionNotFound, x509.UnsupportedGeneralNameType),
)
"""What the two libraries raise on damaged data, which they read lazily."""


class _Lists(core.SequenceOf):  # type: ignore[misc]
    _child_spec = crl.CertificateList


class _Answers(core.SequenceOf):  # type: ignore[misc]
    _child_spec = asn1_ocsp.BasicOCSPResponse


class _RevocationValues(core.Sequence):  # type: ignore[misc]
    """``RevocationValues`` of RFC 5126, 6.3.4."""

    _fields: ClassVar[list[Any]] = [
        ("crls", _Lists, {"explicit": 0, "optional": True}),
        ("answers", _Answers, {"explicit": 1, "optional": True}),
        ("other", core.Any, {"explicit": 2, "optional": True}),
    ]


@dataclass(frozen=True, slots=True)
class RevocationData:
    """Lists of revoked certificates and answers of OCSP; whose they are and whether they are true is not known yet."""

    lists: tuple[x509.CertificateRevocationList, ...] = ()
    answers: tuple[ocsp.OCSPResponse, ...] = ()

    def __add__(self, other: Self) -> Self:
        return type(self)(self.lists + other.lists, self.answers + other.answers)

    def __bool__(self) -> bool:
        return bool(self.lists or self.answers)


@dataclass(frozen=True, slots=True)
class _Word:
    """What one source says about one certificate: revoked since when, and until when the source is fresh."""

    revoked_at: datetime | None
    fresh_until: datetime | None


def data_inside(document: SignedDocument) -> RevocationData:
    """Everything about revocation that came with a signature; parts that cannot be read are left out."""
    found = RevocationData()
    for encoded in document.revocation:
        found = sum(_read(lambda: [_of_choice(encoded)]), found)  # noqa: B023 - called at once
    for values in _read(lambda: _attribute_values(document.signer)):
        found = sum(_read(lambda: [_of_values(values)]), found)  # noqa: B023 - called at once
    return found


def _attribute_values(signer: Any) -> list[bytes]:
    unsigned = [] if signer is None else list(signer["unsigned_attrs"])
    return [bytes(one["values"][0].dump()) for one in unsigned if one["type"].dotted == _REVOCATION_VALUES]


def revocation_fact(name: str, chain: Sequence[x509.Certificate], data: RevocationData, at: datetime) -> Fact | None:
    """Whether a certificate of ``chain`` (own one first, root last) was revoked at ``at``; ``None`` without data.

    A certificate revoked only later makes no harm: ``at`` has to be a proven time, or the present.
    """
    fresh = stale = False
    for position, (certificate, issuer) in enumerate(pairwise(chain)):
        words = list(_words_about(certificate, issuer, data))
        revoked = min((word.revoked_at for word in words if word.revoked_at), default=None)
        if revoked is not None and revoked <= at:
            return _revoked(name, revoked, is_authority=position > 0)
        if position == 0:
            fresh = any(word.fresh_until is None or word.fresh_until >= at for word in words)
            stale = bool(words) and not fresh
    if stale:
        return indeterminate(
            name, SubIndication.TRY_LATER, "Dostupné údaje o odvolání certifikátu jsou starší než rozhodná doba."
        )
    return passed(name, "Certifikát nebyl v rozhodné době odvolán.") if fresh else None


def _revoked(name: str, since: datetime, *, is_authority: bool) -> Fact:
    whose = "Certifikát autority, která jej vydala," if is_authority else "Certifikát"
    return indeterminate(
        name,
        SubIndication.REVOKED_CA_NO_POE if is_authority else SubIndication.REVOKED_NO_POE,
        f"{whose} byl odvolán {since.day}. {since.month}. {since.year}; že podpis vznikl dříve, není doloženo.",
    )


def _words_about(certificate: x509.Certificate, issuer: x509.Certificate, data: RevocationData) -> Iterator[_Word]:
    for one in data.lists:
        yield from _read(lambda: _listed(one, certificate, issuer))  # noqa: B023 - called at once
    for answer in data.answers:
        yield from _read(lambda: _answered(answer, certificate, issuer))  # noqa: B023 - called at once


def _listed(
    one: x509.CertificateRevocationList, certificate: x509.Certificate, issuer: x509.Certificate
) -> list[_Word]:
    if one.issuer != issuer.subject or not _covers(one, certificate):
        return []
    if not one.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
        return []
    entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
    return [_Word(entry.revocation_date_utc if entry else None, one.next_update_utc)]


def _covers(one: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Whether the list speaks of such certificates at all: whole lists, not those of changes or of some reasons."""
    for extension in one.extensions:
        value = extension.value
        if isinstance(value, x509.IssuingDistributionPoint):
            if value.only_some_reasons or value.indirect_crl or value.only_contains_attribute_certs:
                return False
            if value.only_contains_user_certs if _is_authority(certificate) else value.only_contains_ca_certs:
                return False
        elif extension.critical:
            return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _may_answer(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """Signed by the issuer itself, or by whom it entrusted with it (RFC 6960, 4.2.2.2)."""
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return False
    entrusted = [one for one in answer.certificates if _is_entrusted(one, issuer)]
    return any(_signed_by(answer, one) for one in (issuer, *entrusted))


def _is_entrusted(responder: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        responder.verify_directly_issued_by(issuer)
        usage = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (InvalidSignature, *_UNREADABLE):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _signed_by(answer: ocsp.OCSPResponse, responder: x509.Certificate) -> bool:
    key, algorithm = responder.public_key(), answer.signature_hash_algorithm
    if algorithm is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _answered(answer: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> list[_Word]:
    if not _may_answer(answer, issuer):
        return []
    return [_word(one) for one in answer.responses if _is_about(one, certificate, issuer)]


def _is_about(single: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    named = hashlib.new(single.hash_algorithm.name, issuer.subject.public_bytes(), usedforsecurity=False).digest()
    known = single.certificate_status is not ocsp.OCSPCertStatus.UNKNOWN
    return known and single.serial_number == certificate.serial_number and single.issuer_name_hash == named


def _word(single: ocsp.OCSPSingleResponse) -> _Word:
    return _Word(single.revocation_time_utc, single.next_update_utc)


def _read[R](read: Callable[[], list[R]]) -> list[R]:
    """What ``read`` finds; nothing when the data cannot be read."""
    try:
        return read()
    except _UNREADABLE:
        return []


def _of_choice(encoded: bytes) -> RevocationData:
    choice = cms.RevocationInfoChoice.load(encoded)
    if choice.name == "crl":
        return RevocationData((x509.load_der_x509_crl(choice.chosen.dump()),))
    other = choice.chosen
    if other["other_rev_info_format"].native != "ocsp_response":
        return RevocationData()
    return RevocationData((), (ocsp.load_der_ocsp_response(other["other_rev_info"].dump()),))


def _of_values(encoded: bytes) -> RevocationData:
    values = _RevocationValues.load(encoded)
    lists = tuple(x509.load_der_x509_crl(one.dump()) for one in _members(values["crls"]))
    answers = tuple(ocsp.load_der_ocsp_response(_whole(one)) for one in _members(values["answers"]))
    return RevocationData(lists, answers)


def _members(values: Any) -> list[Any]:
    return [] if isinstance(values, core.Void) else list(values)


def _whole(basic: asn1_ocsp.BasicOCSPResponse) -> bytes:
    """CAdES keeps the signed part of an answer only; the library reads whole answers."""
    inner = {"response_type": "basic_ocsp_response", "response": basic}
    return bytes(asn1_ocsp.OCSPResponse({"response_status": "successful", "response_bytes": inner}).dump())
