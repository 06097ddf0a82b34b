"""Keeping documents, files and classes findable, in the transaction that changes them: mostly by reacting to events.

An entry carries facets, too: exact values by which a search is narrowed (:mod:`egon.records.searching`).
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from types import MappingProxyType

from django.db.models import QuerySet

from egon import search
from egon.kernel.clock import PRAGUE
from egon.records import events, own_metadata
from egon.records.models import (
    Addressee,
    CaseFile,
    Component,
    ComponentText,
    ComponentVersion,
    Document,
    FormerNumber,
    PartyLink,
    RecordClass,
    TypedFile,
    TypedSection,
)
from egon.records.rules.plan import Separator
from egon.records.rules.states import GONE, Direction
from egon.search.facets import facet, on_day

type DocumentEvent = (
    events.DocumentChanged
    | events.DocumentSettled
    | events.DocumentWithdrawn
    | events.DocumentRestored
    | events.DocumentDestroyed
)
type FileEvent = events.FileOpened | events.FileChanged | events.FileClosed | events.FileWithdrawn

DOCUMENT = "records.document"
FILE = "records.casefile"
CLASS = "records.recordclass"

SECTIONS_AT_ONCE = 500
TYPED_FILE = "records.typedfile"
SECTION = "records.typedsection"
LONGEST_KEY = 60


class Facet(StrEnum):
    """What is kept of an entity for narrowing; the letters stand in the index (NSESSS 5.1.6 to 5.1.8)."""

    UNIT = "u"
    PERSON = "h"  # holder of a document, processor of a file
    THROUGH = "p"  # who sees it through another thing: a document by processing its file, a file by holding a document
    FILE = "s"
    CLASS_CODE = "z"
    REGIME = "r"
    CAME_BY = "w"
    SENT_BY = "o"
    SENT_ON = "x"
    CAME_ON = "y"  # an own document: the day it was registered
    DIRECTION = "d"
    KIND = "k"
    TYPED_FILE = "t"
    SECTION = "c"
    GONE = "g"  # withdrawn or destroyed: only the header is here


_SEPARATOR = re.compile("[" + "".join(re.escape(one.value) for one in Separator) + "]")
# What a document has by being in a file.
_OF_FILE = (Facet.CLASS_CODE, Facet.REGIME, Facet.TYPED_FILE, Facet.SECTION, Facet.THROUGH)


def reindex_document(event: DocumentEvent) -> None:
    """Bring the index entry of a document up to date."""
    reindex(event.document_id)


def reindex(document_id: int) -> None:
    """Index a document as it stands in the tables: subject, numbers, people, names and texts of its components."""
    found = Document.objects.select_related("sender", "case_file__volume__section", "kind", "unit", "holder")
    document = found.get(pk=document_id)
    if document.state in GONE:
        _index_header(document)
        return
    components = Component.objects.filter(document=document, removed_at__isnull=True)
    latest = ComponentVersion.objects.filter(component__in=components).select_related("component")
    versions = latest.order_by("component_id", "-number").distinct("component_id")
    former = FormerNumber.objects.filter(document=document).values_list("reference_number", flat=True)
    read = ComponentText.objects.filter(version__in=[version.pk for version in versions])
    texts = dict(read.values_list("version_id", "text"))
    _tell_file_of_holder(document)
    _index(document, list(versions), list(document.addressees.all()), list(former), texts, _linked(document))


def _tell_file_of_holder(document: Document) -> None:
    """The file is found by those who hold its documents; by those who held one, too, until it is indexed itself.

    The file before its documents, as :func:`index_files` does, so that no two wait for each other.
    """
    if document.case_file_id and document.holder_id:
        through = facet(Facet.THROUGH, document.holder_id)
        search.add_facet(entity_type=FILE, entity_id=document.case_file_id, value=through)


def _index_header(document: Document) -> None:
    """Only what a destroyed document keeps: a withdrawn one must be found no better (NSESSS 5.1.10, 7.2.13)."""
    search.index(
        entity_type=DOCUMENT,
        entity_id=document.pk,
        title=document.subject,
        text="",
        keys=[document.reference_number, document.identifier],
        facets=[facet(Facet.GONE, "1")],
        at=document.registered_at,
    )


def index_received(document: Document, versions: Sequence[ComponentVersion]) -> None:
    """Index a document just received from what is at hand, without reading anything back; it has no addressees.

    Texts of its components come later, when they are read (:mod:`egon.records.texts`).
    """
    _index(document, versions)


def _linked(document: Document) -> list[str]:
    return list(PartyLink.objects.filter(document=document).values_list("party__name", flat=True))


def _index(
    document: Document,
    versions: Sequence[ComponentVersion],
    addressees: Sequence[Addressee] = (),
    former_numbers: Sequence[str] = (),
    read: Mapping[int, str] = MappingProxyType({}),
    linked: Sequence[str] = (),
) -> None:
    own = own_metadata.texts_of(document)
    own += [text for version in versions for text in own_metadata.texts_of(version.component)]
    keys = [document.reference_number, document.identifier, document.sender_reference, *former_numbers]
    keys.extend(_numbers_in(own))
    if document.case_file:
        keys.append(document.case_file.file_mark)
    texts = [*_metadata(document), *linked, *own]
    texts.extend(part for one in addressees for part in (one.name, one.address, one.databox_id))
    texts.extend(version.component.name for version in versions)
    texts.extend(version.source_text or read.get(version.pk, "") for version in versions)
    search.index(
        entity_type=DOCUMENT,
        entity_id=document.pk,
        title=document.subject,
        text="\n".join(text for text in texts if text),
        keys=[key for key in keys if key],
        facets=list(_facets_of(document, addressees)),
        at=document.registered_at,
    )


def _metadata(document: Document) -> Iterator[str]:
    """What is told of a document in words (NSESSS 5.1.5)."""
    if document.sender:
        yield from (document.sender.name, document.sender.address, document.sender.ic, document.sender.databox_id)
    yield from (document.note, document.settled_note)
    yield from (str(one) for one in (document.kind, document.unit, document.holder) if one)


def _facets_of(document: Document, addressees: Sequence[Addressee]) -> Iterator[str]:
    values = {
        Facet.UNIT: document.unit_id,
        Facet.PERSON: document.holder_id,
        Facet.FILE: document.case_file_id,
        Facet.CAME_BY: document.channel if document.direction == Direction.RECEIVED else "",
        Facet.DIRECTION: document.direction,
        Facet.KIND: document.kind_id,
    }
    yield from (facet(name, value) for name, value in values.items() if value)
    yield from on_day(Facet.CAME_ON, came_on(document))
    if document.case_file:
        yield from _passed_on_by(document.case_file)
    for one in addressees:
        if one.dispatched_at:
            yield from on_day(Facet.SENT_ON, one.dispatched_at.astimezone(PRAGUE).date())
            yield facet(Facet.SENT_BY, one.sent_by)


def came_on(document: Document) -> date:
    """The day a document was delivered; of an own one the day it was registered (NSESSS 5.1.8 g)."""
    came = document.delivered_at if document.direction == Direction.RECEIVED else None
    return (came or document.registered_at).astimezone(PRAGUE).date()


def reindex_file(event: FileEvent) -> None:
    """Bring the index entry of a file up to date."""
    index_files([event.file_id])


def reindex_files(event: events.FilesResorted) -> None:
    """Bring the index entries of many files up to date."""
    index_files(event.file_ids)


def reindex_typed_file(event: events.TypedFileChanged) -> None:
    """Bring the index entries of a typed file and of its sections up to date."""
    index_typed_files([event.typed_file_id])
    index_sections(TypedSection.objects.filter(typed_file=event.typed_file_id))


def index_typed_files(ids: Sequence[int]) -> None:
    """Bring the index entries of typed files, without their sections, up to date."""
    found = TypedFile.objects.filter(pk__in=ids).select_related("record_class")
    search.index_many(_entry_of_typed_file(one) for one in found)


def _entry_of_typed_file(typed_file: TypedFile) -> search.Entry:
    own = own_metadata.texts_of(typed_file)
    return search.Entry(
        entity_type=TYPED_FILE,
        entity_id=typed_file.pk,
        title=typed_file.name,
        text="\n".join((str(typed_file.record_class), *own)),
        keys=(typed_file.identifier, typed_file.class_code, *_numbers_in(own)),
        facets=(
            *_held_by(typed_file), *_inherited(typed_file.class_code, ""), facet(Facet.TYPED_FILE, typed_file.pk)
        ),
        at=datetime.combine(typed_file.opened_on, time(12), UTC),
    )  # fmt: skip


def index_sections_of(template_section_id: int) -> None:
    """Bring the index entries of all sections made from one of a template up to date; there may be thousands."""
    index_sections(TypedSection.objects.filter(template=template_section_id))


def index_sections(sections: QuerySet[TypedSection]) -> None:
    """Bring the index entries of sections of typed files up to date, a batch at a time."""
    whole = sections.order_by("pk").select_related("template__disposal_regime", "typed_file")
    for batch in itertools.batched(whole.iterator(SECTIONS_AT_ONCE), SECTIONS_AT_ONCE):
        search.index_many(_entry_of_section(section) for section in batch)


def _entry_of_section(section: TypedSection) -> search.Entry:
    template, typed_file = section.template, section.typed_file
    own = own_metadata.texts_of(section)
    return search.Entry(
        entity_type=SECTION,
        entity_id=section.pk,
        title=template.name,
        text="\n".join((typed_file.name, *own)),
        keys=(template.code, section.identifier, *_numbers_in(own)),
        facets=(
            *_held_by(typed_file), *_inherited(template.code, template.regime),
            facet(Facet.TYPED_FILE, typed_file.pk), facet(Facet.SECTION, section.pk),
        ),
        at=datetime.combine(section.opened_on, time(12), UTC),
    )  # fmt: skip


def index_files(ids: Sequence[int]) -> None:
    """Index files as they stand in the tables, and give their documents what these have of them."""
    shown = CaseFile.objects.select_related("record_class", "unit", "processor")
    shown = shown.select_related("volume__section__typed_file", "volume__section__template")
    files = list(shown.filter(pk__in=ids))
    linked = defaultdict(list)
    for file_id, name in PartyLink.objects.filter(file__in=ids).values_list("file_id", "party__name"):
        linked[file_id].append(name)
    holders = _holders_in(ids)
    search.index_many(_entry_of(file, linked[file.pk], holders[file.pk]) for file in files)
    _pass_on(files)


def _holders_in(ids: Sequence[int]) -> Mapping[int, list[int]]:
    """People who hold documents of each of the files."""
    holders: dict[int, list[int]] = defaultdict(list)
    held = Document.objects.filter(case_file__in=ids, holder__isnull=False).order_by()
    for file_id, holder_id in held.values_list("case_file_id", "holder_id").distinct():
        holders[file_id].append(holder_id)
    return holders


def _entry_of(file: CaseFile, linked: Sequence[str], holders: Sequence[int]) -> search.Entry:
    if file.state in GONE:
        return _header_of(file)
    own = own_metadata.texts_of(file)
    texts = (*_place_of(file), *linked, *own)
    return search.Entry(
        entity_type=FILE,
        entity_id=file.pk,
        title=file.subject,
        text="\n".join(str(one) for one in texts if one),
        keys=(file.file_mark, file.identifier, file.class_code, *_numbers_in(own)),
        facets=(*_facets_of_file(file), *(facet(Facet.THROUGH, holder) for holder in holders)),
        at=datetime.combine(file.opened_on, time(12), UTC),
    )


def _numbers_in(values: Sequence[str]) -> list[str]:
    """Those of own metadata that are found as numbers of record are: as a whole and by parts."""
    return [value for value in values if len(value) <= LONGEST_KEY and any(one.isdigit() for one in value)]


def _header_of(file: CaseFile) -> search.Entry:
    return search.Entry(
        entity_type=FILE,
        entity_id=file.pk,
        title=file.subject,
        keys=(file.file_mark, file.identifier),
        facets=(facet(Facet.GONE, "1"),),
        at=datetime.combine(file.opened_on, time(12), UTC),
    )


def _place_of(file: CaseFile) -> tuple[object, ...]:
    """What a file is found by besides its own words: the class, in a typed file its section, and who has it."""
    return file.record_class, file.volume.section if file.volume else None, file.unit, file.processor


def _held_by(held: CaseFile | TypedFile) -> Iterator[str]:
    values = {Facet.UNIT: held.unit_id, Facet.PERSON: held.processor_id}
    return (facet(name, value) for name, value in values.items() if value)


def _facets_of_file(file: CaseFile) -> Iterator[str]:
    yield from _held_by(file)
    yield facet(Facet.FILE, file.pk)
    yield from _given_by(file)


def _given_by(file: CaseFile) -> list[str]:
    """What a file gives to its documents: class, regime, and where in a typed file it lies."""
    place = []
    if file.volume is not None:
        section = file.volume.section
        place = [facet(Facet.TYPED_FILE, section.typed_file_id), facet(Facet.SECTION, section.pk)]
    return [*_inherited(file.class_code, file.regime), *place]


def _passed_on_by(file: CaseFile) -> list[str]:
    """The same with who processes the file, for its documents."""
    through = [facet(Facet.THROUGH, file.processor_id)] if file.processor_id else []
    return [*_given_by(file), *through]


def _inherited(class_code: str, regime: str) -> list[str]:
    """The class with all those above it, and the regime with its mark alone."""
    above = [class_code[: match.start()] for match in _SEPARATOR.finditer(class_code)]
    codes = [facet(Facet.CLASS_CODE, code) for code in (class_code, *above) if code]
    return [*codes, *(facet(Facet.REGIME, one) for one in (regime, regime.partition("/")[0]) if one)]


def _pass_on(files: Sequence[CaseFile]) -> None:
    """Documents are found by what their file has, so they follow it into another class and to who processes it."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for file in files:
        alike[tuple(_passed_on_by(file))].append(file.pk)
    for facets, keys in alike.items():
        documents = list(Document.objects.filter(case_file__in=keys).values_list("pk", flat=True))
        search.replace_facets(entity_type=DOCUMENT, ids=documents, names=_OF_FILE, facets=facets)


def index_classes(classes: Sequence[RecordClass]) -> None:
    """Bring the index entries of classes of a plan up to date (NSESSS 5.1.3 b)."""
    search.index_many(
        search.Entry(
            entity_type=CLASS,
            entity_id=one.pk,
            title=one.name,
            text="\n".join((one.note, *own)) if own else one.note,
            keys=(one.code, one.identifier, *_numbers_in(own)),
            facets=tuple(_inherited(one.code, one.regime)),
            at=datetime.combine(one.valid_from, time(12), UTC),
        )
        for one, own in ((one, own_metadata.texts_of(one)) for one in classes)
    )


def forget_class(record_class: RecordClass) -> None:
    """Take a class deleted from a draft out of the index."""
    search.remove(entity_type=CLASS, entity_id=record_class.pk)
