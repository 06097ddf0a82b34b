"""Hand-over, approval, circulars. Documents themselves change through ``egon.records.operations``."""

from collections.abc import Sequence
from datetime import date, datetime

from egon.audit import log
from egon.audit.operation import operation
from egon.circulation import errors, file_handing, permissions, queries
from egon.circulation.events import DocumentApproved, DocumentReturned
from egon.circulation.models import Approval, Distribution, Handover
from egon.circulation.operations.paper import take_paper_along
from egon.circulation.rules import ApprovalState, HandoverState, Purpose
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.events import publish
from egon.records import operations as records
from egon.records.locking import lock_file
from egon.records.models import CaseFile, Document
from egon.records.operations import NewFile
from egon.records.rules.states import Direction, DocumentState
from egon.registry import queries as registry
from egon.registry.models import Person, Unit


@operation("circulation.document.assign", title="Předání útvaru", requires=permissions.may_assign_to_unit)
def assign_to_unit(
    *, actor: Actor, document: Document, unit: Unit, at: datetime, deadline: date | None = None, note: str = ""
) -> Handover:
    """Hand a document to a unit; its head, secretariat or node administrator takes it over (NSESSS 2.7.6).

    A hand-over still waiting elsewhere is recalled by this. Raises CannotHandOver when the unit keeps no records
    or is closed.
    """
    _require_open_node(unit, at)
    _end_waiting(actor, document, at)
    handover = _hand(actor, document, at=at, to_unit=unit, deadline=deadline, note=note)
    records.place_in_unit(actor=actor, document=document, unit=unit, holder=None)
    return handover


@operation("circulation.document.hand_to_named", title="Předání k rukám", requires=permissions.may_hand_to_named)
def hand_to_named(
    *, actor: Actor, document: Document, person: Person, at: datetime, deadline: date | None = None, note: str = ""
) -> Handover:
    """Hand what came to the person it was meant for, past the head of their unit (NSESSS 2.1.6, vyhláška § 5 odst. 1).

    The document goes to the records node over that person. Raises CannotHandOver when there is none.
    """
    node = node_of(person, at)
    if node is None:
        raise errors.CannotHandOver(f"{person} nepracuje v žádném spisovém uzlu. Předejte dokument útvaru.")
    _end_waiting(actor, document, at)
    handover = _hand(actor, document, at=at, to_unit=node, to_person=person, deadline=deadline, note=note)
    records.place_in_unit(actor=actor, document=document, unit=node, holder=person)
    return handover


@operation("circulation.document.give", title="Předání zpracovateli", requires=permissions.may_give)
def give_to(
    *, actor: Actor, document: Document, person: Person, at: datetime, deadline: date | None = None, note: str = ""
) -> Handover:
    """Give a document to a person of the unit that has it. They can work on it at once and confirm the take-over.

    Giving what waits for one's own unit takes it over by that. Raises CannotHandOver when the person
    does not work in that unit.
    """
    unit = document.unit
    if unit is None or not registry.people_in(unit).filter(pk=person.pk).exists():
        raise errors.CannotHandOver(_where_person_works(person, unit))
    _end_waiting(actor, document, at)
    handover = _hand(actor, document, at=at, to_unit=unit, to_person=person, deadline=deadline, note=note)
    records.place_in_unit(actor=actor, document=document, unit=unit, holder=person)
    return handover


@operation("circulation.handover.take", title="Převzetí dokumentu nebo spisu", requires=permissions.may_take_over)
def take_over(*, actor: Actor, handover: Handover, at: datetime) -> Handover:
    """Take a document or a file over. Of two people at once one succeeds, the other gets HandoverDecided naming them.

    A file comes with its documents; raises FileNotHandable with all that stands in the way, and it waits on.
    """
    handover = _decide(actor, handover, HandoverState.TAKEN, at)
    if handover.file is not None:
        _require_movable(handover.file)
        file_handing.pass_on(handover, handover.file, at)
    elif handover.document is not None and handover.purpose == Purpose.PROCESSING:
        records.place_in_unit(
            actor=actor,
            document=handover.document,
            unit=handover.to_unit,
            holder=handover.to_person or handover.decided_by,
        )
        take_paper_along(handover, at=at)
    return handover


