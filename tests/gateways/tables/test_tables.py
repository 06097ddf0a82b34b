"""Tables: what spreadsheets write is read, what we write opens as a table and runs nothing."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from egon.gateways import tables
from egon.gateways.tables import TableUnreadable, read_table, write_csv, write_xlsx

LINES = [(1, ["Příjmení", "Číslo"]), (2, ["Nováková", "7"]), (4, ["Šťastný", ""])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_however_a_spreadsheet_wrote_it(encoding, delimiter):
    text = "Příjmení;Číslo\r\nNováková ;7\r\n;\r\nŠťastný;\r\n".replace(";", delimiter)
    assert read_table(text.encode(encoding)) == LINES


def test_a_cell_may_hold_lines_and_delimiters():
    assert read_table(b'a;b\n"x;\ny";2\n') == [(1, ["a", "b"]), (3, ["x;\ny", "2"])]


def test_xlsx_is_read_with_numbers_and_days_as_text():
    book = openpyxl.Workbook()
    first = ["Čížková", date(2026, 7, 1), 7.0, True]
    for row in (["Osoba", "Od", "Číslo", "Zde"], first, [], ["=1+1", None, 1.5, None]):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    assert read_table(target.getvalue()) == [
        (1, ["Osoba", "Od", "Číslo", "Zde"]),
        (2, ["Čížková", "2026-07-01", "7", "ano"]),
        (4, ["", "", "1.5"]),  # a formula without a counted value
    ]


def test_what_is_written_is_read_back():
    rows = [["Čížková", 7, date(2026, 7, 1)], ["x\x00y", 1.5, None]]
    assert read_table(write_csv(["a", "b", "c"], [rows[0]]))[1] == (2, ["Čížková", "7", "2026-07-01"])
    found = read_table(write_xlsx(["a", "b", "c"], rows))
    assert found == [(1, ["a", "b", "c"]), (2, ["Čížková", "7", "2026-07-01"]), (3, ["x�y", "1.5"])]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x"])
def test_no_cell_runs_as_a_formula(cell):
    assert read_table(write_csv(["a"], [[cell]]))[1][1] == [f"'{cell}"]
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(["a"], [[cell]])))
    assert (book.active["A2"].data_type, book.active["A2"].value) == ("s", cell)


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"a;b\x00;c\n", b"\x00" * 20])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(TableUnreadable):
        read_table(content)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(tables, "MOST_UNPACKED", 1000)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 2000)
    with pytest.raises(TableUnreadable, match="příliš velký"):
        read_table(target.getvalue())


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(TableUnreadable, match="Rozdělte"):
        read_table(b"a\nb\nc\n")
