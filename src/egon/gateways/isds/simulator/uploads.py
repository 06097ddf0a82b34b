"""Attachments of large messages between their upload and the message that takes them.

Source: operating rules and bulletins of 2024-2025 (facts 1.6): at most 5 GB per box, what nobody used goes after 2 h.
"""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from egon.gateways.isds.simulator import refusals
from egon.gateways.isds.simulator.attachments import EICAR, Attachment
from egon.gateways.isds.simulator.database import Database
from egon.gateways.isds.simulator.refusals import Refusal

QUOTA: Final = 5 * 1024**3
KEPT_MS: Final = 2 * 3600 * 1000
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An uploaded attachment. Digests are lower-case hexadecimal, ``created`` is in ms."""

    id: str
    box_id: str
    created: int
    name: str
    mime_type: str
    size: int
    sha256: str
    sha3_256: str
    infected: bool


class Uploads:
    """Uploads of all boxes, kept over a restart. ``quota`` is in bytes per box."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self.quota = QUOTA
        folder.mkdir(parents=True, exist_ok=True)

    def file(self, upload: Upload) -> Path:
        """Where the content lies."""
        return self._folder / upload.id

    def take(self, box_id: str, attachment: Attachment, path: Path, *, now: int) -> Upload:
        """Keep the file at ``path`` (it is moved away); raises :class:`Refusal` over the quota (1286)."""
        size = path.stat().st_size
        if self.used(box_id) + size > self.quota:
            raise Refusal(refusals.UPLOAD_QUOTA, "Nahrané a dosud neodeslané písemnosti překračují kvótu schránky.")
        sha256, sha3, infected = _examine(path)
        upload = Upload(
            id=str(secrets.randbelow(10**15) + 10**15),
            box_id=box_id,
            created=now,
            name=attachment.name,
            mime_type=attachment.mime_type,
            size=size,
            sha256=sha256,
            sha3_256=sha3,
            infected=infected,
        )
        path.replace(self.file(upload))
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO upload (id, box_id, created, name, mime_type, size, sha256, sha3_256, infected)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(upload.id, box_id, now, upload.name, upload.mime_type, size),
                    *(sha256, sha3, infected),
                ),
            )
        return upload

    def find(self, upload_id: str) -> Upload | None:
        """An upload by its identifier, ``None`` when there is none (any more)."""
        with self._database.read() as connection:
            row = connection.execute("SELECT * FROM upload WHERE id = ?", (upload_id,)).fetchone()
        return None if row is None else Upload(**(dict(row) | {"infected": bool(row["infected"])}))

    def of_box(self, box_id: str) -> list[Upload]:
        """Uploads of a box that no message took yet, the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM upload WHERE box_id = ? ORDER BY created", (box_id,)).fetchall()
        return [Upload(**(dict(row) | {"infected": bool(row["infected"])})) for row in rows]

    def used(self, box_id: str) -> int:
        """Bytes of the uploads of a box that no message took yet."""
        with self._database.read() as connection:
            row = connection.execute("SELECT COALESCE(SUM(size), 0) FROM upload WHERE box_id = ?", (box_id,)).fetchone()
        return int(row[0])

    def forget(self, uploads: list[Upload]) -> None:
        """Erase uploads that a message took."""
        with self._database.write() as connection:
            connection.executemany("DELETE FROM upload WHERE id = ?", [(one.id,) for one in uploads])
        for one in uploads:
            self.file(one).unlink(missing_ok=True)

    def settle(self, now: int) -> None:
        """Erase what nobody used for two hours."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT id FROM upload WHERE created <= ?", (now - KEPT_MS,)).fetchall()
        if not rows:
            return
        found = [self.find(row["id"]) for row in rows]
        self.forget([one for one in found if one is not None])


def _examine(path: Path) -> tuple[str, str, bool]:
    """SHA-256, SHA3-256 and whether the test virus is inside, read in one go."""
    sha256, sha3 = hashlib.sha256(), hashlib.sha3_256()
    infected, rest = False, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
            sha3.update(chunk)
            infected = infected or EICAR in rest + chunk
            rest = chunk[-len(EICAR) :]
    return sha256.hexdigest(), sha3.hexdigest(), infected
