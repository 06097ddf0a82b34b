"""A whole file on its way to somebody else: what stands in the way, who sees it, what goes with it (2.7.5)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import Model, Q, QuerySet

from egon.circulation.models import Approval, Handover, Route
from egon.circulation.operations.paper import take_paper_along
from egon.circulation.route_rules import RouteState
from egon.circulation.rules import ApprovalState, HandoverState, Purpose
from egon.kernel.actor import Actor
from egon.records import operations as records
from egon.records.models import AccessGrant, CaseFile, CheckOut, Document
from egon.records.rules.access import GrantState
from egon.records.rules.states import GONE, UNCLOSED, FileState
from egon.registry import queries as registry

# By this reason the accesses are known that end when the hand-over is decided.
SHOWN_BECAUSE: Final = "předání spisu"


def obstacles_to_moving(file: CaseFile) -> list[str]:
    """Why the file with its documents cannot pass to somebody else now: all the reasons, empty when it can."""
    if file.state not in UNCLOSED:
        return [f"Spis {file} je {FileState(file.state).label}, předává se jen spis, který se zpracovává."]
    found = []
    if Route.objects.filter(file=file, state=RouteState.RUNNING).exists():
        found.append("Spis obíhá po krocích. Počkejte na konec oběhu, nebo ho odvolejte.")
    return [*found, *_obstacles_inside(file)]


def _obstacles_inside(file: CaseFile) -> Iterator[str]:
    """What somebody else has in hand is not taken away from them: it is told, document by document."""
    inside = Q(document__case_file=file) & ~Q(document__state__in=GONE)
    waiting = Handover.objects.filter(inside, state=HandoverState.WAITING, purpose=Purpose.PROCESSING)
    for one in waiting.select_related("document", "to_person", "to_unit").order_by("document__order_in_file"):
        yield f"Dokument {one.document} čeká na převzetí: {one.addressee}. Počkejte na něj, nebo předání odvolejte."
    for asked in _in_order(Approval.objects.filter(inside, state=ApprovalState.WAITING), "approver"):
        yield f"Dokument {asked.document} čeká na schválení: {asked.approver}. Počkejte, nebo žádost odvolejte."
    for route in _in_order(Route.objects.filter(inside, state=RouteState.RUNNING), "composed_by"):
        yield f"Dokument {route.document} obíhá po krocích ({route.composed_by}). Počkejte, nebo oběh odvolejte."
    out = CheckOut.objects.filter(component__document__case_file=file).exclude(component__document__state__in=GONE)
    for taken in out.select_related("component__document", "person").order_by("component__document__order_in_file"):
        document = taken.component.document
        yield f"Z dokumentu {document} má {taken.person} k úpravám soubor {taken.component}. Nejdřív se vrátí."


def _in_order[M: Model](rows: QuerySet[M], person: str) -> QuerySet[M]:
    return rows.select_related("document", person).order_by("document__order_in_file", "pk")


def show_to_addressee(handover: Handover, file: CaseFile, at: datetime) -> None:
    """Who is to take the file over sees it meanwhile: the person, or those who act for the unit, one by one."""
    system = Actor.system(handover.tenant_id)
    person = handover.to_person
    people = [person] if person is not None else registry.people_leading(handover.to_unit)
    for one in people:
        records.show_file(actor=system, file=file, person=one, reason=SHOWN_BECAUSE, at=at)


def end_showing(file: CaseFile, at: datetime) -> None:
    """Once it is decided nobody sees the file because it waited; who took it over sees it as theirs."""
    shown = AccessGrant.objects.filter(file=file, reason=SHOWN_BECAUSE, state=GrantState.CONFIRMED.value)
    for grant in shown.filter(given_by__isnull=True).order_by("pk"):
        records.end_access(actor=Actor.system(file.tenant_id), grant=grant, at=at, reason="o předání je rozhodnuto")


def pass_on(handover: Handover, file: CaseFile, at: datetime) -> None:
    """Let the file with its documents and their paper pass to who has taken it over; each document remembers it.

    The product does it: who takes over need not be one who may change each of the documents.
    """
    processor = handover.to_person or handover.decided_by
    if processor is None:
        raise ValueError("a file is taken over by a person")
    system = Actor.system(file.tenant_id)
    for document in records.place_file(actor=system, file=file, unit=handover.to_unit, processor=processor):
        take_paper_along(_came_with(handover, document, at), at=at)
    end_showing(file, at)


def _came_with(handover: Handover, document: Document, at: datetime) -> Handover:
    return Handover.objects.create(
        document=document,
        state=HandoverState.TAKEN,
        from_person_id=handover.from_person_id,
        from_unit_id=handover.from_unit_id,
        to_unit_id=handover.to_unit_id,
        to_person_id=handover.to_person_id,
        note=handover.note,
        created_at=at,
        decided_at=at,
        decided_by_id=handover.decided_by_id,
        passed_on_from=handover,
    )
