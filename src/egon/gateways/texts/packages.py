"""Office documents (DOCX, XLSX, PPTX, ODT, ODS, ODP) and archives. What they unpack to is counted, never believed."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from egon.gateways.texts.flow import flowing, local_name, parsed
from egon.gateways.texts.limits import LARGEST_UNPACKED, MOST_PARTS, NoText

_WORD = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_SLIDES = re.compile(r"ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml")
_SHEETS = re.compile(r"xl/(sharedStrings|worksheets/[^/]+)\.xml")
_ODF = re.compile(r"content\.xml")
_KINDS = ("word/document.xml", _WORD), ("ppt/presentation.xml", _SLIDES), ("xl/workbook.xml", _SHEETS)


def opened(content: bytes) -> zipfile.ZipFile:
    """The package. Raises :class:`NoText` for a damaged one."""
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise NoText("Soubor je poškozený, nejde rozbalit.", detail=str(error)) from error


def is_office(archive: zipfile.ZipFile) -> bool:
    """Whether the package is an office document and not an archive of files."""
    return _parts_of(archive, archive.namelist()) is not None


def files_in(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Names and contents of files in an archive. Raises :class:`NoText` for an encrypted or an exploding one."""
    left = LARGEST_UNPACKED
    for entry in [entry for entry in archive.infolist() if not entry.is_dir()][:MOST_PARTS]:
        content = _unpacked(archive, entry.filename, left)
        left -= len(content)
        yield entry.filename, content


def text_of_office(archive: zipfile.ZipFile) -> Iterator[str]:
    """Text of an office document. Raises :class:`NoText` for an encrypted or an exploding one."""
    names = archive.namelist()
    wanted = _parts_of(archive, names) or _ODF
    left = LARGEST_UNPACKED
    for name in [name for name in names if wanted.fullmatch(name)][:MOST_PARTS]:
        part = _unpacked(archive, name, left)
        left -= len(part)
        yield from _text_of_part(part, sheets=wanted is _SHEETS, odf=wanted is _ODF)
        yield "\n"


def _parts_of(archive: zipfile.ZipFile, names: list[str]) -> re.Pattern[str] | None:
    is_odf = {"mimetype", "content.xml"} <= set(names)
    if is_odf and _unpacked(archive, "mimetype", 200).startswith(b"application/vnd.oasis.opendocument"):
        return _ODF
    return next((parts for main, parts in _KINDS if main in names), None)


def _unpacked(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        with archive.open(name) as stream:
            part = stream.read(most + 1)
    except (RuntimeError, NotImplementedError) as error:
        raise NoText("Soubor je zašifrovaný.", detail=str(error)) from error
    if len(part) > most:
        raise NoText("Soubor se rozbaluje na víc, než kolik se čte.", detail=name)
    return part


def _text_of_part(part: bytes, *, sheets: bool, odf: bool) -> Iterator[str]:
    root = parsed(part)
    if odf:
        return flowing(root, breaks=("p", "h", "tab", "line-break"), dropped=("tracked-changes", "automatic-styles"))
    if sheets and local_name(root) == "worksheet":
        return _numbers_and_inline(root)
    return flowing(root, only=("t",), breaks=("p", "si", "tab", "br"))


def _numbers_and_inline(sheet: Any) -> Iterator[str]:
    """Cells written in the sheet itself; those of type ``s`` only point into the shared strings."""
    for cell in sheet.iter("{*}c"):
        if cell.get("t") != "s":
            yield "".join(text.text or "" for text in cell.iter("{*}v", "{*}t")) + "\n"
