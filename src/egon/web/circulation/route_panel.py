"""The picture of a route on the page of its document or file: who has it, since when, what is next, what is late."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from egon.audit.operation import may
from egon.circulation import operations, route_queries
from egon.circulation.circulating import can_circulate
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
from egon.records.models import CaseFile
from egon.web.circulation.entity import Entity, noun_of
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
    compose_url: str  # empty when this person may not start a route now
    may_steer: bool
    may_note_end: bool
    noun: str

    @property
    def return_question(self) -> str:
        """What is asked of who sends it back."""
        return f"Proč {self.noun} vracíte?"


def panel(actor: Actor, entity: Entity) -> RoutePanel:
    """The newest route and what this person may do with it."""
    routes = list(route_queries.routes_of(entity))
    pictures = [picture_of(route, on=today()) for route in routes]
    running = routes[0] if routes and route_queries.is_running(routes[0]) else None
    asked = route_queries.to_answer(actor, running) if running else None
    if asked is not None and not may(operations.answer_step, actor=actor, step=asked):
        asked = None
    for route in routes[:1]:
        if isinstance(entity, CaseFile):
            route.file = entity
        else:
            route.document = entity
        for step in route.steps.all():
            step.route = route
    return RoutePanel(
        latest=pictures[0] if pictures else None,
        earlier=pictures[1:],
        to_answer=asked,
        answer_form=AnswerForm(purpose=StepPurpose(asked.purpose)) if asked else None,
        return_form=_return_form(asked) if asked else None,
        compose_url=_compose_url(actor, entity) if running is None else "",
        may_steer=running is not None and bool(may(operations.recall_route, actor=actor, route=running)),
        may_note_end=bool(routes) and _waits_to_be_noted(actor, routes[0]),
        noun=noun_of(entity),
    )


def _compose_url(actor: Actor, entity: Entity) -> str:
    is_file = isinstance(entity, CaseFile)
    side = {"file": entity} if is_file else {"document": entity}
    if not can_circulate(entity) or not may(operations.start_route, actor=actor, **side):
        return ""
    return reverse("circulation:compose_route_of_file" if is_file else "circulation:compose_route", args=[entity.pk])


def _waits_to_be_noted(actor: Actor, route: Route) -> bool:
    """How the route of a file ended lies on the desk of who composed it until they have read it."""
    ended = route.state in (RouteState.RETURNED, RouteState.FINISHED)
    return ended and route.file_id is not None and route.noted_at is None and actor.is_one_of([route.composed_by_id])


def _return_form(asked: RouteStep) -> RouteReturnForm | None:
    if asked.purpose == StepPurpose.INFORMATION:
        return None
    return RouteReturnForm(may_go_back=route_queries.may_go_back(asked))


def picture_of(route: Route, *, on: date) -> Picture:
    """A route for people."""
    state = RouteState(route.state)
    places = [[_card(step, on) for step in place.steps] for place in route_queries.places_of(route)]
    return Picture(route, ROUTE_STATE_NAMES[state], _TONES.get(state, "neutral"), places)


def next_step(asked: RouteStep, noun: str = "dokument") -> dict[str, Any]:
    """Title and words of the step for who is asked."""
    titles = {
        StepPurpose.INFORMATION: f"Vezměte {noun} na vědomí",
        StepPurpose.OPINION: f"Vyjádřete se k {noun}u",
        StepPurpose.APPROVAL: f"Schvalte {noun}, nebo ho vraťte autorovi",
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
