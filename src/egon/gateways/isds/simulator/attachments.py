"""What ISDS takes as an attachment (písemnost): extensions, MIME types, sizes, and whether the content agrees.

Source: manual 2.67, chapter 3, with the additions of 2024-2026 (heic, heif, asice, asics, zip, sce, scs, ddd, …).
"""

import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from egon.gateways.isds.codes import StatusCode
from egon.gateways.isds.simulator.refusals import Refusal, attachment_refused

MAX_TOTAL_BYTES: Final = 20 * 1024 * 1024
MAX_FILES: Final = 100
MAX_CONTAINERS: Final = 10
MAX_NAME: Final = 255
MAX_BIG_BYTES: Final = 100 * 1024 * 1024
"""Bytes of all attachments of a large message together (since 1 January 2024)."""
MAX_ENTRIES: Final = 1000
MAX_DEPTH: Final = 4
MAX_UNPACKED_BYTES: Final = 3 * 1024**3
META_TYPES: Final = frozenset({"main", "enclosure", "signature", "meta"})
CONTAINERS: Final = frozenset({"zip", "asice", "asics"})
EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test virus of antivirus makers: a message with it ends in state 3, as in ISDS."""

_BYTES: Final = "application/octet-stream"
_XML: Final = ("application/xml", "text/xml")
_CERTIFICATE: Final = ("application/x-x509-ca-cert",)
_PKCS7: Final = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_MPEG: Final = ("video/mpeg", "video/mpeg1", "video/mpeg2", "video/mpg")
_JPEG: Final = ("image/jpeg", "image/pjpeg")
_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_OASIS: Final = "application/vnd.oasis.opendocument"
_ZIP: Final = ("application/zip", "application/x-zip-compressed")
_EDI: Final = ("application/edifact", "application/edi-x12", "application/edi-consent", "text/plain", *_XML)
_FORM: Final = "application/vnd.software602.filler"

MIME_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "asice": ("application/vnd.etsi.asic-e+zip", *_ZIP),
    "asics": ("application/vnd.etsi.asic-s+zip", *_ZIP),
    "cer": _CERTIFICATE,
    "crt": _CERTIFICATE,
    "csv": ("text/csv",),
    **dict.fromkeys(("dbf", "ddd", "dgn", "prj", "qix", "sbn", "sbx", "shp", "shx"), (_BYTES,)),
    "der": _CERTIFICATE,
    "doc": ("application/msword",),
    "docx": (f"{_OOXML}.wordprocessingml.document",),
    "dwg": ("image/vnd.dwg",),
    "edi": _EDI,
    "fo": (f"{_FORM}.form+xml", "application/xml"),
    "gfs": _XML,
    "gif": ("image/gif",),
    "gml": (*_XML, "application/gml+xml"),
    "heic": ("image/heic",),
    "heif": ("image/heif",),
    "htm": ("text/html",),
    "html": ("text/html",),
    "isdoc": ("text/isdoc", *_XML),
    "isdocx": ("text/isdocx", *_ZIP),
    **dict.fromkeys(("jfif", "jpeg", "jpg"), _JPEG),
    "json": ("application/json",),
    **dict.fromkeys(("m4a", "m4p"), ("audio/mp4", "audio/x-m4a")),
    **dict.fromkeys(("m4v", "mp4"), ("video/mp4", "video/x-m4v")),
    **dict.fromkeys(("mp2", "mp3"), ("audio/mpeg",)),
    **dict.fromkeys(("mpeg", "mpeg1", "mpeg2", "mpg"), _MPEG),
    "odp": (f"{_OASIS}.presentation",),
    "ods": (f"{_OASIS}.spreadsheet",),
    "odt": (f"{_OASIS}.text",),
    "p7b": ("application/pkcs7-certificates", "application/x-pkcs7-certificates", "application/pkcs7-mime"),
    "p7c": _PKCS7,
    "p7f": ("application/pkcs7-signature",),
    "p7m": _PKCS7,
    "p7s": ("application/pkcs7-signature", "application/x-pkcs7-signature"),
    "pdf": ("application/pdf",),
    "pk7": _PKCS7,
    "png": ("image/png", "image/x-png"),
    "ppt": ("application/vnd.ms-powerpoint",),
    "pptx": (f"{_OOXML}.presentationml.presentation",),
    "rtf": ("application/rtf", "text/rtf", "application/msword"),
    **dict.fromkeys(("sce", "scs"), (_BYTES, *_ZIP)),
    **dict.fromkeys(("tif", "tiff"), ("image/tiff",)),
    **dict.fromkeys(("tsr", "tst"), ("application/timestamp-reply",)),
    "txt": ("text/plain",),
    "wav": ("audio/wav", "audio/wave", "audio/x-wav"),
    "xls": ("application/vnd.ms-excel",),
    "xlsx": (f"{_OOXML}.spreadsheetml.sheet",),
    "xml": _XML,
    "xsd": _XML,
    "zfo": (f"{_FORM}.form-xml-zip", "application/vnd.software602.filler.form+xml", "application/x-zfo"),
    "zip": _ZIP,
}

_SIGNATURES: Final[dict[str, tuple[bytes, ...]]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "gif": (b"GIF87a", b"GIF89a"),
    **dict.fromkeys(("jpg", "jpeg", "jfif"), (b"\xff\xd8\xff",)),
    **dict.fromkeys(("tif", "tiff"), (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")),
    **dict.fromkeys(("doc", "xls", "ppt"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp", "zip", "asice", "asics", "isdocx"), (b"PK",)),
    "rtf": (b"{\\rtf",),
    "wav": (b"RIFF",),
}
_END_RECORD_WITHIN: Final = 22 + 65_535
"""An archive ends by a record of 22 bytes and a comment."""
_EXECUTABLES: Final = (b"MZ", b"\x7fELF", b"#!/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One attachment as the sender gave it. ``xml`` holds ``dmXMLContent`` (markup) when it came that way."""

    name: str
    mime_type: str
    content: bytes
    meta_type: str = "main"
    guid: str | None = None
    upper_guid: str | None = None
    format: str | None = None
    xml: str | None = None
    path: Path | None = None
    """Where the content lies when it is not in ``content``: attachments of large messages stay on disk."""
    infected: bool = False
    """Whether the test virus was found when the file at ``path`` was received."""

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""

    @property
    def size(self) -> int:
        """Bytes of the content."""
        if self.path is not None:
            return self.path.stat().st_size
        return len(self.content) if self.xml is None else len(self.xml.encode())

    def opened(self) -> BinaryIO:
        """The content as a file for reading; the caller closes it."""
        return io.BytesIO(self.content) if self.path is None else self.path.open("rb")


