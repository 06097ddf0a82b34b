"""Routes: a document or a file goes through steps, one after another or side by side (NSESSS 2.7.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from egon.audit import log
from egon.audit.operation import operation
from egon.circulation import circulating, errors, permissions, queries, route_queries
from egon.circulation import route_rules as rules
from egon.circulation.events import DocumentApproved, RouteEnded, RouteStepStarted
from egon.circulation.models import Route, RouteStep
from egon.circulation.operations.handing import acting_person
from egon.circulation.route_rules import Answer, Content, RouteState, StepPurpose, StepState, Where
from egon.kernel.actor import Actor, Role
from egon.kernel.clock import PRAGUE
from egon.kernel.events import publish
from egon.records import operations as records
from egon.records.models import CaseFile, Document
from egon.records.rules.states import DocumentState
from egon.registry import queries as registry
from egon.registry.models import ROLE_NAMES, Person, Unit


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step as it is composed: equal places go side by side; exactly one of person, unit and role is given.

    ``days``: limit in working days from the day the step starts.
    """

    place: int
    purpose: StepPurpose
    person: Person | None = None
    unit: Unit | None = None
    role: Role | None = None
    days: int | None = None
    instruction: str = ""

    def columns(self) -> dict[str, Any]:
        """Its columns in the tables of steps, but for the place."""
        return {
            "purpose": self.purpose.value,
            "to_person": self.person,
            "to_unit": self.unit,
            "to_role": self.role.value if self.role else "",
            "days": self.days,
            "instruction": self.instruction,
        }

    def __str__(self) -> str:
        """As the log tells it."""
        to = self.person or self.unit or (ROLE_NAMES[self.role] if self.role else "nikdo")
        told = f"{self.place}. {to} {rules.PURPOSE_NAMES[self.purpose]}"
        return f"{told}: {self.instruction}" if self.instruction else told


@operation("circulation.route.start", title="Spuštění oběhu", requires=permissions.may_start_route)
def start_route(
    *,
    actor: Actor,
    steps: Sequence[PlannedStep],
    at: datetime,
    document: Document | None = None,
    file: CaseFile | None = None,
) -> Route:
    """Send a document or a file through steps; the first ones wait at once.

    A draft to be approved is frozen until it is.
    For approval a unit means its head. Raises RouteNotStartable with every obstacle, and what freezing a draft raises.
    """
    author = acting_person(actor)
    entity = document or file
    if entity is None:
        raise ValueError("a route is of a document or of a file")
    _lock_entity(document.pk if document else None, file.pk if file else None)
    entity.refresh_from_db(fields=["state"])
    steps = [_with_approver(step) for step in steps]
    obstacles = [*circulating.obstacles_of(entity), *_obstacles_in(steps, entity, author)]
    if obstacles:
        raise errors.RouteNotStartable("Oběh se nespustil.", obstacles)
    asks_approval = any(step.purpose is StepPurpose.APPROVAL for step in steps)
    freezes = document is not None and asks_approval and document.state == DocumentState.DRAFT
    if document is not None and freezes:
        records.mark_in_approval(actor=actor, document=document, at=at)
    route = Route.objects.create(document=document, file=file, composed_by=author, started_at=at, freezes=freezes)
    places = rules.dense([step.place for step in steps])
    RouteStep.objects.bulk_create(_row(route, step, place) for step, place in zip(steps, places, strict=True))
    _advance(actor, route, at)
    return route


@operation("circulation.route.answer", title="Odpověď v oběhu", requires=permissions.may_answer_step)
def answer_step(*, actor: Actor, step: RouteStep, answer: Answer, at: datetime, comment: str = "") -> RouteStep:
    """Take note, give an opinion or approve; what is next starts in the same transaction.

    Raises CannotAnswer when the answer does not fit the purpose or lacks its words, StepDecided after somebody else.
    """
    if answer not in rules.ANSWERS[StepPurpose(step.purpose)]:
        raise errors.CannotAnswer("Na tento krok se takto odpovědět nedá. Nic se nezměnilo.")
    if rules.needs_words(answer) and not comment.strip():
        raise errors.CannotAnswer("Napište, v čem je výhrada nebo proč nesouhlasíte; autor podle toho dokument upraví.")
    step = _decide(actor, step, StepState.DONE, at, comment=comment, answer=answer)
    _advance(actor, step.route, at)
    return step


