"""What waits for a person, each with one obvious next step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from egon.circulation.models import Approval, Handover
from egon.circulation.permissions import LEADING, leads_everywhere
from egon.circulation.rules import ApprovalState, HandoverState, Purpose, days_late
from egon.kernel.actor import Actor, Role
from egon.records.models import Document
from egon.records.rules.labels import Labelled
from egon.records.rules.states import Direction, DocumentState
from egon.registry.models import Person, RoleGrant, Unit

MOST_OF_ONE_KIND = 200

# What the inbox shows of a document; whole rows of documents and parties would cost more than the queries themselves.
_SHOWN = (
    *("reference_number", "subject", "direction", "state", "deadline", "registered_at"),
    *("unit", "holder", "case_file", "sender__name"),
)
_SHOWN_OF_ITS_DOCUMENT = tuple(f"document__{name}" for name in _SHOWN)


def _name_of(person: str) -> tuple[str, ...]:
    """The columns of a person's name."""
    return tuple(f"{person}__{column}" for column in ("title_before", "given_name", "family_name", "title_after"))


class Step(Labelled):
    """The next step; its label stands on the button."""

    TAKE_OVER = "take_over", "Převzít"
    TAKE_NOTE = "take_note", "Vzít na vědomí"
    HAND_ON = "hand_on", "Předat lidem v útvaru"
    DECIDE = "decide", "Posoudit návrh"
    ASSIGN = "assign", "Předat útvaru"
    REASSIGN = "reassign", "Předat jinam"
    GIVE = "give", "Předat zpracovateli"
    PUT_IN_FILE = "put_in_file", "Vložit do spisu"
    SETTLE = "settle", "Vyřídit"
    FINISH_DRAFT = "finish_draft", "Dokončit návrh"
    REWORK = "rework", "Přepracovat návrh"
    DISPATCH = "dispatch", "Vypravit"
    WAIT = "wait", "Sledovat odpověď"


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
    addressee_id: int | None = None


def inbox_of(actor: Actor, *, on: date) -> list[InboxItem]:
    """Everything that waits for this actor, the latest overdue first, then by deadline and age.

    A document is there once, with the step that comes first.
    """
    found: dict[int, InboxItem] = {}
    for kind in (_to_take_over, _to_decide, _returned, _to_hand_on, _in_the_mailroom, _to_work_on):
        for item in kind(actor, on):
            found.setdefault(item.document.pk, item)
    return sorted(found.values(), key=urgency)


def count_waiting(actor: Actor, *, at_most: int) -> int:
    """How many things wait to be taken over or decided, counted to ``at_most``; for the number in the navigation."""
    decided = Approval.objects.filter(approver__in=actor.person_ids, state=ApprovalState.WAITING)
    waiting = waiting_handovers(actor).order_by().values("pk").union(decided.values("pk"), all=True)
    return len(waiting[:at_most])


def waiting_handovers(actor: Actor) -> QuerySet[Handover]:
    """Hand-overs this actor may take over."""
    mine = Q(to_person__in=actor.person_ids)
    of_my_units = Q(to_person=None) & _led_units(actor)
    return Handover.objects.filter(mine | of_my_units, state=HandoverState.WAITING)


def _led_units(actor: Actor) -> Q:
    """Units whose work waits for this actor.

    A role held for the whole organisation lets a head or a secretariat take over anywhere, but what waits for them
    is that of their own units and (for heads) of units that nobody else leads; an administrator of all nodes gets all.
    """
    if leads_everywhere(actor):
        return Q()
    led = Q(to_unit__in=actor.units_with(*LEADING))
    if actor.has_in(None, *LEADING):
        led |= Q(to_unit__in=actor.unit_ids)
    if actor.has_in(None, Role.HEAD):
        kept = RoleGrant.objects.filter(role__in=LEADING, unit__isnull=False).values("unit")
        led |= Q(to_unit__in=Unit.objects.exclude(pk__in=kept).values("pk"))
    return led


def urgency(item: InboxItem) -> tuple[bool, int, date, datetime]:
    """The order of the inbox: what waits for others last, the latest overdue first, then by deadline and age."""
    waits = item.step is Step.WAIT and not item.days_late
    return waits, -item.days_late, item.deadline or date.max, item.since


def _said(person: Person | None, words: str) -> str:
    """Who sends it, and what they said with it."""
    return ": ".join(filter(None, [str(person or ""), words]))


def _to_take_over(actor: Actor, on: date) -> Iterator[InboxItem]:
    # The oldest are chosen first: joining what is shown to everything that waits would cost several times more.
    oldest = waiting_handovers(actor).order_by("created_at").values("pk")[:MOST_OF_ONE_KIND]
    rows = Handover.objects.filter(pk__in=oldest).select_related("document", "document__sender", "from_person")
    shown = rows.only(
        *("purpose", "to_person", "deadline", "created_at", "note"), *_name_of("from_person"), *_SHOWN_OF_ITS_DOCUMENT
    )
    for handover in shown.order_by("created_at"):
        personal_copy = handover.purpose == Purpose.INFORMATION and handover.to_person_id
        deadline = handover.deadline or handover.document.deadline
        yield InboxItem(
            step=Step.TAKE_NOTE if personal_copy else Step.TAKE_OVER,
            document=handover.document,
            since=handover.created_at,
            deadline=deadline,
            days_late=days_late(deadline, on=on),
            note=_said(handover.from_person, handover.note),
            handover_id=handover.pk,
        )


