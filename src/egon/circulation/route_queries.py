"""Reads of routes: the picture of a document's way, what a person may answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import F, Prefetch, Q, QuerySet

from egon.circulation import permissions
from egon.circulation.models import Route, RouteStep, RouteTemplate, RouteTemplateStep
from egon.circulation.route_rules import RouteState, StepPurpose, StepState, Stop, to_repeat
from egon.circulation.rules import days_late
from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.records import queries as records
from egon.records.models import CaseFile, Document


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a route with its steps side by side."""

    number: int
    steps: tuple[RouteStep, ...]


def stops_of(steps: Iterable[RouteStep]) -> list[Stop]:
    """What the rules know of the steps."""
    return [Stop(step.pk, step.place, StepPurpose(step.purpose), StepState(step.state)) for step in steps]


def routes_of(entity: Document | CaseFile) -> QuerySet[Route]:
    """Every route of a document or a file with its steps in order, the newest first."""
    of = Q(document=entity) if isinstance(entity, Document) else Q(file=entity)
    return _with_steps(Route.objects.filter(of)).order_by("-pk")


def places_of(route: Route) -> list[Place]:
    """The picture of a route: its places in order."""
    return [Place(number, tuple(steps)) for number, steps in groupby(route.steps.all(), key=lambda step: step.place)]


def lateness_of(step: RouteStep, *, on: date) -> int:
    """Whole days a waiting step is late; 0 when it is not, or does not wait."""
    return days_late(step.deadline, on=on) if step.state == StepState.WAITING else 0


def to_answer(actor: Actor, route: Route) -> RouteStep | None:
    """The waiting step this actor may answer, their own before that of a unit or role."""
    waiting = [step for step in route.steps.all() if step.state == StepState.WAITING]
    theirs = [step for step in waiting if permissions.may_answer_step(actor, step)]
    return min(theirs, key=lambda step: step.to_person_id != actor.person_id, default=None)


def may_go_back(step: RouteStep) -> bool:
    """Whether somebody before this step gave an opinion or approved, so that it can be returned to them."""
    return bool(to_repeat(stops_of(step.route.steps.all()), step.place))


def route_for(actor: Actor, pk: int) -> Route:
    """A route of a document or a file the actor may see. Raises NotFound."""
    route = _with_steps(Route.objects.filter(pk=pk)).select_related("document", "file").first()
    if route is None:
        raise NotFound("Tento oběh neexistuje.")
    _require_seen(actor, route)
    return route


def step_for(actor: Actor, pk: int) -> RouteStep:
    """A step of a route whose document or file the actor may see. Raises NotFound."""
    rows = RouteStep.objects.select_related(
        "route__composed_by", "route__document", "route__file", "document", "file", "to_person", "to_unit"
    )
    step = rows.filter(pk=pk).first()
    if step is None:
        raise NotFound("Tento krok oběhu neexistuje.")
    _require_seen(actor, step)
    return step


def _require_seen(actor: Actor, row: Route | RouteStep) -> None:
    if row.document_id is not None:
        records.document_for(actor, row.document_id)
    elif row.file_id is not None:
        records.file_for(actor, row.file_id)


def templates_for(actor: Actor) -> QuerySet[RouteTemplate]:
    """One's own templates and the organisation's, one's own first."""
    usable = Q(owner=actor.person_id) | Q(owner=None)
    rows = RouteTemplate.objects.filter(usable).order_by(F("owner").asc(nulls_last=True), "name", "pk")
    steps = RouteTemplateStep.objects.select_related("to_person", "to_unit").order_by("place", "pk")
    return rows.prefetch_related(Prefetch("steps", queryset=steps))


def template_for(actor: Actor, pk: int) -> RouteTemplate:
    """A template the actor may use. Raises NotFound."""
    template = templates_for(actor).filter(pk=pk).first()
    if template is None:
        raise NotFound("Tato šablona oběhu neexistuje, nebo je osobní a patří někomu jinému.")
    return template


def is_running(route: Route) -> bool:
    """Whether the route still runs."""
    return route.state == RouteState.RUNNING


def _with_steps(rows: QuerySet[Route]) -> QuerySet[Route]:
    steps = RouteStep.objects.select_related("to_person", "to_unit", "decided_by", "route").order_by("place", "pk")
    return rows.select_related("composed_by", "ended_by").prefetch_related(Prefetch("steps", queryset=steps))
