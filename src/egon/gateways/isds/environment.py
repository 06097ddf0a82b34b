"""Where ISDS is and who logs in: hosts, paths and credentials as data, never constants in the code."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class Login(Protocol):
    """What a way of logging in decides: host, path and credentials of every single request (no session exists)."""

    @property
    def name(self) -> str:
        """How the login is called in messages to people; never a secret."""

    @property
    def host_suffix(self) -> str:
        """What follows ``ws1`` in the host name (``c`` for certificates)."""

    @property
    def path(self) -> str:
        """The path before the name of the service (``DS``, ``cert/DS``, ``hspis/DS``)."""

    @property
    def client_certificate(self) -> tuple[Path, Path] | None:
        """Certificate and key for TLS, where the login has them."""

    def headers(self) -> Mapping[str, str]:
        """Credentials in HTTP headers."""


@dataclass(frozen=True, slots=True)
class PasswordLogin:
    """Name and password of a box user (HTTP Basic in every request)."""

    user: str
    password: str = field(repr=False)

    host_suffix: str = field(default="", init=False, repr=False)
    path: str = field(default="DS", init=False, repr=False)
    client_certificate: tuple[Path, Path] | None = field(default=None, init=False, repr=False)

    @property
    def name(self) -> str:
        return self.user

    def headers(self) -> Mapping[str, str]:
        """The ``Authorization`` header."""
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")
        return {"Authorization": f"Basic {token}"}


@dataclass(frozen=True, slots=True)
class Environment:
    """One installation of ISDS: production, its public test, or anything that speaks the same (``base_url``).

    ``domain`` gives addresses like ``https://ws1.<domain>/DS/dz``; ``base_url`` replaces scheme and host of all of them
    (``http://127.0.0.1:8900`` → ``http://127.0.0.1:8900/DS/dz``). Time-outs are in seconds, sizes in bytes.
    """

    label: str
    domain: str = ""
    base_url: str = ""
    connect_timeout: float = 10.0
    read_timeout: float = 300.0
    total_timeout: float = 1800.0
    max_answer: int = 64 * 1024 * 1024
    ca_file: Path | None = None
    proxy: str | None = None

    @classmethod
    def production(cls) -> "Environment":
        """The live system (domain valid since 25 June 2026)."""
        return cls("produkční prostředí ISDS", domain="datovka.gov.cz")

    @classmethod
    def public_test(cls) -> "Environment":
        """The public test system (domain valid since 29 January 2026)."""
        return cls("testovací prostředí ISDS", domain="datovka-test.gov.cz")

    @classmethod
    def at(cls, base_url: str, *, label: str = "vlastní prostředí ISDS") -> "Environment":
        """Everything under one address, such as a simulator or a gateway of the region."""
        return cls(label, base_url=base_url.rstrip("/"))

    def url(self, service: str, login: Login) -> str:
        """Address of a service (``dz``, ``dx``, ``df``, ``DsManage``) for a way of logging in."""
        base = self.base_url or f"https://ws1{login.host_suffix}.{self.domain}"
        return f"{base.rstrip('/')}/{login.path}/{service}"
