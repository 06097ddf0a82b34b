"""How words become lexemes, and what people type becomes a tsquery."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.search.language import tsquery_of
from egon.search.lexemes import key_lexemes, lexemes_of, vector_of


@pytest.mark.parametrize(
    ("indexed", "asked"),
    [
        ("smlouvami", "smlouva"),
        ("stavebního", "stavební"),
        ("úřadem", "úřad"),
        ("žádosti", "zadost"),
        ("Žluťoučký".casefold(), "zlutoucky"),
        ("rozhodnutí", "rozhodnuti"),
    ],
)
def test_a_word_meets_its_other_forms(indexed: str, asked: str) -> None:
    assert set(lexemes_of(indexed)) & set(lexemes_of(asked))


def test_numbers_are_not_stemmed() -> None:
    assert lexemes_of("2026") == ("2026",)


def test_a_key_is_found_whole_and_by_parts() -> None:
    lexemes = set(key_lexemes("KSA/123/2026"))
    assert {"k:ksa/123/2026", "k:123/2026", "k:123"} <= lexemes
    assert "k:ksa/2026" not in lexemes


def test_an_endless_text_stays_within_what_the_database_takes() -> None:
    text = " ".join(f"slovo{number}ěščřžýáíé" * 3 for number in range(60_000))
    assert len(vector_of(tenant_id=1, title="x", text=text, keys=[]).encode()) < 1_000_000


@pytest.mark.parametrize("nothing", ["", "   ", '"', '""', "-", "*", "OR", "& | ! ( ) :*", "'\\", "\x00"])
def test_there_may_be_nothing_to_look_for(nothing: str) -> None:
    assert tsquery_of(nothing) is None


def test_single_letters_do_not_narrow_a_search() -> None:
    assert tsquery_of("smlouva o dílo") == tsquery_of("smlouva dílo")
    assert tsquery_of("o") is not None


@given(st.text(max_size=400))
def test_nothing_typed_leaves_the_quotation_marks(typed: str) -> None:
    query = tsquery_of(typed) or ""
    outside = "".join(query.split("'")[::2])
    assert set(outside) <= set("()|&!<->:* ")
