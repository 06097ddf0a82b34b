"""What may be checked out, and what a check-in must bring."""

import pytest

from egon.records.rules.checkouts import may_be_taken, obstacles_to_check_in, obstacles_while_taken
from egon.records.rules.components import ComponentRole


@pytest.mark.parametrize(
    ("role", "is_written", "may"),
    [
        (ComponentRole.MAIN, False, True),
        (ComponentRole.ATTACHMENT, False, True),
        (ComponentRole.MAIN, True, False),
        (ComponentRole.MESSAGE, False, False),
        (ComponentRole.RECEIPT, False, False),
    ],
)
def test_what_may_be_taken(role, is_written, may):
    assert may_be_taken(role, is_written=is_written) is may


def test_a_good_check_in_has_no_obstacles():
    assert obstacles_to_check_in(component="A.DOCX", uploaded="b.docx", changes="oprava", unchanged=False) == []


def test_all_that_is_wrong_is_told_at_once():
    found = obstacles_to_check_in(component="a.docx", uploaded="a.odt", changes=" ", unchanged=True)
    assert len(found) == 3


def test_a_long_description_is_refused():
    (found,) = obstacles_to_check_in(component="a.txt", uploaded="a.txt", changes="x" * 251, unchanged=False)
    assert "250" in found


def test_who_edits_what_stands_in_the_way():
    (found,) = obstacles_while_taken([("a.docx", "Petr Dvořák")])
    assert "a.docx" in found and "Petr Dvořák" in found
