"""The tree of units has no circles, substitutions make sense, people are in Czech order."""

from datetime import date, timedelta

import pytest

from egon.registry import rules

TODAY = date(2026, 7, 1)


@pytest.mark.parametrize(("parent", "circle"), [(None, False), (3, True), (1, True), (4, False), (2, True)])
def test_unit_cannot_stand_under_itself(parent, circle):
    parents = {1: None, 2: 1, 3: 2, 4: None}
    assert rules.closes_circle(1, parent, parents) is circle


def test_a_broken_tree_does_not_hang_the_check():
    assert rules.closes_circle(9, 1, {1: 2, 2: 1}) is False


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"same_person": True}, "sám sebe"),
        ({"substitute_active": False}, "už nepracuje"),
        ({"valid_to": TODAY - timedelta(days=1)}, "zpětně"),
        ({"valid_to": TODAY + timedelta(days=400)}, "nejvýše rok"),
        ({"valid_from": TODAY + timedelta(days=5)}, "dřív než její začátek"),
    ],
)
def test_senseless_substitution_is_refused(change, said):
    facts = {
        "same_person": False,
        "substitute_active": True,
        "valid_from": TODAY,
        "valid_to": TODAY + timedelta(days=3),
    }
    assert rules.obstacles_to_substitution(**facts, today=TODAY) == []
    assert any(said in obstacle for obstacle in rules.obstacles_to_substitution(**(facts | change), today=TODAY))


def test_people_are_in_czech_alphabetical_order():
    names = ["Čapek", "Cibulka", "Chalupa", "Havel", "Dvořák", "Řezáč", "Rybář", "Žák"]
    ordered = sorted(names, key=lambda name: rules.person_sort_key(name, "Jan"))
    assert ordered == ["Cibulka", "Čapek", "Dvořák", "Havel", "Chalupa", "Rybář", "Řezáč", "Žák"]
