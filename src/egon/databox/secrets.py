"""Passwords and certificate keys of boxes at rest."""

from egon.identity import secrets

_PURPOSE = "egon databox passwords"
_UNREADABLE = (
    "Uložené přihlašovací údaje datové schránky nejde přečíst, protože se změnil tajný klíč instalace. "
    "Správce musí heslo nebo certifikát ke schránce zadat znovu."
)


def seal(secret: str) -> str:
    """A password or a key as it may be stored."""
    return secrets.seal(secret, purpose=_PURPOSE)


def unseal(sealed: str) -> str:
    """The secret itself. Raises ``Misconfigured`` when the installation's secret was changed meanwhile."""
    return secrets.unseal(sealed, purpose=_PURPOSE, refusal=_UNREADABLE)
