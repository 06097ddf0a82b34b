"""Names of components and texts of templates: nothing dangerous comes through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.records.rules.components import LONGEST_NAME, clean_name
from egon.records.rules.templates import fill, unknown_placeholders


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\smlouva.pdf", "smlouva.pdf"),
        ("Žádost č. 5.pdf", "Žádost č. 5.pdf"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("faktura\u202efdp.exe", "faktura_fdp.exe"),
        ("..", "bez názvu"),
        ("", "bez názvu"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_names_keep_their_meaning_and_lose_their_teeth(name, expected):
    assert clean_name(name) == expected


@given(name=st.text())
def test_no_name_leaves_the_folder_or_breaks_a_header(name):
    cleaned = clean_name(name)
    assert cleaned
    assert len(cleaned) <= LONGEST_NAME
    assert not set(cleaned) & set('/\\\r\n\x00"')
    assert cleaned not in (".", "..")


@given(name=st.text())
def test_cleaning_twice_changes_nothing(name):
    assert clean_name(clean_name(name)) == clean_name(name)


def test_placeholders_are_filled_and_missing_ones_are_seen():
    text = "Věc: {{ vec }}, značka {{znacka_odesilatele}}, {{ neco }}"
    assert fill(text, {"vec": "Žádost"}) == "Věc: Žádost, značka (doplňte: značka odesílatele), (doplňte: neco)"
    assert unknown_placeholders(text) == ["neco"]


def test_what_is_filled_in_is_not_filled_again():
    assert fill("{{ vec }}", {"vec": "{{ odesilatel }}", "odesilatel": "tajné"}) == "{{ odesilatel }}"
