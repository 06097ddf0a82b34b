"""Volumes: opened with the section's regime, closed by time, an empty one destroyed (NSESSS 3.3.14, 3.3.15, 3.3.19)."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db.models import Max

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, own_metadata
from egon.records.errors import NotInThisState
from egon.records.models import CaseFile, StoredPaper, TypedSection, Volume
from egon.records.operations.disposal_years import fix_volume
from egon.records.rules.states import UNCLOSED
from egon.records.rules.typed import Period, VolumeState, last_day, next_opening
from egon.tenancy.models import TenantModel
from egon.tenancy.scope import current_tenant_id

WHY_DESTROYED: Final = "díl byl při uzavření prázdný (NSESSS 3.3.14)"
WHY_EMPTIED: Final = "díl se vyprázdnil znovuotevřením posledního spisu (NSESSS 3.4.6)"
PLACED: Final = ("volume", "record_class", "class_code", "disposal_mark", "retention_years", "trigger", "check_years")
"""Columns of a file that its volume gives it."""


@operation("records.typed.roll", title="Uzavření dílu a otevření dalšího", requires=only_system)
def roll_volume(*, actor: Actor, section: TypedSection, on: date) -> Sequence[TenantModel]:
    """Close the open volume of a section when its period is over, and open the next one.

    Files that are not closed go into the new volume first (3.3.15, 3.4.2), so a closed one holds closed files only; an
    empty one is destroyed but for its header (3.3.14). The volume closes with the last day of its period, however late
    this runs; periods in which nothing ran are passed over. Returns the volumes and the files moved; nothing when
    somebody was faster.
    """
    lock_section(section)
    old = open_volume_of(section)
    if old is None or old.ends_on is None or old.ends_on >= on:
        return []
    template = section.template
    opens = next_opening(Period(template.period), template.period_years, old.ends_on, on)
    old.state = VolumeState.CLOSED.value  # before the next one is open: there may be only one
    old.save(update_fields=["state"])
    new = start_volume(section, opens)
    moved = list(CaseFile.objects.select_for_update().filter(volume=old, state__in=UNCLOSED))
    for file in moved:
        place_in_volume(file, new)
    CaseFile.objects.bulk_update(moved, PLACED, batch_size=500)
    finish(old, old.ends_on, WHY_DESTROYED)
    log.note(files_moved=len(moved), empty_volume_destroyed=old.state == VolumeState.DESTROYED)
    publish(events.FilesResorted(tuple(file.pk for file in moved)))
    return [old, new, *moved]


def lock_section(section: TypedSection) -> None:
    """Lock the section: nobody opens, closes or fills its volumes meanwhile. Locked before any file in it."""
    section.refresh_from_db(from_queryset=TypedSection.objects.select_for_update())


def open_volume_of(section: TypedSection) -> Volume | None:
    """The volume that takes files in; None in a closed section or one that groups others."""
    return Volume.objects.filter(section=section, state=VolumeState.OPEN.value).first()


def start_volume(section: TypedSection, opened_on: date) -> Volume:
    """Open the next volume; it gets the regime of the section (NSESSS 3.3.19, 6.1.3 písm. c)."""
    template = section.template
    regime = template.disposal_regime
    if regime is None:
        raise ValueError(f"section {section} holds other sections")
    last = Volume.objects.filter(section=section).aggregate(last=Max("number"))["last"] or 0
    return Volume.objects.create(
        section=section,
        number=last + 1,
        opened_on=opened_on,
        ends_on=last_day(Period(template.period), template.period_years, opened_on),
        disposal_mark=regime.mark,
        retention_years=regime.years,
        trigger=regime.trigger,
        check_years=regime.check_years,
    )


def roll_if_due(section: TypedSection, on: date) -> None:
    """Close the volume of a locked section when its period is over; otherwise nothing is done and nothing logged."""
    volume = open_volume_of(section)
    if volume is not None and volume.ends_on is not None and volume.ends_on < on:
        roll_volume(actor=Actor.system(current_tenant_id()), section=section, on=on)


def current_volume(section: TypedSection, *, on: date) -> Volume:
    """The volume into which files go on a day; one whose period is over is closed first.

    Raises :class:`NotInThisState` for a closed section and for one that holds other sections (NSESSS 3.3.16).
    """
    lock_section(section)
    roll_if_due(section, on)
    volume = open_volume_of(section)
    if volume is None:
        reason = "je uzavřená" if section.template.is_leaf else "obsahuje jiné součásti, vyberte některou z nich"
        raise NotInThisState(f"Součást {section} {reason}; spis do ní vložit nejde (NSESSS 3.3.16).")
    return volume


def place_in_volume(file: CaseFile, volume: Volume) -> None:
    """Give a file the place and the regime of a volume (NSESSS 6.1.3 písm. d); the caller saves :data:`PLACED`."""
    section = volume.section
    file.volume, file.record_class = volume, section.typed_file.record_class
    file.class_code = section.template.code
    file.disposal_mark, file.retention_years = volume.disposal_mark, volume.retention_years or 0
    file.trigger, file.check_years = volume.trigger, volume.check_years


def finish(volume: Volume, closed_on: date, why_empty: str) -> None:
    """Close a volume whose files are all closed: conflicts of regimes are resolved (6.1.8); destroy an empty one."""
    if not volume.files.exists():
        destroy_empty(volume, closed_on, why_empty)
        return
    volume.state, volume.closed_on = VolumeState.CLOSED.value, closed_on
    volume.save(update_fields=["state", "closed_on"])
    fix_volume(volume)


def destroy_empty(volume: Volume, on: date, why: str) -> None:
    """Destroy a volume without files; what příloha 8 calls its header stays (NSESSS 3.3.14, 3.4.6)."""
    volume.state, volume.destroyed_on, volume.destroyed_why = VolumeState.DESTROYED.value, on, why
    volume.opened_on = volume.ends_on = volume.closed_on = None
    volume.disposal_mark = volume.trigger = volume.resolved_mark = volume.paper_note = ""
    volume.retention_years = volume.check_years = volume.trigger_year = volume.disposal_year = None
    StoredPaper.objects.filter(volume=volume).delete()
    own_metadata.forget(volume)
    volume.save()
