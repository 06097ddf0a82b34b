"""Locks and conditions of office programs."""

from datetime import UTC, datetime, timedelta

import pytest

from egon.records.rules.editing import Condition, conditions_of, holds, may_write, name_in_address

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER, BEFORE = NOW + timedelta(minutes=1), NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("návrh smlouvy č. 5 (konečný).odt", "navrh-smlouvy-c.-5-konecny-.odt"),
        ("plan.docx", "plan.docx"),
        ("../..", "soubor"),
        ("合同", "soubor"),
    ],
)
def test_an_address_bears_plain_letters_only(name, expected):
    assert name_in_address(name) == expected


def test_the_header_is_lists_of_locks_and_tags():
    header = '<http://a/b> (<urn:uuid:1> ["x"]) (Not <DAV:no-lock>)'
    assert conditions_of(header) == [
        [Condition(lock="urn:uuid:1"), Condition(tag='"x"')],
        [Condition(lock="DAV:no-lock", negated=True)],
    ]
    assert conditions_of("") == []


@pytest.mark.parametrize(
    ("header", "good"),
    [
        ("", True),
        ("(<urn:1>)", True),
        ("(<urn:2>)", False),
        ('(<urn:1> ["x"])', True),
        ('(<urn:1> ["y"])', False),
        ('(["y"]) (<urn:1>)', True),
        ("(Not <DAV:no-lock>)", True),
        ("(Not <urn:1>)", False),
    ],
)
def test_it_holds_when_all_of_any_list_do(header, good):
    assert holds(conditions_of(header), lock="urn:1", tag='"x"') is good


@pytest.mark.parametrize(
    ("lock", "until", "header", "may"),
    [
        ("", None, "", True),
        ("urn:1", LATER, "", False),
        ("urn:1", LATER, "(<urn:1>)", True),
        ("urn:1", LATER, "(<urn:2>)", False),
        ("urn:1", LATER, "(Not <urn:1>)", False),
        ("urn:1", BEFORE, "", True),
    ],
)
def test_a_locked_file_is_written_by_who_knows_the_lock(lock, until, header, may):
    assert may_write(lock, until, conditions_of(header), NOW) is may
