"""Addresses of office programs in the server's log: without their secret."""

import logging
import re

_SECRET = re.compile(r"(/dav/\d+/)[^/\s]+")


class HideSecrets(logging.Filter):
    """Writes ``/dav/1/…/name`` instead of the whole address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, changed when it needs to be."""
        message = record.getMessage()
        if "/dav/" in message:
            record.msg, record.args = _SECRET.sub(r"\1…", message), ()
        return True
