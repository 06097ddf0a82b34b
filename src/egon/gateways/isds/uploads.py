"""Attachments of large messages that ISDS already holds, and remembering them so that nothing is uploaded twice."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol
from xml.sax.saxutils import quoteattr

from egon.gateways.isds.soap import allowed_text

KEPT_FOR: Final = timedelta(minutes=110)
"""How long an upload is relied on; ISDS erases unused ones after two hours (operating rules)."""


@dataclass(frozen=True, slots=True)
class UploadedAttachment:
    """Answer of UploadAttachment: what CreateBigMessage refers to. Hashes stand exactly as ISDS gave them."""

    att_id: str
    hash1: str
    hash1_algorithm: str
    hash2: str
    hash2_algorithm: str
    sha256: str
    size: int
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class ExternalFile:
    """An uploaded attachment as a part of a message (``dmExtFile``)."""

    uploaded: UploadedAttachment
    role: str = "enclosure"
    guid: str = ""
    parent_guid: str = ""

    def reference(self) -> str:
        """The ``dmExtFile`` element."""
        attributes = {
            "dmFileMetaType": self.role,
            "dmAttID": self.uploaded.att_id,
            "dmAttHash1": self.uploaded.hash1,
            "dmAttHash1Alg": self.uploaded.hash1_algorithm,
            "dmAttHash2": self.uploaded.hash2,
            "dmAttHash2Alg": self.uploaded.hash2_algorithm,
        }
        optional = {"dmFileGuid": self.guid, "dmUpFileGuid": self.parent_guid}
        attributes |= {name: value for name, value in optional.items() if value}
        return (
            f"<dmExtFile {' '.join(f'{name}={quoteattr(allowed_text(text))}' for name, text in attributes.items())}/>"
        )


class UploadLedger(Protocol):
    """Where finished uploads are remembered between attempts; a table, a file or memory. One ledger per box."""

    def find(self, key: str) -> UploadedAttachment | None:
        """The upload under ``key``."""

    def remember(self, key: str, uploaded: UploadedAttachment) -> None:
        """An upload finished."""

    def forget(self, key: str) -> None:
        """ISDS does not have it any more, or it was used."""


class MemoryLedger:
    """Remembers within one process."""

    def __init__(self) -> None:
        self._known: dict[str, UploadedAttachment] = {}

    def find(self, key: str) -> UploadedAttachment | None:
        return self._known.get(key)

    def remember(self, key: str, uploaded: UploadedAttachment) -> None:
        self._known[key] = uploaded

    def forget(self, key: str) -> None:
        self._known.pop(key, None)


class FileLedger:
    """Remembers in a small JSON file, for programs that end between attempts."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, key: str) -> UploadedAttachment | None:
        found = self._read().get(key)
        return _from_json(found) if found else None

    def remember(self, key: str, uploaded: UploadedAttachment) -> None:
        self._write(self._read() | {key: asdict(uploaded) | {"uploaded_at": uploaded.uploaded_at.isoformat()}})

    def forget(self, key: str) -> None:
        self._write({name: value for name, value in self._read().items() if name != key})

    def _read(self) -> dict[str, dict[str, object]]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # a lost or broken ledger only means uploading again
        return found if isinstance(found, dict) else {}

    def _write(self, known: Mapping[str, object]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f"{self._path.name}.new")
        fresh.write_text(json.dumps(known), encoding="utf-8")
        fresh.replace(self._path)


def _from_json(found: Mapping[str, object]) -> UploadedAttachment | None:
    try:
        return UploadedAttachment(
            att_id=str(found["att_id"]),
            hash1=str(found["hash1"]),
            hash1_algorithm=str(found["hash1_algorithm"]),
            hash2=str(found["hash2"]),
            hash2_algorithm=str(found["hash2_algorithm"]),
            sha256=str(found["sha256"]),
            size=int(str(found["size"])),
            uploaded_at=datetime.fromisoformat(str(found["uploaded_at"])),
        )
    except (KeyError, ValueError):
        return None
