"""Passwords and certificate keys of boxes at rest: sealed with a key derived from the installation's secret."""

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from egon.kernel.errors import Misconfigured


def seal(secret: str) -> str:
    """A password or a key as it may be stored."""
    return _cipher(settings.SECRET_KEY).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret itself. Raises ``Misconfigured`` when the installation's secret was changed meanwhile."""
    try:
        return _cipher(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Misconfigured(
            "Uložené přihlašovací údaje datové schránky nejde přečíst, protože se změnil tajný klíč instalace. "
            "Správce musí heslo nebo certifikát ke schránce zadat znovu."
        ) from error


@functools.lru_cache(maxsize=2)
def _cipher(secret: str) -> Fernet:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"egon databox passwords").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