@operation("circulation.route.return", title="Vrácení z oběhu autorovi", requires=permissions.may_answer_step)
def return_route(*, actor: Actor, step: RouteStep, reason: str, at: datetime) -> RouteStep:
    """Return a document to its author with a reason: the route ends, a frozen draft can be changed again.

    Raises ReasonMissing, StepDecided.
    """
    if not reason.strip():
        raise errors.ReasonMissing
    step = _decide(actor, step, StepState.RETURNED, at, comment=reason)
    _end(actor, step.route, RouteState.RETURNED, at, reason=f"{actor.name}: {reason.strip()}")
    return step


@operation("circulation.route.recall", title="Odvolání oběhu", requires=permissions.may_steer_route)
def recall_route(*, actor: Actor, route: Route, at: datetime, reason: str = "") -> Route:
    """Stop a route that still runs; what was said in it stays, a frozen draft is free again. Raises RouteEnded."""
    route = _running(route)
    _end(actor, route, RouteState.RECALLED, at, reason=reason.strip())
    return route


@operation("circulation.route.note_end", title="Konec oběhu vzat na vědomí", requires=permissions.may_note_end)
def note_end(*, actor: Actor, route: Route, at: datetime) -> Route:
    """Take note of how the route of a file ended; it leaves the desk. Raises RouteRuns."""
    _lock(route)
    route = _fresh(route)
    if route.state == RouteState.RUNNING:
        raise errors.RouteRuns
    if route.noted_at is None:
        route.noted_at = at
        route.save(update_fields=["noted_at"])
    return route


@operation(
    "circulation.route.return_to_previous", title="Vrácení v oběhu o krok zpět", requires=permissions.may_answer_step
)
def return_to_previous(*, actor: Actor, step: RouteStep, reason: str, at: datetime) -> RouteStep:
    """Ask those before once more, then come back here. What was said stays; the steps are repeated as new ones.

    Raises ReasonMissing, StepDecided, CannotAnswer when nobody before gave an opinion or approved.
    """
    if not reason.strip():
        raise errors.ReasonMissing
    step = _decide(actor, step, StepState.RETURNED, at, comment=reason)
    steps = list(RouteStep.objects.filter(route=step.route_id).order_by("place", "pk"))
    before = rules.to_repeat(route_queries.stops_of(steps), step.place)
    if not before:
        raise errors.CannotAnswer("Před tímto krokem se nikdo nevyjadřoval. Vraťte dokument autorovi.")
    _make_room(step.route_id, step.place + 1, 2)
    why = f"Vrátil(a) {actor.name}: {reason.strip()}"
    for one in steps:
        if one.pk in before:
            _repeat(one, step.place + 1, why)
        elif one.place == step.place and (one.pk == step.pk or one.state == StepState.WAITING):
            _repeat(one, step.place + 2, "")
    beside = RouteStep.objects.filter(route=step.route_id, state=StepState.WAITING)
    beside.update(state=StepState.CANCELLED, decided_at=at, decided_by=actor.person_id)
    _advance(actor, step.route, at)
    return step


@operation("circulation.route.skip", title="Přeskočení kroku oběhu", requires=permissions.may_skip_step)
def skip_step(*, actor: Actor, step: RouteStep, reason: str, at: datetime) -> RouteStep:
    """Do without a step that waits or is planned; what is next starts at once. Raises ReasonMissing, StepDecided."""
    if not reason.strip():
        raise errors.ReasonMissing("Napište, proč krok přeskakujete; důvod zůstane u oběhu.")
    step = _decide(actor, step, StepState.SKIPPED, at, comment=reason, allowed_from=rules.OPEN)
    _advance(actor, step.route, at)
    return step


