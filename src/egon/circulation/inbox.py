"""What waits for a person, each with one obvious next step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Case, CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from egon.circulation.models import Approval, Handover, Route, RouteStep
from egon.circulation.permissions import LEADING, leads_everywhere
from egon.circulation.route_rules import RouteState, StepPurpose, StepState
from egon.circulation.rules import ApprovalState, HandoverState, Purpose, days_late
from egon.kernel.actor import Actor, Role
from egon.records import permissions
from egon.records import queries as records
from egon.records.disclosure import UNTOLD
from egon.records.models import CaseFile, Document
from egon.records.rules.labels import Labelled
from egon.records.rules.states import UNCLOSED, Direction, DocumentState
from egon.registry.models import RoleGrant, Unit
from egon.registry.queries import name_columns
from egon.registry.rules import full_name

MOST_OF_ONE_KIND = 200

# Rows are read as plain columns: hundreds of whole documents, parties and people would cost more than the queries.
SHOWN = ("pk", "reference_number", "subject", "sender__name", "registered_at", "deadline")
SHOWN_OF_ITS_DOCUMENT = tuple(f"document__{name}" for name in SHOWN)
# The same six of a file: it comes from nobody, and has no deadline of its own.
_SHOWN_OF_ITS_FILE = (
    "file", "file__file_mark", "file__subject", Value(None, CharField()), "started_at", Value(None, DateField()),
)  # fmt: skip
_UNIT = ("to_unit__code", "to_unit__name")
# The same six of a hand-over, which is of a document or of a file.
_SHOWN_OF_EITHER: tuple[Any, ...] = (
    Coalesce("document", "file"), Coalesce("document__reference_number", "file__file_mark"),
    Coalesce("document__subject", "file__subject"), "document__sender__name",
    Coalesce("document__registered_at", "created_at"), "document__deadline",
)  # fmt: skip


class Step(Labelled):
    """The next step; its label stands on the button."""

    TAKE_OVER = "take_over", "Převzít"
    TAKE_NOTE = "take_note", "Vzít na vědomí"
    HAND_ON = "hand_on", "Předat lidem v útvaru"
    DECIDE = "decide", "Posoudit návrh"
    GIVE_OPINION = "give_opinion", "Vyjádřit se"
    ASSIGN = "assign", "Předat útvaru"
    REASSIGN = "reassign", "Předat jinam"
    GIVE = "give", "Předat zpracovateli"
    PUT_IN_FILE = "put_in_file", "Vložit do spisu"
    SETTLE = "settle", "Vyřídit"
    FINISH_DRAFT = "finish_draft", "Dokončit návrh"
    REWORK = "rework", "Přepracovat návrh"
    RESUME = "resume", "Projít důvod vrácení"
    DISPATCH = "dispatch", "Vypravit"
    ADVISE = "advise", "Dát pokyn"
    WAIT = "wait", "Sledovat odpověď"
    FOLLOW = "follow", "Sledovat oběh"
    READ_RESULT = "read_result", "Projít výsledek oběhu"

    @property
    def is_for_others(self) -> bool:
        """Whether it is the turn of somebody else."""
        return self in (Step.WAIT, Step.FOLLOW)


_STEP_OF = {
    StepPurpose.INFORMATION: Step.TAKE_NOTE,
    StepPurpose.OPINION: Step.GIVE_OPINION,
    StepPurpose.APPROVAL: Step.DECIDE,
}


class Shown(NamedTuple):
    """What the inbox shows of a document: the columns of ``SHOWN``."""

    pk: int
    reference_number: str
    subject: str
    sender: str | None
    registered_at: datetime
    deadline: date | None


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One thing that waits: which document (or file), since when, until when, what to do."""

    step: Step
    document: Shown
    since: datetime
    deadline: date | None
    days_late: int
    note: str = ""
    handover_id: int | None = None
    approval_id: int | None = None
    addressee_id: int | None = None
    dispatch_id: int | None = None
    route_step_id: int | None = None
    is_file: bool = False


class Inbox(NamedTuple):
    """What waits; ``more`` when of some kind there is more than is read (:data:`MOST_OF_ONE_KIND`, the oldest)."""

    items: list[InboxItem]
    more: bool


def inbox_of(actor: Actor, *, on: date) -> Inbox:
    """Everything that waits for this actor, the latest overdue first, then by deadline and age.

    A document is there once, with the step that comes first.
    """
    found: dict[tuple[bool, int], InboxItem] = {}
    more = False
    for kind in (_to_take_over, _to_decide, _returned, _to_hand_on, _in_the_mailroom, _to_work_on):
        items = list(kind(actor, on))
        more |= len(items) == MOST_OF_ONE_KIND
        for item in items:
            found.setdefault((item.is_file, item.document.pk), item)
    for hidden in records.withheld(actor, (pk for is_file, pk in found if not is_file)):
        del found[False, hidden]
    return Inbox(sorted(found.values(), key=urgency), more)


