"""Conflicts of disposal regimes, and which files may be joined (NSESSS 6.1.8, 4.1.2, 4.1.5)."""

from datetime import date

import pytest

from egon.records.rules.conflicts import Claim, Outcome, is_conflict, resolve
from egon.records.rules.joining import FileToJoin, JoinedInto, leading, obstacles_to_joining


def claim(mark="S", years=5, trigger="closing", year=2032):
    return Claim("spis", mark, years, trigger, year)


@pytest.mark.norm("6.1.8d")
@pytest.mark.parametrize(("marks", "result"), [("SA", "A"), ("AS", "A"), ("SS", "S"), ("AA", "A")])
def test_archive_wins_over_destruction(marks, result):
    claims = [claim(mark, years) for years, mark in enumerate(marks)]
    assert resolve(claims).mark == result


@pytest.mark.norm("6.1.8e")
def test_the_latest_year_wins_whatever_the_mark():
    assert resolve([claim("A", year=2030), claim("S", year=2041), claim("S", year=2035)]) == Outcome("A", 2041)


def test_it_is_put_off_while_a_year_is_not_known():
    assert resolve([claim("A"), claim("S", trigger="external", year=None)]) == Outcome("", None)


@pytest.mark.parametrize("other", [claim("A"), claim(years=10), claim(trigger="opening")])
def test_regimes_differ_by_mark_period_or_trigger(other):
    assert is_conflict([claim(), other])
    assert not is_conflict([claim(), claim(year=2050)])
    assert resolve([claim(), claim(year=2050)]) == Outcome("", 2050)


def to_join(pk, **changes):
    values = {"pk": pk, "file_mark": f"S-{pk}", "opened_on": date(2026, 1, pk), "is_closed": True, **changes}
    return FileToJoin(**values)


@pytest.mark.norm("4.1.2")
def test_all_that_stands_in_the_way_of_joining_comes_at_once():
    first = [to_join(1, is_closed=False), to_join(2)]
    second = [to_join(3, is_closed=False), to_join(4, awaits_event=True)]
    found = obstacles_to_joining(first, second)
    assert len(found) == 2
    assert "S-1, S-3" in found[0]
    assert "S-4" in found[1]
    assert obstacles_to_joining(first, [to_join(5)]) == []
    assert "už pevně spojené" in obstacles_to_joining(first, [to_join(2)])[0]


def test_the_leading_file_is_the_first_or_the_last_opened():
    files = [to_join(2), to_join(1), to_join(3)]
    assert leading(files, JoinedInto.FIRST).pk == 1
    assert leading(files, JoinedInto.LAST).pk == 3
