"""Sheets of Excel 5 to 2003 (XLS), read by xlrd."""

import io
from collections.abc import Iterator
from typing import Any

import xlrd

from egon.gateways.texts.limits import NoText


def text_of_sheets(content: bytes) -> Iterator[str]:
    """Names of sheets and their cells, one a line; a date as it is written here. Raises :class:`NoText`."""
    try:
        # What the library has to say about the file would come among the text.
        book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        locked = "encrypted" in str(error).lower()
        raise NoText("Sešit je chráněný heslem." if locked else "Sešit je poškozený.", detail=str(error)) from error
    for name in book.sheet_names():
        yield f"{name}\n"
        for row in book.sheet_by_name(name).get_rows():
            yield from (f"{told}\n" for cell in row if (told := _told(cell, book.datemode)))
        book.unload_sheet(name)


def _told(cell: Any, datemode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _day(cell.value, datemode)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return f"{cell.value:.15g}"
    return ""


def _day(value: float, datemode: int) -> str:
    try:
        day = xlrd.xldate_as_datetime(value, datemode)
    except (xlrd.XLDateError, OverflowError, ValueError):
        return f"{value:.15g}"
    return f"{day.day}. {day.month}. {day.year}"
