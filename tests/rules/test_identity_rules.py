"""Lock-out grows and ends; passwords are refused for what makes them guessable, all reasons together."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.identity import rules


def test_four_failures_lock_nothing_and_the_fifth_locks_for_a_minute():
    assert [rules.lock_after(count) for count in range(5)] == [None] * 5
    assert rules.lock_after(5) == timedelta(minutes=1)


def test_lock_doubles_up_to_an_hour():
    minutes = [rules.lock_after(count) for count in (6, 7, 8, 11, 12, 1000)]
    assert minutes == [timedelta(minutes=m) for m in (2, 4, 8, 60, 60, 60)]


@given(st.integers(0, 2000))
def test_one_more_failure_never_shortens_the_lock(failures):
    shorter, longer = rules.lock_after(failures), rules.lock_after(failures + 1)
    assert (shorter or timedelta()) <= (longer or timedelta())


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("krátké", "aspoň 12"),
        ("x" * 200, "nejvýše 128"),
        ("aaaaaaaaaaaaaaa", "uhodnout"),
        ("heslo123456heslo", "uhodnout"),
        ("moje-NOVAKOVA-2026", "vaše jméno"),
        ("moje-novákova-2026", "vaše jméno"),
    ],
)
def test_weak_password_is_refused_with_its_reason(password, said):
    obstacles = rules.obstacles_to_password(password, login="novakova", name="Jana Nováková")
    assert any(said in obstacle for obstacle in obstacles), obstacles


def test_all_reasons_come_together():
    assert len(rules.obstacles_to_password("jana", login="jana", name="Jana", current="jana")) == 4


@pytest.mark.parametrize("password", ["čtyři koně v řadě", "Ranní-kafe-bez-cukru", "b7ux-k2mp-wq9r-hh4e"])
def test_long_password_is_accepted_whatever_its_characters(password):
    assert rules.obstacles_to_password(password, login="novakova", name="Jana Nováková") == []


@pytest.mark.parametrize(
    ("login", "fine"), [("novakova", True), ("jan.novak-2", True), ("Nováková", False), ("a", False), ("a b c", False)]
)
def test_form_of_logins(login, fine):
    assert (rules.obstacles_to_login(login) == []) is fine
