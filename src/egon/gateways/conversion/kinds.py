"""Which formats are converted, and by which way: told by their PRONOM identifiers, never by names."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Way(StrEnum):
    """A way of converting; :attr:`needs_office` tells which need an office program."""

    WRITER = "writer"
    CALC = "calc"
    IMPRESS = "impress"
    RTF = "rtf"
    TEXT = "text"
    HTML = "html"
    PDF = "pdf"
    BITMAP = "bitmap"

    @property
    def needs_office(self) -> bool:
        """Whether LibreOffice does it."""
        return self not in (Way.PDF, Way.BITMAP)

    @property
    def suffix(self) -> str:
        """The suffix under which the tool gets the file; the sender's name never reaches the disk."""
        return {Way.WRITER: "doc", Way.CALC: "xls", Way.IMPRESS: "ppt", Way.TEXT: "txt"}.get(self, self.value)


_WRITER = (
    "fmt/37", "fmt/38", "fmt/39", "fmt/40", "fmt/609", "x-fmt/64", "x-fmt/273", "x-fmt/274", "x-fmt/275", "x-fmt/276",
    "fmt/412", "fmt/473", "fmt/523", "fmt/597", "fmt/599", "fmt/1827",
    "fmt/136", "fmt/290", "fmt/291", "fmt/1756", "x-fmt/3",
)  # fmt: skip
_CALC = (
    "fmt/55", "fmt/56", "fmt/57", "fmt/59", "fmt/61", "fmt/62", "fmt/214", "fmt/445", "fmt/595", "fmt/1828",
    "fmt/137", "fmt/294", "fmt/295", "fmt/1755",
)  # fmt: skip
_IMPRESS = (
    "fmt/125", "fmt/126", "fmt/181", "fmt/215", "fmt/487", "fmt/629", "fmt/1829",
    "fmt/138", "fmt/292", "fmt/293", "fmt/1754",
)  # fmt: skip
_RTF = ("fmt/45", "fmt/50", "fmt/51", "fmt/52", "fmt/53", "fmt/355", "fmt/969")
_TEXT = ("x-fmt/111", "x-fmt/16", "x-fmt/17", "x-fmt/13", "x-fmt/14", "x-fmt/15")
_HTML = ("fmt/96", "fmt/97", "fmt/98", "fmt/99", "fmt/100", "fmt/471", "fmt/102", "fmt/103")
_PDF = (
    "fmt/14", "fmt/15", "fmt/16", "fmt/17", "fmt/18", "fmt/19", "fmt/20", "fmt/276", "fmt/1129",
    "fmt/144", "fmt/145", "fmt/157", "fmt/146", "fmt/147", "fmt/158", "fmt/148", "fmt/488", "fmt/489", "fmt/490",
)  # fmt: skip
_BITMAP = ("fmt/114", "fmt/115", "fmt/116", "fmt/117", "fmt/118", "fmt/119", "x-fmt/25", "x-fmt/270")

_WAYS: Final[Mapping[str, Way]] = {
    identifier: way
    for way, identifiers in (
        (Way.WRITER, _WRITER),
        (Way.CALC, _CALC),
        (Way.IMPRESS, _IMPRESS),
        (Way.RTF, _RTF),
        (Way.TEXT, _TEXT),
        (Way.HTML, _HTML),
        (Way.PDF, _PDF),
        (Way.BITMAP, _BITMAP),
    )
    for identifier in identifiers
}
_BY_SUFFIX: Final = {".txt": Way.TEXT, ".htm": Way.HTML, ".html": Way.HTML}


def way_for(pronom_id: str, name: str = "") -> Way | None:
    """How a format is converted, or None where we know no way.

    A text has no signature, so where nothing was recognised its ``name`` is believed; what it turns out to be is seen
    when it is read.
    """
    if pronom_id:
        return _WAYS.get(pronom_id)
    return next((way for suffix, way in _BY_SUFFIX.items() if name.lower().endswith(suffix)), None)
