"""What a file is read as: told by its first bytes, only for formats without any by its type and name."""

from enum import StrEnum
from pathlib import PurePosixPath

from egon.gateways.texts.archives import SIGNATURES, is_tar


class Kind(StrEnum):
    """A way of reading."""

    PDF = "pdf"
    PACKAGE = "package"  # OOXML, ODF, and archives ZIP
    COMPOUND = "compound"  # documents of Word, Excel and PowerPoint 97 to 2003, messages of Outlook
    ARCHIVE = "archive"  # 7Z, RAR, TAR
    RTF = "rtf"
    MAIL = "mail"
    HTML = "html"
    PLAIN = "plain"


_BY_TYPE = {"message/rfc822": Kind.MAIL, "text/html": Kind.HTML, "application/xhtml+xml": Kind.HTML}
_BY_SUFFIX = {
    ".eml": Kind.MAIL, ".htm": Kind.HTML, ".html": Kind.HTML, ".xhtml": Kind.HTML,
    ".txt": Kind.PLAIN, ".csv": Kind.PLAIN, ".xml": Kind.HTML,
}  # fmt: skip
_PDF = b"%PDF-"
_BINARY = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")


def kind_of(content: bytes, *, name: str, media_type: str) -> Kind | None:
    """How to read ``content``, or None for what has no text we could read (images, other archives)."""
    if content.startswith(_PDF):
        return Kind.PDF
    if content.startswith(b"PK\x03\x04"):
        return Kind.PACKAGE
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind.COMPOUND
    if content.startswith(SIGNATURES) or is_tar(content):
        return Kind.ARCHIVE
    if content.startswith(b"{\\rtf"):
        return Kind.RTF
    if content.startswith(_BINARY):
        return None
    plain_type = media_type.partition(";")[0].strip().lower()
    known = _BY_TYPE.get(plain_type) or _BY_SUFFIX.get(PurePosixPath(name.lower()).suffix)
    if (
        known is None and _PDF in content[:1024]
    ):  # something may stand before it; in an archive it may be of another file
        return Kind.PDF
    return known or (Kind.PLAIN if plain_type == "text/plain" else None)
