"""How the product reaches ISDS for a box: address, credentials, time-outs, trusted roots."""

import functools
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from egon.databox import secrets
from egon.databox.models import Box
from egon.databox.rules import Patience
from egon.gateways.cms.trust import TrustStore
from egon.gateways.isds import Environment, IsdsClient, PasswordLogin
from egon.kernel.errors import Misconfigured

PERSON_WAITS: Final = 10.0
"""Seconds a page may wait for ISDS."""


def patience() -> Patience:
    """The installation's time-outs."""
    return Patience(timedelta(seconds=settings.ISDS_READ_TIMEOUT))


def client_for(box: Box, *, patient: bool = True) -> IsdsClient:
    """A client with the login of this box; to be closed. Raises ``Misconfigured`` when there is no address.

    ``patient=False`` is for pages, where a person waits: ten seconds at most.
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
    return IsdsClient(where, PasswordLogin(box.login, secrets.unseal(box.sealed_password)))


def environment(address: str) -> Environment:
    """The environment at an address: ``produkce``, ``test``, or any base URL."""
    known = {"produkce": Environment.production(), "test": Environment.public_test()}
    chosen = known.get(address) or Environment.at(address)
    wait = patience()
    return Environment(
        chosen.label,
        domain=chosen.domain,
        base_url=chosen.base_url,
        connect_timeout=min(10.0, wait.read_timeout.total_seconds()),
        read_timeout=wait.read_timeout.total_seconds(),
        total_timeout=wait.whole_call.total_seconds(),
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
