"""Secrets at rest (passwords of boxes and directories): sealed with keys derived from the installation's secret."""

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from egon.kernel.errors import Misconfigured


def seal(secret: str, *, purpose: str) -> str:
    """A secret as it may be stored; what is sealed for one purpose does not open for another."""
    return _cipher(settings.SECRET_KEY, purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, purpose: str, refusal: str) -> str:
    """The secret itself. Raises ``Misconfigured`` with ``refusal`` when the installation's secret changed meanwhile."""
    try:
        return _cipher(settings.SECRET_KEY, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Misconfigured(refusal) from error


@functools.lru_cache(maxsize=8)
def _cipher(secret: str, purpose: str) -> Fernet:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=purpose.encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
