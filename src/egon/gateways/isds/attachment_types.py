"""The 71 file extensions ISDS takes as attachments, with the content types it accepts for each.

Source: manual "WS manipulace s datovými zprávami", chapter 3, and developer bulletins 2024-2026 for the later ones
(m4a, m4p, m4v, mp4, heic, heif, ASiC, ZIP and GIS formats; ddd since 1 January 2026). The first type of each line is
the one to fill in when only the extension is known.
"""

from typing import Final

_OCTETS: Final = "application/octet-stream"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SLIDES: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ZIP: Final = ("application/zip", "application/x-zip-compressed", _OCTETS)
_XML: Final = ("application/xml", "text/xml")
_JPEG: Final = ("image/jpeg", "image/pjpeg")
_VIDEO: Final = ("video/mpeg", "video/mpeg1", "video/mpeg2", "video/mpg")
_SIGNED: Final = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_GIS: Final = (_OCTETS,)

CONTENT_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "asice": ("application/vnd.etsi.asic-e+zip", *_ZIP),
    "asics": ("application/vnd.etsi.asic-s+zip", *_ZIP),
    "cer": ("application/x-x509-ca-cert",),
    "crt": ("application/x-x509-ca-cert",),
    "csv": ("text/csv",),
    "dbf": _GIS,
    "ddd": _GIS,
    "der": ("application/x-x509-ca-cert",),
    "dgn": _GIS,
    "doc": ("application/msword",),
    "docx": (_WORD,),
    "dwg": ("image/vnd.dwg",),
    "edi": ("application/edifact", "application/edi-x12", "application/edi-consent", "text/plain", "text/xml", _XML[0]),
    "fo": ("application/vnd.software602.filler.form+xml", "application/xml"),
    "gfs": _XML,
    "gif": ("image/gif",),
    "gml": _XML,
    "heic": ("image/heic", "image/heif"),
    "heif": ("image/heif", "image/heic"),
    "htm": ("text/html",),
    "html": ("text/html",),
    "isdoc": ("text/isdoc",),
    "isdocx": ("text/isdocx",),
    "jfif": _JPEG,
    "jpeg": _JPEG,
    "jpg": _JPEG,
    "json": ("application/json",),
    "m4a": ("audio/mp4", "audio/x-m4a"),
    "m4p": ("audio/mp4", "audio/x-m4p"),
    "m4v": ("video/mp4", "video/x-m4v"),
    "mp2": ("audio/mpeg",),
    "mp3": ("audio/mpeg",),
    "mp4": ("video/mp4",),
    "mpeg": _VIDEO,
    "mpeg1": _VIDEO,
    "mpeg2": _VIDEO,
    "mpg": _VIDEO,
    "odp": ("application/vnd.oasis.opendocument.presentation",),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet",),
    "odt": ("application/vnd.oasis.opendocument.text",),
    "p7b": ("application/pkcs7-certificates", "application/pkcs7-mime", "application/x-pkcs7-certificates"),
    "p7c": _SIGNED,
    "p7f": ("application/pkcs7-signature",),
    "p7m": _SIGNED,
    "p7s": ("application/pkcs7-signature", "application/x-pkcs7-signature"),
    "pdf": ("application/pdf",),
    "pk7": _SIGNED,
    "png": ("image/png", "image/x-png"),
    "ppt": ("application/vnd.ms-powerpoint",),
    "pptx": (_SLIDES,),
    "prj": _GIS,
    "qix": _GIS,
    "rtf": ("application/msword", "text/rtf", "application/rtf"),
    "sbn": _GIS,
    "sbx": _GIS,
    "sce": _GIS,
    "scs": _GIS,
    "shp": _GIS,
    "shx": _GIS,
    "tif": ("image/tiff",),
    "tiff": ("image/tiff",),
    "tsr": ("application/timestamp-reply",),
    "tst": ("application/timestamp-reply",),
    "txt": ("text/plain",),
    "wav": ("audio/wav", "audio/wave", "audio/x-wav"),
    "xls": ("application/vnd.ms-excel",),
    "xlsx": (_SHEET,),
    "xml": _XML,
    "xsd": _XML,
    "zfo": ("application/vnd.software602.filler.form-xml-zip",),
    "zip": _ZIP,
}
"""Extension in lower case without the dot → accepted content types, the preferred one first."""

CONTAINERS: Final = frozenset({"zip", "asice", "asics"})
"""At most ten of these in one message; what is inside is checked too."""


def extension_of(name: str) -> str:
    """The extension of a file name in lower case, empty when it has none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def content_type_for(name: str) -> str:
    """The preferred content type for a file name, empty when ISDS does not take such files."""
    return CONTENT_TYPES.get(extension_of(name), ("",))[0]
