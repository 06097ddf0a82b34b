"""Revocation is judged by what is at hand: lists and answers in the signature, lists beside the roots."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from asn1crypto import cms, core
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from egon.gateways.cms.facts import Fact, SubIndication
from egon.gateways.cms.revocation import RevocationData, data_inside, revocation_fact
from egon.gateways.cms.signed_data import read_signed_data
from egon.gateways.cms.trust import TrustStore
from egon.gateways.isds import read_zfo, verify_zfo
from egon.gateways.isds.zfo import Level
from egon.kernel.errors import Misconfigured

NOW = datetime(2026, 7, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SEAL = "Informační systém datových schránek"
MESSAGE = """<q:MessageDownloadResponse xmlns:q="http://isds.czechpoint.cz/v20/message"><q:dmReturnedMessage>
<p:dmDm xmlns:p="http://isds.czechpoint.cz/v20"><p:dmID>1</p:dmID></p:dmDm></q:dmReturnedMessage>
</q:MessageDownloadResponse>"""


@lru_cache
def key(_whose: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def issue(subject: str, issuer: str, *, ca: bool = False, extra: x509.ExtensionType | None = None) -> x509.Certificate:
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (issuer, subject)]
    number = x509.random_serial_number()
    builder = x509.CertificateBuilder(*names, key(subject).public_key(), number, NOW - 900 * DAY, NOW + 900 * DAY)
    builder = builder.add_extension(x509.BasicConstraints(ca, None), critical=True)
    if extra:
        builder = builder.add_extension(extra, critical=False)
    return builder.sign(key(issuer), hashes.SHA256())


ROOT = issue("kořen", "kořen", ca=True)
MIDDLE = issue("mezilehlá", "kořen", ca=True)
LEAF = issue(SEAL, "mezilehlá")
CHAIN = (LEAF, MIDDLE, ROOT)


def revoked_list(
    *revoked: tuple[x509.Certificate, datetime],
    issuer: str = "mezilehlá",
    signer: str = "",
    until: datetime = NOW + DAY,
    extra: x509.ExtensionType | None = None,
) -> x509.CertificateRevocationList:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)])
    builder = x509.CertificateRevocationListBuilder(name, until - 2 * DAY, until)
    for certificate, since in revoked:
        entry = x509.RevokedCertificateBuilder(certificate.serial_number, since).build()
        builder = builder.add_revoked_certificate(entry)
    if extra:
        builder = builder.add_extension(extra, critical=True)
    return builder.sign(key(signer or issuer), hashes.SHA256())


def answer(status: ocsp.OCSPCertStatus, responder: x509.Certificate, whose: str) -> ocsp.OCSPResponse:
    builder = ocsp.OCSPResponseBuilder().add_response(
        LEAF, MIDDLE, hashes.SHA256(), status, NOW - DAY, NOW + DAY,
        NOW - 5 * DAY if status is ocsp.OCSPCertStatus.REVOKED else None, None,
    )  # fmt: skip
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder)
    if responder is not MIDDLE:
        builder = builder.certificates([responder])
    return builder.sign(key(whose), hashes.SHA256())


def judged(data: RevocationData, at: datetime = NOW) -> SubIndication | None:
    fact = revocation_fact("seal_revocation", CHAIN, data, at)
    assert fact is None or isinstance(fact, Fact)
    return None if fact is None else fact.sub_indication


def by_list(*lists: x509.CertificateRevocationList, at: datetime = NOW) -> SubIndication | None:
    return judged(RevocationData(lists), at)


def test_without_data_nothing_is_claimed() -> None:
    assert judged(RevocationData()) is None
    assert by_list(revoked_list(issuer="kořen")) is None  # speaks of the authority only


def test_lists_of_revoked_certificates() -> None:
    assert by_list(revoked_list()) is SubIndication.NONE
    assert by_list(revoked_list((MIDDLE, NOW - DAY))) is SubIndication.NONE  # another certificate
    assert by_list(revoked_list((LEAF, NOW - DAY))) is SubIndication.REVOKED_NO_POE
    assert by_list(revoked_list((LEAF, NOW + DAY))) is SubIndication.NONE  # later than what is proven
    assert by_list(revoked_list((MIDDLE, NOW - DAY), issuer="kořen")) is SubIndication.REVOKED_CA_NO_POE
    assert by_list(revoked_list(until=NOW - 3 * DAY)) is SubIndication.TRY_LATER
    assert by_list(revoked_list((LEAF, NOW - 5 * DAY), until=NOW - 3 * DAY)) is SubIndication.REVOKED_NO_POE


def test_lists_of_somebody_else_or_of_something_else_say_nothing() -> None:
    assert by_list(revoked_list((LEAF, NOW - DAY), signer="kořen")) is None
    assert by_list(revoked_list((LEAF, NOW - DAY), issuer="cizí")) is None
    assert by_list(revoked_list(extra=x509.DeltaCRLIndicator(1))) is None

    def scope(**only: bool) -> x509.IssuingDistributionPoint:
        given = {"only_contains_user_certs": False, "only_contains_ca_certs": False, "indirect_crl": False} | only
        return x509.IssuingDistributionPoint(
            None, None, only_some_reasons=None, only_contains_attribute_certs=False, **given
        )

    assert by_list(revoked_list(extra=scope(only_contains_ca_certs=True))) is None
    assert by_list(revoked_list(extra=scope(indirect_crl=True))) is None
    assert by_list(revoked_list(extra=scope(only_contains_user_certs=True))) is SubIndication.NONE


def test_answers_of_the_authority_and_of_whom_it_entrusted() -> None:
    entrusted = issue("odpovídá", "mezilehlá", extra=x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]))
    stranger = issue("cizí", "mezilehlá")
    good, revoked = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED
    forged = GOOD[:-1] + bytes((GOOD[-1] ^ 1,))
    cases = [
        (answer(good, MIDDLE, "mezilehlá"), SubIndication.NONE),
        (answer(revoked, MIDDLE, "mezilehlá"), SubIndication.REVOKED_NO_POE),
        (answer(good, entrusted, "odpovídá"), SubIndication.NONE),
        (answer(good, stranger, "cizí"), None),
        (ocsp.load_der_ocsp_response(forged), None),
    ]
    for given, expected in cases:
        assert judged(RevocationData((), (given,))) is expected
    assert judged(RevocationData((), (cases[0][0],)), NOW + 5 * DAY) is SubIndication.TRY_LATER


def signed(change: Callable[[cms.SignedData], None]) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(MESSAGE.encode())
    builder = builder.add_signer(LEAF, key(SEAL), hashes.SHA256()).add_certificate(MIDDLE)
    whole = cms.ContentInfo.load(builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary]))
    change(whole["content"])
    return bytes(whole.dump(force=True))


def _der(data: x509.CertificateRevocationList | ocsp.OCSPResponse) -> bytes:
    return data.public_bytes(serialization.Encoding.DER)


def beside(data: cms.SignedData) -> None:
    """Where CMS itself keeps lists and answers."""
    other = {"other_rev_info_format": "ocsp_response", "other_rev_info": asn1_ocsp.OCSPResponse.load(GOOD)}
    data["crls"] = [
        cms.RevocationInfoChoice("crl", asn1_crl.CertificateList.load(LIST)),
        cms.RevocationInfoChoice("other", other),
    ]


def in_attribute(data: cms.SignedData) -> None:
    """Where CAdES keeps them."""
    basic = asn1_ocsp.OCSPResponse.load(GOOD)["response_bytes"]["response"].parsed.dump()

    def tagged(number: int, content: bytes) -> bytes:
        inner = b"\x30\x82" + len(content).to_bytes(2) + content
        return bytes((0xA0 + number, 0x82)) + len(inner).to_bytes(2) + inner

    body = tagged(0, LIST) + tagged(1, basic)
    values = core.Any.load(b"\x30\x82" + len(body).to_bytes(2) + body)
    attribute = cms.CMSAttribute({"type": "1.2.840.113549.1.9.16.2.24", "values": [values]})
    data["signer_infos"][0]["unsigned_attrs"] = [attribute]


LIST = _der(revoked_list())
GOOD = _der(answer(ocsp.OCSPCertStatus.GOOD, MIDDLE, "mezilehlá"))


@pytest.mark.parametrize("place", [beside, in_attribute])
def test_data_that_came_with_a_signature_are_found(place: Callable[[cms.SignedData], None]) -> None:
    found = data_inside(read_signed_data(signed(place)))
    assert [_der(one) for one in found.lists] == [LIST]
    assert [one.serial_number for one in found.answers] == [LEAF.serial_number]
    assert not data_inside(read_signed_data(signed(lambda data: None)))


def test_a_message_sealed_by_a_revoked_certificate_is_not_told_as_sound(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(ROOT.public_bytes(serialization.Encoding.PEM))
    zfo = read_zfo(signed(lambda data: None))

    def verified() -> tuple[Level, SubIndication | None]:
        seen = verify_zfo(zfo, TrustStore.from_pem_folder(tmp_path), NOW)
        assert seen.seal_chain.passed
        return seen.summary().level, seen.seal_revocation.sub_indication if seen.seal_revocation else None

    assert verified()[1] is None
    (tmp_path / "seznam.crl").write_bytes(LIST)
    assert verified()[1] is SubIndication.NONE
    (tmp_path / "seznam.crl").write_bytes(_der(revoked_list((LEAF, NOW - DAY))))
    assert verified() == (Level.WARNING, SubIndication.REVOKED_NO_POE)
    (tmp_path / "seznam.crl").write_bytes(b"nic")
    with pytest.raises(Misconfigured, match=r"seznam\.crl"):
        verified()
