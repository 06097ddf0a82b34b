"""Fixed cross-references: a file is joined to another one and shares its class and disposal (NSESSS 4.1.2 to 4.1.6)."""

from collections.abc import Sequence
from datetime import date

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, permissions
from egon.records.claims import claims_of
from egon.records.errors import FileNotJoinable
from egon.records.joined import group_of
from egon.records.locking import lock_file
from egon.records.models import CaseFile, CrossReference
from egon.records.operations.disposal_years import RESULT, fix_disposal_years
from egon.records.queries import settings_of_originator
from egon.records.rules.conflicts import is_conflict
from egon.records.rules.joining import FileToJoin, JoinedInto, leading, obstacles_to_joining
from egon.records.rules.states import FileState
from egon.tenancy.scope import current_tenant_id


@operation("records.file.join", title="Pevné připojení spisu k jinému", requires=permissions.may_join)
def join_files(*, actor: Actor, file: CaseFile, to_file: CaseFile, on: date, reason: str = "") -> CrossReference:
    """Join a file to another one by a fixed cross-reference (NSESSS 4.1.2).

    At most one of all so joined may be open. When all are closed they go into one class at once, otherwise when the
    open one is closed (4.1.4). Raises :class:`FileNotJoinable` with every obstacle.
    """
    for one in sorted((file, to_file), key=lambda one: one.pk):
        lock_file(one)
    obstacles = obstacles_to_joining(_facts_of(group_of(file)), _facts_of(group_of(to_file)))
    if obstacles:
        raise FileNotJoinable(f"Spisy {file} a {to_file} se nespojily.", obstacles)
    reference = CrossReference.objects.create(
        file=file, to_file=to_file, fixed=True, reason=reason.strip()[:250], made_on=on, made_by=actor.name[:200]
    )
    unite(file)
    return reference


@operation("records.file.unite", title="Přetřídění spojených spisů", requires=only_system)
def bring_together(*, actor: Actor, files: Sequence[CaseFile]) -> Sequence[CaseFile]:
    """Put closed joined files into the class of one of them and give all one result of their regimes (4.1.4, 4.1.5).

    Each keeps the regime it had, so that a conflict put off for want of a year can be resolved later (6.1.8).
    """
    for file in files:
        lock_file(file)
    chosen = leading(_facts_of(files), JoinedInto(settings_of_originator().joined_into))
    target = next(file.record_class for file in files if file.pk == chosen.pk)
    moved = [file for file in files if file.record_class_id != target.pk]
    log.note(target=str(target), previous={str(file): file.class_code for file in moved})
    for file in moved:
        file.record_class, file.class_code = target, target.code
    fix_disposal_years(files)
    for file in files:
        file.save(update_fields=["record_class", "class_code", *RESULT])
        publish(events.FileChanged(file.pk))
    return files


def unite(file: CaseFile) -> None:
    """Bring a file and those joined to it together once all are closed; nothing for a file that stands alone."""
    files = group_of(file)
    if len(files) > 1 and all(one.state == FileState.CLOSED for one in files):
        bring_together(actor=Actor.system(current_tenant_id()), files=files)


def open_among_joined(file: CaseFile) -> CaseFile | None:
    """The file that is open among those joined to this one."""
    return next((one for one in group_of(file) if one.pk != file.pk and one.state != FileState.CLOSED), None)


def _facts_of(files: Sequence[CaseFile]) -> list[FileToJoin]:
    claims = claims_of(files)
    return [
        FileToJoin(
            pk=file.pk,
            file_mark=file.file_mark,
            opened_on=file.opened_on,
            is_closed=file.state == FileState.CLOSED,
            in_volume=file.volume_id is not None,
            awaits_event=file.disposal_year is None and is_conflict(claims[file.pk]),
        )
        for file in files
    ]
