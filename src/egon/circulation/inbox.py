"""What waits for a person, each with one obvious next step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from egon.circulation.models import Approval, Handover
from egon.circulation.permissions import LEADING
from egon.circulation.rules import ApprovalState, HandoverState, Purpose, days_late
from egon.kernel.actor import Actor
from egon.records.models import Document
from egon.records.rules.labels import Labelled
from egon.records.rules.states import Direction, DocumentState

MOST_OF_ONE_KIND = 200


class Step(Labelled):
    """The next step; its label stands on the button."""

    TAKE_OVER = "take_over", "Převzít"
    TAKE_NOTE = "take_note", "Vzít na vědomí"
    HAND_ON = "hand_on", "Předat lidem v útvaru"
    DECIDE = "decide", "Posoudit návrh"
    REASSIGN = "reassign", "Předat jinam"
    PUT_IN_FILE = "put_in_file", "Vložit do spisu"
    SETTLE = "settle", "Vyřídit"
    FINISH_DRAFT = "finish_draft", "Dokončit návrh"
    REWORK = "rework", "Přepracovat návrh"


@dataclass(frozen=True)
class InboxItem:
    """One thing that waits: which document, since when, until when, what to do."""

    step: Step
    document: Document
    since: datetime
    deadline: date | None
    days_late: int
    note: str = ""
    handover_id: int | None = None
    approval_id: int | None = None


def inbox_of(actor: Actor, *, on: date) -> list[InboxItem]:
    """Everything that waits for this actor, the latest overdue first, then by deadline and age."""
    items = [
        *_to_take_over(actor, on),
        *_to_decide(actor, on),
        *_returned(actor, on),
        *_to_hand_on(actor, on),
        *_to_work_on(actor, on),
    ]
    return sorted(items, key=_urgency)


def waiting_handovers(actor: Actor) -> QuerySet[Handover]:
    """Hand-overs this actor may take over."""
    mine = Q(to_person__in=actor.person_ids)
    of_my_units = Q(to_person=None) & _led_units(actor)
    return Handover.objects.filter(mine | of_my_units, state=HandoverState.WAITING)


def _led_units(actor: Actor) -> Q:
    if any(grant.role in LEADING and grant.unit_id is None for grant in actor.grants):
        return Q()
    return Q(to_unit__in=actor.units_with(*LEADING))


def _urgency(item: InboxItem) -> tuple[int, date, datetime]:
    return -item.days_late, item.deadline or date.max, item.since


def _to_take_over(actor: Actor, on: date) -> Iterator[InboxItem]:
    rows = waiting_handovers(actor).select_related("document", "document__sender", "from_person", "to_unit")
    for handover in rows.order_by("created_at")[:MOST_OF_ONE_KIND]:
        personal_copy = handover.purpose == Purpose.INFORMATION and handover.to_person_id
        deadline = handover.deadline or handover.document.deadline
        yield InboxItem(
            step=Step.TAKE_NOTE if personal_copy else Step.TAKE_OVER,
            document=handover.document,
            since=handover.created_at,
            deadline=deadline,
            days_late=days_late(deadline, on=on),
            note=handover.note,
            handover_id=handover.pk,
        )


def _to_decide(actor: Actor, on: date) -> Iterator[InboxItem]:
    rows = Approval.objects.filter(approver__in=actor.person_ids, state=ApprovalState.WAITING)
    for approval in rows.select_related("document", "requested_by").order_by("requested_at")[:MOST_OF_ONE_KIND]:
        yield InboxItem(
            step=Step.DECIDE,
            document=approval.document,
            since=approval.requested_at,
            deadline=approval.document.deadline,
            days_late=days_late(approval.document.deadline, on=on),
            note=approval.note,
            approval_id=approval.pk,
        )


def _returned(actor: Actor, on: date) -> Iterator[InboxItem]:
    """What I handed over and got back; it waits until I hand it over again."""
    newer = Handover.objects.filter(document=OuterRef("document"), purpose=Purpose.PROCESSING, pk__gt=OuterRef("pk"))
    rows = Handover.objects.filter(
        ~Exists(newer), from_person__in=actor.person_ids, state=HandoverState.RETURNED, purpose=Purpose.PROCESSING
    ).exclude(document__state__in=(DocumentState.SETTLED, DocumentState.WITHDRAWN))
    for handover in rows.select_related("document", "document__sender").order_by("decided_at")[:MOST_OF_ONE_KIND]:
        yield InboxItem(
            step=Step.REASSIGN,
            document=handover.document,
            since=handover.decided_at or handover.created_at,
            deadline=handover.document.deadline,
            days_late=days_late(handover.document.deadline, on=on),
            note=handover.reason,
            handover_id=handover.pk,
        )


def _to_hand_on(actor: Actor, on: date) -> Iterator[InboxItem]:
    """Distributed documents that I took over for my unit and that nobody in it has been told of."""
    passed = Handover.objects.filter(passed_on_from=OuterRef("pk"))
    rows = Handover.objects.filter(
        ~Exists(passed),
        decided_by__in=actor.person_ids,
        to_person=None,
        state=HandoverState.TAKEN,
        purpose=Purpose.INFORMATION,
    )
    for handover in rows.select_related("document").order_by("decided_at")[:MOST_OF_ONE_KIND]:
        yield InboxItem(
            step=Step.HAND_ON,
            document=handover.document,
            since=handover.decided_at or handover.created_at,
            deadline=handover.deadline,
            days_late=days_late(handover.deadline, on=on),
            note=handover.note,
            handover_id=handover.pk,
        )


def _to_work_on(actor: Actor, on: date) -> Iterator[InboxItem]:
    held = Document.objects.filter(
        holder__in=actor.person_ids, state__in=(DocumentState.PROCESSING, DocumentState.DRAFT)
    ).select_related("sender", "case_file")
    documents = list(held.order_by("registered_at")[:MOST_OF_ONE_KIND])
    returned = _comments_on_returned(documents)
    for document in documents:
        yield InboxItem(
            step=_step_of(document, returned),
            document=document,
            since=document.registered_at.astimezone(UTC),
            deadline=document.deadline,
            days_late=days_late(document.deadline, on=on),
            note=returned.get(document.pk, ""),
        )


def _step_of(document: Document, returned: dict[int, str]) -> Step:
    if document.pk in returned:
        return Step.REWORK
    if document.state == DocumentState.DRAFT:
        return Step.FINISH_DRAFT
    if document.direction == Direction.RECEIVED and document.case_file_id is None:
        return Step.PUT_IN_FILE
    return Step.SETTLE


def _comments_on_returned(documents: list[Document]) -> dict[int, str]:
    """Comments of the last decision on drafts that came back for rework."""
    drafts = [document.pk for document in documents if document.state == DocumentState.DRAFT]
    decided = Approval.objects.filter(document__in=drafts).order_by("document", "-round").distinct("document")
    return {row.document_id: row.comment for row in decided if row.state == ApprovalState.RETURNED}
