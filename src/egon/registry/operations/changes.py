"""Proposed changes: put together from a file or a directory, confirmed by a person, done in the background."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from egon.audit import log
from egon.audit.operation import operation
from egon.gateways.nsesss import CodeData, CodeListData
from egon.jobs.runs.kind import RunKind, Step
from egon.jobs.runs.states import ItemState, RunState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.registry import change_queries, permissions
from egon.registry.change_rules import (
    ACTION_NAMES,
    Change,
    ChangeAction,
    ChangeKind,
    Faulty,
    Row,
    differences,
    without_faulty,
)
from egon.registry.errors import RegistryRefused
from egon.registry.models import ChangeSet, CodeListItem, ProposedChange, Unit
from egon.registry.operations.code_lists import add_code, edit_code
from egon.registry.operations.people_changes import apply_person
from egon.registry.operations.units import create_unit, edit_unit

UNITS_LIST = "organizacni-soucasti"

CHANGES = RunKind(
    "registry.changes", ChangeSet, ProposedChange, of="změn", requires=permissions.may_administer, batch=50
)
stop_changes, resume_changes = CHANGES.stop, CHANGES.resume


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
    proposal = ChangeSet(kind=kind, source=source[:200], note=note, present_count=len(present))
    return _propose(actor, proposal, found, at, faulty=faulty)


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
    proposal = ChangeSet(kind=kind, source=source[:200], code_list=code_list, present_count=len(present))
    return _propose(actor, proposal, found, at)


@operation("registry.changes.confirm", title="Potvrzení návrhu změn", requires=permissions.may_administer)
def confirm_changes(*, actor: Actor, change_set: ChangeSet, includes_gone: bool) -> ChangeSet:
    """Have the proposed changes done; who or what the source does not have is left alone unless ``includes_gone``."""
    CHANGES.start(change_set, actor=actor)
    change_set.includes_gone = includes_gone
    if not includes_gone:
        gone = CHANGES.waiting(change_set).filter(action=ChangeAction.GONE).order_by()
        change_set.refused += gone.update(state=ItemState.REFUSED, message="Ponecháno: co ve zdroji chybí, se nemění.")
    change_set.save(update_fields=["includes_gone", "refused"])
    return change_set


@operation("registry.changes.drop", title="Zahození návrhu změn", requires=permissions.may_administer)
def drop_changes(*, actor: Actor, change_set: ChangeSet) -> ChangeSet:
    """Put a proposal aside; nothing of it happens."""
    CHANGES.change(change_set, RunState.DROPPED)
    change_set.finished_at = clock.now()
    change_set.save(update_fields=["finished_at"])
    return change_set


@CHANGES.takes
def do_change(step: Step[ChangeSet], change: ProposedChange) -> None:
    """Do one change by the operations an administrator would use."""
    _APPLY[ChangeKind(step.run.kind)](step.actor, step.run, change, step.on)


def _propose(
    actor: Actor, proposal: ChangeSet, changes: Sequence[Change], at: datetime, faulty: Sequence[Faulty] = ()
) -> ChangeSet:
    if not changes:
        raise RegistryRefused(["Zdroj se od toho, co tu je, v ničem neliší. Není co měnit."])
    proposal.proposed_at, proposal.proposed_by = at, actor.name[:200]
    CHANGES.create(proposal, [*map(_stored, changes), *map(_refused, faulty)])
    log.note(counts=[f"{name} {count}" for name, count in _counts(changes).items() if count])
    return proposal


def _refused(one: Faulty) -> ProposedChange:
    change = ProposedChange(action=ChangeAction.CHANGED, label=one.label[:200], key=one.key[:120])
    change.refuse(one.message)
    return change


def _stored(change: Change) -> ProposedChange:
    return ProposedChange(
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
