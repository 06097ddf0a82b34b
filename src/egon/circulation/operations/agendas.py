"""Handing the whole agenda of one person to another: in the background, item by item, what cannot go is reported."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import cast

from django.db import models

from egon.audit import log
from egon.audit.operation import operation
from egon.circulation import agenda_queries, circulating, errors, file_handing, permissions, queries
from egon.circulation.agenda_rules import KIND_NAMES, AgendaKind, ItemFacts, obstacle_to_handing
from egon.circulation.models import Agenda, AgendaItem, Approval, Handover, RouteStep
from egon.circulation.operations import handing
from egon.circulation.operations.stopping import stop_handover_of_file
from egon.circulation.route_rules import OPEN, StepPurpose, StepState
from egon.circulation.rules import ApprovalState, HandoverState, Purpose
from egon.jobs.runs.kind import RunKind, Step
from egon.jobs.runs.states import RunState
from egon.kernel.actor import Actor
from egon.records import operations as records
from egon.records.models import CaseFile, Document, TypedFile
from egon.records.rules.states import FINAL, FileState
from egon.registry import queries as registry
from egon.registry.models import Person, Unit

type Moved = Document | CaseFile | TypedFile

_HANDED_ALREADY = "Agenda této osoby se už předává. Počkejte, až předání skončí, nebo ho zastavte."
_COLUMNS = {
    AgendaKind.TYPED: "typed_file_id",
    AgendaKind.DOCUMENT: "document_id",
    AgendaKind.FILE: "case_file_id",
    AgendaKind.HANDOVER: "handover_id",
    AgendaKind.APPROVAL: "approval_id",
    AgendaKind.STEP: "route_step_id",
}

HANDING = RunKind(
    "circulation.agenda",
    Agenda,
    AgendaItem,
    of="předání agendy",
    requires=permissions.may_steer_agenda,
    batch=50,
    related=(
        "typed_file", "document", "case_file", "handover__document", "handover__file", "approval__document",
        "route_step__document", "route_step__file",
    ),
)  # fmt: skip
stop_agenda, resume_agenda = HANDING.stop, HANDING.resume


@operation(
    "circulation.agenda.start", title="Předání agendy", requires=permissions.may_hand_over_agenda, unlogged=("only",)
)
def start_agenda(
    *,
    actor: Actor,
    leaver: Person,
    heir: Person,
    kinds: Collection[AgendaKind],
    reason: str,
    at: datetime,
    only: Collection[tuple[AgendaKind, int]] | None = None,
) -> Agenda:
    """Start handing everything of these kinds to another person; ``only`` limits it to those marked.

    Raises AgendaNotStartable with every obstacle.
    """
    # Of two who start it at once the second learns of the first.
    Person.objects.select_for_update(of=("self",)).get(pk=leaver.pk)
    chosen = {
        kind: [
            pk
            for pk in agenda_queries.of_kind(leaver, kind).values_list("pk", flat=True)
            if only is None or (kind, pk) in only
        ]
        for kind in AgendaKind
        if kind in kinds
    }
    obstacles = _obstacles(leaver, heir, reason)
    if not any(chosen.values()):
        obstacles.append("Z toho, co jste vybrali, není co předat.")
    if obstacles:
        raise errors.AgendaNotStartable("Předání agendy se nespustilo.", obstacles)
    items = (AgendaItem(kind=kind, **{_COLUMNS[kind]: pk}) for kind, keys in chosen.items() for pk in keys)
    agenda = Agenda(leaver=leaver, heir=heir, reason=reason.strip()[:250], handed_by=handing.acting_person(actor))
    HANDING.launch(agenda, items, actor=actor, at=at)
    log.note(parts=[f"{KIND_NAMES[kind]}: {len(keys)}" for kind, keys in chosen.items() if keys])
    return agenda


def _is_handed(leaver: Person) -> bool:
    return Agenda.objects.filter(leaver=leaver, state=RunState.RUNNING).exists()


@HANDING.takes
def hand_item(step: Step[Agenda], item: AgendaItem) -> Moved:
    """Hand one item over."""
    return _HAND[AgendaKind(item.kind)](step, item)


@HANDING.resumes
def require_the_only_one(agenda: Agenda) -> None:
    """Of two hand-overs of one agenda only one may run."""
    Person.objects.select_for_update(of=("self",)).get(pk=agenda.leaver_id)
    if _is_handed(agenda.leaver):
        raise errors.AgendaNotStartable("Předání zůstalo, jak bylo.", [_HANDED_ALREADY])


def _obstacles(leaver: Person, heir: Person, reason: str) -> list[str]:
    obstacles = [] if reason.strip() else ["Napište důvod, například odchod nebo přechod na jiné místo."]
    if heir == leaver:
        obstacles.append("Vyberte jiného člověka, než od koho agenda odchází.")
    if not heir.active:
        obstacles.append(f"{heir} už tu nepracuje.")
    if _is_handed(leaver):
        obstacles.append(_HANDED_ALREADY)
    return obstacles


def _document(step: Step[Agenda], item: AgendaItem) -> Document:
    document, run = _locked(Document, item.document_id), step.run
    _require(ItemFacts(is_theirs=document.holder_id == run.leaver_id, is_open=document.state not in FINAL))
    unit = _unit_for(document.unit, step)
    waiting = Handover.objects.filter(document=document, state=HandoverState.WAITING, purpose=Purpose.PROCESSING)
    waiting.update(state=HandoverState.RECALLED, decided_at=step.at)
    # Whoever started it gets it back when the heir returns it: the leaver is gone by then.
    Handover.objects.create(
        document=document,
        from_person=run.handed_by,
        from_unit_id=document.unit_id,
        to_unit=unit,
        to_person=run.heir,
        note=f"Předání agendy: {run.leaver}. {run.reason}",
        created_at=step.at,
    )
    return records.place_in_unit(actor=step.actor, document=document, unit=unit, holder=run.heir)


def _file(step: Step[Agenda], item: AgendaItem) -> CaseFile:
    file = _locked(CaseFile, item.case_file_id)
    run = step.run
    _require(ItemFacts(is_theirs=file.processor_id == run.leaver_id, is_open=file.state != FileState.CLOSED.value))
    # As with documents: what nobody has taken over yet is recalled, the heir decides anew.
    stop_handover_of_file(actor=step.actor, file=file, at=step.at, reason=f"Předání agendy: {run.leaver}.")
    return records.edit_file(actor=step.actor, file=file, subject=file.subject, processor=run.heir)


def _typed_file(step: Step[Agenda], item: AgendaItem) -> TypedFile:
    typed = _locked(TypedFile, item.typed_file_id)
    _require(ItemFacts(is_theirs=typed.processor_id == step.run.leaver_id, is_open=typed.is_open))
    return records.edit_typed_file(
        actor=step.actor, typed_file=typed, name=typed.name, processor=step.run.heir, shared=typed.shared
    )


def _waiting(step: Step[Agenda], item: AgendaItem) -> Document | CaseFile:
    """A circular to take note of, or a file to take over."""
    handover, waits = _locked(Handover, item.handover_id), HandoverState.WAITING
    _require(ItemFacts(is_theirs=handover.to_person_id == step.run.leaver_id, is_open=handover.state == waits))
    handover.to_person = step.run.heir
    if handover.file is not None:
        handover.to_unit = _unit_for(handover.to_unit, step)
        handover.save(update_fields=["to_person", "to_unit"])
        file_handing.end_showing(handover.file, step.at)
        file_handing.show_to_addressee(handover, handover.file, step.at)
        return cast(CaseFile, handover.file)
    handover.save(update_fields=["to_person"])
    return _shown(step, cast(Document, handover.document))


def _approval(step: Step[Agenda], item: AgendaItem) -> Document:
    approval = _locked(Approval, item.approval_id)
    heir = step.run.heir
    _require(
        ItemFacts(
            is_theirs=approval.approver_id == step.run.leaver_id,
            is_open=approval.state == ApprovalState.WAITING,
            asks_approval=True,
            heir_approves=_approves(heir),
            heir_is_author=approval.requested_by_id == heir.pk,
        )
    )
    approval.approver = heir
    approval.save(update_fields=["approver"])
    return _shown(step, approval.document)


def _route_step(step: Step[Agenda], item: AgendaItem) -> Moved:
    stop, run = _locked(RouteStep, item.route_step_id), step.run
    _require(
        ItemFacts(
            is_theirs=stop.to_person_id == run.leaver_id,
            is_open=stop.state in OPEN,
            asks_approval=stop.purpose == StepPurpose.APPROVAL,
            heir_approves=_approves(run.heir),
            heir_is_author=stop.route.composed_by_id == run.heir_id,
        )
    )
    stop.to_person, stop.added_because = run.heir, f"místo: {run.leaver}. {run.reason}"
    stop.save(update_fields=["to_person", "added_because"])
    if stop.state == StepState.WAITING:
        circulating.show_to_addressee(step.actor, stop.route, stop, step.at)
    return cast(Moved, stop.entity)


_HAND: Mapping[AgendaKind, Callable[[Step[Agenda], AgendaItem], Moved]] = {
    AgendaKind.TYPED: _typed_file,
    AgendaKind.DOCUMENT: _document,
    AgendaKind.FILE: _file,
    AgendaKind.HANDOVER: _waiting,
    AgendaKind.APPROVAL: _approval,
    AgendaKind.STEP: _route_step,
}


def _require(facts: ItemFacts) -> None:
    if obstacle := obstacle_to_handing(facts):
        raise errors.CannotHandOver(obstacle)


def _shown(step: Step[Agenda], document: Document) -> Document:
    records.share(actor=step.actor, document=document, person=step.run.heir, reason="předání agendy", at=step.at)
    return document


def _approves(heir: Person) -> bool:
    return queries.approvers().filter(pk=heir.pk).exists()


def _unit_for(unit: Unit | None, step: Step[Agenda]) -> Unit:
    """The unit that has the document when the heir works there, otherwise a records node the heir works in.

    Raises CannotHandOver when there is none.
    """
    if unit is not None and registry.people_in(unit).filter(pk=step.run.heir_id).exists():
        return unit
    node = registry.records_nodes(on=step.on).filter(positions__person=step.run.heir_id).first()
    if node is None:
        raise errors.CannotHandOver("Přebírající nemá funkční místo v žádném útvaru, který vede spisy.")
    return node


def _locked[T: models.Model](model: type[T], pk: int | None) -> T:
    return model._default_manager.select_for_update(of=("self",)).get(pk=pk)
