"""Ways of logging in to ISDS, as data: which host, which path, which credentials go with every single request."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from egon.gateways.isds.certificates import ClientCertificate
from egon.gateways.isds.namespaces import BIG_SERVICES


class Access(Enum):
    """The matrix of hosts and paths (operating rules, bulletins to June 2026): host for ws1, host for ws2, path."""

    PASSWORD = ("ws1", "ws2", "DS")
    SYSTEM_CERTIFICATE = ("ws1c", "ws2c", "cert/DS")
    USER_CERTIFICATE = ("ws1c", "ws2c", "certds/DS")
    HOSTED_RECORDS = ("ws1c", "ws2c", "hspis/DS")
    SESSION = ("www", "www", "apps/DS")
    PASSWORD_CHANGE = ("www", "www", "asws")

    def host(self, service: str) -> str:
        """First label of the host name for a service."""
        return self.value[1] if service in BIG_SERVICES else self.value[0]

    @property
    def path(self) -> str:
        return self.value[2]


class Login(Protocol):
    """What a way of logging in decides. Only :class:`SessionLogin` has a session; all others stand alone."""

    @property
    def name(self) -> str:
        """How the login is called in messages to people; never a secret."""

    @property
    def access(self) -> Access:
        """Hosts and path."""

    @property
    def certificates(self) -> tuple[ClientCertificate, ...]:
        """Certificates for TLS; more than one while they are being rotated."""

    def headers(self) -> Mapping[str, str]:
        """Credentials in HTTP headers."""


def basic(user: str, password: str) -> dict[str, str]:
    """The ``Authorization`` header of HTTP Basic."""
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode('ascii')}"}


@dataclass(frozen=True, slots=True)
class PasswordLogin:
    """Name and password of a box user (HTTP Basic in every request)."""

    user: str
    password: str = field(repr=False)
    access: Access = field(default=Access.PASSWORD, init=False, repr=False)
    certificates: tuple[ClientCertificate, ...] = field(default=(), init=False, repr=False)

    @property
    def name(self) -> str:
        return self.user

    def headers(self) -> Mapping[str, str]:
        """The ``Authorization`` header."""
        return basic(self.user, self.password)


@dataclass(frozen=True, slots=True)
class SystemCertificateLogin:
    """A records system by its system certificate alone, registered for one box (recommended way)."""

    certificates: tuple[ClientCertificate, ...]
    label: str = "systémový certifikát"
    access: Access = field(default=Access.SYSTEM_CERTIFICATE, init=False, repr=False)

    @property
    def name(self) -> str:
        return self.label

    def headers(self) -> Mapping[str, str]:
        """Nothing: TLS says who it is."""
        return {}


@dataclass(frozen=True, slots=True)
class UserCertificateLogin:
    """Name and password together with a user's commercial certificate."""

    user: str
    password: str = field(repr=False)
    certificates: tuple[ClientCertificate, ...]
    access: Access = field(default=Access.USER_CERTIFICATE, init=False, repr=False)

    @property
    def name(self) -> str:
        return self.user

    def headers(self) -> Mapping[str, str]:
        """The ``Authorization`` header."""
        return basic(self.user, self.password)


@dataclass(frozen=True, slots=True)
class HostedRecordsLogin:
    """A hosted records service (hostovaná spisová služba): one certificate for many boxes, the box id as the user."""

    box_id: str
    certificates: tuple[ClientCertificate, ...]
    access: Access = field(default=Access.HOSTED_RECORDS, init=False, repr=False)

    @property
    def name(self) -> str:
        return f"hostovaná spisová služba, schránka {self.box_id}"

    def headers(self) -> Mapping[str, str]:
        """Basic with the box id and an empty password."""
        return basic(self.box_id, "")


@dataclass(frozen=True, slots=True)
class SessionLogin:
    """An open session after an SMS code or the mobile key (``sessions.py``); it ends after 30 idle minutes."""

    user: str
    cookie: str = field(repr=False)
    access: Access = field(default=Access.SESSION, init=False, repr=False)
    certificates: tuple[ClientCertificate, ...] = field(default=(), init=False, repr=False)

    @property
    def name(self) -> str:
        return self.user

    def headers(self) -> Mapping[str, str]:
        """The session cookie."""
        return {"Cookie": f"IPCZ-X-COOKIE={self.cookie}"}


@dataclass(frozen=True, slots=True)
class PasswordChangeLogin:
    """Name and password for the service that changes passwords of accounts with a code; ``code`` follows the password.

    Without a code it may only ask for one (OTP autentizace 1.8, 3.3).
    """

    user: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    access: Access = field(default=Access.PASSWORD_CHANGE, init=False, repr=False)
    certificates: tuple[ClientCertificate, ...] = field(default=(), init=False, repr=False)

    @property
    def name(self) -> str:
        return self.user

    def headers(self) -> Mapping[str, str]:
        """The ``Authorization`` header."""
        return basic(self.user, self.password + self.code)
