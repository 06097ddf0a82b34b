"""Attachments of messages on disk: small ones inside the database, large ones as files beside it."""

import base64
import json
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from egon.gateways.isds.simulator import envelopes
from egon.gateways.isds.simulator.attachments import Attachment
from egon.gateways.isds.simulator.database import Database

INSIDE_LIMIT: Final = 512 * 1024
"""Up to this many bytes SQLite is faster than a file of its own."""
CHUNK: Final = 1 << 20
_LINE_BYTES: Final = 57
"""Bytes that make one line of 76 characters in base64."""


@dataclass(frozen=True, slots=True)
class Region:
    """Where the base64 of one attachment stands in ``dmFiles``, and what it is. ``size`` is of the decoded bytes."""

    start: int
    end: int
    size: int
    name: str
    mime_type: str
    meta_type: str


@dataclass(frozen=True, slots=True)
class Content:
    """``dmFiles`` of a large message, lying in a file. ``size`` is in bytes."""

    path: Path
    size: int
    regions: tuple[Region, ...]

    def chunks(self) -> Iterator[bytes]:
        """The bytes of ``dmFiles`` in pieces."""
        with self.path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


class Contents:
    """``dmFiles`` of messages, by number."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob("spool-*.part"):
            unfinished.unlink(missing_ok=True)

    def _file(self, content_id: int) -> Path:
        return self._folder / f"{content_id % 256:02x}" / f"{content_id}.xml"

    def spool(self, files: list[Attachment]) -> Content:
        """Write ``dmFiles`` of a large message from disk to disk; the file is moved away by :meth:`add`."""
        path = self._folder / f"spool-{secrets.token_hex(8)}.part"
        regions: list[Region] = []
        with path.open("wb") as target:
            target.write(b"<p:dmFiles>")
            for one in files:
                target.write(f"{envelopes.file_tag(one)}<p:dmEncodedContent>".encode())
                start = target.tell()
                _write_base64(one, target)
                regions.append(Region(start, target.tell(), one.size, one.name, one.mime_type, one.meta_type))
                target.write(b"</p:dmEncodedContent></p:dmFile>")
            target.write(b"</p:dmFiles>")
        return Content(path, path.stat().st_size, tuple(regions))

    def add(self, connection: sqlite3.Connection, body: bytes | Content) -> int:
        """Keep ``body`` within the transaction of ``connection``; its number."""
        if isinstance(body, Content):
            return self._add_spooled(connection, body)
        inside = len(body) <= INSIDE_LIMIT
        cursor = connection.execute(
            "INSERT INTO content (size, body) VALUES (?, ?)", (len(body), body if inside else None)
        )
        content_id = int(cursor.lastrowid or 0)
        if not inside:
            self._write_file(self._file(content_id), body)
        return content_id

    def _add_spooled(self, connection: sqlite3.Connection, body: Content) -> int:
        described = json.dumps([[r.start, r.end, r.size, r.name, r.mime_type, r.meta_type] for r in body.regions])
        cursor = connection.execute("INSERT INTO content (size, regions) VALUES (?, ?)", (body.size, described))
        file = self._file(int(cursor.lastrowid or 0))
        file.parent.mkdir(exist_ok=True)
        body.path.replace(file)
        return int(cursor.lastrowid or 0)

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

    def on_disk(self, content_id: int) -> Content | None:
        """The content of a large message without reading it, ``None`` when it was removed meanwhile."""
        with self._database.read() as connection:
            row = connection.execute("SELECT size, regions FROM content WHERE id = ?", (content_id,)).fetchone()
        if row is None or row["regions"] is None:
            return None
        return Content(self._file(content_id), row["size"], tuple(Region(*one) for one in json.loads(row["regions"])))

    def remove(self, connection: sqlite3.Connection, content_id: int | None) -> None:
        """Forget a content for good."""
        if content_id is None:
            return
        connection.execute("DELETE FROM content WHERE id = ?", (content_id,))
        self._file(content_id).unlink(missing_ok=True)


def _write_base64(one: Attachment, target: BinaryIO) -> None:
    """The content of an attachment in lines of 76 characters, piece by piece."""
    with one.opened() as source:
        while chunk := source.read(_LINE_BYTES * 16384):
            packed = base64.b64encode(chunk)
            target.write(b"".join(packed[at : at + 76] + b"\n" for at in range(0, len(packed), 76)))
