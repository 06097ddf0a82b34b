"""Where sessions are kept: Django's table with whose they are, so that they can be listed and ended."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

ENTRY = "entry"
"""Under this key the door writes when and from where somebody signed in."""


class SessionStore(DatabaseStore):
    """The engine of ``SESSION_ENGINE``."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table."""
        from egon.identity.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row, with whose it is."""
        row: Any = super().create_model_instance(data)
        entry = data.get(ENTRY) or {}
        row.account_id = int(data[SESSION_KEY]) if str(data.get(SESSION_KEY, "")).isdecimal() else None
        row.ip, row.program = str(entry.get("ip", ""))[:45], str(entry.get("program", ""))[:200]
        with suppress(TypeError, ValueError):
            row.started_at = datetime.fromisoformat(str(entry.get("at")))
        return row


def entry_of(*, at: datetime, ip: str, program: str) -> dict[str, str]:
    """What the door keeps under :data:`ENTRY`."""
    return {"at": at.isoformat(), "ip": ip, "program": program[:200]}
