"""Identifiers of parties have right check digits, and facts that cannot be true are refused together."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.parties import rules
from egon.parties.rules import (
    PartyFacts,
    Periods,
    destroyed_on,
    keys_of,
    missing_to_identify,
    obstacles_to_party,
    obstacles_to_periods,
    obstacles_to_rights,
    why_the_same,
)

TODAY = date(2026, 7, 1)


@pytest.mark.parametrize("ic", ["00007064", "70890366", "27074358", "00064581", "25596641", "09876502"])
def test_real_ic_is_valid(ic):
    assert rules.is_valid_ic(ic)


@pytest.mark.parametrize("ic", ["00007065", "7089036", "789", "7089036x", "", "７０８９０３６６"])
def test_wrong_ic_is_not(ic):
    assert not rules.is_valid_ic(ic)


@given(st.integers(0, 9999999), st.integers(0, 6), st.integers(1, 9))
def test_one_changed_digit_of_ic_is_found(base, place, change):
    ic = f"{base:07d}{(11 - _weighted(f'{base:07d}')) % 10}"
    assert rules.is_valid_ic(ic)
    digits = list(ic)
    digits[place] = str((int(digits[place]) + change) % 10)
    before, after = (_weighted(text) for text in (ic, "".join(digits)))
    # Remainders 0 and 10 share the check digit 1, so nobody can tell these two apart.
    assert rules.is_valid_ic("".join(digits)) is ({before, after} == {0, 10})


def _weighted(ic: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(ic[:7], range(8, 1, -1), strict=True)) % 11


def test_ic_is_understood_as_people_write_it():
    assert rules.clean_ic(" 700 64") == "00070064"
    assert rules.clean_ic("708 90 366") == "70890366"
    assert rules.clean_ic("neznámé") == "neznámé"


@pytest.mark.parametrize("box_id", ["6bnaawp", "48ia97h", "hq2aev4", "hkraife", "ksazav9"])
def test_real_box_identifier_is_valid(box_id):
    assert rules.is_valid_databox_id(box_id)


@pytest.mark.parametrize("box_id", ["6bnaawq", "6bnaaw", "6BNAAWP", "l000000", "", "6bnaawp "])
def test_wrong_box_identifier_is_not(box_id):
    assert not rules.is_valid_databox_id(box_id)


@given(st.text(rules._BOX_ALPHABET, min_size=6, max_size=6), st.integers(0, 5), st.integers(1, 31))
def test_one_changed_character_of_a_box_identifier_is_found(first_six, place, change):
    alphabet = rules._BOX_ALPHABET
    valid = next(first_six + last for last in alphabet if rules.is_valid_databox_id(first_six + last))
    changed = list(valid)
    changed[place] = alphabet[(alphabet.index(changed[place]) + change) % 32]
    assert not rules.is_valid_databox_id("".join(changed))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (PartyFacts("natural", ""), "Chybí jméno a příjmení"),
        (PartyFacts("legal", ""), "Chybí název"),
        (PartyFacts("natural", "Jan", ic="00007064"), "Fyzická osoba IČO nemá"),
        (PartyFacts("legal", "Firma", ic="00007065"), "kontrolní číslice"),
        (PartyFacts("legal", "Firma", databox_id="abcdefg"), "nemůže existovat"),
        (PartyFacts("natural", "Jan", birth_date=date(2026, 7, 2)), "v budoucnosti"),
        (PartyFacts("natural", "Jan", birth_date=date(1900, 1, 1)), "120 let"),
        (PartyFacts("legal", "Firma", birth_date=date(1990, 1, 1)), "jen k fyzické osobě"),
        (PartyFacts("legal", "Firma", postal_code="12"), "PSČ"),
        (PartyFacts("legal", "Firma", postal_code="99999"), "PSČ"),
    ],
)
def test_impossible_fact_is_refused(facts, said):
    assert any(said in obstacle for obstacle in obstacles_to_party(facts, today=TODAY))


def test_all_reasons_come_together_and_good_facts_pass():
    assert len(obstacles_to_party(PartyFacts("natural", "", ic="1", databox_id="x", postal_code="1"), today=TODAY)) == 5
    fine = PartyFacts("natural", "Jan Novák", birth_date=date(1970, 2, 28), databox_id="6bnaawp", postal_code="11000")
    assert obstacles_to_party(fine, today=TODAY) == []


def test_what_isds_told_and_foreign_post_codes_are_not_doubted():
    foreign = PartyFacts("legal", "Firma", ic="00007065", databox_id="abcdefg", postal_code="SW1A 1AA", country="GB")
    assert obstacles_to_party(foreign, today=TODAY, from_isds=True) == []


PERSON = PartyFacts(kind="natural", name="Jiří Šťastný", birth_date=date(1971, 4, 23), address="Dlouhá 12, 500 02 Žďár")
COMPANY = PartyFacts(kind="legal", name="Čistá voda, a. s.", ic="70890366", databox_id="6bnaawp")


@pytest.mark.norm("2.8.14")
@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (PERSON, replace(PERSON, name="JIŘÍ  ŠŤASTNÝ", address=""), ["stejné jméno a datum narození"]),
        (PERSON, replace(PERSON, birth_date=None, address="dlouhá 12, 500 02 zdar"), ["stejné jméno a adresa"]),
        (PERSON, replace(PERSON, birth_date=None, address="Krátká 1, 500 02 Žďár"), []),
        (PERSON, replace(PERSON, birth_date=date(1999, 1, 1)), []),
        (PERSON, replace(PERSON, name="Jiří Nešťastný"), []),
        (COMPANY, replace(COMPANY, name="Jiná", databox_id=""), ["stejné IČO"]),
        (COMPANY, replace(COMPANY, name="Jiná", ic=""), ["stejná datová schránka"]),
        (COMPANY, replace(COMPANY, ic="", databox_id=""), ["stejný název"]),
        (COMPANY, replace(COMPANY, ic="00007064", databox_id=""), []),
        (replace(COMPANY, databox_id=""), PartyFacts(kind="legal", name="Jiná"), []),
    ],
)
def test_what_says_that_two_records_are_of_one_person(one, other, reasons):
    assert why_the_same(one, other) == why_the_same(other, one) == reasons


@pytest.mark.parametrize(
    ("kind", "days", "end"),
    [
        ("natural", Periods(natural_days=30), date(2026, 7, 31)),
        ("entrepreneur", Periods(natural_days=30), date(2026, 7, 31)),
        ("legal", Periods(natural_days=30), None),
        ("authority", Periods(legal_days=1), date(2026, 7, 2)),
    ],
)
def test_a_record_without_links_ends_after_the_period_of_its_kind(kind, days, end):
    assert destroyed_on(kind, TODAY, days) == end
    assert destroyed_on(kind, None, days) is None


def test_periods_are_of_at_least_a_day_and_at_most_a_hundred_years():
    assert obstacles_to_periods(Periods()) == obstacles_to_periods(Periods(1, 36525)) == []
    assert len(obstacles_to_periods(Periods(0, 36526))) == 2


NATURAL = PartyFacts(kind="natural", name="E O", given_name="E", family_name="O", birth_date=TODAY, address="Brno")
TRADER = replace(NATURAL, kind="entrepreneur", legal_form="podnikatel")


@pytest.mark.parametrize(
    ("facts", "keys"),
    [
        (NATURAL, ["natural"]),
        (replace(NATURAL, address=""), []),
        (replace(NATURAL, birth_date=None, databox_id="6bnaawp"), ["databox"]),
        (TRADER, ["entrepreneur"]),
        (replace(TRADER, legal_form="", ic="70890366"), ["ic"]),
        (PartyFacts(kind="legal", name="Firma", legal_form="s. r. o."), ["legal"]),
        (PartyFacts(kind="authority", name="Obec", ic="70890366", databox_id="6bnaawp"), ["ic", "databox"]),
        (PartyFacts(kind="legal", name="Firma"), []),
    ],
)
def test_by_what_a_person_can_be_identified(facts, keys):
    assert keys_of(facts) == keys
    assert bool(missing_to_identify(facts)) == (not keys)


def test_every_way_to_identify_says_what_is_missing():
    assert missing_to_identify(PartyFacts(kind="legal", name="Firma")) == [
        "Doplňte: právní forma.",
        "Doplňte: IČO.",
        "Doplňte: datová schránka.",
    ]


def test_somebody_has_to_write_edit_and_manage():
    assert obstacles_to_rights([{"write"}, {"edit", "manage"}]) == []
    assert len(obstacles_to_rights([])) == len(obstacles_to_rights([{"read"}])) == 3