def _to_decide(actor: Actor, on: date) -> Iterator[InboxItem]:
    rows = Approval.objects.filter(approver__in=actor.person_ids, state=ApprovalState.WAITING)
    shown = rows.select_related("document", "document__sender", "requested_by").only(
        *("requested_at", "note"), *_name_of("requested_by"), *_SHOWN_OF_ITS_DOCUMENT
    )
    for approval in shown.order_by("requested_at")[:MOST_OF_ONE_KIND]:
        yield InboxItem(
            step=Step.DECIDE,
            document=approval.document,
            since=approval.requested_at,
            deadline=approval.document.deadline,
            days_late=days_late(approval.document.deadline, on=on),
            note=_said(approval.requested_by, approval.note),
            approval_id=approval.pk,
        )


def _returned(actor: Actor, on: date) -> Iterator[InboxItem]:
    """What I handed over and got back; it waits until I hand it over again."""
    newer = Handover.objects.filter(document=OuterRef("document"), purpose=Purpose.PROCESSING, pk__gt=OuterRef("pk"))
    rows = Handover.objects.filter(
        ~Exists(newer), from_person__in=actor.person_ids, state=HandoverState.RETURNED, purpose=Purpose.PROCESSING
    ).exclude(document__state__in=(DocumentState.SETTLED.value, DocumentState.WITHDRAWN.value))
    for handover in rows.select_related("document", "document__sender", "to_unit", "to_person").order_by("decided_at")[
        :MOST_OF_ONE_KIND
    ]:
        yield InboxItem(
            step=Step.REASSIGN,
            document=handover.document,
            since=handover.decided_at or handover.created_at,
            deadline=handover.document.deadline,
            days_late=days_late(handover.document.deadline, on=on),
            note=f"{handover.addressee}: {handover.reason}",
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
    for handover in rows.select_related("document", "document__sender").order_by("decided_at")[:MOST_OF_ONE_KIND]:
        yield InboxItem(
            step=Step.HAND_ON,
            document=handover.document,
            since=handover.decided_at or handover.created_at,
            deadline=handover.deadline,
            days_late=days_late(handover.deadline, on=on),
            note=handover.note,
            handover_id=handover.pk,
        )


def _in_the_mailroom(actor: Actor, on: date) -> Iterator[InboxItem]:
    """For the mailroom: registered documents without a unit, and those sent back to it with a reason."""
    if not actor.has(Role.MAILROOM):
        return
    rows = Document.objects.filter(state=DocumentState.REGISTERED.value, direction=Direction.RECEIVED.value)
    shown = rows.select_related("sender").only(*_SHOWN)
    documents = list(shown.order_by("registered_at")[:MOST_OF_ONE_KIND])
    reasons = _reasons_of_return(documents)
    for document in documents:
        yield _item(Step.REASSIGN if document.pk in reasons else Step.ASSIGN, document, on, reasons)


def _to_work_on(actor: Actor, on: date) -> Iterator[InboxItem]:
    held = Document.objects.filter(
        holder__in=actor.person_ids, state__in=(DocumentState.PROCESSING.value, DocumentState.DRAFT.value)
    )
    shown = held.select_related("sender").only(*_SHOWN)
    documents = list(shown.order_by("registered_at")[:MOST_OF_ONE_KIND])
    returned = _comments_on_returned(documents)
    answered = _replies_under_way(documents)
    for document in documents:
        step = _step_of(actor, document, returned, answered)
        yield _item(step, document, on, {**answered, **returned})


def _item(step: Step, document: Document, on: date, notes: dict[int, str]) -> InboxItem:
    return InboxItem(
        step=step,
        document=document,
        since=document.registered_at.astimezone(UTC),
        deadline=document.deadline,
        days_late=days_late(document.deadline, on=on),
        note=notes.get(document.pk, ""),
    )


def _step_of(actor: Actor, document: Document, returned: dict[int, str], answered: dict[int, str]) -> Step:
    if document.pk in returned:
        return Step.REWORK
    if document.state == DocumentState.DRAFT:
        return Step.FINISH_DRAFT
    if document.pk in answered:
        return Step.WAIT
    if document.case_file_id is None:
        return Step.GIVE if actor.has_in(document.unit_id, Role.HEAD) else Step.PUT_IN_FILE
    return Step.SETTLE


def _replies_under_way(documents: list[Document]) -> dict[int, str]:
    """Documents whose reply is not out yet: nothing can be settled before that."""
    unfinished = (DocumentState.DRAFT, DocumentState.IN_APPROVAL, DocumentState.APPROVED)
    received = [document.pk for document in documents if document.state == DocumentState.PROCESSING]
    replies = Document.objects.filter(replies_to__in=received, state__in=[state.value for state in unfinished])
    return {
        reply.replies_to_id: f"Odpověď {reply.reference_number} je ve stavu „{reply.get_state_display()}“."
        for reply in replies.only("reference_number", "state", "replies_to").order_by("pk")
        if reply.replies_to_id
    }


def _reasons_of_return(documents: list[Document]) -> dict[int, str]:
    """Why documents that lie in the mailroom again were sent back to it."""
    last = Handover.objects.filter(document__in=[document.pk for document in documents]).select_related("to_unit")
    return {
        handover.document_id: f"{handover.to_unit}: {handover.reason}"
        for handover in last.order_by("document", "-pk").distinct("document")
        if handover.state == HandoverState.RETURNED
    }


def _comments_on_returned(documents: list[Document]) -> dict[int, str]:
    """Comments of the last decision on drafts that came back for rework."""
    drafts = [document.pk for document in documents if document.state == DocumentState.DRAFT]
    decided = Approval.objects.filter(document__in=drafts).order_by("document", "-round").distinct("document")
    return {row.document_id: row.comment for row in decided if row.state == ApprovalState.RETURNED}
