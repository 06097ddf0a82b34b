"""Re-sorting files between classes: one at a time, or in bulk in the background (NSESSS 3.1.9, 3.2.14, 3.4.3)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from egon.audit import log
from egon.audit.operation import operation
from egon.jobs.runs.kind import Step, save_alike
from egon.jobs.runs.states import ItemState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, permissions
from egon.records.errors import FileNotResortable, InvalidInput
from egon.records.locking import lock_file
from egon.records.models import CaseFile, RecordClass, Resorting, ResortingItem, TypedFile
from egon.records.operations.disposal_years import RESULT, fix_disposal_year, fix_disposal_years
from egon.records.operations.resorting_runs import RESORTING
from egon.records.operations.typed import carrying
from egon.records.operations.typed.filling import lock_place, obstacle_to_leaving
from egon.records.plan_queries import target_facts
from egon.records.rules.plan import obstacle_to_resorting
from egon.records.rules.states import FileState

_CHANGED = (
    "record_class", "class_code", "volume", "disposal_mark", "retention_years", "trigger", "check_years", *RESULT,
)  # fmt: skip
NOTHING = "Ve vybraných skupinách není žádný spis, který by se dal přetřídit."
ONLY_WITH_CLOSED = "Uzavřené spisy se přetřídí, jen když to správce spisovny u přetřídění zaškrtne."


@operation("records.file.resort", title="Přetřídění spisu", requires=permissions.may_resort_file)
def resort_file(*, actor: Actor, file: CaseFile, target: RecordClass, reason: str) -> CaseFile:
    """Put a file into another class; it takes over its code and regime (NSESSS 3.4.4, 6.1.12).

    How its documents are numbered stays as it was (3.4.9). It leaves the open volume of a typed file, not a closed one
    (3.4.6). Raises :class:`FileNotResortable`, :class:`InvalidInput`.
    """
    if not reason.strip():
        raise InvalidInput(f"Spis {file} zůstal, kde byl.", ["Napište, proč se spis přetřiďuje."])
    lock_place(file)
    lock_file(file)
    obstacle = obstacle_to_leaving(file) or obstacle_to_resorting(
        target=target_facts(target, on=clock.today()),
        is_closed=file.state == FileState.CLOSED,
        is_in_source=True,
        is_in_target=file.record_class_id == target.pk,
        allows_closed=True,
    )
    if obstacle:
        raise FileNotResortable(f"Spis {file} se nepřetřídil.", [obstacle])
    log.note(previous_class=str(file.record_class), previous_regime=file.regime)
    _place(file, target)
    fix_disposal_year(file)
    file.save(update_fields=list(_CHANGED))
    publish(events.FileChanged(file.pk))
    return file


@operation(
    "records.resorting.start",
    title="Hromadné přetřídění spisů",
    requires=permissions.may_resort,
    unlogged=("moves", "files"),
)
def start_resorting(
    *,
    actor: Actor,
    moves: Mapping[RecordClass, RecordClass],
    reason: str,
    include_closed: bool = False,
    files: Collection[int] | None = None,
    at: datetime | None = None,
) -> Resorting:
    """Start moving the files of some classes into others, in the background; ``files`` limits it to those marked.

    What the records keeper chose of closed files holds for all (NSESSS 3.4.5). Files that cannot move are reported
    one by one and the rest is finished. Raises :class:`InvalidInput` when there is nothing to move.
    """
    faults = [] if reason.strip() else ["Napište, proč se spisy přetřiďují."]
    faults += [f"Do skupiny {target} se spisy nevkládají." for target in moves.values() if not target.holds_files]
    chosen = CaseFile.objects.filter(record_class__in=list(moves), volume__isnull=True)
    if not include_closed:
        chosen = chosen.exclude(state=FileState.CLOSED.value)
    if files is not None:
        chosen = chosen.filter(pk__in=files)
    found = list(chosen.order_by("pk").values_list("pk", "record_class_id"))
    if not found:
        faults.append(NOTHING if include_closed else f"{NOTHING} {ONLY_WITH_CLOSED}")
    if faults:
        raise InvalidInput("Přetřídění se nespustilo.", faults)
    targets = {source.pk: target.pk for source, target in moves.items()}
    items = (ResortingItem(file_id=file, source_id=source, target_id=targets[source]) for file, source in found)
    resorting = Resorting(reason=reason.strip()[:250], include_closed=include_closed)
    RESORTING.launch(resorting, items, actor=actor, at=at)
    log.note(files=len(found), moves=[f"{source.code} → {target.code}" for source, target in moves.items()])
    return resorting


@RESORTING.takes_all
def resort_items(step: Step[Resorting], items: Sequence[ResortingItem]) -> list[CaseFile | TypedFile]:
    """Move files, or typed files with all in them."""
    files = _move_files(step, items) if items[0].file_id else _move_typed_files(step, items)
    publish(events.FilesResorted(tuple(file.pk for file in files)))
    typed = [item.typed_file for item in items if item.typed_file and item.state != ItemState.REFUSED]
    return [*files, *typed]


def _move_files(step: Step[Resorting], items: Sequence[ResortingItem]) -> list[CaseFile]:
    by_pk = CaseFile.objects.select_for_update().in_bulk([item.file_id for item in items])
    moved = [by_pk[item.file_id] for item in items if _moves(step, item, by_pk[item.file_id])]
    fix_disposal_years(moved)
    save_alike(moved, _CHANGED)
    return moved


def _move_typed_files(step: Step[Resorting], items: Sequence[ResortingItem]) -> list[CaseFile]:
    return [file for item in items for file in carrying.carry(item, on=step.on)]


def _moves(step: Step[Resorting], item: ResortingItem, file: CaseFile) -> bool:
    obstacle = obstacle_to_resorting(
        target=target_facts(item.target, on=step.on),
        is_closed=file.state == FileState.CLOSED,
        is_in_source=file.record_class_id == item.source_id and file.volume_id is None,
        is_in_target=file.record_class_id == item.target_id,
        allows_closed=step.run.include_closed,
    )
    if obstacle:
        item.refuse(obstacle)
    else:
        _place(file, item.target)
    return not obstacle


def _place(file: CaseFile, target: RecordClass) -> None:
    """The code and the regime of the new class (NSESSS 6.1.12)."""
    regime = target.disposal_regime
    if regime is None:
        raise ValueError(f"class {target} has no regime")
    file.record_class, file.class_code, file.volume = target, target.code, None
    file.disposal_mark, file.retention_years = regime.mark, regime.years
    file.trigger, file.check_years = regime.trigger, regime.check_years
