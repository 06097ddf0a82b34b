"""Typed files re-sorted into another class by mapped templates, in the background (NSESSS 3.3.4, 3.3.7, 3.4.3)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, permissions, typed_queries
from egon.records.errors import InvalidInput
from egon.records.models import (
    CaseFile,
    RecordClass,
    Resorting,
    ResortingItem,
    TypedFile,
    TypedSection,
    Volume,
)
from egon.records.operations.disposal_years import RESULT, fix_disposal_years
from egon.records.operations.resorting_runs import RESORTING
from egon.records.operations.typed.founding import add_sections
from egon.records.operations.typed.volumes import PLACED, place_in_volume
from egon.records.rules.states import UNCLOSED, FileState
from egon.records.rules.typed import VolumeState


@operation(
    "records.resorting.start_typed",
    title="Hromadné přetřídění typových spisů",
    requires=permissions.may_configure,
    unlogged=("typed_files",),
)
def start_typed_resorting(
    *,
    actor: Actor,
    source: RecordClass,
    target: RecordClass,
    reason: str,
    typed_files: Collection[int] | None = None,
    at: datetime | None = None,
) -> Resorting:
    """Start moving open typed files of a class into another, all or those chosen; templates must be mapped (3.3.4).

    What cannot move is reported one by one and the rest is finished. Raises :class:`InvalidInput` with every fault.
    """
    faults = [] if reason.strip() else ["Napište, proč se typové spisy přetřiďují."]
    faults += typed_queries.faults_between(source, target)
    if not target.is_open(clock.today()):
        faults.append(f"Skupina {target} není otevřená (NSESSS 3.1.8).")
    chosen = typed_queries.open_typed_files_in(source).order_by("pk")
    if typed_files is not None:
        chosen = chosen.filter(pk__in=typed_files)
    found = list(chosen.values_list("pk", flat=True))
    if not found:
        faults.append("Není vybraný žádný otevřený typový spis.")
    if faults:
        raise InvalidInput("Přetřídění se nespustilo.", faults)
    items = (ResortingItem(typed_file_id=pk, source=source, target=target) for pk in found)
    resorting = RESORTING.launch(Resorting(reason=reason.strip()[:250]), items, actor=actor, at=at)
    log.note(files=len(found), moves=[f"{source.code} → {target.code}"])
    return resorting


def carry(item: ResortingItem, *, on: date) -> list[CaseFile]:
    """Move one typed file as its item says; the item tells how it ended. Returns the files in it, to be found anew."""
    typed_file = TypedFile.objects.select_for_update().get(pk=item.typed_file_id or 0)
    obstacle = _obstacle(item, typed_file, on)
    if obstacle:
        item.refuse(obstacle)
        return []
    return move_typed_file(typed_file, item.target, on)


def move_typed_file(typed_file: TypedFile, target: RecordClass, on: date) -> list[CaseFile]:
    """Put a typed file into another class by the mapping of its template (NSESSS 3.3.4).

    Volumes stay in their sections, which get the new codes; closed volumes and closed files keep their regimes, open
    files in open volumes take over the new one, and sections that only the new template has open with an empty volume.
    """
    pairs = typed_queries.mapping_between(typed_file.record_class, target)
    sections = list(TypedSection.objects.select_for_update().filter(typed_file=typed_file).order_by("pk"))
    templates = {one.pk: one for one in typed_queries.template_of(target)}
    for section in sections:
        section.template = templates[pairs[section.template_id]]
        section.save(update_fields=["template"])
    typed_file.record_class, typed_file.class_code = target, target.code
    typed_file.save(update_fields=["record_class", "class_code"])
    add_sections(typed_file, list(templates.values()), on)
    files = _move_files(typed_file, {section.pk: section for section in sections})
    publish(events.TypedFileChanged(typed_file.pk))
    return files


def _move_files(typed_file: TypedFile, sections: Mapping[int, TypedSection]) -> list[CaseFile]:
    volumes = {one.pk: one for one in Volume.objects.filter(section__in=sections)}
    for volume in volumes.values():
        volume.section = sections[volume.section_id]
        volume.section.typed_file = typed_file
        regime = volume.section.template.disposal_regime
        if volume.state == VolumeState.OPEN and regime is not None:
            volume.disposal_mark, volume.retention_years = regime.mark, regime.years
            volume.trigger, volume.check_years = regime.trigger, regime.check_years
            volume.save(update_fields=["disposal_mark", "retention_years", "trigger", "check_years"])
    # The header of a destroyed file never changes.
    kept = CaseFile.objects.select_for_update().exclude(state=FileState.DESTROYED.value)
    files = list(kept.filter(volume__in=volumes).order_by("pk"))
    for file in files:
        volume = volumes[file.volume_id or 0]
        if file.state not in UNCLOSED:
            file.record_class, file.class_code = typed_file.record_class, volume.section.template.code
        else:
            place_in_volume(file, volume)
    unclosed = [file for file in files if file.state in UNCLOSED]
    fix_disposal_years(unclosed)
    CaseFile.objects.bulk_update(files, [*PLACED, *RESULT], batch_size=500)
    return files


def _obstacle(item: ResortingItem, typed_file: TypedFile, on: date) -> str:
    if typed_file.record_class_id != item.source_id:
        return "Typový spis mezitím někdo přetřídil jinam."
    if not typed_file.is_open:
        return "Typový spis mezitím někdo uzavřel; přetřiďují se jen otevřené (NSESSS 3.3.4)."
    if not item.target.is_open(on):
        return f"Skupina {item.target.code} není otevřená (NSESSS 3.1.8)."
    return " ".join(typed_queries.faults_between(typed_file.record_class, item.target))
