"""Rules of routes (oběh po krocích): what starts when, what may be answered, what becomes of the content. Pure.

A route is a row of places. Steps of one place wait side by side; the next place starts when nothing waits any more.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from egon.kernel.calendar import plus_working_days


class StepPurpose(StrEnum):
    """What is wanted of the addressee."""

    INFORMATION = "information"
    OPINION = "opinion"
    APPROVAL = "approval"


class StepState(StrEnum):
    """``waiting`` is the only state in which a step can be answered."""

    PLANNED = "planned"
    WAITING = "waiting"
    DONE = "done"
    RETURNED = "returned"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Answer(StrEnum):
    """What the addressee said."""

    NOTED = "noted"
    AGREES = "agrees"
    RESERVATION = "reservation"
    DISAGREES = "disagrees"
    APPROVED = "approved"


class RouteState(StrEnum):
    """``running`` is the only state in which a route can change."""

    RUNNING = "running"
    FINISHED = "finished"
    RETURNED = "returned"
    RECALLED = "recalled"


PURPOSE_NAMES = {
    StepPurpose.INFORMATION: "na vědomí",
    StepPurpose.OPINION: "k vyjádření",
    StepPurpose.APPROVAL: "ke schválení",
}
STEP_STATE_NAMES = {
    StepState.PLANNED: "přijde na řadu",
    StepState.WAITING: "je na řadě",
    StepState.DONE: "hotovo",
    StepState.RETURNED: "vráceno",
    StepState.SKIPPED: "přeskočeno",
    StepState.CANCELLED: "zrušeno",
}
ANSWER_NAMES = {
    Answer.NOTED: "vzato na vědomí",
    Answer.AGREES: "souhlasí",
    Answer.RESERVATION: "má výhradu",
    Answer.DISAGREES: "nesouhlasí",
    Answer.APPROVED: "schváleno",
}
ROUTE_STATE_NAMES = {
    RouteState.RUNNING: "obíhá",
    RouteState.FINISHED: "oběh skončil",
    RouteState.RETURNED: "vráceno autorovi",
    RouteState.RECALLED: "odvoláno",
}

ANSWERS = {
    StepPurpose.INFORMATION: (Answer.NOTED,),
    StepPurpose.OPINION: (Answer.AGREES, Answer.RESERVATION, Answer.DISAGREES),
    StepPurpose.APPROVAL: (Answer.APPROVED,),
}
OPEN = (StepState.PLANNED, StepState.WAITING)


class Content(StrEnum):
    """What becomes of a draft that a route froze."""

    FROZEN = "frozen"
    APPROVED = "approved"
    DRAFT = "draft"


class Where(StrEnum):
    """Where a step is added to a running route."""

    BESIDE = "beside"
    NEXT = "next"
    END = "end"


WHERE_NAMES = {
    Where.BESIDE: "hned, vedle kroku, který je na řadě",
    Where.NEXT: "hned po kroku, který je na řadě",
    Where.END: "na konec",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """What the rules know of one step; ``key`` tells it from the others."""

    key: int
    place: int
    purpose: StepPurpose
    state: StepState


def dense(places: Sequence[int]) -> list[int]:
    """Places numbered 1, 2, 3 … in the same order; equal ones stay equal."""
    rank = {place: index for index, place in enumerate(sorted(set(places)), start=1)}
    return [rank[place] for place in places]


def to_start(stops: Iterable[Stop]) -> set[int]:
    """Keys of the steps that start now: those of the first planned place, once nothing waits."""
    known = list(stops)
    if any(stop.state is StepState.WAITING for stop in known):
        return set()
    planned = [stop for stop in known if stop.state is StepState.PLANNED]
    first = min((stop.place for stop in planned), default=None)
    return {stop.key for stop in planned if stop.place == first}


def is_finished(stops: Iterable[Stop]) -> bool:
    """Whether nothing waits and nothing is planned."""
    return not any(stop.state in OPEN for stop in stops)


def content_after(stops: Iterable[Stop]) -> Content:
    """What becomes of a frozen draft once only information is left: approved, or a draft again without any approval."""
    deciding = [stop for stop in stops if stop.purpose is not StepPurpose.INFORMATION]
    if any(stop.state in OPEN for stop in deciding):
        return Content.FROZEN
    approved = any(stop.purpose is StepPurpose.APPROVAL and stop.state is StepState.DONE for stop in deciding)
    return Content.APPROVED if approved else Content.DRAFT


def place_of_waiting(stops: Iterable[Stop]) -> int | None:
    """The place that is on; None when nothing waits."""
    return min((stop.place for stop in stops if stop.state is StepState.WAITING), default=None)


def to_repeat(stops: Iterable[Stop], place: int) -> set[int]:
    """Keys of the steps that ``place`` is returned to: opinions and approvals given in the nearest place before it."""
    given = [
        stop
        for stop in stops
        if stop.place < place and stop.state is StepState.DONE and stop.purpose is not StepPurpose.INFORMATION
    ]
    last = max((stop.place for stop in given), default=None)
    return {stop.key for stop in given if stop.place == last}


def place_for(where: Where, stops: Iterable[Stop]) -> int:
    """The place of a step that is added to a running route; for ``NEXT`` the places from there on move by one."""
    known = list(stops)
    on_now = place_of_waiting(known) or 0
    match where:
        case Where.BESIDE:
            return on_now
        case Where.NEXT:
            return on_now + 1
        case Where.END:
            return max((stop.place for stop in known), default=0) + 1


def needs_words(answer: Answer) -> bool:
    """A reservation or a disagreement without a word helps nobody."""
    return answer in (Answer.RESERVATION, Answer.DISAGREES)


def due(started: date, working_days: int | None, off: Container[date] = ()) -> date | None:
    """The last day of a step that started on ``started``; None without a limit. Own days off are no working days."""
    return None if working_days is None else plus_working_days(started, working_days, off)
