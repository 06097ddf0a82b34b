"""Proposed changes: put together from a file or a directory, confirmed by a person, done in the background."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.gateways.nsesss import CodeData, CodeListData
from egon.jobs.job import defer
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import DomainError
from egon.registry import change_queries, jobs, permissions
from egon.registry.change_rules import (
    ACTION_NAMES,
    Change,
    ChangeAction,
    ChangeKind,
    ChangeState,
    Faulty,
    Row,
    SetState,
    differences,
    without_faulty,
)
from egon.registry.errors import RegistryRefused
from egon.registry.models import ChangeSet, CodeListItem, ProposedChange, Unit
from egon.registry.operations.code_lists import add_code, edit_code
from egon.registry.operations.people_changes import apply_person
from egon.registry.operations.units import create_unit, edit_unit

BATCH = 50
UNITS_LIST = "organizacni-soucasti"


@operation(
    "registry.changes.propose_people",
    title="Návrh změn osob",
    requires=permissions.may_administer,
    unlogged=("rows", "faulty"),
)
def propose_people(
    *,
    actor: Actor,
    rows: Sequence[Row],
    source: str,
    at: datetime,
    kind: ChangeKind = ChangeKind.PEOPLE,
    faulty: Sequence[Faulty] = (),
    note: str = "",
) -> ChangeSet:
    """Compare people of a source with ours and write down what would change. Nothing changes yet.

    Who is missing in the source is told only of people known by a personal number; whom it tells of in an unusable
    way (``faulty``) is told as refused. Raises :class:`RegistryRefused` when there is no difference.
    """
    present = change_queries.people_as_rows(rows)
    found = differences(without_faulty(present, faulty), rows)
    proposal = _propose(actor, kind, source, found, len(present), at, note=note)
    ProposedChange.objects.bulk_create(_refused(proposal, one) for one in faulty)
    return proposal


@operation(
    "registry.changes.propose_codes",
    title="Návrh změn číselníku",
    requires=permissions.may_administer,
    unlogged=("codes",),
)
def propose_codes(*, actor: Actor, codes: CodeListData, code_list: str, source: str, at: datetime) -> ChangeSet:
    """Compare a code list of příloha 7 with ours (NSESSS 2.7.3); :data:`UNITS_LIST` are the units themselves."""
    kind = ChangeKind.UNITS if code_list == UNITS_LIST else ChangeKind.CODES
    today = at.astimezone(PRAGUE).date()
    present = change_queries.units_as_rows() if kind is ChangeKind.UNITS else change_queries.codes_as_rows(code_list)
    held = {row.key: row for row in present}
    wanted = [_code_row(item, held.get(item.code), today) for item in codes.items]
    found = [change for change in differences(present, wanted) if not _ended_already(change, held)]
    return _propose(actor, kind, source, found, len(present), at, code_list=code_list)


@operation("registry.changes.confirm", title="Potvrzení návrhu změn", requires=permissions.may_administer)
def confirm_changes(*, actor: Actor, change_set: ChangeSet, includes_gone: bool) -> ChangeSet:
    """Have the proposed changes done; who or what the source does not have is left alone unless ``includes_gone``."""
    _change_state(change_set, SetState.PROPOSED, SetState.RUNNING)
    change_set.includes_gone = includes_gone
    change_set.save(update_fields=["includes_gone"])
    if not includes_gone:
        gone = ProposedChange.objects.filter(change_set=change_set, action=ChangeAction.GONE)
        gone.update(state=ChangeState.REFUSED, message="Ponecháno: co ve zdroji chybí, se nemění.")
    _defer(change_set)
    return change_set


@operation("registry.changes.drop", title="Zahození návrhu změn", requires=permissions.may_administer)
def drop_changes(*, actor: Actor, change_set: ChangeSet) -> ChangeSet:
    """Put a proposal aside; nothing of it happens."""
    return _change_state(change_set, SetState.PROPOSED, SetState.DROPPED)


@operation("registry.changes.stop", title="Zastavení změn", requires=permissions.may_administer)
def stop_changes(*, actor: Actor, change_set: ChangeSet) -> ChangeSet:
    """Stop after the present batch; what was done stays done."""
    return _change_state(change_set, SetState.RUNNING, SetState.STOPPED)


@operation("registry.changes.resume", title="Pokračování změn", requires=permissions.may_administer)
def resume_changes(*, actor: Actor, change_set: ChangeSet) -> ChangeSet:
    """Go on from where it was stopped."""
    _change_state(change_set, SetState.STOPPED, SetState.RUNNING)
    _defer(change_set)
    return change_set


@operation("registry.changes.batch", title="Dávka změn", requires=only_system)
def change_batch(*, actor: Actor, change_set: ChangeSet, at: datetime) -> int:
    """Do the next changes of a confirmed proposal, each in a savepoint of its own; none left means it is finished."""
    change_set.refresh_from_db(from_queryset=ChangeSet.objects.select_for_update())
    if not change_set.is_running:
        return 0
    waiting = ProposedChange.objects.filter(change_set=change_set, state=ChangeState.WAITING)
    chosen = list(waiting.order_by("pk")[:BATCH])
    done = sum(_settle(actor, change_set, change, at) for change in chosen)
    if not waiting.exists():
        change_set.state, change_set.finished_at = SetState.FINISHED, at
        change_set.save(update_fields=["state", "finished_at"])
    log.note(done=done, refused=len(chosen) - done)
    return done


def _propose(
    actor: Actor,
    kind: ChangeKind,
    source: str,
    changes: Sequence[Change],
    present: int,
    at: datetime,
    code_list: str = "",
    note: str = "",
) -> ChangeSet:
    if not changes:
        raise RegistryRefused(["Zdroj se od toho, co tu je, v ničem neliší. Není co měnit."])
    proposal = ChangeSet.objects.create(
        kind=kind,
        source=source[:200],
        code_list=code_list,
        note=note,
        present_count=present,
        proposed_at=at,
        proposed_by=actor.name[:200],
    )
    ProposedChange.objects.bulk_create((_stored(proposal, change) for change in changes), batch_size=1000)
    log.note(counts=[f"{name} {count}" for name, count in _counts(changes).items() if count])
    return proposal


def _refused(proposal: ChangeSet, one: Faulty) -> ProposedChange:
    return ProposedChange(
        change_set=proposal,
        action=ChangeAction.CHANGED,
        label=one.label[:200],
        key=one.key[:120],
        state=ChangeState.REFUSED,
        message=one.message[:500],
    )


def _stored(proposal: ChangeSet, change: Change) -> ProposedChange:
    return ProposedChange(
        change_set=proposal,
        action=change.action,
        label=change.label[:200],
        key=change.key[:120],
        line=change.line,
        entity_id=change.entity_id,
        values=log.plain(change.values),
        differences=log.plain(change.differences),
    )


def _counts(changes: Iterable[Change]) -> Mapping[str, int]:
    counts = dict.fromkeys(ChangeAction, 0)
    for change in changes:
        counts[change.action] += 1
    return {ACTION_NAMES[action]: count for action, count in counts.items()}


def _settle(actor: Actor, proposal: ChangeSet, change: ProposedChange, at: datetime) -> bool:
    """Do one change, or write down why not."""
    apply = _APPLY[ChangeKind(proposal.kind)]
    try:
        with transaction.atomic():
            apply(actor, proposal, change, at.astimezone(PRAGUE).date())
    except DomainError as refusal:
        change.state, change.message = ChangeState.REFUSED, refusal.message[:500]
    else:
        change.state = ChangeState.DONE
    change.save(update_fields=["state", "message"])
    return change.state == ChangeState.DONE


def _code(actor: Actor, proposal: ChangeSet, change: ProposedChange, today: date) -> None:
    values = change.values
    if change.action == ChangeAction.NEW:
        add_code(
            actor=actor,
            code_list=proposal.code_list,
            code=change.key,
            name=values["name"],
            valid_from=_day(values["valid_from"]) or today,
            valid_to=_day(values["valid_to"]),
        )
        return
    item = CodeListItem.objects.filter(pk=change.entity_id or 0).first()
    if item is None:
        raise RegistryRefused(["Položka tu už není."])
    if change.action == ChangeAction.GONE:
        edit_code(actor=actor, item=item, name=item.name, valid_from=item.valid_from, valid_to=_ended(item, today))
        return
    edit_code(
        actor=actor,
        item=item,
        name=values["name"],
        valid_from=_day(values["valid_from"]) or item.valid_from,
        valid_to=_day(values["valid_to"]),
    )


def _unit(actor: Actor, proposal: ChangeSet, change: ProposedChange, today: date) -> None:
    values = change.values
    if change.action == ChangeAction.NEW:
        create_unit(
            actor=actor,
            code=change.key,
            name=values["name"],
            valid_from=_day(values["valid_from"]) or today,
            valid_to=_day(values["valid_to"]),
        )
        return
    unit = Unit.objects.filter(pk=change.entity_id or 0).select_related("parent").first()
    if unit is None:
        raise RegistryRefused(["Organizační část tu už není."])
    gone = change.action == ChangeAction.GONE
    edit_unit(
        actor=actor,
        unit=unit,
        code=unit.code,
        name=unit.name if gone else values["name"],
        parent=unit.parent,
        is_records_node=unit.is_records_node,
        valid_from=unit.valid_from if gone else _day(values["valid_from"]) or unit.valid_from,
        valid_to=_ended(unit, today) if gone else _day(values["valid_to"]),
    )


_APPLY: Mapping[ChangeKind, Callable[[Actor, ChangeSet, ProposedChange, date], None]] = {
    ChangeKind.PEOPLE: apply_person,
    ChangeKind.DIRECTORY: apply_person,
    ChangeKind.CODES: _code,
    ChangeKind.UNITS: _unit,
}


def _code_row(item: CodeData, mine: Row | None, today: date) -> Row:
    valid_to = item.valid_to
    if valid_to is None and not item.active:
        held = mine.values["valid_to"] if mine else None
        valid_to = held or today - timedelta(days=1)
    valid_from = item.valid_from or (mine.values["valid_from"] if mine else today)
    return Row(item.code, item.text, {"name": item.text, "valid_from": valid_from, "valid_to": valid_to}, item.line)


def _ended_already(change: Change, held: Mapping[str, Row]) -> bool:
    return change.action is ChangeAction.GONE and held[change.key].values["valid_to"] is not None


def _ended(thing: CodeListItem | Unit, today: date) -> date:
    """The last day of what is gone from the source: yesterday, but not before its first day."""
    return max(thing.valid_from, today - timedelta(days=1))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _change_state(change_set: ChangeSet, present: SetState, wanted: SetState) -> ChangeSet:
    change_set.refresh_from_db(from_queryset=ChangeSet.objects.select_for_update())
    if change_set.state != present:
        raise RegistryRefused([f"Návrh je ve stavu „{change_set.get_state_display()}“, nic se nezměnilo."])
    change_set.state = wanted
    if wanted == SetState.DROPPED:
        change_set.finished_at = clock.now()
    change_set.save(update_fields=["state", "finished_at"])
    return change_set


def _defer(change_set: ChangeSet) -> None:
    defer(jobs.do_changes, change_set_id=change_set.pk, only_one=f"registry.changes:{change_set.pk}")
