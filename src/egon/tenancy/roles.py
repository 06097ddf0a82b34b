"""The database roles the product logs in as. No Django here: the settings need these names."""

import hmac

APP_ROLE = "egon_app"
OPS_ROLE = "egon_ops"


def role_password(secret_key: str, role: str) -> str:
    """The password of a database role, derived from the installation's secret so that it is stored nowhere."""
    return hmac.new(secret_key.encode(), f"database role {role}".encode(), "sha256").hexdigest()
