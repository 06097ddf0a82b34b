"""Sheets of facts and tables: the cover of a file, lists, print-outs; with a code to be scanned when they have one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from egon.gateways.pdfa.codes import code_image
from egon.gateways.pdfa.documents import WITHOUT_FONT, RenderingFailed, render_template

_MISSING: Final = "□"
_MOST_ATTEMPTS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with facts, one table, or both; ``empty`` is said where the table has no rows."""

    heading: str = ""
    facts: Sequence[tuple[str, str]] = ()
    columns: Sequence[tuple[str, int]] = ()  # name, relative width
    rows: Sequence[Sequence[str]] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A title, facts and sections; ``code`` is printed as QR in the upper right corner, ``size`` is in points."""

    organisation: str
    title: str
    date: date
    subtitle: str = ""
    code: str = ""
    facts: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()
    size: int = 9
    landscape: bool = False


def render_sheet(sheet: Sheet) -> bytes:
    """The sheet as PDF/A-2a; a character that no font has is printed as a square, for the data are not the printer's.

    Raises :class:`~egon.gateways.pdfa.RenderingFailed`.
    """
    data = asdict(sheet) | {"date": "", "code": code_image(sheet.code) if sheet.code else "", "alt": sheet.code}
    strange: set[str] = set()
    for _ in range(_MOST_ATTEMPTS):
        try:
            cleaned = _without(data, strange)
            return render_template(
                "sheet.typ", cleaned, title=cleaned["title"], author=cleaned["organisation"], on=sheet.date
            )
        except RenderingFailed as error:
            found = WITHOUT_FONT.search(error.detail)
            if found is None:
                raise
            strange |= set(found[1])
    raise RenderingFailed("PDF se nevytvořilo, protože údaje obsahují příliš mnoho znaků, které nelze zobrazit.")


def _without(value: Any, strange: set[str]) -> Any:
    match value:
        case str():
            return "".join(_MISSING if char in strange else char for char in value) if strange else value
        case dict():
            return {key: _without(item, strange) for key, item in value.items()}
        case list() | tuple():
            return [_without(item, strange) for item in value]
        case _:
            return value