def _told_to(actor: Actor, columns: tuple[Any, ...]) -> tuple[Any, ...]:
    """The columns with nothing but the number of what is restricted meanwhile, and the actor is not in in person.

    It is a part of the query that reads them: the desk has no query to spare.
    """
    at = Shown._fields.index("subject")
    return (*columns[:at], _subject(actor, columns[at]), *columns[at + 1 :])


def _subject(actor: Actor, told: Any) -> Case:
    of_document = Exists(Document.objects.filter(permissions.restricted_from(actor), pk=OuterRef("document")))
    of_file = Exists(CaseFile.objects.filter(permissions.files_restricted_from(actor), pk=OuterRef("file")))
    shut = {"document__subject": [of_document], "file__subject": [of_file]}
    tests = shut.get(told, [of_document, of_file]) if isinstance(told, str) else [of_document, of_file]
    whens = [When(test, then=Value(UNTOLD)) for test in tests]
    return Case(*whens, default=F(told) if isinstance(told, str) else told, output_field=CharField())


def _shown(row: Sequence[Any]) -> Shown:
    shown = Shown(*row)
    return shown._replace(sender=None) if shown.subject == UNTOLD else shown


def count_waiting(actor: Actor, *, at_most: int) -> int:
    """How many things wait to be taken over or decided, counted to ``at_most``; for the number in the navigation."""
    decided = _unhidden(actor, Approval.objects.filter(approver__in=actor.person_ids, state=ApprovalState.WAITING))
    waiting = waiting_handovers(actor).order_by().values("pk")
    waiting = waiting.union(decided.values("pk"), waiting_steps(actor).values("pk"), all=True)
    return len(waiting[:at_most])


def waiting_handovers(actor: Actor) -> QuerySet[Handover]:
    """Hand-overs this actor may take over."""
    mine = Q(to_person__in=actor.person_ids)
    of_my_units = Q(to_person=None) & _led_units(actor)
    return _unhidden(actor, Handover.objects.filter(mine | of_my_units, state=HandoverState.WAITING))


def waiting_steps(actor: Actor) -> QuerySet[RouteStep]:
    """Steps of routes that wait for this actor: as a person, for a unit they lead, by a role they hold."""
    mine = Q(to_person__in=actor.person_ids)
    of_my_units = Q(to_unit__isnull=False) & _led_units(actor)
    of_my_roles = Q(to_role__in={grant.role.value for grant in actor.grants})
    # Approval asked for by the actor themselves waits for whoever else may approve.
    own = Q(purpose=StepPurpose.APPROVAL, route__composed_by=actor.person_id)
    found = RouteStep.objects.filter(mine | of_my_units | of_my_roles, state=StepState.WAITING).exclude(own)
    return _unhidden(actor, found)


def _unhidden[M: (Handover, RouteStep, Approval)](actor: Actor, rows: QuerySet[M]) -> QuerySet[M]:
    """Without those of documents and files that a restriction of the administrator hides; the same rows without any."""
    unhidden = permissions.unhidden_from(actor)
    if unhidden == permissions.EVERYBODY:
        return rows
    seen = Q(document__in=Document.objects.filter(unhidden))
    if rows.model is not Approval:
        seen |= Q(file__in=CaseFile.objects.filter(permissions.files_unhidden_from(actor)))
    return rows.filter(seen)


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
    waits = item.step.is_for_others and not item.days_late
    return waits, -item.days_late, item.deadline or date.max, item.since


def _said(name: Sequence[str | None], words: str) -> str:
    """Who sends it, and what they said with it."""
    return ": ".join(filter(None, [full_name(*name), words]))


def _to_take_over(actor: Actor, on: date) -> Iterator[InboxItem]:
    # The oldest are chosen first: joining what is shown to everything that waits would cost several times more.
    oldest = waiting_handovers(actor).order_by("created_at").values("pk")[:MOST_OF_ONE_KIND]
    rows = Handover.objects.filter(pk__in=oldest).order_by("created_at")
    columns = ("pk", "file", "purpose", "to_person", "created_at", "deadline", "note", *name_columns("from_person"))
    for row in rows.values_list(*columns, *_told_to(actor, _SHOWN_OF_EITHER)):
        pk, file, purpose, to_person, created_at, deadline, note, *sender = row[:11]
        document = _shown(row[11:])
        yield InboxItem(
            step=Step.TAKE_NOTE if purpose == Purpose.INFORMATION and to_person else Step.TAKE_OVER,
            document=document,
            since=created_at,
            deadline=deadline or document.deadline,
            days_late=days_late(deadline or document.deadline, on=on),
            note=_said(sender, note),
            handover_id=pk,
            is_file=file is not None,
        )