@operation("circulation.handover.return", title="Vrácení dokumentu nebo spisu", requires=permissions.may_send_back)
def send_back(*, actor: Actor, handover: Handover, reason: str, at: datetime) -> Handover:
    """Return a document with a reason to whoever handed it over, also after taking it over by mistake.

    A file is returned until it is taken over; then its documents are theirs and it is handed over again.

    Raises ReasonMissing, HandoverDecided (it was passed on or returned meanwhile), CannotHandOver for what came for
    information only: that is taken note of.
    """
    if not reason.strip():
        raise errors.ReasonMissing
    if handover.purpose != Purpose.PROCESSING:
        raise errors.CannotHandOver("Oběžník se nevrací, jen se bere na vědomí. Nic se nezměnilo.")
    if handover.passed_on_from_id is not None:
        raise errors.CannotHandOver(
            "Dokument přišel se svým spisem. Předejte celý spis, nebo dokument předejte jinému."
        )
    may_be_later = handover.document_id is not None and _is_latest(handover)
    returnable = (HandoverState.WAITING, HandoverState.TAKEN) if may_be_later else (HandoverState.WAITING,)
    handover = _decide(actor, handover, HandoverState.RETURNED, at, allowed_from=returnable)
    handover.reason = reason.strip()
    handover.save(update_fields=["reason"])
    _put_back(actor, handover, at)
    publish(DocumentReturned(handover_id=handover.pk))
    return handover


@operation("circulation.handover.recall", title="Odvolání předání", requires=permissions.may_recall)
def recall(*, actor: Actor, handover: Handover, at: datetime) -> Handover:
    """Take back what nobody has taken over yet."""
    handover = _decide(actor, handover, HandoverState.RECALLED, at)
    if handover.purpose == Purpose.PROCESSING:
        _put_back(actor, handover, at)
    return handover


def _put_back(actor: Actor, handover: Handover, at: datetime) -> None:
    """The document is again where it was; a file has not moved, it only ceases to be seen by whom it waited for."""
    if handover.document is not None:
        records.return_to_sender(
            actor=actor, document=handover.document, unit=handover.from_unit, holder=handover.from_person
        )
    elif handover.file is not None:
        file_handing.end_showing(handover.file, at)


def _require_movable(file: CaseFile) -> None:
    if obstacles := file_handing.obstacles_to_moving(file):
        raise errors.FileNotHandable("Spis se nepřevzal, dál na vás čeká.", obstacles)


@operation("circulation.approval.request", title="Předložení ke schválení", requires=permissions.may_request_approval)
def request_approval(*, actor: Actor, document: Document, approver: Person, at: datetime, note: str = "") -> Approval:
    """Ask the approver to approve a draft; its content is frozen until they decide.

    Raises CannotRequestApproval when the approver is the one who asks, or leads no unit.
    """
    requested_by = acting_person(actor)
    if approver.pk == requested_by.pk:
        raise errors.CannotRequestApproval("Vlastní návrh nemůžete schválit sami. Vyberte jiného schvalovatele.")
    if not queries.approvers().filter(pk=approver.pk).exists():
        raise errors.CannotRequestApproval(f"{approver} neschvaluje dokumenty. Vyberte vedoucího útvaru.")
    records.mark_in_approval(actor=actor, document=document, at=at)
    records.share(actor=actor, document=document, person=approver, reason="schvalování", at=at)
    return Approval.objects.create(
        document=document,
        round=Approval.objects.filter(document=document).count() + 1,
        requested_by=requested_by,
        approver=approver,
        requested_at=at,
        note=note,
    )


@operation("circulation.approval.approve", title="Schválení", requires=permissions.may_decide)
def approve(*, actor: Actor, approval: Approval, at: datetime, comment: str = "") -> Approval:
    """Approve a draft: from now on it cannot be changed and may be dispatched."""
    approval = _close(actor, approval, ApprovalState.APPROVED, at, comment)
    records.mark_approved(actor=actor, document=approval.document)
    publish(DocumentApproved(document_id=approval.document_id))
    return approval


@operation("circulation.approval.return", title="Vrácení k přepracování", requires=permissions.may_decide)
def return_for_rework(*, actor: Actor, approval: Approval, comment: str, at: datetime) -> Approval:
    """Return a draft to its author with a comment. Raises ReasonMissing."""
    if not comment.strip():
        raise errors.ReasonMissing
    approval = _close(actor, approval, ApprovalState.RETURNED, at, comment)
    records.return_to_draft(actor=actor, document=approval.document)
    return approval


