"""Certificates we trust, and building a path from a certificate to one of them (RFC 5280 § 6.1).

Revocation is judged apart, see ``revocation.py``; a store only carries lists that lie beside its roots.
"""

import warnings
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtensionOID

from egon.gateways.cms.facts import SubIndication
from egon.kernel.errors import Misconfigured

# Certificates of the ISDS seal from before 2015 have names longer than X.520 allows; that is no reason to complain.
warnings.filterwarnings("ignore", message="Attribute's length must be", category=UserWarning)

_MAX_PATH: Final = 8
_CERTIFICATE_FILES: Final = frozenset({".pem", ".crt", ".cer", ".der"})
_UNDERSTOOD_CRITICAL: Final = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.POLICY_CONSTRAINTS,
        ExtensionOID.INHIBIT_ANY_POLICY,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)
"""Critical extensions that do not stop us. Name constraints are not among them: a path with them is not accepted."""


@lru_cache(maxsize=512)
def load_certificate(der: bytes) -> x509.Certificate:
    """A certificate from DER; parsed once, as the same few certificates come in every message.

    Raises ``ValueError`` when any part that checks rely on cannot be read: the library itself reads parts lazily.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        readable = (
            certificate.public_key(),
            certificate.subject.rfc4514_string(),
            certificate.issuer,
            certificate.serial_number,
            certificate.not_valid_before_utc <= certificate.not_valid_after_utc,
            certificate.signature_algorithm_oid,
        )
    except (UnsupportedAlgorithm, TypeError, x509.InvalidVersion, x509.UnsupportedGeneralNameType) as error:
        raise ValueError(str(error)) from error
    if not readable[4]:
        raise ValueError("the certificate ends before it begins")
    return certificate


@dataclass(frozen=True, slots=True)
class PathResult:
    """Whether a certificate leads to a trusted root. ``chain`` starts with the certificate itself."""

    chain: tuple[x509.Certificate, ...] = ()
    problem: SubIndication = SubIndication.NONE
    reason: str = ""

    @property
    def trusted(self) -> bool:
        return bool(self.chain) and not self.problem


class TrustStore:
    """Trusted roots, and intermediate certificates that help to reach them. Immutable, safe to share."""

    def __init__(
        self,
        roots: Iterable[x509.Certificate],
        intermediates: Iterable[x509.Certificate] = (),
        revoked: Iterable[x509.CertificateRevocationList] = (),
    ) -> None:
        self.roots = tuple(roots)
        self.intermediates = tuple(intermediates)
        self.revocation_lists = tuple(revoked)
        self._anchors = frozenset(_der(certificate) for certificate in self.roots)

    @classmethod
    def empty(cls) -> Self:
        """Trusts nobody: signatures are still checked, their origin stays undetermined."""
        return cls(())

    @classmethod
    def from_pem_folder(cls, path: Path) -> Self:
        """All certificates of a folder (PEM or DER): self-issued ones are trusted roots, others intermediates.

        Files ``.crl`` are lists of revoked certificates. Raises ``Misconfigured`` when a file cannot be read. A folder
        that does not exist gives an empty store.
        """
        files = sorted(path.iterdir()) if path.is_dir() else []
        named = [file for file in files if file.suffix.lower() in _CERTIFICATE_FILES]
        found = [certificate for file in named for certificate in _read_certificates(file)]
        return cls(
            [certificate for certificate in found if certificate.subject == certificate.issuer],
            [certificate for certificate in found if certificate.subject != certificate.issuer],
            [_read_list(file) for file in files if file.suffix.lower() == ".crl"],
        )

    def is_anchor(self, certificate: x509.Certificate) -> bool:
        """Whether this very certificate is trusted."""
        return _der(certificate) in self._anchors

    def path_for(self, certificate: x509.Certificate, extra: Iterable[x509.Certificate], at: datetime) -> PathResult:
        """A path from ``certificate`` to a root, every issuer valid at ``at``.

        ``extra`` are certificates that came with the signature: they may lead to a root, never be one. The validity
        of ``certificate`` itself is for the caller to judge. Revocation is not checked here.
        """
        candidates: dict[x509.Name, list[x509.Certificate]] = defaultdict(list)
        for issuer in (*self.roots, *self.intermediates, *extra):
            if issuer not in candidates[issuer.subject]:
                candidates[issuer.subject].append(issuer)
        return self._climb((certificate,), candidates, at)

    def _climb(
        self, chain: tuple[x509.Certificate, ...], candidates: dict[x509.Name, list[x509.Certificate]], at: datetime
    ) -> PathResult:
        last = chain[-1]
        if self.is_anchor(last):
            return PathResult(chain)
        found = PathResult(chain, SubIndication.NO_CERTIFICATE_CHAIN_FOUND, "vydavatel není mezi důvěryhodnými")
        if len(chain) >= _MAX_PATH:
            return found
        for issuer in candidates.get(last.issuer, ()):
            if issuer in chain or not _issued(last, issuer):
                continue
            problem = _issuer_problem(issuer, at, below=len(chain) - 1)
            result = (
                PathResult((*chain, issuer), *problem) if problem else self._climb((*chain, issuer), candidates, at)
            )
            if result.trusted:
                return result
            if result.problem is not SubIndication.NO_CERTIFICATE_CHAIN_FOUND:
                found = result
        return found


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    return _issued_der(_der(certificate), _der(issuer))


@lru_cache(maxsize=1024)
def _issued_der(certificate: bytes, issuer: bytes) -> bool:
    try:
        load_certificate(certificate).verify_directly_issued_by(load_certificate(issuer))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _issuer_problem(issuer: x509.Certificate, at: datetime, *, below: int) -> tuple[SubIndication, str] | None:
    """Why ``issuer`` must not have issued a certificate, ``None`` when it may. ``below``: authorities under it."""
    name = issuer.subject.rfc4514_string()
    if at < issuer.not_valid_before_utc or at > issuer.not_valid_after_utc:
        return SubIndication.OUT_OF_BOUNDS_NO_POE, f"certifikát vydavatele neplatil ({name})"
    try:
        return _constraint_problem(issuer.extensions, name, below=below)
    except (ValueError, x509.DuplicateExtension):
        return SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE, f"certifikát vydavatele nelze přečíst ({name})"


def _constraint_problem(extensions: x509.Extensions, name: str, *, below: int) -> tuple[SubIndication, str] | None:
    chain_failure = SubIndication.CHAIN_CONSTRAINTS_FAILURE
    basic = _extension(extensions, x509.BasicConstraints)
    if basic is None or not basic.ca:
        return chain_failure, f"vydavatel není certifikační autorita ({name})"
    if basic.path_length is not None and below > basic.path_length:
        return chain_failure, f"cesta je delší, než vydavatel dovoluje ({name})"
    usage = _extension(extensions, x509.KeyUsage)
    if usage is not None and not usage.key_cert_sign:
        return chain_failure, f"klíč vydavatele není určen k vydávání certifikátů ({name})"
    if any(item.critical and item.oid not in _UNDERSTOOD_CRITICAL for item in extensions):
        return chain_failure, f"certifikát vydavatele má neznámé závazné omezení ({name})"
    return None


def _extension[E: x509.ExtensionType](extensions: x509.Extensions, kind: type[E]) -> E | None:
    try:
        return extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _read_certificates(file: Path) -> list[x509.Certificate]:
    data = file.read_bytes()
    try:
        if b"-----BEGIN" in data:
            return list(x509.load_pem_x509_certificates(data))
        return [x509.load_der_x509_certificate(data)]
    except ValueError as error:
        raise _unreadable(file, "certifikát", error) from error


def _read_list(file: Path) -> x509.CertificateRevocationList:
    data = file.read_bytes()
    try:
        return x509.load_pem_x509_crl(data) if b"-----BEGIN" in data else x509.load_der_x509_crl(data)
    except ValueError as error:
        raise _unreadable(file, "seznam odvolaných certifikátů", error) from error


def _unreadable(file: Path, what: str, error: ValueError) -> Misconfigured:
    return Misconfigured(
        f"Soubor {file.name} ve složce důvěryhodných certifikátů není čitelný {what}. Opravte jej nebo odeberte.",
        detail=str(error),
    )
