"""Which client certificates let whom in: applications of a box, hosted records services, users with a password."""

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from egon.gateways.isds.simulator import clock
from egon.gateways.isds.simulator.boxes import VIRTUAL_PRIVILEGES, User
from egon.gateways.isds.simulator.database import Database
from egon.gateways.isds.simulator.pki import Identity

SYSTEM, HOSTED, PERSONAL = "system", "hspis", "user"
KINDS: Final = frozenset({SYSTEM, HOSTED, PERSONAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A certificate with what it is good for. ``login`` only for a user's one; ``valid_until`` in ms."""

    fingerprint: str
    box_id: str
    kind: str
    login: str
    subject: str
    valid_until: int


class Certificates:
    """Registered certificates; several of one box may be in force at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, certificate: x509.Certificate, *, kind: str, box_id: str, login: str = "") -> Registered:
        """Let a certificate in; ``ValueError`` for an unknown kind."""
        if kind not in KINDS:
            raise ValueError(f"Druh certifikátu má být jeden z: {', '.join(sorted(KINDS))}.")
        one = Registered(
            fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
            box_id=box_id,
            kind=kind,
            login=login,
            subject=certificate.subject.rfc4514_string(),
            valid_until=clock.milliseconds(certificate.not_valid_after_utc),
        )
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO certificate (fingerprint, box_id, kind, login, subject, valid_until)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (one.fingerprint, one.box_id, one.kind, one.login, one.subject, one.valid_until),
            )
        return one

    def every(self) -> list[Registered]:
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM certificate ORDER BY box_id, valid_until").fetchall()
        return [Registered(**dict(row)) for row in rows]

    def revoke(self, fingerprint: str) -> None:
        """Let a certificate in no more."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM certificate WHERE fingerprint = ?", (fingerprint,))

    def find(self, der: bytes | None, kind: str, *, box_id: str = "", login: str = "") -> Registered | None:
        """The registration of a presented certificate (DER) for a box or a login, ``None`` when it is not let in."""
        if der is None:
            return None
        fingerprint = x509.load_der_x509_certificate(der).fingerprint(hashes.SHA256()).hex()
        for one in self.every():
            fits = (not box_id or one.box_id == box_id) and (not login or one.login == login)
            if one.fingerprint == fingerprint and one.kind == kind and fits:
                return one
        return None


def application_of(box_id: str) -> User:
    """The virtual user of a box: an application, with rights nobody can change."""
    return User(
        login=f"cert:{box_id}",
        box_id=box_id,
        isds_id="",
        type="VIRTUAL",
        privileges=VIRTUAL_PRIVILEGES,
        by_certificate=True,
    )


def as_files(identity: Identity, password: str) -> dict[str, Any]:
    """A certificate with its key as PEM and as PKCS#12 in base64."""
    key_pem = identity.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    protection = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    packed = pkcs12.serialize_key_and_certificates(b"isds", identity.key, identity.certificate, None, protection)
    return {
        "certificate_pem": identity.certificate.public_bytes(serialization.Encoding.PEM).decode(),
        "key_pem": key_pem.decode(),
        "pkcs12": base64.b64encode(packed).decode(),
    }


def days(number: float) -> timedelta:
    """A validity; ``ValueError`` unless it is above zero."""
    if number <= 0:
        raise ValueError("Platnost certifikátu má být alespoň den.")
    return timedelta(days=number)
