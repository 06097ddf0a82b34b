"""Routes as a machine: whatever people do, the right steps wait and the route comes to its end."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from egon.circulation import route_rules as rules
from egon.circulation.route_rules import OPEN, Answer, Content, StepPurpose, StepState, Stop, Where

PURPOSES = st.sampled_from(list(StepPurpose))


def stop(key, place, state=StepState.PLANNED, purpose=StepPurpose.OPINION):
    return Stop(key, place, purpose, state)


class RouteMachine(RuleBasedStateMachine):
    """Answers and skips in any order, until nothing is left."""

    @initialize(composed=st.lists(st.tuples(st.integers(1, 5), PURPOSES), min_size=1, max_size=8))
    def compose(self, composed):
        places = rules.dense([place for place, _ in composed])
        self.stops = {
            key: stop(key, place, purpose=purpose)
            for key, (place, (_, purpose)) in enumerate(zip(places, composed, strict=True))
        }
        self.ended = []
        self.start_next()

    def start_next(self):
        for key in rules.to_start(self.stops.values()):
            self.stops[key] = replace(self.stops[key], state=StepState.WAITING)

    def end(self, key, state):
        self.stops[key] = replace(self.stops[key], state=state)
        self.ended.append(key)
        self.start_next()

    def in_state(self, *states):
        return [key for key, one in self.stops.items() if one.state in states]

    @precondition(lambda self: self.in_state(StepState.WAITING))
    @rule(data=st.data())
    def answer(self, data):
        self.end(data.draw(st.sampled_from(self.in_state(StepState.WAITING))), StepState.DONE)

    @precondition(lambda self: self.in_state(*OPEN))
    @rule(data=st.data())
    def skip(self, data):
        self.end(data.draw(st.sampled_from(self.in_state(*OPEN))), StepState.SKIPPED)

    @precondition(lambda self: self.returnable())
    @rule(data=st.data())
    def return_to_previous(self, data):
        key = data.draw(st.sampled_from(self.returnable()))
        place = self.stops[key].place
        before = rules.to_repeat(self.stops.values(), place)
        beside = [one for one in self.in_state(StepState.WAITING) if one != key]
        self.make_room(place + 1, 2)
        for one in before:
            self.put(place + 1, self.stops[one].purpose)
        for one in (key, *beside):
            self.put(place + 2, self.stops[one].purpose)
            self.stops[one] = replace(self.stops[one], state=StepState.CANCELLED)
        self.end(key, StepState.RETURNED)
        waiting = self.in_state(StepState.WAITING)
        assert {self.stops[one].place for one in waiting} == {place + 1}
        assert len(waiting) == len(before)

    @precondition(lambda self: self.in_state(*OPEN))
    @rule(where=st.sampled_from(list(Where)), purpose=PURPOSES)
    def add(self, where, purpose):
        place = rules.place_for(where, self.stops.values())
        if where is Where.NEXT:
            self.make_room(place, 1)
        key = self.put(place, purpose)
        if where is Where.BESIDE:
            self.stops[key] = replace(self.stops[key], state=StepState.WAITING)

    def returnable(self):
        return [
            key
            for key in self.in_state(StepState.WAITING)
            if rules.to_repeat(self.stops.values(), self.stops[key].place)
        ]

    def make_room(self, place, count):
        for key, one in self.stops.items():
            if one.place >= place:
                self.stops[key] = replace(one, place=one.place + count)

    def put(self, place, purpose):
        key = len(self.stops)
        self.stops[key] = stop(key, place, purpose=purpose)
        return key

    @precondition(lambda self: not self.in_state(*OPEN))
    @rule()
    def rest(self):
        """Nothing can be done in a route that is finished."""

    @invariant()
    def only_one_place_waits_and_nothing_before_it_is_open(self):
        waiting = {self.stops[key].place for key in self.in_state(StepState.WAITING)}
        assert len(waiting) <= 1
        planned = [self.stops[key].place for key in self.in_state(StepState.PLANNED)]
        assert all(place > min(waiting, default=0) for place in planned)

    @invariant()
    def somebody_is_waited_for_until_the_route_is_finished(self):
        assert rules.is_finished(self.stops.values()) == (not self.in_state(StepState.WAITING))

    @invariant()
    def answers_come_in_the_order_of_places(self):
        done = [self.stops[key].place for key in self.ended if self.stops[key].state is StepState.DONE]
        assert done == sorted(done)

    @invariant()
    def content_is_approved_only_by_an_approval_and_never_while_somebody_decides(self):
        found = list(self.stops.values())
        content = rules.content_after(found)
        deciding = [one for one in found if one.purpose is not StepPurpose.INFORMATION and one.state in OPEN]
        assert (content is Content.FROZEN) == bool(deciding)
        if content is Content.APPROVED:
            assert any(one.purpose is StepPurpose.APPROVAL and one.state is StepState.DONE for one in found)


TestRoute = RouteMachine.TestCase
TestRoute.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)


def test_places_are_made_dense_and_equal_ones_stay_together():
    assert rules.dense([5, 2, 5, 9]) == [2, 1, 2, 3]


def test_information_alone_does_not_hold_back_what_is_approved():
    stops = [
        stop(1, 1, StepState.DONE, StepPurpose.APPROVAL),
        stop(2, 2, StepState.WAITING, StepPurpose.INFORMATION),
    ]
    assert rules.content_after(stops) is Content.APPROVED


@pytest.mark.parametrize(
    ("started", "days", "last"),
    [
        (date(2026, 11, 24), None, None),
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # over a weekend
        (date(2026, 12, 23), 1, date(2026, 12, 28)),  # over Christmas
    ],
)
def test_a_limit_counts_working_days(started, days, last):
    assert rules.due(started, days) == last


@pytest.mark.parametrize("answer", list(Answer))
def test_only_doubts_need_words(answer):
    assert rules.needs_words(answer) == (answer in (Answer.RESERVATION, Answer.DISAGREES))
