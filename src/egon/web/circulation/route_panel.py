"""The picture of a route on the page of its document: who has it, since when, what is next, what is late."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from egon.circulation import permissions, route_queries
from egon.circulation.models import Route, RouteStep
from egon.circulation.route_rules import (
    ANSWER_NAMES,
    OPEN,
    PURPOSE_NAMES,
    ROUTE_STATE_NAMES,
    STEP_STATE_NAMES,
    Answer,
    RouteState,
    StepPurpose,
    StepState,
)
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.records.models import Document
from egon.records.rules.states import FINAL, DocumentState
from egon.web.circulation.route_forms import AnswerForm, RouteReturnForm

_TONES = {
    StepState.WAITING: "primary",
    StepState.DONE: "success",
    StepState.RETURNED: "error",
    RouteState.RUNNING: "primary",
    RouteState.FINISHED: "success",
    RouteState.RETURNED: "error",
}
_TONES_OF_ANSWERS = {Answer.RESERVATION: "warning", Answer.DISAGREES: "error"}


@dataclass(frozen=True, slots=True)
class Card:
    """One step as the picture shows it."""

    step: RouteStep
    purpose: str
    label: str
    tone: str
    days_late: int

    @property
    def is_open(self) -> bool:
        """Whether it waits or will."""
        return self.step.state in OPEN


@dataclass(frozen=True, slots=True)
class Picture:
    """One route as a row of places, each with its cards side by side."""

    route: Route
    label: str
    tone: str
    places: list[list[Card]]


@dataclass(frozen=True, slots=True)
class RoutePanel:
    """What ``circulation/route.html`` shows; what is None or False is not offered to this person."""

    latest: Picture | None
    earlier: list[Picture]
    to_answer: RouteStep | None
    answer_form: AnswerForm | None
    return_form: RouteReturnForm | None
    may_start: bool
    may_steer: bool


def panel(actor: Actor, document: Document) -> RoutePanel:
    """The newest route and what this person may do with it."""
    routes = list(route_queries.routes_of(document))
    pictures = [picture_of(route, on=today()) for route in routes]
    running = routes[0] if routes and route_queries.is_running(routes[0]) else None
    asked = route_queries.to_answer(actor, running) if running else None
    if running:
        running.document = document
        for step in running.steps.all():
            step.route = running
    return RoutePanel(
        latest=pictures[0] if pictures else None,
        earlier=pictures[1:],
        to_answer=asked,
        answer_form=AnswerForm(purpose=StepPurpose(asked.purpose)) if asked else None,
        return_form=_return_form(asked) if asked else None,
        may_start=running is None and _can_circulate(document) and bool(permissions.may_start_route(actor, document)),
        may_steer=running is not None and bool(permissions.may_steer_route(actor, running)),
    )


def _return_form(asked: RouteStep) -> RouteReturnForm | None:
    if asked.purpose == StepPurpose.INFORMATION:
        return None
    return RouteReturnForm(may_go_back=route_queries.may_go_back(asked))


def picture_of(route: Route, *, on: date) -> Picture:
    """A route for people."""
    state = RouteState(route.state)
    places = [[_card(step, on) for step in place.steps] for place in route_queries.places_of(route)]
    return Picture(route, ROUTE_STATE_NAMES[state], _TONES.get(state, "neutral"), places)


def next_step(asked: RouteStep) -> dict[str, Any]:
    """Title and words of the step for who is asked."""
    titles = {
        StepPurpose.INFORMATION: "Vezměte dokument na vědomí",
        StepPurpose.OPINION: "Vyjádřete se k dokumentu",
        StepPurpose.APPROVAL: "Schvalte dokument, nebo ho vraťte autorovi",
    }
    return {"title": titles[StepPurpose(asked.purpose)], "text": asked.instruction}


def _card(step: RouteStep, on: date) -> Card:
    state = StepState(step.state)
    answer = Answer(step.answer) if step.answer else None
    return Card(
        step=step,
        purpose=PURPOSE_NAMES[StepPurpose(step.purpose)],
        label=ANSWER_NAMES[answer] if answer else STEP_STATE_NAMES[state],
        tone=_TONES_OF_ANSWERS.get(answer, _TONES.get(state, "neutral")) if answer else _TONES.get(state, "neutral"),
        days_late=route_queries.lateness_of(step, on=on),
    )


def _can_circulate(document: Document) -> bool:
    state = DocumentState(document.state)
    return document.unit_id is not None and state not in (*FINAL, DocumentState.IN_APPROVAL)
