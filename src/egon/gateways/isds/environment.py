"""Where ISDS is: hosts, time-outs and limits as data, never constants in the code."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from egon.gateways.isds.logins import Login, PasswordLogin

__all__ = ["ENVIRONMENTS", "Environment", "Login", "PasswordLogin"]

_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Environment:
    """One installation of ISDS: production, its public test, or anything that speaks the same (``base_url``).

    ``domain`` gives addresses like ``https://ws1.<domain>/DS/dz``; ``base_url`` replaces scheme and host of all of them
    (``http://127.0.0.1:8900`` → ``http://127.0.0.1:8900/DS/dz``). Time-outs are in seconds, sizes in bytes:
    ``max_answer`` for answers held in memory, ``max_stream`` for those written to a file while they arrive.
    ``ca_file`` pins the roots: with it no other authority is trusted.
    """

    label: str
    domain: str = ""
    base_url: str = ""
    connect_timeout: float = 10.0
    read_timeout: float = 300.0
    total_timeout: float = 1800.0
    max_answer: int = 64 * _MEGABYTE
    max_stream: int = 256 * _MEGABYTE
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
    def at(cls, base_url: str, *, label: str = "vlastní prostředí ISDS", ca_file: Path | None = None) -> "Environment":
        """Everything under one address, such as a simulator or a gateway of the region."""
        return cls(label, base_url=base_url.rstrip("/"), ca_file=ca_file)

    def url(self, service: str, login: Login) -> str:
        """Address of a service (``dz``, ``dx``, ``df``, ``DsManage``, ``vodz``, ``arch``) for a way of logging in."""
        return f"{self._base(login.access.host(service))}/{login.access.path}/{service}"

    def portal(self, path: str) -> str:
        """An address on the portal's host: logging in by codes (``as/…``), its applications (``apps/…``)."""
        return f"{self._base('www')}/{path}"

    def directory(self) -> str:
        """The public directory of boxes (SDS); no login. It lives on the bare domain."""
        return f"{self.base_url.rstrip('/') or f'https://{self.domain}'}/sds/ws/call"

    def _base(self, host: str) -> str:
        return self.base_url.rstrip("/") or f"https://{host}.{self.domain}"


ENVIRONMENTS: Final = {
    "production": Environment.production(),
    "test": Environment.public_test(),
    "production-legacy": Environment("produkční prostředí ISDS, stará adresa", domain="mojedatovaschranka.cz"),
    "test-legacy": Environment("testovací prostředí ISDS, stará adresa", domain="czebox.cz"),
    "production-kivs": Environment("produkční prostředí ISDS přes KIVS", domain="datovka.cms2.cz"),
    "test-kivs": Environment("testovací prostředí ISDS přes KIVS", domain="datovka-test.cms2.cz"),
}
"""Known installations by short names, for settings and the command line."""
