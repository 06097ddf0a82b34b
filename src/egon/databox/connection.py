"""How the product reaches ISDS for a box: address, credentials, time-outs, trusted roots."""

import functools
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from egon.databox import credentials
from egon.databox.models import Box, BoxCertificate
from egon.databox.rules import Patience
from egon.gateways.cms.trust import TrustStore
from egon.gateways.isds import Environment, IsdsClient, Limiter
from egon.gateways.isds.environment import ENVIRONMENTS
from egon.kernel.errors import Misconfigured

PERSON_WAITS: Final = 10.0
"""Seconds a page may wait for ISDS."""


def patience() -> Patience:
    """The installation's time-outs."""
    return Patience(timedelta(seconds=settings.ISDS_READ_TIMEOUT))


_LIMITER: Final = Limiter()
"""How much this process asks of ISDS at once, of one box and of all; every client keeps the pause ISDS asks for."""

INSTALLATION: Final = ""
ADDRESSES: Final = {
    "produkce": ENVIRONMENTS["production"],
    "test": ENVIRONMENTS["test"],
    "produkce-kivs": ENVIRONMENTS["production-kivs"],
    "test-kivs": ENVIRONMENTS["test-kivs"],
    "produkce-stara": ENVIRONMENTS["production-legacy"],
    "test-stara": ENVIRONMENTS["test-legacy"],
}
"""Known environments of ISDS by the words of the settings; anything else is a base URL."""


def is_address(text: str) -> bool:
    """Whether a setting names an environment or is an address; the empty one means the installation's."""
    return text == INSTALLATION or text in ADDRESSES or text.startswith(("https://", "http://"))


def client_for(box: Box, *, patient: bool = True, only: BoxCertificate | None = None) -> IsdsClient:
    """A client with the login of this box; to be closed. Raises ``Misconfigured`` when there is no address.

    ``patient=False`` is for pages, where a person waits: ten seconds at most. ``only`` tries a new certificate.
    """
    address = box.environment_url or settings.ISDS_URL
    if not address:
        raise Misconfigured(
            "Adresa ISDS není nastavena, zprávy se nestahují ani neodesílají. "
            "Správce ji doplní u schránky nebo v nastavení instalace (EGON_ISDS_URL)."
        )
    where = environment(address)
    if not patient:
        short = min(PERSON_WAITS, where.read_timeout)
        where = replace(where, connect_timeout=min(5.0, short), read_timeout=short, total_timeout=short)
    return IsdsClient(where, credentials.login_of(box, only=only), _LIMITER)


def environment(address: str) -> Environment:
    """The environment at an address: one of the known words, or any base URL; with the installation's time-outs."""
    wait = patience()
    return replace(
        ADDRESSES.get(address) or Environment.at(address),
        connect_timeout=min(10.0, wait.read_timeout.total_seconds()),
        read_timeout=wait.read_timeout.total_seconds(),
        total_timeout=wait.whole_call.total_seconds(),
        ca_file=Path(settings.ISDS_CA_FILE) if settings.ISDS_CA_FILE else None,
    )


def trust_store() -> TrustStore:
    """Roots of the installation; an empty store (origin stays undetermined) when no folder is set."""
    folder = settings.ISDS_TRUST_DIR
    return _trust_store(folder, _newest_change(folder)) if folder else TrustStore.empty()


@functools.lru_cache(maxsize=4)
def _trust_store(folder: str, _changed: float) -> TrustStore:
    return TrustStore.from_pem_folder(Path(folder))


def _newest_change(folder: str) -> float:
    path = Path(folder)
    return path.stat().st_mtime if path.is_dir() else 0.0
