"""Rules of paper letters: numbers of the post, scanned codes, what cannot be true about an envelope."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.mailroom import rules
from egon.mailroom.rules import EnvelopeFacts

DAY = date(2026, 11, 24)


@pytest.mark.parametrize("number", ["RR473124829CZ", "", "12345", "DR0123456789E", "R-123/2026"])
def test_a_right_number_or_one_that_cannot_be_told_passes(number: str) -> None:
    assert not rules.is_mistyped(number)


@given(st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place: int, by: int) -> None:
    digits = list("47312482")
    digits[place] = str((int(digits[place]) + by) % 10)
    assert rules.is_mistyped(f"RR{''.join(digits)}9CZ")


@given(st.from_regex(r"[A-Z]{2,4}-20[0-9]{2}-[0-9]{6}", fullmatch=True))
def test_a_code_survives_a_czech_keyboard(code: str) -> None:
    typed = code.translate(str.maketrans("1234567890-YZ", "+ěščřžýáíé=ZY"))
    assert code in rules.readings_of_code(typed)
    assert code in rules.readings_of_code(f"  {code.lower()}\n")


def test_no_code_has_no_reading() -> None:
    assert rules.readings_of_code("  ") == []


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (EnvelopeFacts(kind="ordinary", sheets=0), "žádný list"),
        (EnvelopeFacts(kind="ordinary", sheets=1, other_annexes=1), "Popište"),
        (EnvelopeFacts(kind="ordinary", sheets=1, posted_on=date(2026, 11, 25)), "až po doručení"),
        (EnvelopeFacts(kind="ordinary", sheets=1, post_number="RR473124828CZ"), "překlep"),
        (EnvelopeFacts(kind="own_hands", sheets=1), "ponech"),
    ],
)
def test_what_cannot_be_true_is_told(facts: EnvelopeFacts, word: str) -> None:
    [obstacle] = rules.obstacles_to_envelope(facts, delivered_on=DAY)
    assert word in obstacle


def test_an_ordinary_letter_has_no_obstacle() -> None:
    facts = EnvelopeFacts(kind="ordinary", sheets=1, posted_on=DAY, other_annexes=1, other_annexes_note="CD")
    assert rules.obstacles_to_envelope(facts, delivered_on=DAY) == []
