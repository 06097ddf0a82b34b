"""Registering from a table: columns recognised, lines read, every fault told."""

from datetime import datetime

import pytest

from egon.kernel.clock import PRAGUE
from egon.mailroom.bulk_rules import Column, faults_of_mapping, guess, read_line, read_moment

NAMES = {column.value: column.label for column in Column}


def test_columns_are_known_by_name_and_as_last_time():
    header = ["Věc", "od koho", "Doručeno", "Věc", "cosi"]
    assert guess(header, {"od koho": "sender", "cosi": "zrušený-význam"}, NAMES) == [
        "subject", "sender", "delivered", "", "",
    ]  # fmt: skip


def test_columns_are_known_by_shorter_names_too():
    header = ["Předmět", "IČO", "Útvar", "Listů", "předat útvaru (zkratka)"]
    assert guess(header, {}, NAMES) == ["subject", "ic", "unit", "sheets", ""]


def test_all_that_a_mapping_misses_is_told():
    assert len(faults_of_mapping(["", "note", "note"])) == 4
    assert faults_of_mapping(["subject", "ic", "delivered", ""]) == []


@pytest.mark.parametrize(
    "text", ["24. 11. 2026 13:45", "24.11.2026 13:45:00", "2026-11-24 13:45", "2026-11-24T13:45:00+01:00"]
)
def test_a_moment_is_read_as_people_and_computers_write_it(text):
    assert read_moment(text) == datetime(2026, 11, 24, 13, 45, tzinfo=PRAGUE)


def test_every_fault_of_a_line_is_told_at_once():
    meanings = ["subject", "sender", "delivered", "deadline", "own-7"]
    line, faults = read_line(["", " ", "zítra", "pozítří", "x"], meanings, own="own-")
    assert len(faults) == 4
    assert line.own == {"7": "x"}
    line, faults = read_line(["Podnět", "Obec", "24. 11. 2026"], meanings, own="own-")
    assert faults == []
    assert (line.subject, line.delivered_at) == ("Podnět", datetime(2026, 11, 24, tzinfo=PRAGUE))


def test_paper_is_what_its_columns_count():
    counted = ["subject", "sender", "delivered", "sheets", "other_annexes", "other_annexes_note"]
    sound = ["Podnět", "Obec", "24. 11. 2026"]
    line, faults = read_line([*sound, "3", "1", "CD"], counted, own="own-")
    assert faults == [] and line.paper is not None
    assert (line.paper.sheets, line.paper.other_annexes, line.paper.other_annexes_note) == (3, 1, "CD")
    for nothing in (["", "", ""], ["0", "", ""]):
        line, faults = read_line([*sound, *nothing], counted, own="own-")
        assert (line.paper, faults) == (None, [])
    for wrong, told in ((["-1", "", ""], "celé číslo"), (["1", "2", ""], "Popište"), (["1", "1", "x" * 300], "255")):
        faults = read_line([*sound, *wrong], counted, own="own-")[1]
        assert len(faults) == 1 and told in faults[0]
