"""Identification by signatures of the PRONOM registry, which pygfried (siegfried) brings along."""

import logging
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from egon.gateways.formats.czech import describe

logger = logging.getLogger(__name__)

UNKNOWN = "UNKNOWN"
_BINARY = "application/octet-stream"
_EMPTY = "prázdný soubor"
_LONGEST_SUFFIX = 12
_CONTENT_EVIDENCE = ("byte match", "container", "text match", "xml match", "riff match", "mime match")


@dataclass(frozen=True, slots=True)
class Format:
    """The format of one file.

    ``pronom_id`` is the PRONOM identifier or :data:`UNKNOWN`. ``mismatch``: the name's extension promises something
    else than what the content is. ``by_content`` is False when only the extension speaks for the format.
    """

    pronom_id: str
    name: str
    version: str
    media_type: str
    mismatch: bool
    description_cs: str

    @property
    def known(self) -> bool:
        """Whether the content was recognised."""
        return self.pronom_id != UNKNOWN


def identify(content: bytes | Path, name: str) -> Format:
    """The format of ``content`` (bytes or a file on the disk) that came under ``name``. Never raises for bad content:
    what cannot be recognised is :data:`UNKNOWN`.
    """
    with tempfile.TemporaryDirectory(prefix="egon-format-") as folder:
        # The scanner wants a file whose extension is the claimed one; of the name nothing else gets to the disk.
        seen_as = Path(folder) / f"file{_safe_suffix(name)}"
        if isinstance(content, Path):
            if content.stat().st_size == 0:
                return _empty()
            seen_as.symlink_to(content.resolve())
        elif not content:
            return _empty()
        else:
            seen_as.write_bytes(content)
        return _scan(seen_as)


def _scan(path: Path) -> Format:
    try:
        import pygfried  # loads 80 MB of signatures, so only where a file is really looked at

        found = pygfried.identify(str(path), detailed=True)["files"][0]["matches"]
    except Exception as error:
        logger.warning("format identification failed: %s", error)
        return _unknown(mismatch=False)
    return _best_of(found, has_extension=bool(path.suffix))


def _best_of(matches: Sequence[Mapping[str, Any]], *, has_extension: bool) -> Format:
    """The first match stands; a warning tells when the name and the content do not agree. No extension, no promise."""
    if not matches or matches[0]["id"] == UNKNOWN:
        promises = any("possibilities based on extension" in match["warning"] for match in matches)
        return _unknown(mismatch=promises)
    match = matches[0]
    if not any(evidence in match["basis"] for evidence in _CONTENT_EVIDENCE):
        return _unknown(mismatch=False)
    mismatch = "extension mismatch" in match["warning"] and has_extension
    return Format(
        pronom_id=match["id"],
        name=match["format"],
        version=match["version"],
        media_type=(match["mime"].split(",")[0].strip() or _BINARY),
        mismatch=mismatch,
        description_cs=describe(match["id"], match["format"], match["version"]),
    )


def _unknown(*, mismatch: bool) -> Format:
    return Format(UNKNOWN, "", "", _BINARY, mismatch, "nerozpoznaný formát")


def _empty() -> Format:
    return Format(UNKNOWN, "", "", _BINARY, False, _EMPTY)


def _safe_suffix(name: str) -> str:
    """The extension as plain lower-case letters and digits, or nothing."""
    last = PurePosixPath(name.replace("\\", "/")).suffix[1:]
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode().lower()
    return f".{plain}" if plain.isalnum() and len(plain) <= _LONGEST_SUFFIX else ""
