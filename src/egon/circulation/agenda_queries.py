"""Reads of agendas: what a person has, how a hand-over goes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from egon.circulation import permissions
from egon.circulation.agenda_rules import AgendaKind
from egon.circulation.models import Agenda, Approval, Handover, RouteStep
from egon.circulation.route_rules import OPEN
from egon.circulation.rules import ApprovalState, HandoverState, Purpose
from egon.kernel.actor import Actor, Role
from egon.kernel.errors import NotFound
from egon.records.models import CaseFile, Document, TypedFile
from egon.records.rules.states import FINAL, FileState
from egon.records.rules.typed import TypedState
from egon.registry import queries as registry
from egon.registry.models import Person

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Part:
    """What a person has of one kind: how much, and the oldest as (key, number, subject)."""

    kind: AgendaKind
    count: int
    rows: list[tuple[int, str, str]]


def of_kind(leaver: Person, kind: AgendaKind) -> QuerySet[Any]:
    """Everything of one kind that waits for a person or is worked on by them, the oldest first."""
    match kind:
        case AgendaKind.TYPED:
            return TypedFile.objects.filter(processor=leaver, state=TypedState.OPEN.value).order_by("pk")
        case AgendaKind.DOCUMENT:
            held = Document.objects.filter(holder=leaver)
            return held.exclude(state__in=[state.value for state in FINAL]).order_by("pk")
        case AgendaKind.FILE:
            return CaseFile.objects.filter(processor=leaver).exclude(state=FileState.CLOSED.value).order_by("pk")
        case AgendaKind.HANDOVER:
            # What waits for processing goes with its document; a file is not theirs before they take it over.
            of_file = Q(purpose=Purpose.INFORMATION) | Q(file__isnull=False)
            return Handover.objects.filter(of_file, to_person=leaver, state=HandoverState.WAITING).order_by("pk")
        case AgendaKind.APPROVAL:
            return Approval.objects.filter(approver=leaver, state=ApprovalState.WAITING).order_by("pk")
        case AgendaKind.STEP:
            return RouteStep.objects.filter(to_person=leaver, state__in=OPEN).order_by("pk")


def agenda_of(leaver: Person) -> Iterator[Part]:
    """The whole agenda of a person, kind by kind."""
    for kind in AgendaKind:
        found = of_kind(leaver, kind)
        rows = list(found.values_list("pk", *_TOLD.get(kind, _OF_DOCUMENT))[:MOST_SHOWN])
        yield Part(kind, len(rows) if len(rows) < MOST_SHOWN else found.count(), rows)


_OF_DOCUMENT = ("document__reference_number", "document__subject")
_OF_EITHER = (
    Coalesce("document__reference_number", "file__file_mark"), Coalesce("document__subject", "file__subject"),
)  # fmt: skip
_TOLD: dict[AgendaKind, tuple[str | Coalesce, str | Coalesce]] = {
    AgendaKind.TYPED: ("identifier", "name"),
    AgendaKind.DOCUMENT: ("reference_number", "subject"),
    AgendaKind.FILE: ("file_mark", "subject"),
    AgendaKind.HANDOVER: _OF_EITHER,
    AgendaKind.STEP: _OF_EITHER,
}


def people_to_hand_over(actor: Actor) -> QuerySet[Person]:
    """Whose agenda the actor may hand over; the administrator also that of who has left."""
    if actor.has(Role.ADMINISTRATOR):
        return registry.people(active=None)
    if actor.has_in(None, Role.HEAD):
        return registry.people()
    led = Q(positions__unit__in=actor.units_with(Role.HEAD))
    return registry.people().filter(led | Q(pk__in=actor.person_ids)).distinct()


def agendas_for(actor: Actor) -> QuerySet[Agenda]:
    """Hand-overs the actor may steer, and those that concern them; the newest first."""
    rows = Agenda.objects.select_related("leaver", "heir")
    if not actor.has(Role.ADMINISTRATOR):
        people = people_to_hand_over(actor).order_by().values("pk")
        rows = rows.filter(Q(leaver__in=people) | Q(heir__in=actor.person_ids) | Q(handed_by__in=actor.person_ids))
    return rows.order_by("-started_at", "-pk")


def agenda_for(actor: Actor, pk: int) -> Agenda:
    """One of them. Raises NotFound."""
    agenda = agendas_for(actor).filter(pk=pk).first()
    if agenda is None:
        raise NotFound("Takové předání agendy tu není, nebo se vás netýká.")
    return agenda


def sees_subjects(actor: Actor, leaver: Person) -> bool:
    """Whether names of documents may be shown: the administrator of the system by that role alone sees none."""
    if actor.is_one_of([leaver.pk]):
        return True
    works_in = leaver.positions.values_list("unit", flat=True)
    return any(actor.has_in(unit, *permissions.LEADING) for unit in works_in)
