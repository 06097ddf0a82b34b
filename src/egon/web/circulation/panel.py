"""Circulation of a document on its page: who has it, since when, and what this person may do with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from egon.audit.operation import may
from egon.circulation import operations, paper_queries, queries
from egon.circulation.models import Approval, Handover, PaperPlace
from egon.circulation.queries import Whereabouts
from egon.circulation.route_rules import StepPurpose
from egon.circulation.rules import (
    APPROVAL_STATE_NAMES,
    ApprovalState,
    HandoverState,
    Purpose,
)
from egon.kernel.actor import Actor, Role
from egon.kernel.clock import today
from egon.records.models import CaseFile, Document
from egon.records.rules.states import FINAL, Direction, DocumentState
from egon.web.circulation import file_panel
from egon.web.circulation.entity import capital
from egon.web.circulation.forms import (
    ApprovalForm,
    ApproveForm,
    AssignForm,
    GiveForm,
    HandOnForm,
    ReworkForm,
)
from egon.web.circulation.passing import passed
from egon.web.circulation.route_panel import RoutePanel, next_step
from egon.web.circulation.route_panel import panel as route_panel

_TONES = {
    ApprovalState.APPROVED: "success",
    ApprovalState.CANCELLED: "neutral",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A next step that circulation knows better than the document's state alone (see ``records/next.html``)."""

    title: str
    text: str = ""
    label: str = ""
    url: str = ""
    action: str = ""
    secondary: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Panel:
    """What ``circulation/panel.html`` shows. A form or a hand-over that is None is not offered to this person."""

    where: Whereabouts
    path: list[dict[str, Any]]
    rounds: list[dict[str, Any]]
    take: Handover | None = None
    recall: Handover | None = None
    send_back: Handover | None = None
    hand_on: Handover | None = None
    hand_on_form: HandOnForm | None = None
    give_form: GiveForm | None = None
    assign_form: AssignForm | None = None
    approval: Approval | None = None
    may_decide: bool = False
    may_cancel: bool = False
    approve_form: ApproveForm | None = None
    rework_form: ReworkForm | None = None
    request_form: ApprovalForm | None = None
    may_distribute: bool = False
    paper: PaperPlace | None = None
    paper_before: list[PaperPlace] = field(default_factory=list)
    may_place_paper: bool = False


def context(actor: Actor, document: Document) -> dict[str, Any]:
    """Context of ``circulation/panel.html``; ``step`` only when circulation has a more direct next step."""
    panel = _panel(actor, document)
    routes = route_panel(actor, document)
    found: dict[str, Any] = {"circulation": panel, "route_panel": routes, "today": today()}
    if step := _step_of_route(routes) or _step(actor, document, panel):
        found["step"] = step
    return found


def _panel(actor: Actor, document: Document) -> Panel:
    handovers = list(queries.handovers_of(document))
    approvals = list(queries.approvals_of(document))
    processing = [one for one in handovers if one.purpose == Purpose.PROCESSING]
    last = processing[-1] if processing else None
    waits = last if last and last.state == HandoverState.WAITING else None
    asked = next((one for one in approvals if one.state == ApprovalState.WAITING), None)
    hand_on = _to_hand_on(actor, handovers)
    papers = list(paper_queries.places_of(document))
    moves = DocumentState(document.state) not in (*FINAL, DocumentState.IN_APPROVAL, DocumentState.DISPATCHED)
    decides = asked is not None and bool(may(operations.approve, actor=actor, approval=asked))
    return Panel(
        where=queries.whereabouts(document, processing),
        path=[passed(one) for one in reversed(handovers) if one.distribution_id is None],
        rounds=[_round(one) for one in reversed(approvals)],
        take=_to_take(actor, handovers),
        recall=waits if waits and may(operations.recall, actor=actor, handover=waits) else None,
        send_back=last if last and moves and _may_return(actor, last) else None,
        hand_on=hand_on,
        hand_on_form=HandOnForm(unit=hand_on.to_unit) if hand_on else None,
        give_form=_give_form(actor, document) if moves else None,
        assign_form=AssignForm(document=document)
        if moves and may(operations.assign_to_unit, actor=actor, document=document)
        else None,
        approval=asked,
        may_decide=decides,
        may_cancel=asked is not None and bool(may(operations.cancel_approval, actor=actor, approval=asked)),
        approve_form=ApproveForm() if decides else None,
        rework_form=ReworkForm() if decides else None,
        request_form=_request_form(actor, document),
        may_distribute=document.direction == Direction.INTERNAL
        and moves
        and bool(may(operations.distribute, actor=actor, document=document)),
        paper=papers[0] if papers else None,
        paper_before=papers[1:],
        may_place_paper=bool(may(operations.place_paper, actor=actor, document=document)),
    )


