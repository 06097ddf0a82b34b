"""How one thing passes from a unit to another."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events
from egon.records.locking import lock, lock_file
from egon.records.models import AccessGrant, CaseFile, Document, DocumentAccess, TypedFile
from egon.registry.models import Position, RoleGrant, Unit
from egon.reorganisation.errors import HeldAlready, NotHeld
from egon.reorganisation.links import LINKS, Link


@operation("reorganisation.entity.move", title="Přechod na jiný útvar", requires=only_system, unlogged=("kind",))
def move_entity(*, actor: Actor, kind: str, entity: models.Model, former: Unit, unit: Unit, reason: str) -> None:
    """Let one thing pass. What the new unit has already is not there twice.

    Raises :class:`NotHeld`, :class:`HeldAlready`, or what locking a document or a file says.
    """
    link = LINKS[kind]
    _lock(entity)
    if not link.held_by(former).filter(pk=entity.pk).exists():
        raise NotHeld
    log.note_changes({link.field: str(former)}, {link.field: str(unit)})
    _PASS.get(type(entity), _pass)(link, entity, former, unit)


def _lock(entity: Any) -> None:
    """The row and what is locked before it: a document or a file first (the house's order of locks)."""
    if isinstance(entity, Document):
        lock(entity)
    elif isinstance(entity, CaseFile):
        lock_file(entity, also_gone=True)
    else:
        if isinstance(document := getattr(entity, "document", None), Document):
            lock(document)
        elif isinstance(file := getattr(entity, "file", None), CaseFile):
            lock_file(file, also_gone=True)
        entity.refresh_from_db(from_queryset=type(entity)._default_manager.select_for_update(of=("self",)))


def _pass(link: Link, entity: Any, former: Unit, unit: Unit) -> None:
    setattr(entity, link.field, unit)
    entity.save(update_fields=[link.field])


def _document(link: Link, document: Document, former: Unit, unit: Unit) -> None:
    """Who holds it and how far it is stays as it was."""
    _pass(link, document, former, unit)
    publish(events.DocumentChanged(document.pk))


def _file(link: Link, file: CaseFile, former: Unit, unit: Unit) -> None:
    _pass(link, file, former, unit)
    publish(events.FileChanged(file.pk))


def _typed(link: Link, typed: TypedFile, former: Unit, unit: Unit) -> None:
    _pass(link, typed, former, unit)
    publish(events.TypedFileChanged(typed.pk))


def _position(link: Link, position: Position, former: Unit, unit: Unit) -> None:
    """A unit has one head: where there is one, the second becomes an ordinary post."""
    if position.is_head and Position.objects.filter(unit=unit, is_head=True).exists():
        position.is_head = False
        position.save(update_fields=["is_head"])
        log.note(problem="Přebírající útvar už vedoucí místo má, toto se stalo běžným.")
    _pass(link, position, former, unit)


def _role(link: Link, grant: RoleGrant, former: Unit, unit: Unit) -> None:
    same = RoleGrant.objects.filter(person=grant.person, role=grant.role, own_role=grant.own_role, unit=unit)
    if same.exists():
        grant.delete()
    else:
        _pass(link, grant, former, unit)


def _access(link: Link, access: DocumentAccess, former: Unit, unit: Unit) -> None:
    if DocumentAccess.objects.filter(document=access.document, unit=unit).exists():
        access.delete()
    else:
        _pass(link, access, former, unit)


def _grant(link: Link, grant: AccessGrant, former: Unit, unit: Unit) -> None:
    thing = {name: getattr(grant, name) for name in ("document", "file", "typed_file", "section")}
    same = AccessGrant.objects.filter(**thing, unit=unit, state=grant.state)
    if same.exists():
        raise HeldAlready
    _pass(link, grant, former, unit)


def _subunit(link: Link, subunit: Unit, former: Unit, unit: Unit) -> None:
    """A part of the unit that takes it over itself rises to its place in the tree."""
    _pass(link, subunit, former, unit if subunit.pk != unit.pk else former.parent)


_PASS: Mapping[type[models.Model], Callable[[Link, Any, Unit, Unit], None]] = {
    Document: _document,
    CaseFile: _file,
    TypedFile: _typed,
    Position: _position,
    RoleGrant: _role,
    DocumentAccess: _access,
    AccessGrant: _grant,
    Unit: _subunit,
}