def _to_decide(actor: Actor, on: date) -> Iterator[InboxItem]:
    """Approvals, steps of routes, and routes of files one has composed, in one query."""
    asked = Approval.objects.filter(approver__in=actor.person_ids, state=ApprovalState.WAITING)
    steps, by = waiting_steps(actor), "route__composed_by"
    of_documents, of_files = steps.filter(document__isnull=False), steps.filter(file__isnull=False)
    limit = F("document__deadline")
    rows = _asked(actor, asked, "requested_at", "note", "requested_by", kind=Value(""), limit=limit).union(
        _asked(
            actor, of_documents, "started_at", "instruction", by,
            kind=F("purpose"), limit=Coalesce("deadline", "document__deadline"),
        ),
        _asked(actor, of_files, "started_at", "instruction", by, kind=F("purpose"), limit=F("deadline"), of_file=True),
        _asked(
            actor, _own_routes_of_files(actor), "started_at", "reason", "ended_by",
            kind=F("state"), limit=Value(None, DateField()), of_file=True,
        ),
        all=True,
    )  # fmt: skip
    for pk, kind, since, words, deadline, is_file, *row in rows.order_by("since")[:MOST_OF_ONE_KIND]:
        asks = kind in _STEP_OF
        yield InboxItem(
            step=_STEP_OF[StepPurpose(kind)] if asks else _OWN_ROUTE.get(kind, Step.DECIDE),
            document=_shown(row[4:]),
            since=since,
            deadline=deadline,
            days_late=days_late(deadline, on=on),
            note=_said(row[:4], words) if kind not in _OWN_ROUTE else words,
            approval_id=None if kind else pk,
            route_step_id=pk if asks else None,
            is_file=is_file,
        )


_OWN_ROUTE = {
    RouteState.RUNNING.value: Step.FOLLOW,
    RouteState.RETURNED.value: Step.RESUME,
    RouteState.FINISHED.value: Step.READ_RESULT,
}


def _own_routes_of_files(actor: Actor) -> QuerySet[Route]:
    """Routes of files the actor has sent out: those that run, and those whose end they have not taken note of."""
    found = Route.objects.filter(
        composed_by__in=actor.person_ids, file__isnull=False, noted_at__isnull=True, state__in=_OWN_ROUTE
    )
    unhidden = permissions.files_unhidden_from(actor)
    return found if unhidden == permissions.EVERYBODY else found.filter(file__in=CaseFile.objects.filter(unhidden))


def _asked(
    actor: Actor, rows: QuerySet[Any], since: str, words: str, by: str, *, kind: Any, limit: Any, of_file: bool = False
) -> Any:
    """The oldest rows of one table in the columns that all have in common."""
    oldest = rows.order_by(since).annotate(
        kind=kind, since=F(since), words=F(words), limit=limit, of_file=Value(of_file)
    )
    shown: tuple[Any, ...] = _SHOWN_OF_ITS_FILE if of_file else SHOWN_OF_ITS_DOCUMENT
    columns: tuple[Any, ...] = (
        "pk",
        "kind",
        "since",
        "words",
        "limit",
        "of_file",
        *name_columns(by),
        *_told_to(actor, shown),
    )
    return oldest.values_list(*columns)[:MOST_OF_ONE_KIND]


def _returned(actor: Actor, on: date) -> Iterator[InboxItem]:
    """What I handed over and got back; it waits until I hand it over again, or note that the file is mine again."""
    same = Q(document=OuterRef("document")) | Q(file=OuterRef("file"))
    newer = Handover.objects.filter(same, purpose=Purpose.PROCESSING, pk__gt=OuterRef("pk"))
    ended = (DocumentState.SETTLED.value, DocumentState.WITHDRAWN.value)
    is_open = Q(document__isnull=False) & ~Q(document__state__in=ended) | Q(file__state__in=UNCLOSED)
    rows = Handover.objects.filter(
        ~Exists(newer), is_open, from_person__in=actor.person_ids,
        state=HandoverState.RETURNED, purpose=Purpose.PROCESSING, noted_at=None,
    )  # fmt: skip
    columns = ("pk", "file", "created_at", "decided_at", "reason", *_UNIT, *name_columns("to_person"))
    rows = _unhidden(actor, rows).order_by("decided_at")
    for row in rows.values_list(*columns, *_told_to(actor, _SHOWN_OF_EITHER))[:MOST_OF_ONE_KIND]:
        pk, file, created_at, decided_at, reason, code, name, *person = row[:11]
        document = _shown(row[11:])
        yield InboxItem(
            step=Step.REASSIGN,
            document=document,
            since=decided_at or created_at,
            deadline=document.deadline,
            days_late=days_late(document.deadline, on=on),
            note=f"{full_name(*person) or f'{code} {name}'}: {reason}",
            handover_id=pk,
            is_file=file is not None,
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
    ).order_by("decided_at")
    columns = ("pk", "created_at", "decided_at", "deadline", "note")
    for row in rows.values_list(*columns, *_told_to(actor, SHOWN_OF_ITS_DOCUMENT))[:MOST_OF_ONE_KIND]:
        pk, created_at, decided_at, deadline, note = row[:5]
        yield InboxItem(
            step=Step.HAND_ON,
            document=_shown(row[5:]),
            since=decided_at or created_at,
            deadline=deadline,
            days_late=days_late(deadline, on=on),
            note=note,
            handover_id=pk,
        )


