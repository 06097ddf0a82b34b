"""Typed files: founded from the template of their class, and their data edited (NSESSS 3.3.1, 3.3.2)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.events import publish
from egon.records import events, own_metadata, permissions, typed_queries
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.locking import require_seen
from egon.records.models import RecordClass, TemplateSection, TypedFile, TypedSection
from egon.records.numbers import take_typed_identifier
from egon.records.operations.typed.volumes import start_volume
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.plan import LONGEST_NAME
from egon.registry.models import Person, Unit


@operation(
    "records.typed.open",
    title="Založení typového spisu",
    requires=permissions.may_open_typed_file,
    unlogged=("own",),
)
def open_typed_file(
    *,
    actor: Actor,
    record_class: RecordClass,
    name: str,
    unit: Unit,
    processor: Person | None,
    shared: bool = False,
    own: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> TypedFile:
    """Found a typed file in an open class for them (NSESSS 3.1.8, 3.3.1).

    Its sections and volumes open at once by the template (3.3.2). A typed file has no disposal regime (3.3.17).
    ``own`` are own metadata (9.1.1).
    Raises :class:`InvalidInput` with every fault.
    """
    at = at or clock.now()
    day = at.astimezone(PRAGUE).date()
    template = list(typed_queries.template_of(record_class))
    faults = [*_faults_of_name(name), *_faults_of_class(record_class, template, day)]
    if faults:
        raise InvalidInput("Typový spis se nezaložil.", faults)
    values = own_metadata.accepted(OwnEntity.TYPED_FILE, own, refusal="Typový spis se nezaložil.")
    typed_file = TypedFile.objects.create(
        identifier=take_typed_identifier(at=at),
        name=name.strip(),
        record_class=record_class,
        class_code=record_class.code,
        unit=unit,
        processor=processor,
        shared=shared,
        opened_on=day,
    )
    own_metadata.keep(typed_file, values, is_new=True)
    add_sections(typed_file, template, day)
    log.note(identifier=typed_file.identifier, sections=len(template))
    publish(events.TypedFileChanged(typed_file.pk))
    return typed_file


@operation(
    "records.typed.edit",
    title="Úprava údajů typového spisu",
    requires=permissions.may_work_on_typed_file,
    unlogged=("own", "seen"),
)
def edit_typed_file(
    *,
    actor: Actor,
    typed_file: TypedFile,
    name: str,
    processor: Person | None,
    shared: bool,
    own: Mapping[str, Any] | None = None,
    seen: Mapping[str, Any] | None = None,
) -> TypedFile:
    """Change the name, the processor, own metadata and whether other units put files in, while the file is open.

    ``seen`` are columns as the person saw them; when one is not so any more, :class:`Conflict` is raised.
    """
    lock_typed_file(typed_file)
    require_seen(typed_file, seen)
    if not typed_file.is_open:
        raise NotInThisState(f"Typový spis {typed_file} je uzavřený, jeho údaje už měnit nejde.")
    if faults := _faults_of_name(name):
        raise InvalidInput("Údaje typového spisu se neuložily.", faults)
    present = typed_file.own_values
    values = own_metadata.accepted(
        OwnEntity.TYPED_FILE, own, present=present, refusal="Údaje typového spisu se neuložily."
    )
    log.note(previous_name=typed_file.name, previous_processor=str(typed_file.processor or ""))
    typed_file.name, typed_file.processor, typed_file.shared = name.strip(), processor, shared
    typed_file.save(update_fields=["name", "processor", "shared"])
    own_metadata.keep(typed_file, values)
    publish(events.TypedFileChanged(typed_file.pk))
    return typed_file


def lock_typed_file(typed_file: TypedFile) -> None:
    """Lock the typed file, before its sections, and bring the instance up to date."""
    typed_file.refresh_from_db(from_queryset=TypedFile.objects.select_for_update())


def add_sections(typed_file: TypedFile, template: list[TemplateSection], day: date) -> list[TypedSection]:
    """Sections by a template, from the top down; each leaf opens with an empty volume (NSESSS 3.3.3)."""
    made = {one.template_id: one for one in TypedSection.objects.filter(typed_file=typed_file)}
    new = []
    for one in template:
        if one.pk in made:
            continue
        parent = made[one.parent_id] if one.parent_id else None
        section = TypedSection.objects.create(typed_file=typed_file, template=one, parent=parent, opened_on=day)
        made[one.pk] = section
        new.append(section)
        if one.is_leaf:
            start_volume(section, day)
    return new


def _faults_of_name(name: str) -> list[str]:
    long = not name.strip() or len(name) > LONGEST_NAME
    return [f"Název typového spisu musí mít 1 až {LONGEST_NAME} znaků."] if long else []


def _faults_of_class(record_class: RecordClass, template: list[TemplateSection], day: date) -> list[str]:
    if not record_class.for_typed_files:
        return [f"Věcná skupina {record_class} není určena pro typové spisy (NSESSS 3.3.1)."]
    if not record_class.is_open(day):
        return [f"Věcná skupina {record_class} není otevřená, vyberte platnou (NSESSS 3.1.8)."]
    if not template:
        return [f"Skupina {record_class} zatím nemá šablonu; doplní ji správce spisovny (NSESSS 3.3.5)."]
    return []
