"""Values of the log as a person reads them."""

import pytest

from egon.web.audit.history import facts_of
from egon.web.audit.labels import readable

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, ""),
        ("", ""),
        ([], ""),
        ({}, ""),
        (True, "ano"),
        (False, "ne"),
        (0, "0"),
        ("2026-07-01", f"1.{NBSP}7.{NBSP}2026"),
        ("2026-07-01T10:00:05+00:00", f"1.{NBSP}7.{NBSP}2026 12:00:05"),
        ("2026-99-99", "2026-99-99"),
        ("natural", "fyzická osoba"),
        (["OD", None, "OS"], "OD, OS"),
        ({"city": "Žďár", "street": ""}, "obec: Žďár, ulice: nic"),
    ],
)
def test_value_is_told_in_czech(value, told):
    assert readable(value) == told


@pytest.mark.parametrize(
    ("of", "value", "told"),
    [
        ("entity", "class", "věcná skupina"),
        ("entity", "document", "dokument"),
        ("settled_how", "document", "dokumentem"),
        ("value_type", "letters", "text bez číslic"),
    ],
)
def test_a_code_is_told_by_the_parameter_it_is_of(of, value, told):
    assert readable(value, of) == told


def test_facts_leave_out_what_says_nothing_and_what_is_known():
    facts = facts_of(
        {"today": "2026-07-01", "unit": "OD Odbor dopravy", "note": "", "document": "Žádost"},
        known=frozenset({"Žádost"}),
    )
    assert [(fact.label, fact.value) for fact in facts] == [("útvar", "OD Odbor dopravy")]
