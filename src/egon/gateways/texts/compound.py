"""Files of OLE2 compounds: documents of Word 97 to 2003 ([MS-DOC]), messages of Outlook ([MS-OXMSG]), others by their
own modules.
"""

import re
import struct
from collections.abc import Iterator
from typing import Any, Final

import olefile

from egon.gateways.texts.limits import LARGEST_UNPACKED, MOST_PARTS, NoText

Attachment = tuple[str, bytes]  # name, content
_IS_DOC: Final = 0xA5EC
_ENCRYPTED, _IN_TABLE_1 = 0x0100, 0x0200  # flags of the header
_AT_FLAGS, _AT_PIECES = 0x0A, 0x01A2
_COMPRESSED: Final = 0x40000000  # eight bits a character
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*\x14?")
_LINE_ENDS = str.maketrans({"\r": "\n", "\x07": "\n", "\x0b": "\n", "\x0c": "\n", "\x15": "", "\x1e": "-", "\x1f": ""})
# Properties of a message that are searched: subject, sender, recipients, body.
_PROPERTIES: Final = ("0037", "0C1A", "5D01", "0E04", "0E03", "1000")


def opened(content: bytes) -> Any:
    """The compound. Raises :class:`NoText` for a damaged one."""
    try:
        return olefile.OleFileIO(content)
    except OSError as error:
        raise NoText("Soubor je poškozený, nejde otevřít.", detail=str(error)) from error


def text_of_word(compound: Any) -> Iterator[str]:
    """Everything that is written in a document: its text, notes, headers and footers, without codes of fields."""
    header = _stream(compound, "WordDocument")
    if len(header) < _AT_PIECES + 8 or struct.unpack_from("<H", header)[0] != _IS_DOC:
        raise NoText("Dokument je ve starším formátu Wordu, než jaký se čte.")
    (flags,) = struct.unpack_from("<H", header, _AT_FLAGS)
    if flags & _ENCRYPTED:
        raise NoText("Dokument je chráněný heslem.")
    table = _stream(compound, "1Table" if flags & _IN_TABLE_1 else "0Table")
    start, length = struct.unpack_from("<II", header, _AT_PIECES)
    text = "".join(_pieces(header, _table_of_pieces(table[start : start + length])))
    yield _FIELD_CODE.sub("", text).translate(_LINE_ENDS)


def text_of_message(compound: Any, folder: str = "") -> Iterator[str]:
    """The subject, the people and the body of a message, one a line."""
    for code in _PROPERTIES:
        if told := _property(compound, code, folder):
            yield f"{told}\n"


def html_of_message(compound: Any, folder: str = "") -> bytes:
    """The body as a web page, where the message has it as nothing else."""
    return b"" if _property(compound, "1000", folder) else _stream(compound, _within(folder, "__substg1.0_10130102"))


def attachments_of(compound: Any, folder: str = "") -> Iterator[Attachment]:
    """Attached files with their names; messages within the message are in :func:`messages_in`."""
    left = LARGEST_UNPACKED
    for attachment in _attachments(compound, folder):
        content = _stream(compound, f"{attachment}/__substg1.0_37010102", most=left)
        left -= len(content)
        yield _property(compound, "3707", attachment) or _property(compound, "3704", attachment), content


def messages_in(compound: Any, folder: str = "") -> Iterator[str]:
    """Folders of the compound that are messages attached to the message."""
    places = (f"{attachment}/__substg1.0_3701000D" for attachment in _attachments(compound, folder))
    return (place for place in places if compound.exists(place))


def _attachments(compound: Any, folder: str) -> list[str]:
    above = folder.split("/") if folder else []
    parts = {path[len(above)] for path in compound.listdir() if path[: len(above)] == above and len(path) > len(above)}
    return [_within(folder, part) for part in sorted(parts) if part.startswith("__attach_version1.0_")][:MOST_PARTS]


def _within(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def is_word(compound: Any) -> bool:
    """Whether the compound is a document of Word."""
    return bool(compound.exists("WordDocument"))


def is_excel(compound: Any) -> bool:
    """Whether the compound is a sheet of Excel."""
    return bool(compound.exists("Workbook") or compound.exists("Book"))


def is_powerpoint(compound: Any) -> bool:
    """Whether the compound is a presentation of PowerPoint."""
    return bool(compound.exists("PowerPoint Document"))


def is_locked_package(compound: Any) -> bool:
    """Whether the compound is a newer office document (DOCX, XLSX, PPTX) locked by a password."""
    return bool(compound.exists("EncryptedPackage"))


def streams_of_powerpoint(compound: Any) -> tuple[bytes, bytes]:
    """The stream of the present user and that of the presentation."""
    return _stream(compound, "Current User"), _stream(compound, "PowerPoint Document")


def is_message(compound: Any) -> bool:
    """Whether the compound is a message of Outlook."""
    return bool(compound.exists("__properties_version1.0"))


def _table_of_pieces(clx: bytes) -> bytes:
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:  # formatting that belongs to no piece
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:
        raise NoText("Dokument je poškozený, jeho text nejde složit.")
    return clx[at + 5 : at + 5 + struct.unpack_from("<I", clx, at + 1)[0]]


def _pieces(document: bytes, table: bytes) -> Iterator[str]:
    """A piece is a run of characters that lie together: where the text begins, and how they are written."""
    count = (len(table) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", table)
    for number in range(count):
        (where,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)
        length = places[number + 1] - places[number]
        if where & _COMPRESSED:
            start = (where & ~_COMPRESSED) // 2
            yield document[start : start + length].decode("cp1252", errors="replace")
        else:
            yield document[where : where + 2 * length].decode("utf-16-le", errors="replace")


def _property(compound: Any, code: str, folder: str = "") -> str:
    path = _within(folder, f"__substg1.0_{code}")
    if wide := _stream(compound, f"{path}001F"):
        return wide.decode("utf-16-le", errors="replace").strip("\x00")
    return _stream(compound, f"{path}001E").decode("cp1250", errors="replace").strip("\x00")


def _stream(compound: Any, path: str, most: int = LARGEST_UNPACKED) -> bytes:
    if not compound.exists(path):
        return b""
    content: bytes = compound.openstream(path).read(most + 1)
    if len(content) > most:
        raise NoText("Soubor se rozbaluje na víc, než kolik se čte.", detail=path)
    return content
