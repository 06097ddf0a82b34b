"""What a source says against what we have: new, changed, gone; whom we recognise; when too many would go."""

import pytest

from egon.registry.change_rules import ChangeAction, Row, differences, recognised, too_many_gone


def row(key, label="", **values):
    return Row(key, label or key, values)


def told(changes):
    return [(change.action, change.key, dict(change.differences)) for change in changes]


def test_new_changed_and_gone_are_told_apart():
    present = [row("1", name="Jan"), row("2", name="Eva"), row("3", name="Ota")]
    wanted = [row("1", name="Jan"), row("2", name="Ewa"), row("4", name="Ivo", email="")]
    assert told(differences(present, wanted)) == [
        (ChangeAction.NEW, "4", {"name": ("", "Ivo")}),
        (ChangeAction.CHANGED, "2", {"name": ("Eva", "Ewa")}),
        (ChangeAction.GONE, "3", {}),
    ]


def test_only_what_the_source_tells_is_compared_and_nothing_is_no_difference():
    present = [row("1", name="Jan", email="j@kraj.example", title="")]
    assert differences(present, [row("1", name="Jan", title=None)]) == []


def test_who_has_no_key_is_not_gone():
    assert differences([row("", "Jan", name="Jan")], []) == []


def test_a_person_without_a_number_is_recognised_by_what_only_one_has():
    present = [row("", "Jan Novák", login="novak", email="x@k.cz"), row("", "Jan Malý", login="", email="m@k.cz")]
    wanted = [row("7", "Jan Novák", login="novak"), row("8", "Jan Malý ml.", email="M@k.cz")]
    assert [one.key for one in recognised(present, wanted, by=("login", "email", "label"))] == ["7", "8"]


def test_a_shared_value_and_a_number_of_another_recognise_nobody():
    present = [row("", "Jan Novák"), row("", "Jan Novák"), row("9", "Eva Malá", login="mala")]
    wanted = [row("7", "Jan Novák"), row("8", "Petr", login="mala")]
    assert [one.key for one in recognised(present, wanted, by=("login", "label"))] == ["", "", "9"]


@pytest.mark.parametrize(
    ("gone", "present", "expected"), [(0, 0, False), (10, 100, False), (11, 100, True), (1, 3, True)]
)
def test_a_broken_source_does_not_empty_an_organisation(gone, present, expected):
    assert too_many_gone(gone, present, limit_percent=10) is expected