@operation(
    "circulation.approval.cancel", title="Odvolání žádosti o schválení", requires=permissions.may_cancel_approval
)
def cancel_approval(*, actor: Actor, approval: Approval, at: datetime) -> Approval:
    """Take a draft back to work on it before the approver has decided."""
    approval = _close(actor, approval, ApprovalState.CANCELLED, at, "")
    records.return_to_draft(actor=actor, document=approval.document)
    return approval


@operation("circulation.distribution.create", title="Rozeslání oběžníku", requires=permissions.may_distribute)
def distribute(
    *,
    actor: Actor,
    document: Document,
    units: Sequence[Unit],
    at: datetime,
    deadline: date | None = None,
    instruction: str = "",
) -> Distribution:
    """Send a document to many units at once. Every unit gets a hand-over of its own and may see the document.

    Sending out a draft closes its content. Raises NoUnits.
    """
    if not units:
        raise errors.NoUnits
    if document.state == DocumentState.DRAFT:
        records.mark_in_approval(actor=actor, document=document, at=at)
        records.mark_approved(actor=actor, document=document)
    distribution = Distribution.objects.create(
        document=document, created_by=acting_person(actor), created_at=at, deadline=deadline, instruction=instruction
    )
    for unit in units:
        records.share(actor=actor, document=document, unit=unit, reason="oběžník", at=at)
        _hand(
            actor,
            document,
            at=at,
            to_unit=unit,
            purpose=Purpose.INFORMATION,
            deadline=deadline,
            note=instruction,
            distribution=distribution,
        )
    return distribution


@operation(
    "circulation.circular.send", title="Oběžník", requires=permissions.may_send_circular, unlogged=("text", "files")
)
def send_circular(
    *,
    actor: Actor,
    subject: str,
    units: Sequence[Unit],
    at: datetime,
    text: str = "",
    files: Sequence[NewFile] = (),
    deadline: date | None = None,
    instruction: str = "",
) -> Distribution:
    """Register an internal document and send it to many units in one step.

    Raises NoUnits, and what registering raises when subject or content is missing.
    """
    document = records.create_document(
        actor=actor,
        direction=Direction.INTERNAL,
        subject=subject,
        text=text,
        files=files,
        deadline=deadline,
        at=at,
    )
    return distribute(actor=actor, document=document, units=units, at=at, deadline=deadline, instruction=instruction)


@operation("circulation.handover.pass_on", title="Předání v útvaru na vědomí", requires=permissions.may_hand_on)
def hand_on(
    *, actor: Actor, handover: Handover, people: Sequence[Person], at: datetime, note: str = ""
) -> list[Handover]:
    """Pass a distributed document on to people of the unit; each confirms by taking note, whoever passes it on has.

    Raises CannotHandOver for people of other units and for documents that are not for information.
    """
    _require_people_of(handover, people)
    handover = _locked(handover)
    if handover.state == HandoverState.WAITING:
        handover = take_over(actor=actor, handover=handover, at=at)
    asked = set(handover.passed_on.values_list("to_person_id", flat=True))
    return [
        _pass_on(actor, handover, person, at=at, note=note or handover.note)
        for person in people
        if person.pk not in asked
    ]


def _pass_on(actor: Actor, handover: Handover, person: Person, *, at: datetime, note: str) -> Handover:
    records.share(actor=actor, document=handover.document, person=person, reason="oběžník", at=at)
    passed = _hand(
        actor,
        handover.document,
        at=at,
        to_unit=handover.to_unit,
        to_person=person,
        purpose=Purpose.INFORMATION,
        deadline=handover.deadline,
        note=note,
        passed_on_from=handover,
    )
    return _decide(actor, passed, HandoverState.TAKEN, at) if person.pk == actor.person_id else passed


def _require_people_of(handover: Handover, people: Sequence[Person]) -> None:
    if handover.purpose != Purpose.INFORMATION:
        raise errors.CannotHandOver("Na vědomí se předávají jen oběžníky. Dokument k vyřízení předejte zpracovateli.")
    if not people:
        raise errors.CannotHandOver("Vyberte aspoň jednu osobu.")
    of_unit = set(registry.people_in(handover.to_unit).values_list("pk", flat=True))
    strangers = [str(person) for person in people if person.pk not in of_unit]
    if strangers:
        raise errors.CannotHandOver(f"V útvaru {handover.to_unit} nepracuje: {', '.join(strangers)}.")


