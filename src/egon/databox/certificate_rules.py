"""What an uploaded login certificate must fulfil, before ISDS is asked about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from egon.gateways.isds.certificates import ClientCertificate
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import Misconfigured

_SMALLEST_RSA_KEY: Final = 2048


def read_certificate(data: bytes, password: str, *, key: bytes = b"") -> ClientCertificate:
    """A certificate with its key from the content of a PKCS#12 or PEM file; a PEM key may be in a file of its own.

    Raises ``Misconfigured`` for what cannot be opened (wrong password, no key, a key of another certificate).
    """
    if b"-----BEGIN" in data:
        return ClientCertificate.from_pem(data, key or data, password)
    return ClientCertificate.from_pkcs12(data, password)


def why_unreadable(error: Misconfigured) -> str:
    """The reason alone, without the advice that belongs to a certificate already in use."""
    reason = error.message.partition(": ")[2].partition(". ")[0] or error.message
    return f"Certifikát se nepodařilo načíst: {reason}. Zkontrolujte soubor a heslo k němu."


def certificate_obstacles(certificate: ClientCertificate, *, at: datetime) -> list[str]:
    """Everything for which ISDS would refuse the certificate."""
    found = []
    if certificate.valid_until < at:
        until = certificate.valid_until.astimezone(PRAGUE)
        found.append(f"Certifikát skončil {until:%d.%m.%Y}. Nahrajte platný.")
    key = certificate.certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _SMALLEST_RSA_KEY:
        found.append(
            f"Klíč certifikátu je příliš krátký ({key.key_size} bitů). Vyžádejte si certifikát s delším klíčem."
        )
    if not _may_authenticate(certificate.certificate):
        found.append("Certifikát není určen k přihlašování (chybí mu účel „ověření klienta“).")
    if not _is_chain(certificate.certificate, certificate.chain):
        found.append(
            "Přiložené certifikáty vydavatele k tomuto certifikátu nepatří. Nahrajte soubor bez nich nebo s pravými."
        )
    return found


def _may_authenticate(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.CLIENT_AUTH in usage or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in usage


def _is_chain(certificate: x509.Certificate, others: Sequence[x509.Certificate]) -> bool:
    """Whether each of the others issued the certificate itself or another one that did."""
    reached, rest = [certificate], list(others)
    while rest:
        issuers = [candidate for candidate in rest if any(_issued(below, candidate) for below in reached)]
        if not issuers:
            return False
        reached += issuers
        rest = [candidate for candidate in rest if candidate not in issuers]
    return True


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
