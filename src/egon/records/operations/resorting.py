"""Re-sorting files between classes: one at a time, or in bulk in the background (NSESSS 3.1.9, 3.2.14, 3.4.3)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.jobs.job import defer
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.events import publish
from egon.records import events, jobs, permissions
from egon.records.errors import FileNotResortable, InvalidInput, NotInThisState
from egon.records.locking import lock_file
from egon.records.models import CaseFile, RecordClass, Resorting, ResortingItem, TypedFile
from egon.records.operations.disposal_years import RESULT, fix_disposal_year, fix_disposal_years
from egon.records.operations.typed import carrying
from egon.records.operations.typed.filling import lock_place, obstacle_to_leaving
from egon.records.plan_queries import target_facts
from egon.records.rules.plan import ItemState, ResortingState, obstacle_to_resorting
from egon.records.rules.states import FileState

BATCH = 200
_CHANGED = (
    "record_class", "class_code", "volume", "disposal_mark", "retention_years", "trigger", "check_years", *RESULT,
)  # fmt: skip


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
        faults.append("Ve vybraných skupinách není žádný spis, který by se dal přetřídit.")
    if faults:
        raise InvalidInput("Přetřídění se nespustilo.", faults)
    resorting = Resorting.objects.create(
        reason=reason.strip()[:250],
        include_closed=include_closed,
        state=ResortingState.RUNNING.value,
        started_at=at or clock.now(),
        started_by=actor.name[:200],
    )
    targets = {source.pk: target.pk for source, target in moves.items()}
    ResortingItem.objects.bulk_create(
        (
            ResortingItem(resorting=resorting, file_id=file, source_id=source, target_id=targets[source])
            for file, source in found
        ),
        batch_size=2000,
    )
    log.note(files=len(found), moves=[f"{source.code} → {target.code}" for source, target in moves.items()])
    defer(jobs.resort, resorting_id=resorting.pk, only_one=f"records.resort:{resorting.pk}")
    return resorting


@operation("records.resorting.batch", title="Dávka hromadného přetřídění", requires=only_system)
def resort_batch(*, actor: Actor, resorting: Resorting, at: datetime | None = None) -> Sequence[CaseFile | TypedFile]:
    """Move the next files of a running re-sorting; none left means it is finished.

    Returns the files (and typed files) moved, so that the history of each tells of it.
    """
    at = at or clock.now()
    resorting.refresh_from_db(from_queryset=Resorting.objects.select_for_update())
    if resorting.state != ResortingState.RUNNING:
        return []
    waiting = ResortingItem.objects.filter(resorting=resorting, state=ItemState.WAITING.value)
    of_files = not waiting.filter(typed_file__isnull=False).exists()
    shown = waiting.select_related("resorting", "typed_file", "target__plan", "target__disposal_regime").order_by("pk")
    items = list(shown[: BATCH if of_files else carrying.BATCH])
    moved = _move_files(items, at) if of_files else _move_typed_files(items, at)
    _save_alike(items, ("state", "message"))
    if not waiting.exists():
        resorting.state, resorting.finished_at = ResortingState.FINISHED.value, at
        resorting.save(update_fields=["state", "finished_at"])
    refused = sum(item.state == ItemState.REFUSED for item in items)
    done = len(items) - refused
    log.note(started_by=resorting.started_by, reason=resorting.reason, moved=done, refused=refused)
    publish(events.FilesResorted(tuple(file.pk for file in moved)))
    done_typed = [item.typed_file for item in items if item.typed_file and item.state == ItemState.DONE]
    return [*moved, *done_typed]


@operation("records.resorting.stop", title="Zastavení hromadného přetřídění", requires=permissions.may_configure)
def stop_resorting(*, actor: Actor, resorting: Resorting) -> Resorting:
    """Stop after the present batch; what was moved stays moved."""
    return _change_state(resorting, ResortingState.RUNNING, ResortingState.STOPPED)


@operation("records.resorting.resume", title="Pokračování hromadného přetřídění", requires=permissions.may_configure)
def resume_resorting(*, actor: Actor, resorting: Resorting) -> Resorting:
    """Go on with a stopped re-sorting from where it was."""
    _change_state(resorting, ResortingState.STOPPED, ResortingState.RUNNING)
    defer(jobs.resort, resorting_id=resorting.pk, only_one=f"records.resort:{resorting.pk}")
    return resorting


def _move_files(items: Sequence[ResortingItem], at: datetime) -> list[CaseFile]:
    by_pk = CaseFile.objects.select_for_update().in_bulk([item.file_id for item in items])
    moved = [by_pk[item.file_id] for item in items if _moves(item, by_pk[item.file_id], at)]
    fix_disposal_years(moved)
    _save_alike(moved, _CHANGED)
    return moved


def _move_typed_files(items: Sequence[ResortingItem], at: datetime) -> list[CaseFile]:
    on = at.astimezone(PRAGUE).date()
    return [file for item in items for file in carrying.carry(item, on=on)]


def _moves(item: ResortingItem, file: CaseFile, at: datetime) -> bool:
    obstacle = obstacle_to_resorting(
        target=target_facts(item.target, on=at.astimezone(PRAGUE).date()),
        is_closed=file.state == FileState.CLOSED,
        is_in_source=file.record_class_id == item.source_id and file.volume_id is None,
        is_in_target=file.record_class_id == item.target_id,
        allows_closed=item.resorting.include_closed,
    )
    item.state = (ItemState.REFUSED if obstacle else ItemState.DONE).value
    item.message = obstacle[:250]
    if not obstacle:
        _place(file, item.target)
    return not obstacle


def _save_alike(rows: Sequence[CaseFile] | Sequence[ResortingItem], names: Sequence[str]) -> None:
    """Save the named columns, one statement for all rows that are to hold the same (most of a batch does)."""
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    columns = [field.attname for field in rows[0]._meta.concrete_fields if field.name in names] if rows else []
    for row in rows:
        alike[tuple(getattr(row, column) for column in columns)].append(row.pk)
    for values, keys in alike.items():
        type(rows[0])._default_manager.filter(pk__in=keys).update(**dict(zip(columns, values, strict=True)))


def _place(file: CaseFile, target: RecordClass) -> None:
    """The code and the regime of the new class (NSESSS 6.1.12)."""
    regime = target.disposal_regime
    if regime is None:
        raise ValueError(f"class {target} has no regime")
    file.record_class, file.class_code, file.volume = target, target.code, None
    file.disposal_mark, file.retention_years = regime.mark, regime.years
    file.trigger, file.check_years = regime.trigger, regime.check_years


def _change_state(resorting: Resorting, present: ResortingState, wanted: ResortingState) -> Resorting:
    resorting.refresh_from_db(from_queryset=Resorting.objects.select_for_update())
    if resorting.state != present:
        raise NotInThisState(f"Přetřídění je ve stavu „{ResortingState(resorting.state).label}“, nic se nezměnilo.")
    resorting.state = wanted.value
    resorting.save(update_fields=["state"])
    return resorting