def mime_type_of(name: str) -> str:
    """The usual MIME type of a file name, empty when its extension is not allowed."""
    extension = name.rpartition(".")[2].lower()
    return MIME_TYPES.get(extension, ("",))[0]


def check(attachments: list[Attachment], *, max_total: int = MAX_TOTAL_BYTES) -> None:
    """Raise :class:`Refusal` for the first thing ISDS would not take. ``max_total`` is in bytes."""
    if not attachments:
        raise attachment_refused("zpráva musí obsahovat alespoň jednu písemnost.")
    if len(attachments) > MAX_FILES:
        raise attachment_refused(f"zpráva smí obsahovat nejvýše {MAX_FILES} písemností, má jich {len(attachments)}.")
    if sum(one.extension in CONTAINERS for one in attachments) > MAX_CONTAINERS:
        raise attachment_refused(f"zpráva smí obsahovat nejvýše {MAX_CONTAINERS} kontejnerů ZIP a ASiC.")
    if sum(one.size for one in attachments) > max_total:
        raise attachment_refused(f"celková velikost písemností překračuje {max_total // 1024**2} MB.")
    for one in attachments:
        check_one(one)


def check_one(one: Attachment) -> None:
    """Raise :class:`Refusal` when one attachment, whatever stands beside it, would not be taken."""
    if not one.name or len(one.name) > MAX_NAME:
        raise attachment_refused(f"název souboru musí mít 1 až {MAX_NAME} znaků.")
    if one.meta_type not in META_TYPES:
        raise attachment_refused(f"„{one.name}“ má neznámý druh dmFileMetaType „{one.meta_type}“.")
    if one.size == 0:
        raise attachment_refused(f"soubor „{one.name}“ je prázdný.")
    if one.extension not in MIME_TYPES:
        raise attachment_refused(f"soubor „{one.name}“ má nepovolenou příponu.")
    _check_mime_type(one)
    if one.xml is None:
        _check_content(one)


