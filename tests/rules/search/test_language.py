"""What people type becomes a condition over lexemes: operators, brackets, mistakes with their place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.search.language import QueryMistake, number_beginning, parse, tsquery_of
from egon.search.lexemes import vector_of


def fits(query, text, keys=()):
    """Whether a text has what the query asks for, judged here and not by the database (without phrases)."""
    has = set(re.findall(r"'((?:[^']|'')+)'", vector_of(tenant_id=1, title=text, text="", keys=keys)))
    condition = parse(query) or "''"
    names = {}

    def value(match):
        lexeme = match[1]
        found = any(one.startswith(lexeme) for one in has) if match[2] else lexeme in has
        names[f"v{len(names)}"] = found
        return f" v{len(names) - 1} "

    python = re.sub(r"'((?:[^']|'')+)'(:\*)?", value, condition)
    python = python.replace("<->", " and ").replace("&", " and ").replace("|", " or ").replace("!", " not ")
    return eval(python, {"__builtins__": {}}, names)


@pytest.mark.norm("5.1.4a", "5.1.4b", "5.1.4c")
@pytest.mark.parametrize(
    ("query", "fitting"),
    [
        ("dům A byt", {"dům byt"}),
        ("dům AND byt", {"dům byt"}),
        ("dům byt", {"dům byt"}),
        ("dům NEBO byt", {"dům", "byt", "dům byt", "dům sklep", "byt sklep"}),
        ("dům OR byt", {"dům", "byt", "dům byt", "dům sklep", "byt sklep"}),
        ("dům NE byt", {"dům", "dům sklep"}),
        ("dům A NOT byt", {"dům", "dům sklep"}),
        ("dům -byt", {"dům", "dům sklep"}),
        ("NE (dům NEBO byt)", {"sklep"}),
        ("-(dům byt)", {"dům", "byt", "sklep", "dům sklep", "byt sklep"}),
        ("(dům NEBO byt) A NE sklep", {"dům", "byt", "dům byt"}),
        ("dům NEBO byt sklep", {"dům", "dům byt", "dům sklep", "byt sklep"}),
        ("(dům NEBO byt) sklep", {"dům sklep", "byt sklep"}),
        ("NE dům NE byt", {"sklep"}),
        ("NE NE dům", {"dům", "dům byt", "dům sklep"}),
        ("((dům))", {"dům", "dům byt", "dům sklep"}),
        ("dum a byt", {"dům byt"}),  # a preposition or a conjunction in small letters is a word nobody looks for
    ],
)
def test_operators_join_conditions_in_any_combination(query, fitting):
    texts = ["dům", "byt", "sklep", "dům byt", "dům sklep", "byt sklep"]
    assert {text for text in texts if fits(query, text)} == fitting


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("(dům NEBO byt", 0, "neuzavírá"),
        ("dům (byt", 4, "neuzavírá"),
        ("dům) byt", 3, "neotevřela"),
        ("dům NEBO", 8, "Za slovem NEBO"),
        ("NEBO dům", 0, "Před slovem NEBO"),
        ("dům NEBO NEBO byt", 9, "Před slovem NEBO"),
        ("dům A NE", 8, "Za slovem NE"),
        ("dům ()", 5, "Před touto závorkou"),
        ("(", 1, "nic v ní není"),
        ("a" * 301, 300, "delší než 300"),
        (" ".join(["slovo"] * 17), 96, "nejvýše 16"),
    ],
)
def test_a_mistake_is_told_with_its_place(query, position, words):
    with pytest.raises(QueryMistake) as mistake:
        parse(query)
    assert mistake.value.position == position
    assert words in mistake.value.message
    tsquery_of(query)  # where there is nobody to correct it, the words are looked for


def test_a_letter_is_no_operator_where_nothing_follows():
    assert parse("skupina A") == parse("skupina")
    assert parse("(skupina A) beta") == parse("skupina beta")
    assert parse("A") is not None


@pytest.mark.norm("5.1.5")
@pytest.mark.parametrize("query", ['"123/2026"', '"KSA 123/2026"', '"123"', "123/20*", "123/2026", "KSA/12*", "123"])
def test_numbers_are_found_in_quotation_marks_and_by_their_beginning(query):
    assert fits(query, "Žádost", keys=["KSA 123/2026"])
    assert not fits(query, "Žádost", keys=["KSA 1234/2025".replace("1234", "77")])


def test_the_beginning_of_a_number_of_record():
    assert number_beginning("ksa 12") == "'k:ksa/12':*"
    assert number_beginning("2026") == "'k:2026'"
    assert number_beginning(" / ") is None


@given(st.text(alphabet='ab AN()"-*/1NEBO', max_size=60))
def test_whatever_is_typed_is_read_or_refused_with_a_place_in_it(typed):
    try:
        query = parse(typed) or ""
    except QueryMistake as mistake:
        assert 0 <= mistake.position <= len(typed)
    else:
        assert query.count("(") == query.count(")")
    tsquery_of(typed)
