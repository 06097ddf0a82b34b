"""Who does what with files, typed files, their sections and volumes."""

from django.db.models import Q

from egon.kernel.access import ALLOWED, Decision, allowed_if, denied
from egon.kernel.actor import Actor, Role
from egon.records.models import (
    CaseFile,
    Document,
    FileNote,
    TypedFile,
    TypedSection,
    Volume,
)
from egon.records.permissions.keeping import may_configure
from egon.records.permissions.limits import EVERYBODY
from egon.records.permissions.seeing import may_see_file
from egon.records.permissions.working import WORKING, leads, may_work_on, may_work_on_file
from egon.records.rules.states import FileState
from egon.registry.queries import LEADING


def may_edit_file(actor: Actor, file: CaseFile) -> Decision:
    """Who works on the file, until it is closed; then only the records keeper who sees it (NSESSS 7.1.5)."""
    if file.state != FileState.CLOSED:
        return may_work_on_file(actor, file)
    return may_correct(actor, file) and may_see_file(actor, file)


def may_correct(actor: Actor, file: CaseFile) -> Decision:
    return allowed_if(
        actor.is_system or actor.has(Role.RECORDS_KEEPER),
        f"Spis {file} je uzavřený, údaje jeho a jeho dokumentů opravuje jen správce spisovny. Nic se nezměnilo.",
    )


def may_join(actor: Actor, file: CaseFile, to_file: CaseFile) -> Decision:
    """Who works on both files: they will share their class and disposal (NSESSS 4.1.2)."""
    return may_work_on_file(actor, file) and may_work_on_file(actor, to_file)


def may_open_file(actor: Actor, section: TypedSection | None = None) -> Decision:
    """Whoever processes documents may open a file; in a typed file who may fill it."""
    if not (actor.is_system or actor.has(*WORKING)):
        return denied("Zakládat spisy smí zpracovatel nebo vedoucí.")
    return ALLOWED if section is None else may_fill_typed_file(actor, section.typed_file)


def may_open_typed_file(actor: Actor) -> Decision:
    """Whoever processes documents may found a typed file (NSESSS 3.3.1)."""
    return allowed_if(actor.is_system or actor.has(*WORKING), "Zakládat typové spisy smí zpracovatel nebo vedoucí.")


def may_work_on_typed_file(actor: Actor, typed_file: TypedFile) -> Decision:
    """The processor of the typed file (or their substitute), and who leads its unit."""
    return allowed_if(
        actor.is_system or actor.is_one_of([typed_file.processor_id]) or leads(actor, typed_file.unit_id),
        f"S typovým spisem {typed_file} smí pracovat jeho zpracovatel nebo vedoucí útvaru.",
    )


def may_fill_typed_file(actor: Actor, typed_file: TypedFile) -> Decision:
    """Who works on the typed file; into a shared one whoever works with documents."""
    if actor.has(*WORKING) and typed_file.shared:
        return ALLOWED
    return may_work_on_typed_file(actor, typed_file)


def sections_filled_by(actor: Actor) -> Q:
    """Sections of typed files the actor may fill: the same as :func:`may_fill_typed_file`, asked of many at once."""
    if actor.is_system:
        return EVERYBODY
    actor = actor.doing("records.file.open")
    everywhere = any(grant.role in LEADING and grant.unit_id is None for grant in actor.grants)
    if everywhere:
        return EVERYBODY
    filled = Q(typed_file__processor__in=actor.person_ids)
    filled |= Q(typed_file__unit__in=actor.units_with(*LEADING))
    return filled | Q(typed_file__shared=True) if actor.has(*WORKING) else filled


def may_work_on_section(actor: Actor, section: TypedSection) -> Decision:
    """The same as for its typed file."""
    return may_work_on_typed_file(actor, section.typed_file)