def _hand(
    actor: Actor,
    document: Document,
    *,
    at: datetime,
    to_unit: Unit,
    to_person: Person | None = None,
    purpose: Purpose = Purpose.PROCESSING,
    deadline: date | None = None,
    note: str = "",
    distribution: Distribution | None = None,
    passed_on_from: Handover | None = None,
) -> Handover:
    return Handover.objects.create(
        document=document,
        purpose=purpose,
        from_person_id=actor.person_id,
        from_unit_id=document.unit_id,
        to_unit=to_unit,
        to_person=to_person,
        note=note,
        deadline=deadline,
        created_at=at,
        distribution=distribution,
        passed_on_from=passed_on_from,
    )


def _end_waiting(actor: Actor, document: Document, at: datetime) -> None:
    """What waits for the actor is taken over by handing it further; what waits for somebody else is recalled."""
    _lock_document(document.pk)
    waiting = Handover.objects.filter(document=document, state=HandoverState.WAITING, purpose=Purpose.PROCESSING)
    for handover in waiting.select_for_update(of=("self",)):
        theirs = permissions.may_take_over(actor, handover)
        _decide(actor, handover, HandoverState.TAKEN if theirs else HandoverState.RECALLED, at)
        log.note(**{"taken_over" if theirs else "recalled": handover.addressee})


def _require_open_node(unit: Unit, at: datetime) -> None:
    if not registry.records_nodes(on=at.astimezone(PRAGUE).date()).filter(pk=unit.pk).exists():
        raise errors.CannotHandOver(f"{unit} není spisový uzel, který by dnes přijímal dokumenty. Vyberte jiný útvar.")


def node_of(person: Person, at: datetime) -> Unit | None:
    """The nearest open records node of the first unit (by code) where the person works; None when there is none."""
    nodes = registry.records_nodes(on=at.astimezone(PRAGUE).date()).in_bulk()
    for unit in Unit.objects.filter(positions__person=person).order_by("code"):
        for pk in registry.unit_and_above(unit):
            if pk in nodes:
                return nodes[pk]
    return None


def _where_person_works(person: Person, unit: Unit | None) -> str:
    if unit is None:
        return "Dokument je v podatelně. Předejte ho nejdřív útvaru, jeho vedoucí pak určí zpracovatele."
    return f"{person} nepracuje v útvaru {unit}. Předejte dokument nejdřív útvaru té osoby."


def _decide(
    actor: Actor,
    handover: Handover,
    state: HandoverState,
    at: datetime,
    *,
    allowed_from: Sequence[HandoverState] = (HandoverState.WAITING,),
) -> Handover:
    """Lock the row, so that of several deciding at once one wins and the others learn who it was."""
    locked = _locked(handover)
    if locked.state not in allowed_from:
        raise errors.HandoverDecided(locked)
    locked.state = state
    locked.decided_at = at
    locked.decided_by_id = actor.person_id
    locked.save(update_fields=["state", "decided_at", "decided_by"])
    return locked


def _locked(handover: Handover) -> Handover:
    # The document or the file first, as in withdrawing, which stops hand-overs: in opposite orders two would wait.
    if handover.document_id is not None:
        _lock_document(handover.document_id)
    elif handover.file is not None:
        lock_file(handover.file, also_gone=True)
    return Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)


def _lock_document(document_id: int) -> None:
    Document.objects.select_for_update(of=("self",)).values_list("pk").get(pk=document_id)


def _close(actor: Actor, approval: Approval, state: ApprovalState, at: datetime, comment: str) -> Approval:
    locked = Approval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
    if locked.state != ApprovalState.WAITING:
        raise errors.ApprovalDecided(locked)
    locked.state, locked.comment = state, comment.strip()
    locked.decided_at, locked.decided_by_id = at, actor.person_id
    locked.save(update_fields=["state", "comment", "decided_at", "decided_by"])
    return locked


def _is_latest(handover: Handover) -> bool:
    newer = Handover.objects.filter(document=handover.document_id, purpose=handover.purpose, pk__gt=handover.pk)
    return not newer.exists()


def acting_person(actor: Actor) -> Person:
    """The person the account has here. Raises CannotHandOver when it has none."""
    if actor.person_id is None:
        raise errors.CannotHandOver("Váš účet nemá v této organizaci osobu. Obraťte se na správce.")
    return Person.objects.get(pk=actor.person_id)
