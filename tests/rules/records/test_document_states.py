"""The life of documents: the state table has no dead ends by mistake and nothing leaves what is final."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.records.rules.states import (
    TRANSITIONS,
    Direction,
    DocumentState,
    first_state,
    is_editable,
    may_follow,
    state_after_reopening,
)

DIRECTIONS = st.sampled_from(list(Direction))
STATES = st.sampled_from(list(DocumentState))


def reachable(direction):
    seen, waiting = set(), [first_state(direction)]
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting.extend(TRANSITIONS[direction].get(state, ()))
    return seen


@pytest.mark.parametrize("direction", list(Direction))
def test_every_state_of_the_table_is_reached_from_the_first(direction):
    assert reachable(direction) == set(TRANSITIONS[direction])


@given(direction=DIRECTIONS, state=STATES)
def test_a_withdrawn_document_stays_withdrawn(direction, state):
    assert not may_follow(direction, DocumentState.WITHDRAWN, state)


@given(direction=DIRECTIONS, present=STATES, following=STATES)
def test_a_step_never_leads_out_of_the_states_of_its_direction(direction, present, following):
    if may_follow(direction, present, following):
        assert {present, following} <= reachable(direction)


@given(direction=DIRECTIONS, steps=st.lists(STATES, max_size=12))
def test_content_is_editable_only_in_drafts_of_own_documents(direction, steps):
    state = first_state(direction)
    for following in steps:
        if may_follow(direction, state, following):
            state = following
        assert is_editable(direction, state) == (direction is not Direction.RECEIVED and state is DocumentState.DRAFT)


def test_a_draft_is_not_dispatched_without_approval():
    assert not may_follow(Direction.OUTGOING, DocumentState.DRAFT, DocumentState.DISPATCHED)
    assert not may_follow(Direction.OUTGOING, DocumentState.IN_APPROVAL, DocumentState.DISPATCHED)


@pytest.mark.parametrize("direction", [Direction.RECEIVED, Direction.INTERNAL])
def test_taking_settling_back_is_a_step_of_the_table(direction):
    assert may_follow(direction, DocumentState.SETTLED, state_after_reopening(direction))
