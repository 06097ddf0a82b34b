"""Typed files and their sections closed and opened again (NSESSS 3.2.13, 3.3.12, 3.3.13, 3.4.2, 3.4.6)."""

from collections.abc import Sequence
from datetime import date

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, own_metadata, permissions, typed_queries
from egon.records.errors import InvalidInput, NotInThisState, TypedFileNotClosable, TypedFileNotOpenable
from egon.records.models import CaseFile, TypedFile, TypedSection, Volume
from egon.records.operations.disposal_years import fix_volume
from egon.records.operations.typed.carrying import move_typed_file
from egon.records.operations.typed.founding import lock_typed_file
from egon.records.operations.typed.volumes import (
    PLACED,
    WHY_DESTROYED,
    WHY_EMPTIED,
    current_volume,
    destroy_empty,
    finish,
    lock_section,
    open_volume_of,
    place_in_volume,
    roll_if_due,
    start_volume,
)
from egon.records.rules.typed import TypedState, VolumeState, told
from egon.tenancy.scope import current_tenant_id


@operation("records.typed.close", title="Uzavření typového spisu", requires=permissions.may_work_on_typed_file)
def close_typed_file(*, actor: Actor, typed_file: TypedFile, on: date) -> TypedFile:
    """Close a typed file: first its volumes and sections from the bottom up, then itself (NSESSS 3.3.12, 3.4.2).

    Raises :class:`TypedFileNotClosable` while any file in it is not closed (3.3.13), or a required own field of it
    or of its sections is empty (9.1.1).
    """
    lock_typed_file(typed_file)
    sections = [row.section for row in typed_queries.section_rows(typed_file)]
    obstacles = [] if typed_file.is_open else ["Typový spis už je uzavřený."]
    obstacles += _open_files(sections)
    obstacles += own_metadata.obstacles_of([typed_file, *(one for one in sections if one.is_open)])
    if obstacles:
        raise TypedFileNotClosable(f"Typový spis {typed_file} nejde uzavřít.", obstacles)
    _close(sections, on)
    typed_file.state, typed_file.closed_on = TypedState.CLOSED.value, on
    typed_file.save(update_fields=["state", "closed_on"])
    publish(events.TypedFileChanged(typed_file.pk))
    return typed_file


@operation("records.typed.close_section", title="Uzavření součásti", requires=permissions.may_work_on_section)
def close_section(*, actor: Actor, section: TypedSection, on: date) -> TypedSection:
    """Close a section with everything below it (NSESSS 3.3.12).

    Raises :class:`TypedFileNotClosable` while any file in it is not closed (3.3.13).
    """
    lock_typed_file(section.typed_file)
    sections = typed_queries.subtree(section)
    obstacles = [] if section.is_open else ["Součást už je uzavřená."]
    obstacles += _open_files(sections)
    obstacles += own_metadata.obstacles_of([one for one in sections if one.is_open])
    if obstacles:
        raise TypedFileNotClosable(f"Součást {section} nejde uzavřít.", obstacles)
    _close(sections, on)
    section.refresh_from_db()
    return section


@operation("records.typed.reopen", title="Znovuotevření typového spisu", requires=permissions.may_reopen_typed_file)
def reopen_typed_file(*, actor: Actor, typed_file: TypedFile, reason: str, on: date | None = None) -> TypedFile:
    """Open a closed typed file again, with all its sections and a new volume in each; say why.

    When its class has ended it goes into the class its template is mapped to. Raises :class:`TypedFileNotOpenable`.
    """
    lock_typed_file(typed_file)
    if typed_file.is_open:
        raise NotInThisState(f"Typový spis {typed_file} je otevřený.")
    _require_reason(reason)
    on = on or clock.today()
    _open_itself(typed_file, on)
    _open_sections([row.section for row in typed_queries.section_rows(typed_file)], on)
    return typed_file


