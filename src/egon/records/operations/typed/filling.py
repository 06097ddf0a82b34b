"""Files in sections of typed files: put in, moved, and back where they came from (NSESSS 3.3.10, 4.1.3, 4.1.4)."""

from datetime import date

from django.db.models import Q

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, permissions
from egon.records.errors import FileNotResortable
from egon.records.joined import group_of
from egon.records.locking import lock_file
from egon.records.models import CaseFile, CrossReference, TypedSection
from egon.records.operations.disposal_years import RESULT, fix_disposal_years
from egon.records.operations.typed.volumes import PLACED, current_volume, lock_section, place_in_volume
from egon.records.rules.typed import VolumeState


@operation(
    "records.file.put_in_section", title="Vložení spisu do typového spisu", requires=permissions.may_put_in_section
)
def put_file_in_section(
    *, actor: Actor, file: CaseFile, section: TypedSection, reason: str, on: date | None = None
) -> list[CaseFile]:
    """Put a file into the open volume of a section; it takes over its code and regime (NSESSS 3.3.10, 6.1.12).

    Files joined to it by fixed references go along and the references end (4.1.3, 4.1.4). How documents are numbered
    stays (3.4.9). Returns the files moved. Raises :class:`FileNotResortable` with every obstacle.
    """
    on = on or clock.today()
    files = sorted(group_of(file), key=lambda one: one.pk)
    _lock_places(files, section)
    for one in files:
        lock_file(one)
    faults = [] if reason.strip() else ["Napište, proč se spis přetřiďuje."]
    faults += _obstacles_of_section(section, on)
    faults += [fault for one in files if (fault := _obstacle_of_file(one, section))]
    if faults:
        raise FileNotResortable(f"Spis {file} se do typového spisu nevložil.", faults)
    volume = current_volume(section, on=on)
    log.note(previous={str(one): f"{one.class_code} {one.regime}" for one in files})
    for one in files:
        place_in_volume(one, volume)
    _unjoin(files)
    fix_disposal_years(files)
    for one in files:
        one.save(update_fields=[*PLACED, *RESULT])
        publish(events.FileChanged(one.pk))
    return files


def obstacle_to_leaving(file: CaseFile) -> str:
    """Why a file cannot leave its volume, in Czech; empty when it can or is in none (NSESSS 3.4.6)."""
    if file.volume is not None and file.volume.state != VolumeState.OPEN:
        return f"Spis {file} je v uzavřeném dílu typového spisu, vyjmout ho z něj nejde (NSESSS 3.4.6)."
    return ""


def lock_place(file: CaseFile) -> None:
    """Lock the section a file is in, before the file itself; nothing for a file in a class."""
    if file.volume is not None:
        lock_section(file.volume.section)


def _lock_places(files: list[CaseFile], section: TypedSection) -> None:
    sections = {one.volume.section_id: one.volume.section for one in files if one.volume is not None}
    sections[section.pk] = section
    for pk in sorted(sections):
        lock_section(sections[pk])


def _obstacles_of_section(section: TypedSection, on: date) -> list[str]:
    if not section.template.is_leaf:
        return [f"Součást {section} obsahuje jiné součásti, vyberte některou z nich (NSESSS 3.3.3)."]
    if not section.is_open:
        return [f"Součást {section} je uzavřená (NSESSS 3.3.16)."]
    record_class = section.typed_file.record_class
    if not record_class.is_open(on):
        return [f"Věcná skupina {record_class} není otevřená (NSESSS 3.1.8)."]
    return []


def _obstacle_of_file(file: CaseFile, section: TypedSection) -> str:
    if file.volume is not None and file.volume.section_id == section.pk and file.volume.state == VolumeState.OPEN:
        return f"Spis {file} už v této součásti je."
    return obstacle_to_leaving(file)


def _unjoin(files: list[CaseFile]) -> None:
    pks = [one.pk for one in files]
    joined = CrossReference.objects.filter(Q(file__in=pks) | Q(to_file__in=pks), fixed=True)
    ended = [str(one) for one in joined.select_related("file", "to_file")]
    if ended:
        log.note(ended_references=ended)
        joined.delete()