def _in_the_mailroom(actor: Actor, on: date) -> Iterator[InboxItem]:
    """For the mailroom: registered documents without a unit, and those sent back to it with a reason."""
    if not actor.has(Role.MAILROOM):
        return
    rows = Document.objects.filter(state=DocumentState.REGISTERED.value, direction=Direction.RECEIVED.value)
    documents = [Shown(*row) for row in rows.order_by("registered_at").values_list(*SHOWN)[:MOST_OF_ONE_KIND]]
    reasons = _reasons_of_return([document.pk for document in documents])
    for document in documents:
        step = Step.REASSIGN if document.pk in reasons else Step.ASSIGN
        yield _item(step, document, on, reasons.get(document.pk, ""))


def _to_work_on(actor: Actor, on: date) -> Iterator[InboxItem]:
    held = Document.objects.filter(
        holder__in=actor.person_ids, state__in=(DocumentState.PROCESSING.value, DocumentState.DRAFT.value)
    )
    route = Route.objects.filter(document=OuterRef("pk")).order_by("-pk")
    held = held.annotate(route=Subquery(route.values("state")[:1]), sent_back=Subquery(route.values("reason")[:1]))
    columns = ("state", "unit", "case_file", "route", "sent_back", *SHOWN)
    found = held.order_by("registered_at").values_list(*columns)[:MOST_OF_ONE_KIND]
    rows = [(*row[:5], Shown(*row[5:])) for row in found]
    returned = _comments_on_returned([row[5].pk for row in rows if row[0] == DocumentState.DRAFT])
    answered = _replies_under_way([row[5].pk for row in rows if row[0] == DocumentState.PROCESSING])
    for state, unit_id, file_id, running, sent_back, document in rows:
        if running == RouteState.RUNNING:
            yield _item(Step.FOLLOW, document, on)
        elif running == RouteState.RETURNED:
            step = Step.REWORK if state == DocumentState.DRAFT else Step.RESUME
            yield _item(step, document, on, f"Vráceno z oběhu. {sent_back}")
        elif document.pk in returned:
            yield _item(Step.REWORK, document, on, returned[document.pk])
        elif state == DocumentState.DRAFT:
            yield _item(Step.FINISH_DRAFT, document, on)
        elif document.pk in answered:
            yield _item(Step.WAIT, document, on, answered[document.pk])
        elif file_id is None:
            yield _item(Step.GIVE if actor.has_in(unit_id, Role.HEAD) else Step.PUT_IN_FILE, document, on)
        else:
            yield _item(Step.SETTLE, document, on)


def _item(step: Step, document: Shown, on: date, note: str = "") -> InboxItem:
    """A document that waits since it was registered."""
    return InboxItem(
        step=step,
        document=document,
        since=document.registered_at,
        deadline=document.deadline,
        days_late=days_late(document.deadline, on=on),
        note=note,
    )


def _replies_under_way(documents: list[int]) -> dict[int | None, str]:
    """Documents whose reply is not out yet: nothing can be settled before that."""
    unfinished = (DocumentState.DRAFT.value, DocumentState.IN_APPROVAL.value, DocumentState.APPROVED.value)
    replies = Document.objects.filter(replies_to__in=documents, state__in=unfinished).order_by("pk")
    return {
        received_id: f"Odpověď {reference_number} je ve stavu „{DocumentState(state).label}“."
        for received_id, reference_number, state in replies.values_list("replies_to", "reference_number", "state")
    }


def _reasons_of_return(documents: list[int]) -> dict[int, str]:
    """Why documents that lie in the mailroom again were sent back to it."""
    last = Handover.objects.filter(document__in=documents).order_by("document", "-pk").distinct("document")
    return {
        document_id: f"{code} {name}: {reason}"
        for document_id, state, reason, code, name in last.values_list("document", "state", "reason", *_UNIT)
        if state == HandoverState.RETURNED
    }


def _comments_on_returned(drafts: list[int]) -> dict[int, str]:
    """Comments of the last decision on drafts that came back for rework."""
    last = Approval.objects.filter(document__in=drafts).order_by("document", "-round").distinct("document")
    return {
        document_id: comment
        for document_id, state, comment in last.values_list("document", "state", "comment")
        if state == ApprovalState.RETURNED
    }