@operation("circulation.route.add_step", title="Doplnění kroku oběhu", requires=permissions.may_steer_route)
def add_step(*, actor: Actor, route: Route, step: PlannedStep, where: Where, reason: str, at: datetime) -> RouteStep:
    """Add a step to a running route; its own place is not used, ``where`` says it.

    An approval added to a draft freezes it. Raises RouteEnded, RouteNotStartable with every obstacle.
    """
    route = _running(route)
    step = _with_approver(step)
    obstacle = _obstacle_in(step, _approvers(), route.composed_by, is_restricted=route.entity.is_restricted())
    obstacles = [obstacle[0].upper() + obstacle[1:]] if obstacle else []
    if not reason.strip():
        obstacles.append("Napište, proč krok přidáváte; důvod zůstane u oběhu.")
    if obstacles:
        raise errors.RouteNotStartable("Krok se nepřidal.", obstacles)
    _freeze_for(actor, route, step, at)
    stops = route_queries.stops_of(RouteStep.objects.filter(route=route))
    place = rules.place_for(where, stops)
    if where is Where.NEXT:
        _make_room(route.pk, place, 1)
    added = _row(route, step, place)
    added.added_because = reason.strip()
    added.save()
    if where is Where.BESIDE:
        _start(actor, route, added, at)
    return added


def _freeze_for(actor: Actor, route: Route, step: PlannedStep, at: datetime) -> None:
    document = route.document
    if document is not None and step.purpose is StepPurpose.APPROVAL and document.state == DocumentState.DRAFT:
        records.mark_in_approval(actor=actor, document=document, at=at)
        route.freezes = True
        route.save(update_fields=["freezes"])


def _make_room(route_id: int, place: int, count: int) -> None:
    RouteStep.objects.filter(route=route_id, place__gte=place).update(place=F("place") + count)


def _repeat(step: RouteStep, place: int, why: str) -> None:
    RouteStep.objects.create(
        route_id=step.route_id,
        document_id=step.document_id,
        file_id=step.file_id,
        place=place,
        purpose=step.purpose,
        to_person_id=step.to_person_id,
        to_unit_id=step.to_unit_id,
        to_role=step.to_role,
        days=step.days,
        instruction="\n".join(filter(None, [why, step.instruction])),
    )


def _obstacles_in(steps: Sequence[PlannedStep], entity: Document | CaseFile, author: Person) -> list[str]:
    if not steps:
        return ["Přidejte aspoň jeden krok."]
    approvers, restricted = _approvers(), entity.is_restricted()
    found = ((step, _obstacle_in(step, approvers, author, is_restricted=restricted)) for step in steps)
    return [f"Krok {step.place}: {obstacle}" for step, obstacle in found if obstacle]


def _approvers() -> set[int]:
    return set(queries.approvers().values_list("pk", flat=True))


def _obstacle_in(step: PlannedStep, approvers: set[int], author: Person, *, is_restricted: bool) -> str:
    if sum(addressee is not None for addressee in (step.person, step.unit, step.role)) != 1:
        return "vyberte, komu je určen."
    if step.person and not step.person.active:
        return f"{step.person} už tu nepracuje."
    if is_restricted and step.person is None and (step.unit or step.role):
        return "spis je vyhrazený, ukázat ho jde jen jmenovanému člověku."
    if step.purpose is not StepPurpose.APPROVAL:
        return ""
    if step.person is None:
        return "schvaluje osoba nebo útvar s vedoucím; vyberte koho."
    if step.person == author:
        return "vlastní dokument nemůžete schválit sami."
    return "" if step.person.pk in approvers else f"{step.person} neschvaluje dokumenty. Vyberte vedoucího útvaru."


def _with_approver(step: PlannedStep) -> PlannedStep:
    """A unit approves by its head."""
    if step.purpose is not StepPurpose.APPROVAL or step.unit is None:
        return step
    return PlannedStep(
        step.place, step.purpose, registry.head_of(step.unit), days=step.days, instruction=step.instruction
    )


def _row(route: Route, step: PlannedStep, place: int) -> RouteStep:
    return RouteStep(
        route=route,
        document_id=route.document_id,
        file_id=route.file_id,
        place=place,
        **step.columns(),
    )


