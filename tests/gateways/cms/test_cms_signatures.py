"""Signatures of every kind ISDS uses are checked; a path is accepted only when each of its links may stand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from egon.gateways.cms.ber import BadBer, EndMissing, split_signed_data
from egon.gateways.cms.facts import SubIndication
from egon.gateways.cms.signed_data import NotSignedData, Truncated, read_signed_data, verify_signed_data
from egon.gateways.cms.trust import TrustStore
from egon.gateways.tsa.tokens import NotAToken, read_token, verify_token
from egon.kernel.errors import Misconfigured

NOW = datetime(2026, 7, 1, tzinfo=UTC)
DAY = timedelta(days=1)
type Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
CONTENT = b"obsah " * 1000


@lru_cache
def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@lru_cache
def _ec(_number: int = 0) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _issue(
    subject: str,
    key: Key,
    issuer: str,
    issuer_key: Key,
    *,
    ca: bool = False,
    path_length: int | None = None,
    since: datetime = NOW - 10 * DAY,
    until: datetime = NOW + 10 * DAY,
    extra: x509.ExtensionType | None = None,
) -> x509.Certificate:
    builder = x509.CertificateBuilder(
        _name(issuer), _name(subject), key.public_key(), x509.random_serial_number(), since, until
    )
    builder = builder.add_extension(x509.BasicConstraints(ca, path_length), critical=True)
    if extra:
        builder = builder.add_extension(extra, critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _sign(content: bytes, certificate: x509.Certificate, key: Key, scheme: padding.PSS | None = None) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256(), rsa_padding=scheme)
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


PSS = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
SIGNERS: dict[str, Callable[[], tuple[Key, padding.PSS | None]]] = {
    "RSA PKCS#1 v1.5, SHA-256": lambda: (_rsa(), None),
    "RSA-PSS, SHA-256": lambda: (_rsa(), PSS),
    "ECDSA, SHA-256": lambda: (_ec(), None),
}


@pytest.mark.parametrize("label", SIGNERS)
def test_each_kind_of_signature_is_checked(label: str) -> None:
    key, scheme = SIGNERS[label]()
    certificate = _issue("pečeť", key, "pečeť", key)
    raw = _sign(CONTENT, certificate, key, scheme)
    document = read_signed_data(raw)
    assert document.content == CONTENT
    check = verify_signed_data(document)
    assert check.intact
    assert check.algorithm_label == label
    assert check.certificate == certificate
    assert check.signing_time is not None
    content_changed = verify_signed_data(read_signed_data(raw.replace(b"obsah obsah", b"obsah obsaH", 1)))
    assert content_changed.content.sub_indication is SubIndication.HASH_FAILURE
    assert content_changed.signature.passed
    digest = document.signer["signed_attrs"][2]["values"][0].dump()
    attribute_changed = verify_signed_data(
        read_signed_data(raw.replace(digest, digest[:-1] + bytes((digest[-1] ^ 1,))))
    )
    assert attribute_changed.signature.sub_indication is SubIndication.SIG_CRYPTO_FAILURE


def test_a_certificate_of_the_same_name_and_number_but_another_key_is_found_out() -> None:
    ours, other = _ec(), _ec(1)
    certificate = _issue("pečeť", ours, "pečeť", ours)
    forged = x509.CertificateBuilder(
        certificate.issuer, certificate.subject, other.public_key(), certificate.serial_number, NOW - DAY, NOW + DAY
    ).sign(other, hashes.SHA256())
    raw = _sign(CONTENT, forged, other)
    assert verify_signed_data(read_signed_data(raw)).intact
    assert not TrustStore([certificate]).path_for(forged, (), NOW).trusted


def _path(**intermediate: object) -> SubIndication:
    root = _issue("kořen", _ec(), "kořen", _ec(), ca=True)
    options = {"ca": True, **intermediate}
    middle = _issue("mezilehlá", _ec(1), "kořen", _ec(), **options)  # type: ignore[arg-type]
    leaf = _issue("pečeť", _ec(2), "mezilehlá", _ec(1))
    return TrustStore([root]).path_for(leaf, (middle,), NOW).problem


def test_a_path_over_an_intermediate_authority_is_found() -> None:
    assert _path() is SubIndication.NONE


@pytest.mark.parametrize(
    ("intermediate", "problem"),
    [
        ({"ca": False}, SubIndication.CHAIN_CONSTRAINTS_FAILURE),
        ({"until": NOW - DAY}, SubIndication.OUT_OF_BOUNDS_NO_POE),
        ({"since": NOW + DAY}, SubIndication.OUT_OF_BOUNDS_NO_POE),
        (
            {"extra": x509.KeyUsage(True, False, False, False, False, False, False, False, False)},
            SubIndication.CHAIN_CONSTRAINTS_FAILURE,
        ),
        (
            {"extra": x509.NameConstraints([x509.DNSName("x.cz")], None)},
            SubIndication.CHAIN_CONSTRAINTS_FAILURE,
        ),
    ],
)
def test_an_authority_that_must_not_issue_breaks_the_path(
    intermediate: dict[str, object], problem: SubIndication
) -> None:
    assert _path(**intermediate) is problem


def test_a_path_longer_than_the_root_allows_is_not_accepted() -> None:
    root = _issue("kořen", _ec(), "kořen", _ec(), ca=True, path_length=0)
    middle = _issue("mezilehlá", _ec(1), "kořen", _ec(), ca=True)
    leaf = _issue("pečeť", _ec(2), "mezilehlá", _ec(1))
    assert TrustStore([root]).path_for(leaf, (middle,), NOW).problem is SubIndication.CHAIN_CONSTRAINTS_FAILURE


def test_a_root_that_came_with_the_document_is_not_trusted() -> None:
    root = _issue("kořen", _ec(), "kořen", _ec(), ca=True)
    leaf = _issue("pečeť", _ec(2), "kořen", _ec())
    assert TrustStore.empty().path_for(leaf, (root,), NOW).problem is SubIndication.NO_CERTIFICATE_CHAIN_FOUND
    assert TrustStore([root]).path_for(leaf, (), NOW).trusted


def test_a_folder_of_certificates_is_read(tmp_path: Path) -> None:
    root = _issue("kořen", _ec(), "kořen", _ec(), ca=True)
    middle = _issue("mezilehlá", _ec(1), "kořen", _ec(), ca=True)
    (tmp_path / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "middle.crt").write_bytes(middle.public_bytes(serialization.Encoding.DER))
    (tmp_path / "notes.txt").write_text("nic")
    store = TrustStore.from_pem_folder(tmp_path)
    assert (store.roots, store.intermediates) == ((root,), (middle,))
    assert TrustStore.from_pem_folder(tmp_path / "chybí").roots == ()
    (tmp_path / "bad.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(Misconfigured, match=r"bad\.pem"):
        TrustStore.from_pem_folder(tmp_path)


def test_what_is_not_signed_data_is_told_from_what_is_cut_short() -> None:
    raw = _sign(CONTENT, _issue("pečeť", _ec(), "pečeť", _ec()), _ec())
    for size in range(1, len(raw), 97):
        with pytest.raises(Truncated):
            read_signed_data(raw[:size])
    for other in (b"", b"\x31" + raw[1:], b"\x30\x80" + b"\x30\x80" * 100, b"\x30\x02\x05\x00"):
        with pytest.raises(NotSignedData):
            read_signed_data(other)


def test_pieces_and_indefinite_lengths_are_put_together() -> None:
    oid = bytes.fromhex("06092a864886f70d010702")
    data = bytes.fromhex("06092a864886f70d010701")
    pieces = b"\x24\x80" + b"".join(b"\x04\x01" + bytes((char,)) for char in b"abc") + b"\x00\x00"
    inner = b"\x02\x01\x01\x31\x00" + b"\x30\x80" + data + b"\xa0\x80" + pieces + b"\x00\x00\x00\x00" + b"\x31\x00"
    whole = b"\x30\x80" + oid + b"\xa0\x80\x30\x80" + inner + b"\x00\x00" * 3
    assert split_signed_data(whole).content == b"abc"
    with pytest.raises(EndMissing):
        split_signed_data(whole[:-1])
    with pytest.raises(BadBer):
        split_signed_data(whole.replace(b"\x04\x01b", b"\x05\x01b"))


def test_nonsense_is_no_time_stamp() -> None:
    raw = _sign(CONTENT, _issue("pečeť", _ec(), "pečeť", _ec()), _ec())
    for data in (b"", b"abc", raw):
        with pytest.raises(NotAToken):
            read_token(data)
        check = verify_token(data, TrustStore.empty(), message=b"x")
        assert (check.intact, check.trusted, check.token) == (False, False, None)
