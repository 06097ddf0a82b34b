"""What stands in the way of handing one item of an agenda over."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.circulation.agenda_rules import ItemFacts, obstacle_to_handing

GOOD = ItemFacts(is_theirs=True, is_open=True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, ""),
        ({"is_open": False}, "vyřídilo"),
        ({"is_theirs": False}, "převzal někdo jiný"),
        ({"asks_approval": True, "heir_is_author": True}, "autor"),
        ({"asks_approval": True, "heir_approves": False}, "neschvaluje"),
    ],
)
def test_each_obstacle_has_its_words(change, told):
    obstacle = obstacle_to_handing(replace(GOOD, **change))
    assert told in obstacle
    assert bool(obstacle) == bool(told)


@given(st.builds(ItemFacts, **{name: st.booleans() for name in ItemFacts.__dataclass_fields__}))
def test_nothing_settled_nor_anothers_nor_ones_own_approval_ever_goes(facts):
    if not obstacle_to_handing(facts):
        assert facts.is_open
        assert facts.is_theirs
        assert not (facts.asks_approval and facts.heir_is_author)
