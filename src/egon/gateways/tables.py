"""Tables people bring and take away: CSV as spreadsheets write it, and XLSX. A library without Django.

Reading is bounded, because the file is somebody else's; writing never makes a cell that a spreadsheet would run.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

import openpyxl

from egon.kernel.cells import harmless

MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 10_000
MOST_UNPACKED: Final = 100 * 1024 * 1024
_XLSX_START: Final = b"PK\x03\x04"


class TableUnreadable(Exception):
    """The file is no table we can read; the text is Czech."""


def read_table(content: bytes) -> list[tuple[int, list[str]]]:
    """Lines that hold anything, with their numbers as a spreadsheet shows them; the kind is told by the content.

    CSV may be in UTF-8 or Windows-1250, with semicolons, commas or tabs; of XLSX the first sheet is read, its values
    and not its formulas. Raises :class:`TableUnreadable`.
    """
    lines = _xlsx(content) if content.startswith(_XLSX_START) else _csv(content)
    found: list[tuple[int, list[str]]] = []
    for number, cells in lines:
        if len(found) >= MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise TableUnreadable(f"Tabulka má víc než {MOST_ROWS} řádků nebo {MOST_COLUMNS} sloupců. Rozdělte ji.")
        if any(cells):
            found.append((number, cells))
    return found


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV in UTF-8 with a byte order mark and semicolons, as Czech spreadsheets open it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([harmless(_written(cell)) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "List") -> bytes:
    """A workbook of one sheet with a bold, frozen header; numbers and dates stay numbers and dates."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, name) for name in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    if "\x00" in text:
        raise TableUnreadable("Soubor není tabulka CSV ani XLSX.")
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count))
    try:
        for cells in lines:
            yield lines.line_num, [cell.strip()[:LONGEST_CELL] for cell in cells]
    except csv.Error as error:
        raise TableUnreadable(f"Řádek {lines.line_num} tabulky nejde přečíst: {error}.") from error


def _xlsx(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            # What is declared binds: the reader takes no more of a member than this.
            if sum(member.file_size for member in packed.infolist()) > MOST_UNPACKED:
                raise TableUnreadable("Sešit je po rozbalení příliš velký. Rozdělte ho, nebo ho uložte jako CSV.")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1):
            cells = [_written(value).strip()[:LONGEST_CELL] for value in row]
            while cells and not cells[-1]:
                cells.pop()
            yield number, cells
    except TableUnreadable:
        raise
    except Exception as error:
        # A damaged workbook fails in any of a dozen ways inside the library, none of which is ours.
        raise TableUnreadable("Sešit XLSX je poškozený nebo zamčený. Uložte ho znovu, nebo jako CSV.") from error


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1250", errors="replace")


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ano" if value else "ne"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == datetime.min.time():
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
        case _:
            return str(value)


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | date):
        text = openpyxl.cell.WriteOnlyCell(sheet, value=_ILLEGAL.sub("�", _written(value))[:32_000])
        text.data_type = "s"  # a text that begins with = is no formula
        return text
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _bold(sheet: Any, name: str) -> Any:
    cell = openpyxl.cell.WriteOnlyCell(sheet, value=name)
    cell.font = openpyxl.styles.Font(bold=True)
    return cell


_ILLEGAL: Final = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE
