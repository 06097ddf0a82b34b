"""Typed files: periods of volumes, what makes a template wrong, mapping of templates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.records.rules.typed import (
    MappedSection,
    Period,
    SectionLine,
    faults_of_mapping,
    faults_of_template,
    last_day,
    next_opening,
    period_of,
    written_period,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.norm("3.3.9")
@pytest.mark.parametrize(
    ("period", "years", "opened", "last"),
    [
        (Period.CALENDAR, None, date(2026, 3, 2), date(2026, 12, 31)),
        (Period.SCHOOL, None, date(2026, 3, 2), date(2026, 8, 31)),
        (Period.SCHOOL, None, date(2026, 9, 1), date(2027, 8, 31)),
        (Period.YEARS, 5, date(2026, 3, 2), date(2031, 3, 1)),
        (Period.YEARS, 1, date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_the_last_day_of_a_volume(period, years, opened, last):
    assert last_day(period, years, opened) == last


@given(st.sampled_from(Period), st.integers(1, 50), DAYS, st.integers(0, 9000))
def test_the_next_volume_runs_today_and_follows_without_a_gap_of_its_own_period(period, years, ended, late):
    today = ended + timedelta(days=1 + late)
    opens = next_opening(period, years, ended, today)
    assert ended < opens <= today <= last_day(period, years, opens)
    assert last_day(period, years, opens) >= opens


@given(st.sampled_from(Period), st.integers(1, 50))
def test_a_period_is_read_as_it_is_written(period, years):
    wanted = (period, years if period is Period.YEARS else None)
    assert period_of(written_period(*wanted)) == wanted


def line(code, regime=True, period="calendar", years=None, name="Provoz"):
    return SectionLine(code, name, regime, period if regime else "", years)


@pytest.mark.norm("3.3.3a")
def test_a_template_has_a_section():
    assert faults_of_template("65.30", [], ".") == ["Šablona musí mít aspoň jednu součást (NSESSS 3.3.3)."]


@pytest.mark.norm("3.3.18a", "3.3.18b", "3.3.6b")
def test_only_a_leaf_has_a_regime_and_it_must():
    assert faults_of_template("65", [line("65.1", regime=False), line("65.1.1")], ".") == []
    (fault,) = faults_of_template("65", [line("65.1"), line("65.1.1")], ".")
    assert "v níž jsou jiné součásti" in fault
    faults = faults_of_template("65", [line("65.1", regime=False)], ".")
    assert len(faults) == 2
    assert "chybí skartační režim" in faults[0]
    assert "období" in faults[1]


@pytest.mark.norm("3.3.6a")
def test_codes_extend_the_code_of_the_class_or_of_the_section_above():
    faults = faults_of_template("65", [line("66.1"), line("65.2.1"), line("65.3"), line("65.3")], ".")
    assert len(faults) == 3
    assert "víc součástí" in faults[0]
    assert "66.1" in faults[1]
    assert "65.2" in faults[2]


@pytest.mark.parametrize("years", [0, 51, None])
def test_a_period_in_years_has_bounds(years):
    (fault,) = faults_of_template("65", [line("65.1", period="years", years=years)], ".")
    assert "1 až 50 let" in fault


OLD = [MappedSection(1, "a.1", None, False), MappedSection(2, "a.1.1", 1, True), MappedSection(3, "a.2", None, True)]
NEW = [
    MappedSection(11, "b.1", None, False),
    MappedSection(12, "b.1.1", 11, True),
    MappedSection(13, "b.2", None, True),
    MappedSection(14, "b.3", None, True),
]


@pytest.mark.norm("3.3.4b", "3.3.4c")
def test_templates_of_one_structure_are_mapped_and_the_new_one_may_have_more():
    assert faults_of_mapping(OLD, NEW, {1: 11, 2: 12, 3: 13}) == []
    assert faults_of_mapping(OLD, NEW, {1: 11, 2: 12, 3: 14}) == []


@pytest.mark.norm("3.3.4a", "3.3.4b")
@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ({1: 11, 2: 12}, ["a.2 není přiřazená"]),
        ({1: 11, 2: 12, 3: 99}, ["a.2 není přiřazená"]),
        ({1: 11, 2: 13, 3: 14}, ["na jiném místě"]),
        ({1: 13, 2: 12, 3: 11}, ["obsahuje jiné součásti", "na jiném místě", "obsahuje díly"]),
        ({1: 11, 2: 12, 3: 12}, ["přiřazeno víc", "přiřazeno víc", "na jiném místě"]),
    ],
)
def test_other_structures_are_refused_with_every_reason(pairs, told):
    faults = faults_of_mapping(OLD, NEW, pairs)
    assert len(faults) == len(told)
    assert all(part in fault for part, fault in zip(told, faults, strict=True))