def _to_take(actor: Actor, handovers: list[Handover]) -> Handover | None:
    waiting = [one for one in handovers if one.state == HandoverState.WAITING]
    theirs = [one for one in waiting if may(operations.take_over, actor=actor, handover=one)]
    # Somebody who leads every unit is offered their own first.
    return min(theirs, key=lambda one: (not actor.is_one_of([one.to_person_id]), one.to_unit_id not in actor.unit_ids),
               default=None)  # fmt: skip


def _may_return(actor: Actor, last: Handover) -> bool:
    returnable = last.state in (HandoverState.WAITING, HandoverState.TAKEN) and last.passed_on_from_id is None
    return (
        returnable
        and bool(may(operations.send_back, actor=actor, handover=last))
        and last.from_person_id != actor.person_id
    )


def _to_hand_on(actor: Actor, handovers: list[Handover]) -> Handover | None:
    """A circular of the actor's unit that nobody in it has been told of."""
    passed = {one.passed_on_from_id for one in handovers}
    for one in handovers:
        of_unit = one.purpose == Purpose.INFORMATION and one.to_person_id is None and one.pk not in passed
        if of_unit and one.state == HandoverState.TAKEN and actor.is_one_of([one.decided_by_id]):
            return one
    return None


def _give_form(actor: Actor, document: Document) -> GiveForm | None:
    if document.unit is None or not may(operations.give_to, actor=actor, document=document):
        return None
    return GiveForm(document=document)


def _request_form(actor: Actor, document: Document) -> ApprovalForm | None:
    if document.state != DocumentState.DRAFT or not may(operations.request_approval, actor=actor, document=document):
        return None
    return ApprovalForm(document=document, asks=actor.person_id)


def _round(approval: Approval) -> dict[str, Any]:
    state = ApprovalState(approval.state)
    told = [
        f"průvodní slovo: {approval.note}" if approval.note else "",
        f"vyjádření: {approval.comment}" if approval.comment else "",
    ]
    who = approval.decided_by if approval.decided_by and state is not ApprovalState.CANCELLED else approval.approver
    return {
        "at": approval.decided_at or approval.requested_at,
        "title": f"{approval.round}. kolo: {APPROVAL_STATE_NAMES[state]}",
        "who": f"{who}, předložil(a) {approval.requested_by}",
        "text": "\n".join(filter(None, told)),
        "tone": _TONES.get(state, "warning"),
    }


def context_of_file(actor: Actor, file: CaseFile) -> dict[str, Any]:
    """Context of ``circulation/file_panel.html``; ``route_step`` when somebody is to do something."""
    routes, handing = route_panel(actor, file), file_panel.panel(actor, file)
    step = _step_of_route(routes) or _step_of_file(handing)
    return {"route_panel": routes, "handing": handing, "route_step": step, "today": today()}


def _step_of_file(handing: file_panel.FilePanel) -> Step | None:
    """Who is to take the file over does; who got it back reads why."""
    if handing.take is not None:
        return _take_step(handing.take)
    if handing.returned is not None:
        text = f"{handing.returned.decided_by or handing.returned.addressee}: {handing.returned.reason}"
        action = _page("note_return", handing.returned.pk)
        return Step("Spis se vám vrátil", text, "Beru na vědomí", action=action)
    return None


