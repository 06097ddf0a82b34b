"""The database a command works with: the server named in the environment, else the embedded one of the data folder."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from egon.cli.layout import DATABASE
from egon.gateways.postgres import EmbeddedServer


def embedded_server(data_dir: Path, *, die_with_parent: bool = False) -> EmbeddedServer:
    """The embedded server of a data folder, not started yet."""
    log = data_dir / "log" / "postgres.log"
    return EmbeddedServer(data_dir / "pg", log_file=log, die_with_parent=die_with_parent)


@contextmanager
def database(data_dir: Path) -> Iterator[str]:
    """Have ``EGON_DATABASE_URL`` and ``EGON_DATA_DIR`` set for the block. The embedded server is started when nobody
    did yet and stopped when nobody else holds it."""
    os.environ["EGON_DATA_DIR"] = str(data_dir)
    given = os.environ.get("EGON_DATABASE_URL")
    if given:
        yield given
        return
    signal.signal(signal.SIGTERM, _leave)
    with embedded_server(data_dir) as server:
        server.ensure_database(DATABASE)
        os.environ["EGON_DATABASE_URL"] = server.url(DATABASE)
        try:
            yield server.url(DATABASE)
        finally:
            del os.environ["EGON_DATABASE_URL"]


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM ends the block in order, so that the database is let go."""
    raise SystemExit(143)
