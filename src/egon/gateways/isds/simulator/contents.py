"""Attachments of messages on disk: small ones inside the database, large ones as files beside it."""

import sqlite3
from pathlib import Path
from typing import Final

from egon.gateways.isds.simulator.database import Database

INSIDE_LIMIT: Final = 512 * 1024
"""Up to this many bytes SQLite is faster than a file of its own."""


class Contents:
    """``dmFiles`` of messages, by number."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _file(self, content_id: int) -> Path:
        return self._folder / f"{content_id % 256:02x}" / f"{content_id}.xml"

    def add(self, connection: sqlite3.Connection, body: bytes) -> int:
        """Keep ``body`` within the transaction of ``connection``; its number."""
        inside = len(body) <= INSIDE_LIMIT
        cursor = connection.execute(
            "INSERT INTO content (size, body) VALUES (?, ?)", (len(body), body if inside else None)
        )
        content_id = int(cursor.lastrowid or 0)
        if not inside:
            self._write_file(self._file(content_id), body)
        return content_id

    def _write_file(self, file: Path, body: bytes) -> None:
        # A transaction undone later leaves a file nobody refers to; the next content of that number replaces it.
        file.parent.mkdir(exist_ok=True)
        unfinished = file.with_suffix(".part")
        unfinished.write_bytes(body)
        unfinished.replace(file)

    def read(self, content_id: int) -> bytes | None:
        """The content, ``None`` when it was removed meanwhile."""
        with self._database.read() as connection:
            row = connection.execute("SELECT body FROM content WHERE id = ?", (content_id,)).fetchone()
        if row is None:
            return None
        if row["body"] is not None:
            return bytes(row["body"])
        try:
            return self._file(content_id).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, connection: sqlite3.Connection, content_id: int | None) -> None:
        """Forget a content for good."""
        if content_id is None:
            return
        connection.execute("DELETE FROM content WHERE id = ?", (content_id,))
        self._file(content_id).unlink(missing_ok=True)
