"""Office documents: DOCX, XLSX, PPTX, ODT, ODS, ODP. What they unpack to is counted, never believed."""

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


def text_of_package(content: bytes) -> Iterator[str]:
    """Text of an office document. Raises :class:`NoText` for another archive, an encrypted or an exploding one."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise NoText("Soubor je poškozený, nejde rozbalit.", detail=str(error)) from error
    names = archive.namelist()
    wanted = _parts_of(archive, names)
    if wanted is None:
        raise NoText("Soubor je archiv, ne kancelářský dokument; do archivů se nenahlíží.")
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
    except RuntimeError as error:
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
