"""Years of events that nobody can know beforehand: recorded, or asked about again later (NSESSS 6.1.6, 6.1.9)."""

from collections.abc import Sequence
from datetime import date

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, permissions
from egon.records.claims import claims_of
from egon.records.errors import InvalidInput
from egon.records.locking import lock_file
from egon.records.models import CaseFile, TypedSection, Volume
from egon.records.operations.disposal_years import RESULT, fix_disposal_year, fix_volume
from egon.records.rules.retention import EARLIEST_BIRTH, KNOWN_LATER, LONGEST_RETENTION, faults_of_trigger_year
from egon.records.rules.states import FileState
from egon.records.rules.typed import VolumeState


@operation("records.file.trigger_year", title="Rok spouštěcí události", requires=permissions.may_appraise)
def record_trigger_year(*, actor: Actor, files: Sequence[CaseFile], year: int, today: date) -> Sequence[CaseFile]:
    """Record that the event of these files came in a year, at any time also before they are closed (NSESSS 6.1.9).

    For a file that waits for several events (its own and those of kinds of documents in it) it is the year of the last
    one. A closed file gets its year of disposal. Raises :class:`InvalidInput` with every fault; then nothing changed.
    """
    faults: list[str] = [] if files else ["Neoznačili jste žádný spis."]
    for file in files:
        lock_file(file)
        triggers = [claim.trigger for claim in claims_of([file])[file.pk]]
        faults += faults_of_trigger_year(str(file), triggers, year=year, opened_on=file.opened_on, today=today)
    if faults:
        raise InvalidInput("Rok spouštěcí události se nezapsal.", faults)
    log.note(previous={str(file): file.trigger_year for file in files if file.trigger_year})
    for file in files:
        _record(file, year)
    _fix_volumes(files)
    return files


@operation("records.typed.trigger_year", title="Rok spouštěcí události součásti", requires=permissions.may_appraise)
def record_section_trigger_year(*, actor: Actor, section: TypedSection, year: int, today: date) -> Sequence[CaseFile]:
    """Record the year of an event for everything in a section that waits for one and has none (NSESSS 6.1.9).

    Files opened only after that year are left out. Returns the files that got the year. Raises :class:`InvalidInput`
    when nothing waits for it; then nothing changed.
    """
    waiting = list(Volume.objects.filter(section=section, trigger__in=KNOWN_LATER, trigger_year__isnull=True))
    files = [
        file
        for file in CaseFile.objects.select_for_update()
        .filter(volume__section=section, trigger_year__isnull=True, opened_on__year__lte=year)
        .select_related("volume")
        .order_by("pk")
        if any(claim.trigger in KNOWN_LATER for claim in claims_of([file])[file.pk])
    ]
    faults = [] if EARLIEST_BIRTH <= year <= today.year else [f"Rok události musí být nejvýš {today.year}."]
    if not files and not waiting:
        faults.append(f"V součásti {section} na rok události nic nečeká.")
    if faults:
        raise InvalidInput("Rok spouštěcí události se nezapsal.", faults)
    for volume in waiting:
        volume.trigger_year = year
        volume.save(update_fields=["trigger_year"])
    for file in files:
        _record(file, year)
    _fix_volumes(files, waiting)
    return files


@operation("records.file.trigger_later", title="Událost zatím nenastala", requires=permissions.may_appraise)
def postpone_trigger_check(*, actor: Actor, files: Sequence[CaseFile], years: int, today: date) -> Sequence[CaseFile]:
    """Confirm that the event has not come yet; it is asked about again after some years (NSESSS 6.1.9 písm. b).

    Raises :class:`InvalidInput` with every fault; then no file has changed.
    """
    faults: list[str] = [] if files else ["Neoznačili jste žádný spis."]
    if not 1 <= years <= LONGEST_RETENTION:
        faults.append(f"Zeptat se znovu jde za 1 až {LONGEST_RETENTION} let.")
    for file in files:
        lock_file(file)
        if file.state != FileState.CLOSED or file.disposal_year is not None:
            faults.append(f"Spis {file} na žádnou událost nečeká.")
    if faults:
        raise InvalidInput("Kontrola se neodložila.", faults)
    for file in files:
        file.trigger_check_year = today.year + years
        file.save(update_fields=["trigger_check_year"])
        publish(events.FileChanged(file.pk))
    return files


def _record(file: CaseFile, year: int) -> None:
    file.trigger_year = year
    fix_disposal_year(file)
    file.save(update_fields=["trigger_year", *RESULT])
    publish(events.FileChanged(file.pk))


def _fix_volumes(files: Sequence[CaseFile], volumes: Sequence[Volume] = ()) -> None:
    """Closed volumes that the files are in, and those given: their results may be known now."""
    touched = {one.pk for one in volumes} | {file.volume_id for file in files if file.volume_id is not None}
    for volume in Volume.objects.filter(pk__in=touched, state=VolumeState.CLOSED.value).order_by("pk"):
        fix_volume(volume)
