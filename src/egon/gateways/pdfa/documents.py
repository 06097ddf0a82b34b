"""What we can render: a letter of an office, and a report with one table."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any, Final

import typst

from egon.gateways.pdfa.blocks import Block, BulletList, Heading, NumberedList, Paragraph
from egon.gateways.pdfa.codes import code_image
from egon.kernel.errors import GatewayError

STANDARD: Final = "a-2a"
_MONTHS = [
    "ledna",
    "února",
    "března",
    "dubna",
    "května",
    "června",
    "července",
    "srpna",
    "září",
    "října",
    "listopadu",
    "prosince",
]
# What is no text at all: control characters, lone surrogates, noncharacters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
WITHOUT_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')


class RenderingFailed(GatewayError):
    """The PDF could not be made: a character that no font has, or a defect of the template."""

    code = "gateway.pdfa"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as Czech offices write it (ČSN 01 6910). Empty fields leave no trace on the page.

    ``date`` is the day shown and the date in the file's metadata; ``note`` stands at the end of the last page.
    """

    organisation: str
    address_lines: Sequence[str]
    reference_number: str
    date: date
    addressee_lines: Sequence[str]
    subject: str
    body: Sequence[Block]
    your_reference: str = ""
    file_mark: str = ""
    officer: str = ""
    contact: str = ""
    signer_lines: Sequence[str] = ()
    annexes: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class TableReport:
    """A heading, lines of facts, one table."""

    organisation: str
    title: str
    date: date
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    facts: Sequence[tuple[str, str]] = field(default=())
    widths: Sequence[int] = field(default=())  # relative; equal when not given
    landscape: bool = False
    code: str = ""  # carried by a QR code in the corner


def render_letter(letter: Letter) -> bytes:
    """The letter as PDF/A-2a. Raises :class:`RenderingFailed`."""
    data = asdict(letter) | {"date": _long_date(letter.date), "body": [_block_data(block) for block in letter.body]}
    return render_template("letter.typ", data, title=letter.subject, author=letter.organisation, on=letter.date)


def render_table_report(report: TableReport) -> bytes:
    """The report as PDF/A-2a; the table's head repeats on each page. Raises :class:`RenderingFailed`."""
    data = asdict(report) | {
        "date": _long_date(report.date),
        "widths": list(report.widths) or [1] * len(report.columns),
        "code_image": code_image(report.code) if report.code else "",
    }
    return render_template("report.typ", data, title=report.title, author=report.organisation, on=report.date)


def render_template(template: str, data: dict[str, Any], *, title: str, author: str, on: date) -> bytes:
    """One of our templates filled with data, as PDF/A-2a dated ``on``. Raises :class:`RenderingFailed`."""
    meta = {"title": title, "author": author, "year": on.year, "month": on.month, "day": on.day}
    inputs = {"data": json.dumps(_printable(data | {"meta": meta}), ensure_ascii=False)}
    try:
        return typst.compile(
            _source(template),
            format="pdf",
            pdf_standards=STANDARD,
            sys_inputs=inputs,
            ignore_system_fonts=True,  # fonts of the wheel only: the same bytes on every machine
            timestamp=int(datetime.combine(on, time(), UTC).timestamp()),
        )
    except typst.TypstError as error:
        raise RenderingFailed(_reason(str(error)), detail=str(error)[:500]) from error


def _reason(said: str) -> str:
    """Czech words for typst's refusal: usually a character no font has."""
    if strange := WITHOUT_FONT.search(said):
        return (
            f"PDF se nevytvořilo, protože text obsahuje znak „{strange[1][:20]}“, který v dokumentu PDF/A nelze "
            "zobrazit. Text zůstal uložen; znak z něj odstraňte a zkuste to znovu."
        )
    return "PDF se nepodařilo vytvořit. Text zůstal uložen; zkuste to znovu, případně to oznamte správci systému."


@cache
def _source(template: str) -> bytes:
    return files("egon.gateways.pdfa").joinpath("templates", template).read_bytes()


def _block_data(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "runs": [asdict(run) for run in block.runs]}
        case Paragraph():
            return {"kind": "paragraph", "runs": [asdict(run) for run in block.runs]}
        case BulletList() | NumberedList():
            kind = "bullets" if isinstance(block, BulletList) else "numbers"
            return {"kind": kind, "items": [[asdict(run) for run in item] for item in block.items]}


def _printable(value: Any) -> Any:
    match value:
        case str():
            return _UNPRINTABLE.sub("", value)
        case dict():
            return {key: _printable(item) for key, item in value.items()}
        case list() | tuple():
            return [_printable(item) for item in value]
        case _:
            return value


def _long_date(day: date) -> str:
    """``1. března 2026``, with spaces that do not break."""
    return f"{day.day}.\u00a0{_MONTHS[day.month - 1]}\u00a0{day.year}"
