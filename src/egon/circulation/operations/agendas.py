"""Handing the whole agenda of one person to another: in the background, item by item, what cannot go is reported."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

from django.db import models, transaction

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.circulation import agenda_queries, circulating, errors, jobs, permissions, queries
from egon.circulation.agenda_rules import (
    KIND_NAMES,
    AgendaItemState,
    AgendaKind,
    AgendaState,
    ItemFacts,
    obstacle_to_handing,
)
from egon.circulation.models import Agenda, AgendaItem, Approval, Handover, RouteStep
from egon.circulation.operations import handing
from egon.circulation.route_rules import OPEN, StepPurpose, StepState
from egon.circulation.rules import ApprovalState, HandoverState, Purpose
from egon.jobs.job import defer
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import DomainError
from egon.records import operations as records
from egon.records.models import CaseFile, Document, TypedFile
from egon.records.rules.states import FINAL, DocumentState, FileState
from egon.registry import queries as registry
from egon.registry.models import Person, Unit

BATCH = 50

type Moved = Document | CaseFile | TypedFile

_COLUMNS = {
    AgendaKind.TYPED: "typed_file_id",
    AgendaKind.DOCUMENT: "document_id",
    AgendaKind.FILE: "case_file_id",
    AgendaKind.HANDOVER: "handover_id",
    AgendaKind.APPROVAL: "approval_id",
    AgendaKind.STEP: "route_step_id",
}


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
    agenda = Agenda.objects.create(
        leaver=leaver,
        heir=heir,
        reason=reason.strip()[:250],
        started_at=at,
        started_by=handing.acting_person(actor),
    )
    AgendaItem.objects.bulk_create(
        (AgendaItem(agenda=agenda, kind=kind, **{_COLUMNS[kind]: pk}) for kind, keys in chosen.items() for pk in keys),
        batch_size=2000,
    )
    log.note(parts=[f"{KIND_NAMES[kind]}: {len(keys)}" for kind, keys in chosen.items() if keys])
    _defer(agenda)
    return agenda


@operation("circulation.agenda.batch", title="Předání agendy", requires=only_system)
def agenda_batch(*, actor: Actor, agenda: Agenda, at: datetime) -> Sequence[Moved]:
    """Hand the next items over; none left means it is finished. Returns what was handed over, for its history."""
    agenda.refresh_from_db(from_queryset=Agenda.objects.select_for_update(of=("self",)))
    if not agenda.is_running:
        return []
    waiting = AgendaItem.objects.filter(agenda=agenda, state=AgendaItemState.WAITING)
    handed = [moved for item in list(waiting.order_by("pk")[:BATCH]) if (moved := _settle(actor, agenda, item, at))]
    if not waiting.exists():
        agenda.state, agenda.finished_at = AgendaState.FINISHED, at
        agenda.save(update_fields=["state", "finished_at"])
    log.note(handed=len(handed), reason=agenda.reason)
    return handed


@operation("circulation.agenda.stop", title="Zastavení předání agendy", requires=permissions.may_steer_agenda)
def stop_agenda(*, actor: Actor, agenda: Agenda) -> Agenda:
    """Stop after the present batch; what was handed over stays so. Raises AgendaInOtherState."""
    return _change_state(agenda, AgendaState.RUNNING, AgendaState.STOPPED)


@operation("circulation.agenda.resume", title="Pokračování předání agendy", requires=permissions.may_steer_agenda)
def resume_agenda(*, actor: Actor, agenda: Agenda) -> Agenda:
    """Go on from where it was stopped. Raises AgendaInOtherState."""
    _change_state(agenda, AgendaState.STOPPED, AgendaState.RUNNING)
    _defer(agenda)
    return agenda


def _obstacles(leaver: Person, heir: Person, reason: str) -> list[str]:
    obstacles = [] if reason.strip() else ["Napište důvod, například odchod nebo přechod na jiné místo."]
    if heir == leaver:
        obstacles.append("Vyberte jiného člověka, než od koho agenda odchází.")
    if not heir.active:
        obstacles.append(f"{heir} už tu nepracuje.")
    if Agenda.objects.filter(leaver=leaver, state=AgendaState.RUNNING).exists():
        obstacles.append("Agenda této osoby se už předává. Počkejte, až předání skončí, nebo ho zastavte.")
    return obstacles


def _settle(actor: Actor, agenda: Agenda, item: AgendaItem, at: datetime) -> Moved | None:
    """Hand one item over in a savepoint of its own, or write down why not."""
    try:
        with transaction.atomic():
            moved = _HAND[AgendaKind(item.kind)](actor, agenda, item, at)
    except DomainError as refusal:
        item.state, item.message = AgendaItemState.REFUSED, refusal.message[:500]
        moved = None
    else:
        item.state = AgendaItemState.DONE
    item.save(update_fields=["state", "message"])
    return moved


def _document(actor: Actor, agenda: Agenda, item: AgendaItem, at: datetime) -> Document:
    document = _locked(Document, item.document_id)
    _require(
        ItemFacts(is_theirs=document.holder_id == agenda.leaver_id, is_open=DocumentState(document.state) not in FINAL)
    )
    unit = _unit_for(document.unit, agenda.heir, at)
    waiting = Handover.objects.filter(document=document, state=HandoverState.WAITING, purpose=Purpose.PROCESSING)
    waiting.update(state=HandoverState.RECALLED, decided_at=at)
    # Whoever started it gets it back when the heir returns it: the leaver is gone by then.
    Handover.objects.create(
        document=document,
        from_person=agenda.started_by,
        from_unit_id=document.unit_id,
        to_unit=unit,
        to_person=agenda.heir,
        note=f"Předání agendy: {agenda.leaver}. {agenda.reason}",
        created_at=at,
    )
    return records.place_in_unit(actor=actor, document=document, unit=unit, holder=agenda.heir)


def _file(actor: Actor, agenda: Agenda, item: AgendaItem, at: datetime) -> CaseFile:
    file = _locked(CaseFile, item.case_file_id)
    _require(ItemFacts(is_theirs=file.processor_id == agenda.leaver_id, is_open=file.state != FileState.CLOSED.value))
    return records.edit_file(actor=actor, file=file, subject=file.subject, processor=agenda.heir)


def _typed_file(actor: Actor, agenda: Agenda, item: AgendaItem, at: datetime) -> TypedFile:
    typed = _locked(TypedFile, item.typed_file_id)
    _require(ItemFacts(is_theirs=typed.processor_id == agenda.leaver_id, is_open=typed.is_open))
    return records.edit_typed_file(
        actor=actor, typed_file=typed, name=typed.name, processor=agenda.heir, shared=typed.shared
    )


def _circular(actor: Actor, agenda: Agenda, item: AgendaItem, at: datetime) -> Document:
    handover = _locked(Handover, item.handover_id)
    _require(
        ItemFacts(is_theirs=handover.to_person_id == agenda.leaver_id, is_open=handover.state == HandoverState.WAITING)
    )
    handover.to_person = agenda.heir
    handover.save(update_fields=["to_person"])
    return _shown(actor, handover.document, agenda.heir, at)


def _approval(actor: Actor, agenda: Agenda, item: AgendaItem, at: datetime) -> Document:
    approval = _locked(Approval, item.approval_id)
    document, heir = approval.document, agenda.heir
    _require(
        ItemFacts(
            is_theirs=approval.approver_id == agenda.leaver_id,
            is_open=approval.state == ApprovalState.WAITING,
            asks_approval=True,
            heir_approves=_approves(heir),
            heir_is_author=approval.requested_by_id == heir.pk,
        )
    )
    approval.approver = heir
    approval.save(update_fields=["approver"])
    return _shown(actor, document, heir, at)


def _step(actor: Actor, agenda: Agenda, item: AgendaItem, at: datetime) -> Moved:
    step = _locked(RouteStep, item.route_step_id)
    _require(
        ItemFacts(
            is_theirs=step.to_person_id == agenda.leaver_id,
            is_open=step.state in OPEN,
            asks_approval=step.purpose == StepPurpose.APPROVAL,
            heir_approves=_approves(agenda.heir),
            heir_is_author=step.route.composed_by_id == agenda.heir_id,
        )
    )
    step.to_person = agenda.heir
    step.added_because = f"místo: {agenda.leaver}. {agenda.reason}"
    step.save(update_fields=["to_person", "added_because"])
    if step.state == StepState.WAITING:
        circulating.show_to_addressee(actor, step.route, step, at)
    return cast(Moved, step.entity)


_HAND: Mapping[AgendaKind, Callable[[Actor, Agenda, AgendaItem, datetime], Moved]] = {
    AgendaKind.TYPED: _typed_file,
    AgendaKind.DOCUMENT: _document,
    AgendaKind.FILE: _file,
    AgendaKind.HANDOVER: _circular,
    AgendaKind.APPROVAL: _approval,
    AgendaKind.STEP: _step,
}


def _require(facts: ItemFacts) -> None:
    if obstacle := obstacle_to_handing(facts):
        raise errors.CannotHandOver(obstacle)


def _shown(actor: Actor, document: Document, heir: Person, at: datetime) -> Document:
    records.share(actor=actor, document=document, person=heir, reason="předání agendy", at=at)
    return document


def _approves(heir: Person) -> bool:
    return queries.approvers().filter(pk=heir.pk).exists()


def _unit_for(unit: Unit | None, heir: Person, at: datetime) -> Unit:
    """The unit that has the document when the heir works there, otherwise a records node the heir works in.

    Raises CannotHandOver when there is none.
    """
    if unit is not None and registry.people_in(unit).filter(pk=heir.pk).exists():
        return unit
    nodes = registry.records_nodes(on=at.astimezone(PRAGUE).date())
    node = nodes.filter(positions__person=heir).first()
    if node is None:
        raise errors.CannotHandOver("Přebírající nemá funkční místo v žádném útvaru, který vede spisy.")
    return node


def _locked[T: models.Model](model: type[T], pk: int | None) -> T:
    return model._default_manager.select_for_update(of=("self",)).get(pk=pk)


def _change_state(agenda: Agenda, present: AgendaState, wanted: AgendaState) -> Agenda:
    agenda.refresh_from_db(from_queryset=Agenda.objects.select_for_update(of=("self",)))
    if agenda.state != present:
        raise errors.AgendaInOtherState(agenda)
    agenda.state = wanted
    agenda.save(update_fields=["state"])
    return agenda


def _defer(agenda: Agenda) -> None:
    defer(jobs.hand_over_agenda, agenda_id=agenda.pk, only_one=f"circulation.agenda:{agenda.pk}")
