"""Client certificates for TLS: from PKCS#12 or PEM, kept in memory, several valid at once during rotation."""

import secrets
import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from egon.kernel.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A certificate with its private key and the certificates of its issuers. Times are aware."""

    certificate: x509.Certificate = field(repr=False)
    key: PrivateKeyTypes = field(repr=False)
    chain: tuple[x509.Certificate, ...] = field(default=(), repr=False)

    @classmethod
    def from_pkcs12(cls, data: bytes, password: str = "") -> Self:
        """From the content of a .p12/.pfx file. Raises ``Misconfigured`` (bad password, no key inside)."""
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(data, password.encode() or None)
        except (ValueError, TypeError) as error:
            raise _unusable("soubor PKCS#12 se nepodařilo otevřít (chybné heslo nebo poškozený soubor)") from error
        if key is None or certificate is None:
            raise _unusable("soubor PKCS#12 neobsahuje certifikát se soukromým klíčem")
        return cls._of(certificate, key, others)

    @classmethod
    def from_pem(cls, certificates: bytes, key: bytes, password: str = "") -> Self:
        """From PEM texts: certificates (own one first, or any order) and the private key. Raises ``Misconfigured``."""
        try:
            found = x509.load_pem_x509_certificates(certificates)
            private = load_pem_private_key(key, password.encode() or None)
        except (ValueError, TypeError) as error:
            raise _unusable("certifikát nebo klíč ve formátu PEM se nepodařilo přečíst") from error
        public = private.public_key()
        own = next((item for item in found if item.public_key() == public), None)
        if own is None:
            raise _unusable("soukromý klíč nepatří k žádnému z certifikátů")
        return cls._of(own, private, [item for item in found if item is not own])

    @classmethod
    def from_file(cls, path: Path, password: str = "", *, key_path: Path | None = None) -> Self:
        """From a file: PEM (key inside or in ``key_path``) or PKCS#12, told by its content."""
        try:
            data = path.read_bytes()
            key = key_path.read_bytes() if key_path else data
        except OSError as error:
            raise _unusable(f"soubor {path.name} nelze číst") from error
        return cls.from_pem(data, key, password) if b"-----BEGIN" in data else cls.from_pkcs12(data, password)

    @classmethod
    def _of(cls, certificate: x509.Certificate, key: PrivateKeyTypes, others: Sequence[x509.Certificate]) -> Self:
        if key.public_key() != certificate.public_key():
            raise _unusable("soukromý klíč nepatří k certifikátu")
        return cls(certificate, key, tuple(others))

    def to_pem(self) -> bytes:
        """Certificate, its issuers and the key **unencrypted**, as :meth:`from_pem` reads them; for a sealed store."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return b"".join(item.public_bytes(Encoding.PEM) for item in (self.certificate, *self.chain)) + key

    @property
    def valid_from(self) -> datetime:
        return self.certificate.not_valid_before_utc

    @property
    def valid_until(self) -> datetime:
        return self.certificate.not_valid_after_utc

    @property
    def subject(self) -> str:
        return self.certificate.subject.rfc4514_string()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal; what an administrator compares with the portal."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def load_into(self, context: ssl.SSLContext) -> None:
        """Make ``context`` present this certificate. The key touches the disk only encrypted by a throw-away word."""
        word = secrets.token_hex(24)
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(word.encode()))
        chain = b"".join(item.public_bytes(Encoding.PEM) for item in (self.certificate, *self.chain))
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(chain + key)
            file.flush()
            context.load_cert_chain(file.name, password=word)


def in_order_of_use(certificates: Sequence[ClientCertificate], at: datetime) -> list[ClientCertificate]:
    """Certificates valid at ``at``, the one issued last first. Raises ``Misconfigured`` when none is valid."""
    valid = [item for item in certificates if item.valid_from <= at <= item.valid_until]
    if not valid:
        last = max((item.valid_until for item in certificates), default=None)
        when = f" (poslední platil do {last:%d.%m.%Y})" if last else ""
        raise _unusable(f"žádný nastavený certifikát teď neplatí{when}")
    return sorted(valid, key=lambda item: item.valid_from, reverse=True)


def _unusable(reason: str) -> Misconfigured:
    return Misconfigured(
        f"Přihlašovací certifikát k datové schránce nelze použít: {reason}. Nic se nestáhlo ani neodeslalo; "
        "nahrajte platný certifikát v nastavení schránky."
    )