@operation(
    "records.typed.reopen_section",
    title="Znovuotevření součásti",
    requires=permissions.may_reopen_section,
)
def reopen_section(*, actor: Actor, section: TypedSection, reason: str, on: date | None = None) -> TypedSection:
    """Open a closed section again with all below it, and what holds it; a new volume opens in each leaf (3.2.13)."""
    lock_typed_file(section.typed_file)
    if section.is_open:
        raise NotInThisState(f"Součást {section} je otevřená.")
    _require_reason(reason)
    on = on or clock.today()
    _open_itself(section.typed_file, on)
    section.refresh_from_db()  # its template may be another one now
    _open_sections([*reversed(typed_queries.above(section)), *typed_queries.subtree(section)], on)
    return section


def reopen_in_volume(file: CaseFile, *, reason: str, on: date) -> None:
    """Put a file that is being opened again into the open volume of its section (NSESSS 3.2.11, 3.2.13, 3.4.6).

    A closed section and a closed typed file open, too. The closed volume it leaves is destroyed when it was its last
    file, otherwise its result is counted anew. The caller has the file locked and saves :data:`PLACED`.
    """
    left = file.volume
    if left is None:
        return
    section = typed_queries.subtree(left.section)[0]
    if not section.is_open or not section.typed_file.is_open:
        reopen_section(actor=Actor.system(current_tenant_id()), section=section, reason=reason, on=on)
        section = left.section = TypedSection.objects.select_related("typed_file__record_class", "template").get(
            pk=section.pk
        )
    place_in_volume(file, current_volume(section, on=on))
    if file.volume_id != left.pk:
        file.save(update_fields=list(PLACED))
        log.note(previous=f"{left}, {left.regime}", volume=str(file.volume))
        _left(left, on)


def _left(volume: Volume, on: date) -> None:
    if volume.state != VolumeState.CLOSED:
        return
    if volume.files.exists():
        fix_volume(volume)
    else:
        destroy_empty(volume, on, WHY_EMPTIED)


def _open_files(sections: Sequence[TypedSection]) -> list[str]:
    marks, count = typed_queries.open_files_in(sections)
    if not count:
        return []
    return [f"Jsou v něm neuzavřené spisy: {told(marks, count)}. Nejdřív je uzavřete nebo přetřiďte (NSESSS 3.3.13)."]


def _close(sections: Sequence[TypedSection], on: date) -> None:
    for section in reversed(sections):
        if not section.is_open:
            continue
        lock_section(section)
        roll_if_due(section, on)
        volume = open_volume_of(section)
        if volume is not None:
            finish(volume, on, WHY_DESTROYED)
        section.state, section.closed_on = TypedState.CLOSED.value, on
        section.save(update_fields=["state", "closed_on"])


def _open_itself(typed_file: TypedFile, on: date) -> None:
    """The typed file; in an ended class it is re-sorted first."""
    _require_open_class(typed_file, on)
    if not typed_file.is_open:
        typed_file.state, typed_file.closed_on = TypedState.OPEN.value, None
        typed_file.save(update_fields=["state", "closed_on"])
        publish(events.TypedFileChanged(typed_file.pk))


def _open_sections(sections: Sequence[TypedSection], on: date) -> None:
    """Sections from the top down, with a new volume in each leaf."""
    for section in sections:
        lock_section(section)
        if section.is_open:
            continue
        section.state, section.closed_on = TypedState.OPEN.value, None
        section.save(update_fields=["state", "closed_on"])
        if section.template.is_leaf:
            start_volume(section, on)


def _require_open_class(typed_file: TypedFile, on: date) -> None:
    record_class = typed_file.record_class
    if record_class.is_open(on):
        return
    target = typed_queries.mapped_successor(record_class, on=on)
    if target is None:
        raise TypedFileNotOpenable(
            f"Typový spis {typed_file} zůstal uzavřený.",
            [
                f"Věcná skupina {record_class} je uzavřená a její šablona není přiřazená žádné otevřené skupině. "
                "Přiřadí ji správce spisového plánu na stránce skupiny (NSESSS 3.3.4)."
            ],
        )
    log.note(previous_class=str(record_class), target=str(target))
    files = move_typed_file(typed_file, target, on)
    publish(events.FilesResorted(tuple(file.pk for file in files)))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Nic se neotevřelo.", ["Napište, proč se znovu otevírá."])
