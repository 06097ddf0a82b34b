"""The simulator's own certificates: a root, the seal of ISDS and a time-stamping authority, made on first start.

Clients trust the folder ``DATA/pki/roots``. Keys never leave ``DATA/pki``; they are worthless outside the simulator.
"""

import ipaddress
import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALIDITY: Final = timedelta(days=3653)
ARCHIVE_VALIDITY: Final = timedelta(days=5 * 365 + 1)
ARCHIVE_ROOT_VALIDITY: Final = timedelta(days=60 * 365)
ROOT_BITS: Final = 3072
STAMP_BITS: Final = 2048
_STAMPING: Final = ExtendedKeyUsageOID.TIME_STAMPING
_ISSUING: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Identity:
    """A private key with its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Pki:
    """Everything the simulator signs with."""

    seal: Identity
    stamp: Identity
    folder: Path

    def archive_stamp(self, at: datetime) -> Identity:
        """The time-stamping authority of archive stamps at a moment: a new one each year, each valid for five."""
        name = f"archive-{at.year}"
        folder = self.folder / "archive"
        with _ISSUING:
            if not (folder / f"{name}.pem").exists():
                begins = datetime(at.year, 1, 1, tzinfo=UTC)
                common_name = f"Simulátor ISDS – archivní časová razítka {at.year}"
                root = _load(folder, "root")
                _save(folder, name, _issue(root, common_name, STAMP_BITS, begins, _STAMPING, validity=ARCHIVE_VALIDITY))
            return _load(folder, name)

    def issue_client(self, common_name: str, now: datetime, *, validity: timedelta) -> Identity:
        """A client certificate of the test authority, for logins by certificate. ``now`` is the real time."""
        root = _load(self.folder / "tls", "ca")
        return _issue(root, common_name, STAMP_BITS, now, ExtendedKeyUsageOID.CLIENT_AUTH, validity=validity)

    def server(self, hosts: list[str], now: datetime) -> tuple[Path, Path]:
        """Files of the certificate and of the key for the TLS port; made anew at each start."""
        folder = self.folder / "tls"
        names: list[x509.GeneralName] = []
        for host in hosts:
            try:
                names.append(x509.IPAddress(ipaddress.ip_address(host)))
            except ValueError:
                names.append(x509.DNSName(host))
        root = _load(folder, "ca")
        made = _issue(root, hosts[0], STAMP_BITS, now, ExtendedKeyUsageOID.SERVER_AUTH, names=names)
        _save(folder, "server", made)
        return folder / "server.pem", folder / "server.key.pem"


def load_or_make(folder: Path, *, now: datetime, seal_bits: int = 3072) -> Pki:
    """The certificates of ``folder``; a whole new set is made when there is none. ``now`` is an aware datetime."""
    if not (folder / "roots" / "root.pem").exists():
        _make(folder, now, seal_bits)
    if not (folder / "roots" / "archive.pem").exists():
        _make_authorities(folder, now)
    return Pki(seal=_load(folder, "seal"), stamp=_load(folder, "stamp"), folder=folder)


def _make_authorities(folder: Path, now: datetime) -> None:
    """The root of archive stamps and the authority of TLS; unlike the first root they go on issuing."""
    for name in ("archive", "tls"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _save(folder / "tls", "ca", _issue_root(_real_now(), "Simulátor ISDS – testovací autorita TLS"))
    archive = _issue_root(now, "Simulátor ISDS – kořenová autorita archivních razítek", validity=ARCHIVE_ROOT_VALIDITY)
    _save(folder / "archive", "root", archive)
    (folder / "roots" / "archive.pem").write_bytes(archive.certificate.public_bytes(serialization.Encoding.PEM))


def _real_now() -> datetime:
    # TLS knows nothing of the movable clock: both ends check certificates by the time of the machine.
    return datetime.now(UTC)


def _load(folder: Path, name: str) -> Identity:
    # We made the key ourselves; having it checked anew would take most of the simulator's start.
    pem = (folder / f"{name}.key.pem").read_bytes()
    key = serialization.load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{folder / name}.key.pem: očekává se klíč RSA")
    return Identity(key, x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes()))


def _make(folder: Path, now: datetime, seal_bits: int) -> None:
    (folder / "roots").mkdir(parents=True, exist_ok=True)
    root = _issue_root(now, "Simulátor ISDS – kořenová autorita")
    seal = _issue(root, "Informační systém datových schránek – simulátor", seal_bits, now, None)
    stamp = _issue(root, "Simulátor ISDS – časová razítka", STAMP_BITS, now, _STAMPING)
    _save(folder, "seal", seal)
    _save(folder, "stamp", stamp)
    # The root comes last: its presence says that the set is whole. Its key is not kept, it issues nothing more.
    (folder / "roots" / "root.pem").write_bytes(root.certificate.public_bytes(serialization.Encoding.PEM))


def _save(folder: Path, name: str, identity: Identity) -> None:
    pem = identity.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(folder / f"{name}.key.pem", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    (folder / f"{name}.pem").write_bytes(identity.certificate.public_bytes(serialization.Encoding.PEM))


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CZ"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Simulátor ISDS (neplatné pro skutečné právní jednání)"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, now: datetime, validity: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + validity)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _issue_root(now: datetime, common_name: str, validity: timedelta = VALIDITY) -> Identity:
    key = rsa.generate_private_key(65537, ROOT_BITS)
    name = _name(common_name)
    certificate = (
        _builder(name, name, key, now, validity)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Identity(key, certificate)


def _issue(
    root: Identity,
    common_name: str,
    bits: int,
    now: datetime,
    purpose: x509.ObjectIdentifier | None,
    *,
    validity: timedelta = VALIDITY,
    names: list[x509.GeneralName] | None = None,
) -> Identity:
    key = rsa.generate_private_key(65537, bits)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    builder = (
        _builder(_name(common_name), root.certificate.subject, key, now, validity)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(authority, critical=False)
    )
    if purpose is not None:
        # RFC 3161, 2.3: a time-stamping certificate has exactly this purpose, and it is critical.
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=purpose == _STAMPING)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return Identity(key, builder.sign(root.key, hashes.SHA256()))
