"""What is told of an entity to who may not see it, as the organisation has set it (NSESSS 5.1.2)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from egon.kernel.actor import Actor
from egon.records import permissions, queries
from egon.records.models import Addressee, CaseFile, Document, TypedFile, TypedSection
from egon.records.rules.disclosure import Disclosure, Way, capped
from egon.records.rules.states import GONE
from egon.registry.models import Person, Unit

Fact = tuple[str, object]
Entity = Document | CaseFile | TypedFile | TypedSection
UNTOLD = "bez přístupu"


def level_of(actor: Actor, entity: Entity, way: Way) -> Disclosure:
    """How much the actor, who does not see the entity, learns of it by this way."""
    return capped(_set_for(way), works_here=bool(actor.grants), withheld=_is_withheld(actor, entity))


def hide_from(actor: Actor, documents: Iterable[Document]) -> frozenset[int]:
    """Leave only numbers in those of the rows that the actor may not see; the rows are for showing, never to be saved.

    Keys of those they may open. For lists made for some work, which have to name every document.
    """
    rows = list(documents)
    known = queries.visible_ids(actor, {row.pk for row in rows})
    for row in rows:
        if row.pk not in known:
            row.subject, row.sender, row.sender_reference = UNTOLD, None, ""
    return known


def hide_files_from(actor: Actor, files: Iterable[CaseFile]) -> frozenset[int]:
    """The same for files: keys of those the actor may open, what the others are about is not told."""
    rows = list(files)
    known = queries.visible_file_ids(actor, {row.pk for row in rows})
    for row in rows:
        if row.pk not in known:
            row.subject = UNTOLD
    return known


class Listed(NamedTuple):
    """A document in the list of its file: what must not be told is not in it."""

    document: Document
    level: Disclosure
    is_open: bool  # to the reader


def documents_in(actor: Actor, file: CaseFile) -> list[Listed]:
    """Documents of a file the actor sees, in their order; of those they may not open as much as is told in lists."""
    documents = list(queries.documents_in(file))
    known = queries.visible_ids(actor, [document.pk for document in documents])
    if len(known) == len(documents):
        return [Listed(document, Disclosure.METADATA, True) for document in documents]
    wanted, works_here = _set_for(Way.LISTING), bool(actor.grants)
    rows = []
    for document in documents:
        is_open = document.pk in known
        withheld = not is_open and _is_withheld(actor, document)
        level = Disclosure.METADATA if is_open else capped(wanted, works_here=works_here, withheld=withheld)
        if level is not Disclosure.NOTHING:
            rows.append(Listed(_told(document, level), level, is_open))
    return rows


def _told(document: Document, level: Disclosure) -> Document:
    """The document with only what a level tells; never to be saved."""
    if level.shows_more:
        return document
    told = Document(
        pk=document.pk, order_in_file=document.order_in_file, registered_at=document.registered_at,
        holder=document.holder, direction=document.direction, state=document.state,
        reference_number=document.reference_number if level.shows_number else UNTOLD,
        identifier=document.identifier if level.shows_number else "",
        subject=document.subject if level.shows_name else UNTOLD,
    )  # fmt: skip
    told._prefetched_objects_cache = {"addressees": Addressee.objects.none()}  # type: ignore[attr-defined]
    return told


def by_number(actor: Actor, words: str) -> tuple[Entity, Disclosure] | None:
    """The entity whose whole number was sought, when the actor does not see it but may learn something of it."""
    words = words.strip().strip('"')
    if not words or _set_for(Way.NUMBER) is Disclosure.NOTHING:
        return None
    found = _numbered(words)
    if found is None or _sees(actor, found):
        return None
    level = level_of(actor, found, Way.NUMBER)
    return None if level is Disclosure.NOTHING else (found, level)


def _numbered(number: str) -> Entity | None:
    named = Q(identifier=number)
    of_document, of_file = named | Q(reference_number=number), named | Q(file_mark=number)
    found: Entity | None = Document.objects.filter(of_document).first() or CaseFile.objects.filter(of_file).first()
    return found or TypedFile.objects.filter(named).first() or TypedSection.objects.filter(named).first()


def facts_of(entity: Entity, level: Disclosure) -> list[Fact]:
    """What a level tells, as label and value."""
    if level is Disclosure.NOTHING:
        return []
    about, facts = _about(entity), list[Fact]()
    if level.shows_number:
        facts += [*about.number, ("Identifikátor", entity.identifier)]
    if level.shows_name:
        facts += [("Název", about.name), ("Druh", about.kind), ("Vytvořeno", about.made)]
    if level.shows_more:
        facts += [("Útvar", about.unit), ("Stav", entity.get_state_display()), *about.more]
    return [*facts, ("Zpracovatel", about.processor)]


class _About(NamedTuple):
    """What may be told of an entity, whatever it is."""

    number: list[Fact]
    name: str
    kind: str
    made: date
    unit: Unit | None
    processor: Person | None
    more: list[Fact]


def _about(entity: Entity) -> _About:
    if isinstance(entity, Document):
        kind = entity.kind.name if entity.kind else "dokument"
        made, more = entity.registered_at.date(), [("Spis", entity.case_file)]
        number: list[Fact] = [("Číslo jednací", str(entity))]
        return _About(number, entity.subject, kind, made, entity.unit, entity.holder, [*more])
    if isinstance(entity, CaseFile):
        number = [("Spisová značka", str(entity))]
        more_of_file: list[Fact] = [("Spisový znak", entity.class_code), ("Skartační režim", entity.regime)]
        return _About(number, entity.subject, "spis", entity.opened_on, entity.unit, entity.processor, more_of_file)
    if isinstance(entity, TypedFile):
        code: list[Fact] = [("Spisový znak", entity.class_code)]
        return _About([], entity.name, "typový spis", entity.opened_on, entity.unit, entity.processor, code)
    typed, template = entity.typed_file, entity.template
    above: list[Fact] = [("Typový spis", typed.name), ("Spisový znak", template.code)]
    name, kind = template.name, "součást typového spisu"
    return _About([], name, kind, entity.opened_on, typed.unit, typed.processor, above)


def _set_for(way: Way) -> Disclosure:
    return Disclosure(getattr(queries.settings_of_originator(), f"disclosed_by_{way.value}"))


def _sees(actor: Actor, entity: Entity) -> bool:
    if isinstance(entity, TypedFile | TypedSection):
        return bool(permissions.may_open_typed(actor, entity))
    if isinstance(entity, Document):
        return bool(permissions.may_see(actor, entity))
    return bool(permissions.may_see_file(actor, entity))


def _is_withheld(actor: Actor, entity: Entity) -> bool:
    restricted = isinstance(entity, Document | CaseFile) and entity.is_restricted()
    return restricted or entity.state in GONE or not permissions.may_touch(actor, [entity], reads=True)
