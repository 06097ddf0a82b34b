"""Own metadata: which values each type takes, how they compare, what is kept."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.records.rules.own_metadata import (
    FieldSpec,
    OwnEntity,
    ValueType,
    check,
    comparable,
    faults_of_field,
    faults_of_list,
    kept_form,
    missing,
    written,
)


def spec(type_, **more):
    return FieldSpec("1", "Údaj", type_, **more)


@pytest.mark.norm("9.1.2a", "9.1.2b", "9.1.2c", "9.1.2d", "9.1.2e")
@pytest.mark.parametrize(
    ("type_", "typed", "kept", "read"),
    [
        (ValueType.LETTERS, " Jan  Novák-Malý ", "Jan Novák-Malý", "Jan Novák-Malý"),
        (ValueType.TEXT, "SML/2026-17 č. 3", "SML/2026-17 č. 3", "SML/2026-17 č. 3"),
        (ValueType.NUMBER, "1 250,50", "1250.5", "1250,5"),
        (ValueType.NUMBER, "-0", "0", "0"),
        (ValueType.DAY, "24. 11. 2026", "2026-11-24", "24. 11. 2026"),
        (ValueType.DAY, date(2026, 1, 5), "2026-01-05", "5. 1. 2026"),
        (ValueType.MOMENT, datetime(2026, 7, 1, 10, tzinfo=UTC), "2026-07-01T10:00:00+00:00",
                     "1. 7. 2026 12:00:00"),
        (ValueType.MOMENT, "2026-01-01T10:00", "2026-01-01T09:00:00+00:00", "1. 1. 2026 10:00:00"),
        (ValueType.YES_NO, True, "ano", "ano"),
        (ValueType.YES_NO, "NE", "ne", "ne"),
    ],
)  # fmt: skip
def test_each_type_keeps_its_values_and_reads_them(type_, typed, kept, read):
    assert kept_form(spec(type_), typed) == kept
    assert written(type_, kept) == read


@pytest.mark.norm("9.1.2a", "9.1.2b", "9.1.2c", "9.1.2d", "9.1.2e")
@pytest.mark.parametrize(
    ("type_", "typed"),
    [
        (ValueType.LETTERS, "Jan Novák 2"),
        (ValueType.TEXT, "x" * 251),
        (ValueType.NUMBER, "pět"),
        (ValueType.NUMBER, "NaN"),
        (ValueType.NUMBER, "1,00001"),
        (ValueType.NUMBER, "1" * 16),
        (ValueType.DAY, "31. 2. 2026"),
        (ValueType.DAY, "zítra"),
        (ValueType.MOMENT, "poledne"),
        (ValueType.YES_NO, "možná"),
    ],
)
def test_what_is_no_such_value_is_refused(type_, typed):
    with pytest.raises(ValueError, match=r"\w"):
        kept_form(spec(type_), typed)


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=4), st.decimals(-(10**14), 10**14, places=4))
def test_numbers_compare_as_numbers(one, other):
    first, second = (comparable(ValueType.NUMBER, kept_form(spec(ValueType.NUMBER), str(n))) for n in (one, other))
    assert (first < second) == (Decimal(one) < Decimal(other))
    assert (first == second) == (one == other)


@given(st.dates(), st.dates())
def test_days_compare_as_days(one, other):
    first, second = (comparable(ValueType.DAY, kept_form(spec(ValueType.DAY), day)) for day in (one, other))
    assert (first < second) == (one < other)


@pytest.mark.norm("9.1.1")
def test_a_required_field_is_missed_and_all_faults_come_at_once():
    specs = [
        FieldSpec("1", "Číslo smlouvy", ValueType.TEXT, required=True),
        FieldSpec("2", "Částka", ValueType.NUMBER),
        FieldSpec("3", "Dřívější", ValueType.TEXT, required=True, withdrawn=True),
    ]
    checked = check(specs, {"1": " ", "2": "mnoho"}, {})
    assert set(checked.faults) == {"1", "2"}
    assert check(specs, {"1": "S1", "2": ""}, {}).values == {"1": "S1"}
    assert missing(specs, {"2": "5"}) == ["Číslo smlouvy"]


def test_what_is_not_given_stays_what_is_withdrawn_stays_what_belongs_nowhere_goes():
    specs = [FieldSpec("1", "A", ValueType.TEXT), FieldSpec("2", "B", ValueType.TEXT, withdrawn=True)]
    present = {"1": "a", "2": "b", "9": "jiného druhu"}
    assert check(specs, {}, present).values == {"1": "a", "2": "b"}
    assert check(specs, {"1": "", "2": "přepsat"}, present).values == {"2": "b"}


@pytest.mark.norm("9.1.3")
def test_from_a_code_list_only_its_items_and_what_was_chosen_before():
    chosen = spec(ValueType.TEXT, items=("Praha", "Brno"))
    assert kept_form(chosen, "Brno") == "Brno"
    with pytest.raises(ValueError, match="Ostrava"):
        kept_form(chosen, "Ostrava")
    assert kept_form(chosen, "Ostrava", present="Ostrava") == "Ostrava"


def test_faults_of_fields_and_lists_come_at_once():
    common = {"name": " ", "name_is_taken": False, "has_list": True, "has_kind": True}
    assert len(faults_of_field(entity=OwnEntity.FILE, type_=ValueType.NUMBER, **common)) == 3
    assert faults_of_list(name="Kraje", name_is_taken=False, items=["Praha", "Brno"]) == []
    assert len(faults_of_list(name="", name_is_taken=True, items=["a", "a", "x" * 251])) == 4
