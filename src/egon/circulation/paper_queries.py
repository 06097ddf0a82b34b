"""Reads: where paper is, and who has what, for paper and digital documents alike."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet

from egon.circulation.models import Handover, PaperPlace, RouteStep
from egon.circulation.route_rules import StepState
from egon.circulation.rules import HandoverState, Purpose
from egon.kernel.actor import Actor
from egon.records import queries as records
from egon.records import typed_queries
from egon.records.models import CaseFile, Document, StoragePlace, TypedFile
from egon.records.rules.states import FINAL, UNCLOSED, DocumentState
from egon.records.rules.typed import TypedState
from egon.registry.models import Person, Unit

UNSETTLED: Final = Q(state__in=[state.value for state in DocumentState if state not in FINAL])


@dataclass(frozen=True, slots=True)
class WhoHas:
    """Who has one document, since when, who is expected to act, and where its paper is."""

    document: Document
    since: datetime
    waits_for: str
    asked: tuple[RouteStep, ...]
    paper: PaperPlace | None


def places_of(document: Document) -> QuerySet[PaperPlace]:
    """Where the paper of a document is and was, the newest first."""
    rows = PaperPlace.objects.filter(document=document).select_related("unit", "person", "place", "recorded_by")
    return rows.order_by("-since", "-pk")


def documents_in(place: StoragePlace) -> int:
    """How many documents have their paper in a storage place now, each by itself, not with its file."""
    return PaperPlace.objects.filter(place=place, is_present=True).count()


def having_places(documents: Collection[int]) -> set[int]:
    """Those of the documents whose paper somebody has, or had."""
    return set(PaperPlace.objects.filter(document__in=documents).values_list("document_id", flat=True))


def who_has_what(
    actor: Actor,
    *,
    unit: Unit | None = None,
    person: Person | None = None,
    on_paper: bool = False,
    room: str = "",
    place: StoragePlace | None = None,
    late_on: date | None = None,
    also_settled: bool = False,
) -> QuerySet[Document]:
    """Documents the actor may see, by who has them; with ``on_paper`` by where their paper is. The newest first."""
    found = records.documents_visible_to(actor, Q() if also_settled else UNSETTLED)
    if on_paper or room or place:
        paper = PaperPlace.objects.filter(_of(unit, person), is_present=True, room__icontains=room)
        if place is not None:
            paper = paper.filter(place=place)
        found = found.filter(pk__in=paper.order_by().values("document"))
    else:
        found = found.filter(_of(unit, person, person_column="holder"))
    if late_on is not None:
        found = found.filter(deadline__lt=late_on)
    return found


def typed_files_of(actor: Actor, *, unit: Unit | None, person: Person | None) -> QuerySet[TypedFile]:
    """Open typed files the actor may see that the person processes or the unit has, by name; of nobody none."""
    found = typed_queries.typed_files_visible_to(actor).filter(state=TypedState.OPEN.value)
    return found.filter(_of(unit, person, person_column="processor")) if unit or person else found.none()


def files_of(actor: Actor, *, unit: Unit | None, person: Person | None) -> QuerySet[CaseFile]:
    """Open files the actor may see that the person processes or the unit has, the newest first; of nobody none."""
    found = records.files_visible_to(actor).filter(state__in=UNCLOSED)
    found = found.filter(_of(unit, person, person_column="processor")) if unit or person else found.none()
    return found.select_related("unit", "processor").order_by("-opened_on", "-pk")


def waiting_files(ids: Collection[int]) -> dict[int, Handover]:
    """Hand-overs by which these files wait to be taken over, by the key of the file."""
    rows = Handover.objects.filter(file__in=ids, state=HandoverState.WAITING).select_related("to_unit", "to_person")
    return {one.file_id: one for one in rows if one.file_id is not None}


def papers_in(file: CaseFile) -> list[tuple[str, int]]:
    """Where the paper of the documents in a file is, and of how many of them; most of it first."""
    rows = PaperPlace.objects.filter(document__case_file=file, is_present=True)
    counts = Counter(str(one) for one in rows.select_related("unit", "person", "place"))
    return counts.most_common()


def _of(unit: Unit | None, person: Person | None, *, person_column: str = "person") -> Q:
    chosen = Q() if unit is None else Q(unit=unit)
    return chosen if person is None else chosen & Q((person_column, person))


def who_has_rows(ids: Sequence[int]) -> list[WhoHas]:
    """Rows of documents chosen by :func:`who_has_what`, in the same order; five queries for all of them."""
    documents = Document.objects.select_related("unit", "holder").in_bulk(ids)
    handovers = Handover.objects.filter(document__in=ids, purpose=Purpose.PROCESSING)
    last = handovers.select_related("to_unit", "to_person").order_by("document", "-pk").distinct("document")
    handed = {one.document_id: one for one in last}
    papers = PaperPlace.objects.filter(document__in=ids, is_present=True).select_related("unit", "person", "place")
    paper = {one.document_id: one for one in papers}
    asked = _asked(ids)
    with_files = waiting_files({one.case_file_id for one in documents.values() if one.case_file_id is not None})
    return [
        WhoHas(
            document=documents[pk],
            since=_since(handed.get(pk), documents[pk]),
            waits_for=_waits_for(handed.get(pk)) or _waits_for(with_files.get(documents[pk].case_file_id or 0)),
            asked=tuple(asked[pk]),
            paper=paper.get(pk),
        )
        for pk in ids
        if pk in documents
    ]


def _asked(ids: Iterable[int]) -> dict[int, list[RouteStep]]:
    found: dict[int, list[RouteStep]] = defaultdict(list)
    steps = RouteStep.objects.filter(route__document__in=ids, state=StepState.WAITING)
    for step in steps.select_related("to_person", "to_unit").order_by("pk"):
        if step.document_id is not None:
            found[step.document_id].append(step)
    return found


def _since(handover: Handover | None, document: Document) -> datetime:
    return (handover.decided_at or handover.created_at) if handover else document.registered_at


def _waits_for(handover: Handover | None) -> str:
    return handover.addressee if handover and handover.state == HandoverState.WAITING else ""
