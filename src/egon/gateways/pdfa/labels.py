"""Sheets of labels, each with a two-dimensional code (QR, ISO/IEC 18004) and lines of text, as PDF/A-2a."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from egon.gateways.pdfa.codes import code_image
from egon.gateways.pdfa.documents import render_template


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSheet:
    """How labels lie on a sheet; all lengths in millimetres, distances from the upper left corner of the page."""

    name: str
    page: tuple[float, float]
    columns: int
    rows: int
    label: tuple[float, float]
    margin: tuple[float, float] = (0, 0)
    gap: tuple[float, float] = (0, 0)

    @property
    def places(self) -> int:
        """How many labels one sheet holds."""
        return self.columns * self.rows


SHEETS: Final = {
    "3x8": LabelSheet(
        name="arch A4, 24 štítků 70 × 36 mm", page=(210, 297), columns=3, rows=8, label=(70, 36), margin=(0, 4.5)
    ),
    "2x8": LabelSheet(
        name="arch A4, 16 štítků 105 × 37 mm", page=(210, 297), columns=2, rows=8, label=(105, 37), margin=(0, 0.5)
    ),
    "role": LabelSheet(
        name="tiskárna štítků, 70 × 36 mm", page=(70, 36), columns=1, rows=1, label=(70, 36), margin=(0, 0)
    ),
}


@dataclass(frozen=True, slots=True)
class Label:
    """One label: what its code carries, the same for people to read, and smaller lines under it."""

    code: str
    heading: str
    lines: Sequence[str] = ()


def render_labels(
    labels: Sequence[Label], sheet: LabelSheet, *, title: str, author: str, on: date, first: int = 1
) -> bytes:
    """The labels as PDF; ``first`` is the place (from 1, by rows) of the first one, so that a begun sheet is used up.

    Raises :class:`~egon.gateways.pdfa.RenderingFailed`.
    """
    data = {"page": sheet.page, "label": sheet.label, "pages": list(_pages(labels, sheet, first))}
    return render_template("labels.typ", data, title=title, author=author, on=on)


def _pages(labels: Sequence[Label], sheet: LabelSheet, first: int) -> Iterator[list[dict[str, Any]]]:
    skipped: list[Label | None] = [None] * (first - 1)
    places = [*skipped, *labels]
    for start in range(0, len(places), sheet.places):
        page = enumerate(places[start : start + sheet.places])
        yield [_placed(label, place, sheet) for place, label in page if label is not None]


def _placed(label: Label, place: int, sheet: LabelSheet) -> dict[str, Any]:
    row, column = divmod(place, sheet.columns)
    return {
        "x": sheet.margin[0] + column * (sheet.label[0] + sheet.gap[0]),
        "y": sheet.margin[1] + row * (sheet.label[1] + sheet.gap[1]),
        "code": code_image(label.code),
        "alt": label.code,
        "heading": label.heading,
        "lines": list(label.lines),
    }