def _check_mime_type(one: Attachment) -> None:
    if not one.mime_type:
        raise Refusal(StatusCode.MIME_MISSING, f"U souboru „{one.name}“ chybí typ obsahu (dmMimeType).")
    allowed = MIME_TYPES[one.extension]
    # A bare extension instead of a type is an old habit that ISDS still accepts.
    if one.mime_type.lower() not in (*allowed, one.extension):
        raise attachment_refused(f"typ „{one.mime_type}“ neodpovídá příponě souboru „{one.name}“.")


def _check_content(one: Attachment) -> None:
    expected = _SIGNATURES.get(one.extension)
    # A PDF may be preceded by a few bytes; readers look for its mark within the first kilobyte.
    with one.opened() as file:
        start = file.read(1024)
    agrees = expected is None or start.startswith(expected) or (one.extension == "pdf" and b"%PDF-" in start)
    if not agrees or (expected is None and start.startswith(_EXECUTABLES)):
        raise attachment_refused(f"obsah souboru „{one.name}“ neodpovídá jeho příponě.")
    if one.extension in CONTAINERS:
        _check_container(one)


def _check_container(one: Attachment) -> None:
    try:
        with one.opened() as file, zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            is_split = _is_split(file)
    except (zipfile.BadZipFile, NotImplementedError) as broken:
        raise attachment_refused(f"kontejner „{one.name}“ nelze přečíst.") from broken
    if is_split:
        raise attachment_refused(f"kontejner „{one.name}“ je rozdělený na části.")
    if len(entries) > MAX_ENTRIES:
        raise attachment_refused(f"kontejner „{one.name}“ má více než {MAX_ENTRIES} položek.")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise attachment_refused(f"kontejner „{one.name}“ má po rozbalení více než 3 GB.")
    for entry in entries:
        extension = entry.filename.rpartition(".")[2].lower()
        if entry.flag_bits & 1:
            raise attachment_refused(f"kontejner „{one.name}“ je zašifrovaný.")
        if extension in CONTAINERS:
            raise attachment_refused(f"kontejner „{one.name}“ obsahuje další kontejner.")
        if entry.filename.rstrip("/").count("/") > MAX_DEPTH:
            raise attachment_refused(f"kontejner „{one.name}“ má příliš hluboké složky.")
        inside_asic = entry.filename == "mimetype" or entry.filename.startswith("META-INF/")
        if not (entry.is_dir() or inside_asic or extension in MIME_TYPES):
            raise attachment_refused(f"kontejner „{one.name}“ obsahuje nepovolený soubor „{entry.filename[:80]}“.")


def _is_split(file: BinaryIO) -> bool:
    """Whether the last record of an archive says that it is not the first of its parts (APPNOTE 4.3.16)."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_RECORD_WITHIN))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    return tail[at + 4 : at + 6] != b"\x00\x00"


def is_infected(attachments: list[Attachment]) -> bool:
    """Whether the test virus is among them."""
    return any(one.infected or EICAR in one.content for one in attachments)
