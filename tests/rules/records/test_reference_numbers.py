"""How reference numbers and file marks are written (NSESSS 2.7.4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.records.rules.numbers import (
    NumberFrom,
    faults_of_pattern,
    numbering_after_move,
    write_number,
    write_number_in_file,
)


@pytest.mark.norm("2.7.4a")
@pytest.mark.parametrize(
    ("pattern", "unit", "expected"),
    [
        ("{code} {number}/{year} {unit}", "OD", "KSA 123/2026 OD"),
        ("{code} {number}/{year} {unit}", "", "KSA 123/2026"),
        ("{code}-{unit}/{year}-{number}", "EPR", "KSA-EPR/2026-123"),
        ("{code}-{year}-{number:06}", "", "KSA-2026-000123"),
        ("S-{code} {number}/{year}", "OD", "S-KSA 123/2026"),
    ],
)
def test_numbers_are_written_by_the_pattern_of_the_originator(pattern, unit, expected):
    assert write_number(pattern, code="KSA", number=123, year=2026, unit=unit) == expected


def test_a_number_from_the_file_mark_carries_the_order():
    assert write_number_in_file("S-KSA 45/2026", 3) == "S-KSA 45/2026-3"


@given(one=st.integers(1, 10**7), other=st.integers(1, 10**7), unit=st.sampled_from(["", "OD", "OŠ"]))
def test_two_orders_never_give_one_number(one, other, unit):
    def written(number):
        return write_number("{code} {number}/{year} {unit}", code="KSA", number=number, year=2026, unit=unit)

    assert (written(one) == written(other)) == (one == other)


@pytest.mark.parametrize(
    "pattern", ["{code} {number}", "{number}/{year}", "{code} {year}", "{code} {number}/{year} {secret}", "{code",
     "{0}", "{code.x} {number} {year}"]
)  # fmt: skip
def test_a_pattern_that_could_not_tell_documents_apart_is_refused(pattern):
    assert faults_of_pattern(pattern)


def test_the_default_pattern_has_no_fault():
    assert faults_of_pattern("{code} {number}/{year} {unit}") == []


@pytest.mark.parametrize(
    ("numbered_by_file", "file_numbers", "source"),
    [
        (False, False, NumberFrom.KEPT),
        (False, True, NumberFrom.FILE),
        (True, True, NumberFrom.FILE),
        (True, False, NumberFrom.SERIES),
    ],
)
def test_where_the_number_of_a_moved_document_comes_from(numbered_by_file, file_numbers, source):
    assert numbering_after_move(numbered_by_file=numbered_by_file, file_numbers=file_numbers) is source
