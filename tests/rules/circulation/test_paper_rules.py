"""Where the paper of a document may be."""

from hypothesis import given
from hypothesis import strategies as st

from egon.circulation.paper_rules import Spot, obstacles_to_placing

IDS = st.none() | st.integers(1, 3)
SPOTS = st.builds(Spot, IDS, IDS, st.sampled_from(["", "12", "spisovna"]))


@given(SPOTS, st.none() | SPOTS, st.booleans())
def test_paper_is_somewhere_else_than_before_and_its_person_works_there(spot, present, works):
    obstacles = obstacles_to_placing(spot, present=present, person_works_in_unit=works)
    refused = spot == Spot() or spot == present or bool(spot.unit_id and spot.person_id and not works)
    assert bool(obstacles) == refused


def test_all_obstacles_come_at_once():
    spot = Spot(1, 2)
    assert len(obstacles_to_placing(spot, present=spot, person_works_in_unit=False)) == 2
