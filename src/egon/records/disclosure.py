"""What is told of documents and files to who may not see them, as the organisation has set it (NSESSS 5.1.2)."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from egon.kernel.actor import Actor
from egon.records import permissions, queries
from egon.records.models import Addressee, CaseFile, Document
from egon.records.rules.disclosure import Disclosure, Way, capped
from egon.records.rules.states import GONE

Fact = tuple[str, object]
UNTOLD = "bez přístupu"


def level_of(actor: Actor, entity: Document | CaseFile, way: Way) -> Disclosure:
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


def by_number(actor: Actor, words: str) -> tuple[Document | CaseFile, Disclosure] | None:
    """The entity whose whole number was sought, when the actor does not see it but may learn something of it."""
    words = words.strip().strip('"')
    if not words or _set_for(Way.NUMBER) is Disclosure.NOTHING:
        return None
    named = Q(identifier=words)
    found: Document | CaseFile | None = Document.objects.filter(named | Q(reference_number=words)).first()
    found = found or CaseFile.objects.filter(named | Q(file_mark=words)).first()
    if found is None or _sees(actor, found):
        return None
    level = level_of(actor, found, Way.NUMBER)
    return None if level is Disclosure.NOTHING else (found, level)


def facts_of(entity: Document | CaseFile, level: Disclosure) -> list[Fact]:
    """What a level tells, as label and value."""
    if level is Disclosure.NOTHING:
        return []
    document = entity if isinstance(entity, Document) else None
    file = entity if isinstance(entity, CaseFile) else None
    facts: list[Fact] = []
    if level.shows_number:
        facts += [
            ("Číslo jednací" if document else "Spisová značka", str(entity)),
            ("Identifikátor", entity.identifier),
        ]
    if level.shows_name:
        kind = (document.kind.name if document.kind else "dokument") if document else "spis"
        made = document.registered_at.date() if document else file.opened_on if file else None
        facts += [("Název", entity.subject), ("Druh", kind), ("Vytvořeno", made)]
    if level.shows_more:
        facts += [("Útvar", entity.unit), ("Stav", entity.get_state_display())]
        facts += [("Spis", document.case_file)] if document else []
        facts += [("Spisový znak", file.class_code), ("Skartační režim", file.regime)] if file else []
    return [*facts, ("Zpracovatel", document.holder if document else file.processor if file else None)]


def _set_for(way: Way) -> Disclosure:
    return Disclosure(getattr(queries.settings_of_originator(), f"disclosed_by_{way.value}"))


def _sees(actor: Actor, entity: Document | CaseFile) -> bool:
    if isinstance(entity, Document):
        return bool(permissions.may_see(actor, entity))
    return bool(permissions.may_see_file(actor, entity))


def _is_withheld(actor: Actor, entity: Document | CaseFile) -> bool:
    return entity.is_restricted() or entity.state in GONE or not permissions.may_touch(actor, [entity], reads=True)
