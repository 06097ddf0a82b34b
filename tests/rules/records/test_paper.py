"""What cannot be true about an analogue part."""

import pytest

from egon.records.rules.paper import PaperFacts, faults_of_paper


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (PaperFacts(), ["žádný list"]),
        (PaperFacts(other_annexes=1), ["Popište"]),
        (PaperFacts(other_annexes_note="CD"), ["žádný list", "kolik je"]),
        (PaperFacts(sheets=1, other_annexes_note="CD"), ["kolik je"]),
        (PaperFacts(bundles=1), []),
    ],
)
def test_every_fault_is_told_at_once(facts, words):
    faults = faults_of_paper(facts)
    assert len(faults) == len(words)
    assert all(word in fault for word, fault in zip(words, faults, strict=True))


def test_what_came_unopened_need_not_be_counted():
    assert faults_of_paper(PaperFacts(), may_be_uncounted=True) == []