def may_work_on_volume(actor: Actor, volume: Volume) -> Decision:
    """The same as for its typed file; where its paper lies also the records keeper writes down."""
    if actor.has(Role.RECORDS_KEEPER):
        return ALLOWED
    return may_work_on_typed_file(actor, volume.section.typed_file)


def may_put_in_section(actor: Actor, file: CaseFile, section: TypedSection) -> Decision:
    """Who may re-sort the file and fill the typed file; a closed file only the records keeper (NSESSS 3.1.9)."""
    if file.state == FileState.CLOSED:
        return may_resort_file(actor, file)
    return may_work_on_file(actor, file) and may_fill_typed_file(actor, section.typed_file)


def may_reopen_typed_file(actor: Actor, typed_file: TypedFile) -> Decision:
    """A closed typed file is opened again by the head of its unit or the records keeper, as a closed file is."""
    return allowed_if(
        actor.is_system or actor.has(Role.RECORDS_KEEPER) or actor.has_in(typed_file.unit_id, Role.HEAD),
        "Uzavřený typový spis smí znovu otevřít vedoucí útvaru nebo správce spisovny.",
    )


def may_reopen_section(actor: Actor, section: TypedSection) -> Decision:
    """The same as for its typed file."""
    return may_reopen_typed_file(actor, section.typed_file)


def may_store(actor: Actor, file: CaseFile) -> Decision:
    """Where paper lies is recorded by who works on the file, and by the records keeper (NSESSS 7.1.9)."""
    if actor.has(Role.RECORDS_KEEPER):
        return ALLOWED
    return may_work_on_file(actor, file)


def may_convert(actor: Actor, file: CaseFile) -> Decision:
    """Formats are changed by who works on the file, also a closed one, and by the records keeper who sees it."""
    if actor.has(Role.RECORDS_KEEPER):
        return may_see_file(actor, file)
    return may_work_on_file(actor, file)


def may_note(actor: Actor, file: CaseFile) -> Decision:
    """A note is written by a person who works with documents and sees the file; the product writes none."""
    if actor.person_id is None or not actor.has(*WORKING, Role.RECORDS_KEEPER):
        return denied("Poznámky ke spisu píše jen ten, kdo s dokumenty pracuje.")
    return may_see_file(actor, file)


def may_take_note_back(actor: Actor, note: FileNote) -> Decision:
    """Only who wrote it."""
    return allowed_if(note.author_id == actor.person_id, "Poznámku vezme zpět jen ten, kdo ji napsal.")


def may_put_in_file(actor: Actor, document: Document, file: CaseFile) -> Decision:
    """Who works on both the document and the file (NSESSS 3.2.5)."""
    return may_work_on(actor, document) and may_work_on_file(actor, file)


def may_reopen_file(actor: Actor, file: CaseFile) -> Decision:
    """A settled file is taken back by who works on it; a closed one by the head or the records keeper."""
    if file.state == FileState.CLOSED:
        return allowed_if(
            actor.is_system or actor.has(Role.RECORDS_KEEPER) or actor.has_in(file.unit_id, Role.HEAD),
            "Uzavřený spis smí znovu otevřít vedoucí útvaru nebo správce spisovny.",
        )
    return may_work_on_file(actor, file)


def may_resort_file(actor: Actor, file: CaseFile) -> Decision:
    """An open file by who works on it or keeps the plan; a closed one by the records keeper (NSESSS 3.1.9)."""
    if file.state == FileState.CLOSED:
        return may_resort(actor, include_closed=True)
    return may_work_on_file(actor, file) or may_configure(actor)


def may_resort(actor: Actor, include_closed: bool = False) -> Decision:
    """Open files in bulk by who keeps the plan (NSESSS 3.2.14, 3.4.3), closed ones by the records keeper (3.1.9)."""
    if include_closed:
        return allowed_if(
            actor.is_system or actor.has(Role.RECORDS_KEEPER),
            "Uzavřené spisy přetřiďuje jen správce spisovny (posuzovatel skartační operace).",
        )
    return may_configure(actor)