def _advance(actor: Actor, route: Route, at: datetime) -> None:
    """Start what is next; settle what becomes of the content; finish the route when nothing is left."""
    steps = list(RouteStep.objects.filter(route=route).select_related("to_person", "to_unit"))
    stops = route_queries.stops_of(steps)
    starting = rules.to_start(stops)
    for step in steps:
        if step.pk in starting:
            _start(actor, route, step, at)
    if route.freezes:
        _settle_content(actor, route, rules.content_after(stops))
    if rules.is_finished(stops):
        _end(actor, route, RouteState.FINISHED, at)


def _start(actor: Actor, route: Route, step: RouteStep, at: datetime) -> None:
    step.state = StepState.WAITING
    step.started_at = at
    day = at.astimezone(PRAGUE).date()
    step.deadline = rules.due(day, step.days, registry.days_off_after(day) if step.days else ())
    step.save(update_fields=["state", "started_at", "deadline"])
    circulating.show_to_addressee(actor, route, step, at)
    publish(RouteStepStarted(step_id=step.pk))


def _settle_content(actor: Actor, route: Route, content: Content) -> None:
    document = route.document
    if document is None or content is Content.FROZEN or document.state != DocumentState.IN_APPROVAL:
        return
    if content is Content.APPROVED:
        records.mark_approved(actor=actor, document=document)
        publish(DocumentApproved(document_id=document.pk))
    else:
        records.return_to_draft(actor=actor, document=document)


def _end(actor: Actor, route: Route, state: RouteState, at: datetime, *, reason: str = "") -> None:
    """End a route; unless it finished, what was open in it is cancelled and a frozen draft freed."""
    open_steps = RouteStep.objects.filter(route=route, state__in=rules.OPEN)
    cancelled = open_steps.update(state=StepState.CANCELLED, decided_at=at, decided_by=actor.person_id)
    if cancelled:
        log.note(cancelled_steps=cancelled)
    document = route.document if route.freezes and state is not RouteState.FINISHED else None
    if document is not None and document.state == DocumentState.IN_APPROVAL:
        records.return_to_draft(actor=actor, document=document)
    route.state, route.reason, route.ended_at, route.ended_by_id = state, reason, at, actor.person_id
    route.save(update_fields=["state", "reason", "ended_at", "ended_by"])
    publish(RouteEnded(route_id=route.pk))


def _decide(
    actor: Actor,
    step: RouteStep,
    state: StepState,
    at: datetime,
    *,
    comment: str = "",
    answer: Answer | None = None,
    allowed_from: Sequence[StepState] = (StepState.WAITING,),
) -> RouteStep:
    """Lock the whole route, so that of several deciding at once each sees what the others did."""
    _lock(step.route)
    locked = RouteStep.objects.select_related(
        "route__document", "route__file", "document", "file", "to_person", "to_unit"
    ).get(pk=step.pk)
    if locked.state not in allowed_from:
        raise errors.StepDecided(locked)
    locked.state, locked.answer, locked.comment = state, answer or "", comment.strip()
    locked.decided_at, locked.decided_by_id = at, actor.person_id
    locked.save(update_fields=["state", "answer", "comment", "decided_at", "decided_by"])
    return locked


def _running(route: Route) -> Route:
    """The route locked as it is now. Raises RouteEnded."""
    _lock(route)
    locked = _fresh(route)
    if locked.state != RouteState.RUNNING:
        raise errors.RouteEnded(locked)
    return locked


def _fresh(route: Route) -> Route:
    return Route.objects.select_related("document", "file", "composed_by").get(pk=route.pk)


def _lock(route: Route) -> None:
    # What circulates first, as in settling, which ends a route: in opposite orders two would wait for each other.
    _lock_entity(route.document_id, route.file_id)
    Route.objects.select_for_update(of=("self",)).get(pk=route.pk)


def _lock_entity(document_id: int | None, file_id: int | None) -> None:
    if document_id is not None:
        Document.objects.select_for_update(of=("self",)).get(pk=document_id)
    elif file_id is not None:
        CaseFile.objects.select_for_update(of=("self",)).get(pk=file_id)
