"""Archives 7Z, RAR and TAR, read by libarchive; the library of the system is optional."""

from collections.abc import Iterator
from typing import Any, Final

from egon.gateways.texts.limits import LARGEST_UNPACKED, MOST_PARTS, NoText

_FORMATS: Final = {b"7z\xbc\xaf\x27\x1c": "7zip", b"Rar!\x1a\x07\x00": "rar", b"Rar!\x1a\x07\x01\x00": "rar5"}
SIGNATURES: Final = tuple(_FORMATS)
_TAR_AT, _TAR = 257, b"ustar"


def is_tar(content: bytes) -> bool:
    """Whether it is an archive TAR, which tells so behind its first header."""
    return content.startswith(_TAR, _TAR_AT)


def files_in(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and contents of files in an archive, as far as it can be read.

    Raises :class:`NoText` for an encrypted, a damaged or an exploding one, also after files that were given out.
    """
    library = _library()
    format_name = next((name for signature, name in _FORMATS.items() if content.startswith(signature)), "tar")
    left = LARGEST_UNPACKED
    try:
        with library.memory_reader(content, format_name=format_name, filter_name="none") as archive:
            for number, entry in enumerate(archive):
                if number >= MOST_PARTS:
                    return
                if entry.isfile:
                    unpacked = _unpacked(entry, left)
                    left -= len(unpacked)
                    yield entry.pathname or "", unpacked
    except library.exception.ArchiveError as error:
        raise NoText(_reason(str(error), format_name), detail=str(error)) from error


def _library() -> Any:
    try:
        import libarchive
    except (ImportError, OSError, AttributeError, TypeError) as error:  # how it is missed differs by platform
        raise NoText(
            "Archivy 7Z, RAR a TAR se tu nečtou, na serveru chybí knihovna libarchive.", detail=str(error)
        ) from error
    return libarchive


def _unpacked(entry: Any, most: int) -> bytes:
    parts, length = [], 0
    for block in entry.get_blocks():
        length += len(block)
        if length > most:
            raise NoText("Soubor se rozbaluje na víc, než kolik se čte.", detail=entry.pathname or "")
        parts.append(block)
    return b"".join(parts)


def _reason(told: str, format_name: str) -> str:
    """Why libarchive went no further; it says so in English and not always exactly."""
    told = told.lower()
    if "encrypt" in told or "passphrase" in told or (format_name == "rar5" and "block header size" in told):
        return "Archiv je chráněný heslem."
    if "solid" in told:
        return "Starší souvislý (solid) archiv RAR se nečte."
    return "Archiv je poškozený nebo neúplný, nejde rozbalit."