def _step_of_route(routes: RoutePanel) -> Step | None:
    """Whose turn it is answers; who composed the route waits for the others, or reads how it ended."""
    if routes.to_answer is not None:
        if routes.to_answer.purpose == StepPurpose.INFORMATION:
            action = _page("note_step", routes.to_answer.pk)
            return Step(**next_step(routes.to_answer, routes.noun), label="Beru na vědomí", action=action)
        return Step(**next_step(routes.to_answer, routes.noun), label="K vyjádření", url="#trasa")
    if routes.may_steer:
        return Step(
            f"{capital(routes.noun)} obíhá",
            "Až oběh skončí, budete pokračovat. Kdo je na řadě, ukazuje obrázek níže.",
            "Sledovat oběh",
            "#trasa",
        )
    if routes.may_note_end and routes.latest is not None:
        action = _page("note_end", routes.latest.route.pk)
        text = routes.latest.route.reason or "Co kdo řekl, ukazuje obrázek níže."
        return Step(f"Oběh skončil: {routes.latest.label}", text, "Beru na vědomí", action=action)
    return None


def _step(actor: Actor, document: Document, panel: Panel) -> Step | None:
    return next(_steps(actor, document, panel), None)


def _steps(actor: Actor, document: Document, panel: Panel) -> Iterator[Step]:
    if panel.take is not None:
        yield _take_step(panel.take)
    if panel.may_decide and panel.approval is not None:
        text = f"Předkládá {panel.approval.requested_by}, {panel.approval.round}. kolo. {panel.approval.note}".strip()
        yield Step("Posuďte návrh: schvalte ho, nebo vraťte s připomínkou", text, "Posoudit", "#schvaleni")
    if panel.hand_on is not None:
        text = "Vyberte, kdo se má v útvaru s oběžníkem seznámit."
        yield Step("Předejte oběžník lidem v útvaru", text, "Vybrat lidi", _page("hand_on", panel.hand_on.pk))
    if panel.request_form is not None and document.component_count and document.direction == Direction.OUTGOING:
        write = {"label": "Upravit text", "url": reverse("records:write_text", args=[document.pk])}
        text = "Po předložení se obsah uzamkne, dokud schvalovatel nerozhodne."
        yield Step(
            "Předložte návrh ke schválení", text, "Předložit ke schválení",
            _page("request_approval", document.pk), secondary=[write],
        )  # fmt: skip
    if panel.give_form is not None and _is_for_head_to_give(actor, document):
        into = {"label": "Ponechat si a vložit do spisu", "url": reverse("records:put_in_file", args=[document.pk])}
        yield Step(
            "Předejte dokument zpracovateli", "Máte ho u sebe.", "Vybrat zpracovatele",
            _page("give", document.pk), secondary=[into],
        )  # fmt: skip


def _take_step(handover: Handover) -> Step:
    action = _page("take_over", handover.pk)
    if handover.purpose == Purpose.INFORMATION and handover.to_person_id:
        return Step("Vezměte dokument na vědomí", handover.note, "Beru na vědomí", action=action)
    whom = "" if handover.to_person_id else f" za útvar {handover.to_unit}"
    what = "spis i s dokumenty" if handover.file_id is not None else "dokument"
    return Step(f"Převezměte {what}{whom}", handover.note, "Převzít", action=action)


def _is_for_head_to_give(actor: Actor, document: Document) -> bool:
    return (
        document.state == DocumentState.PROCESSING
        and document.case_file_id is None
        and actor.is_one_of([document.holder_id])
        and actor.has_in(document.unit_id, Role.HEAD)
    )


def _page(name: str, pk: int) -> str:
    return reverse(f"circulation:{name}", args=[pk])
