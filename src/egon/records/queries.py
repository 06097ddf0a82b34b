"""Reads of documents, files and the plan, for the doors and for other domains."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Func, Prefetch, Q, QuerySet, Value

from egon.kernel.actor import Actor, LimitKind
from egon.kernel.errors import NotFound
from egon.parties.models import Party
from egon.records import permissions, reading
from egon.records.errors import Hidden
from egon.records.models import (
    Addressee,
    CaseFile,
    Component,
    ComponentVersion,
    Document,
    DocumentKind,
    DocumentTemplate,
    FilingPlan,
    FormerNumber,
    PartyLink,
    RecordClass,
    RecordsSettings,
)
from egon.records.rules.states import GONE, FileState
from egon.registry import queries as registry
from egon.registry.rules import full_name

COUNTED_AT_MOST = 1000


class AnyOf(Func):
    """The same as ``IN``, with one array: a thousand values put into a query one by one cost more than the query."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, values: list[int]) -> None:
        super().__init__(column, Value(values, output_field=ArrayField(BigIntegerField())))


def documents_visible_to(actor: Actor, narrowed: Q = permissions.EVERYBODY) -> QuerySet[Document]:
    """Documents the actor may see, newest first, with what a list shows (no further query a row).

    ``narrowed`` are conditions that few documents meet.
    """
    return _shown().filter(permissions.visible_to(actor, narrowed), narrowed).order_by("-registered_at", "-pk")


def documents_among(actor: Actor, ids: Iterable[int]) -> QuerySet[Document]:
    """Those of the documents (at most some thousands) that the actor may see, in no order."""
    return _shown().filter(permissions.visible_among(actor), AnyOf("pk", list(ids)))


def findable_documents(actor: Actor) -> QuerySet[Document]:
    """Documents a search may tell of, for hits to be tested (:class:`AnyOf`).

    Those with a component hidden from the actor are not among them: its words may be the hit.
    """
    found = Document.objects.filter(permissions.visible_among(actor))
    if hidden := actor.limits_on(LimitKind.COMPONENT, hiding=True):
        found = found.exclude(pk__in=Component.objects.filter(pk__in=hidden).values("document"))
    return found


def withheld(actor: Actor, ids: Iterable[int]) -> frozenset[int]:
    """Which of these documents a restriction of the administrator hides from the actor; no query without any."""
    hidden = permissions.unhidden_from(actor)
    if hidden == permissions.EVERYBODY:
        return frozenset()
    wanted = frozenset(ids)
    return wanted - frozenset(Document.objects.filter(hidden, AnyOf("pk", list(wanted))).values_list("pk", flat=True))


def closed_to(actor: Actor, documents: QuerySet[Any]) -> bool:
    """Whether one of these documents (keys) is in a restricted file or restricted, and the actor does not see it."""
    if actor.is_system:
        return False
    shut = ~(permissions.OUTSIDE_RESTRICTED & permissions.unhidden_from(actor))
    found = Document.objects.filter(shut, pk__in=documents)
    return found.exclude(pk__in=Document.objects.filter(permissions.visible_among(actor), pk__in=documents)).exists()


def visible_ids(actor: Actor, ids: Iterable[int | None]) -> frozenset[int]:
    """Which of these documents the actor may open: a page shows no link that would lead to a refusal."""
    wanted = [pk for pk in ids if pk]
    if not wanted:
        return frozenset()
    return frozenset(documents_among(actor, wanted).values_list("pk", flat=True))


def files_visible_to(actor: Actor) -> QuerySet[CaseFile]:
    """Files the actor may see, newest first."""
    return _shown_files().filter(permissions.files_visible_to(actor)).order_by("-opened_on", "-pk")


def files_among(actor: Actor, ids: Iterable[int]) -> QuerySet[CaseFile]:
    """Those of the files (at most some thousands) that the actor may see, newest first."""
    found = _shown_files().filter(permissions.files_visible_among(actor), AnyOf("pk", list(ids)))
    return found.order_by("-opened_on", "-pk")


def visible_file_ids(actor: Actor, ids: Iterable[int]) -> frozenset[int]:
    """Which of these files the actor may see; of the others a page made for some work tells the mark alone."""
    return frozenset(files_among(actor, ids).values_list("pk", flat=True))


def findable_files(actor: Actor) -> QuerySet[CaseFile]:
    """Files a search may tell of, for hits to be tested."""
    return CaseFile.objects.filter(permissions.files_visible_among(actor))


def findable_classes(actor: Actor) -> QuerySet[RecordClass]:
    """Classes a search may tell of: everybody sees plans that are or were in force."""
    found = RecordClass.objects.all()
    return found if permissions.may_configure(actor) else found.filter(plan__draft=False)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What a list shows of a document: columns only, whole rows would cost more than their query."""

    holder: str
    pk: int
    reference_number: str
    direction: str
    state: str
    subject: str
    registered_at: datetime
    deadline: date | None
    case_file_id: int | None
    file_mark: str | None
    sender: str | None
    unit: str | None


def document_rows(ids: Iterable[int]) -> list[DocumentRow]:
    """Rows of documents which one of the queries above has chosen, in the same order."""
    columns = ("pk", "reference_number", "direction", "state", "subject", "registered_at", "deadline", "case_file")
    joined = ("case_file__file_mark", "sender__name", "unit__code")
    found = Document.objects.filter(pk__in=ids).values_list(*registry.name_columns("holder"), *columns, *joined)
    rows = {row[4]: DocumentRow(full_name(*row[:4]), *row[4:]) for row in found}
    return [rows[pk] for pk in ids if pk in rows]


@dataclass(frozen=True, slots=True)
class FileRow:
    """What a list shows of a file."""

    processor: str
    pk: int
    file_mark: str
    subject: str
    state: str
    opened_on: date
    class_code: str
    class_name: str
    unit: str
    disposal_mark: str
    retention_years: int

    @property
    def regime(self) -> str:
        """``S/5``."""
        return f"{self.disposal_mark}/{self.retention_years}"

    @property
    def state_name(self) -> str:
        """``otevřený``."""
        return FileState(self.state).label


def file_rows(ids: Iterable[int]) -> list[FileRow]:
    """Rows of files which one of the queries above has chosen, in the same order."""
    columns = ("pk", "file_mark", "subject", "state", "opened_on", "class_code", "record_class__name", "unit__code")
    regime = ("disposal_mark", "retention_years")
    found = CaseFile.objects.filter(pk__in=ids).values_list(*registry.name_columns("processor"), *columns, *regime)
    rows = {row[4]: FileRow(full_name(*row[:4]), *row[4:]) for row in found}
    return [rows[pk] for pk in ids if pk in rows]


def document_for(actor: Actor, pk: int) -> Document:
    """A document the actor may see. Raises :class:`NotFound` also when it exists but is not theirs to know of."""
    above = "case_file__record_class__plan", "case_file__record_class__disposal_regime"
    document = documents_among(actor, [pk]).select_related("kind", "replies_to", *above).first()
    if document is None:
        raise _no_document(pk)
    reading.tell_of_document(document)
    return document


def file_for(actor: Actor, pk: int) -> CaseFile:
    """A file the actor may see. Raises :class:`NotFound`."""
    above = "record_class__plan", "record_class__disposal_regime", "volume__section__template"
    file = files_among(actor, [pk]).select_related(*above, "volume__section__typed_file").first()
    if file is None:
        raise _no_file(pk)
    reading.tell_of_file(file)
    return file


def gone_document_for(actor: Actor, pk: int) -> Document:
    """The header of a destroyed or withdrawn document the actor may know of (NSESSS 5.1.10, 7.2.13).

    Raises :class:`NotFound`; only the header may be shown of it.
    """
    found = Document.objects.filter(permissions.known_among(actor), pk=pk, state__in=GONE).first()
    if found is None:
        raise _no_document(pk)
    return found


def gone_file_for(actor: Actor, pk: int) -> CaseFile:
    """The header of a destroyed or withdrawn file the actor may know of. Raises :class:`NotFound`."""
    found = CaseFile.objects.filter(permissions.files_known_to(actor), pk=pk, state__in=GONE).first()
    if found is None:
        raise _no_file(pk)
    return found


def _no_document(pk: int) -> NotFound:
    return _not_found(Document.objects.select_related("case_file", "kind", "unit", "holder"), pk, "Takový dokument")


def _no_file(pk: int) -> NotFound:
    return _not_found(CaseFile.objects.select_related("unit", "processor"), pk, "Takový spis")


def _not_found(rows: QuerySet[Any], pk: int, what: str) -> NotFound:
    """The same words for what is not there and for what one may not see."""
    message = f"{what} tu není, nebo k němu nemáte přístup."
    entity = rows.filter(pk=pk).first()
    return NotFound(message) if entity is None else Hidden(message, entity)


def gone_among(actor: Actor, *, documents: Iterable[int], files: Iterable[int]) -> set[tuple[str, int]]:
    """Type and key of those documents and files that are gone and that the actor may know of (NSESSS 5.1.10)."""
    return _known(actor, documents, files, Q(state__in=GONE))


def known_among(actor: Actor, *, documents: Iterable[int], files: Iterable[int]) -> set[tuple[str, int]]:
    """Type and key of those whose subject the actor may learn, whatever became of them."""
    return _known(actor, documents, files, Q())


def _known(actor: Actor, documents: Iterable[int], files: Iterable[int], where: Q) -> set[tuple[str, int]]:
    known = (
        (Document, permissions.known_among(actor), list(documents)),
        (CaseFile, permissions.files_known_to(actor), list(files)),
    )
    return {
        (model._meta.label_lower, pk)
        for model, condition, ids in known
        if ids
        for pk in model.objects.filter(condition & where, AnyOf("pk", ids)).values_list("pk", flat=True)
    }


def appraised_document(actor: Actor, pk: int) -> Document:
    """A destroyed or withdrawn document for the appraiser, who restores also what they must not read (NSESSS 7.2.15).

    Only its numbers may be shown, unless :func:`known_among` has it. Raises :class:`NotFound`.
    """
    found = Document.objects.filter(pk=pk, state__in=GONE).first() if permissions.may_appraise(actor) else None
    if found is None:
        raise _no_document(pk)
    return found


def appraised_file(actor: Actor, pk: int) -> CaseFile:
    """The same of a file."""
    found = CaseFile.objects.filter(pk=pk, state__in=GONE).first() if permissions.may_appraise(actor) else None
    if found is None:
        raise _no_file(pk)
    return found


def version_for(actor: Actor, pk: int) -> ComponentVersion:
    """A version of a component of a document the actor may see. Raises :class:`NotFound`."""
    version = ComponentVersion.objects.select_related("component__document").filter(pk=pk).first()
    if version is None or permissions.hides_component(actor, version.component):
        raise NotFound("Takový soubor tu není, nebo k němu nemáte přístup.")
    version.component.document = document_for(actor, version.component.document_id)
    reading.tell_of_document(version.component.document, version.component)
    return version


@dataclass(frozen=True, slots=True)
class ComponentView:
    """A component with its versions, the newest first."""

    component: Component
    versions: Sequence[ComponentVersion]

    @property
    def latest(self) -> ComponentVersion:
        """The version that counts."""
        return self.versions[0]


def components_of(
    document: Document, *, also_removed: bool = False, reader: Actor | None = None
) -> list[ComponentView]:
    """Components of a document in their order, each with its versions; two queries.

    With a ``reader`` without those that a restriction of the administrator hides from them.
    """
    versions = ComponentVersion.objects.order_by("-number").defer("source_text").select_related("created_by")
    found = Component.objects.filter(document=document).prefetch_related(Prefetch("versions", queryset=versions))
    if not also_removed:
        found = found.filter(removed_at__isnull=True)
    if reader and (hidden := reader.limits_on(LimitKind.COMPONENT, hiding=True)):
        found = found.exclude(pk__in=hidden)
    views = [ComponentView(component, list(component.versions.all())) for component in found.order_by("position")]
    return [view for view in views if view.versions]


def text_of(component: Component) -> str:
    """The text the newest version was made from; empty for a component that came as a file."""
    version = ComponentVersion.objects.filter(component=component).order_by("-number").first()
    return version.source_text if version else ""


def written_component(document: Document) -> Component | None:
    """The component whose text is edited in the page, if the document has one."""
    for view in components_of(document):
        if view.component.role == "main" and text_of(view.component):
            return view.component
    return None


def present_text(document: Document) -> str:
    """The text edited in the page, empty when nothing was written yet."""
    written = written_component(document)
    return text_of(written) if written else ""


def links_of(*, document: Document | None = None, file: CaseFile | None = None) -> list[PartyLink]:
    """Other persons linked to a document or a file, by role and name."""
    found = PartyLink.objects.filter(document=document, file=file).select_related("party")
    return list(found.order_by("role", "party__sort_key", "pk"))


def party_link_for(actor: Actor, pk: int) -> PartyLink:
    """A link of a document or a file the actor may see. Raises :class:`NotFound`."""
    link = PartyLink.objects.select_related("document", "file", "party").filter(pk=pk).first()
    if link is None:
        raise NotFound("Taková vazba tu není, nebo k ní nemáte přístup.")
    if link.document_id is not None:
        document_for(actor, link.document_id)
    if link.file_id is not None:
        file_for(actor, link.file_id)
    return link


@dataclass(frozen=True, slots=True)
class PartyTie:
    """A document or a file in which a party stands, and as what."""

    entity: Document | CaseFile
    role: str


def documents_of_party(actor: Actor, party: Party, *, most: int) -> list[PartyTie]:
    """The newest documents with the party as sender, addressee or other person, of those the actor may see."""
    roles: dict[int, str] = {}
    links = PartyLink.objects.filter(party=party, document__isnull=False).order_by("-pk")
    roles |= {link.document_id: link.get_role_display() for link in links[:most] if link.document_id}
    addressed = Addressee.objects.filter(party=party).order_by("-pk").values_list("document", flat=True)
    roles |= dict.fromkeys(addressed[:most], "adresát")
    sent = Document.objects.filter(sender=party).order_by("-registered_at").values_list("pk", flat=True)
    roles |= dict.fromkeys(sent[:most], "odesílatel")
    found = documents_among(actor, roles).order_by("-registered_at", "-pk")[:most]
    return [PartyTie(document, roles[document.pk]) for document in found]


def files_of_party(actor: Actor, party: Party, *, most: int) -> list[PartyTie]:
    """The newest files with the party as another person, of those the actor may see."""
    links = PartyLink.objects.filter(party=party, file__isnull=False).order_by("-pk")[:most]
    roles = {link.file_id: link.get_role_display() for link in links if link.file_id}
    return [PartyTie(file, roles[file.pk]) for file in files_among(actor, roles)]


@dataclass(frozen=True, slots=True)
class ClassRow:
    """What a list shows of a class of the plan."""

    pk: int
    code: str
    name: str
    plan: str
    valid_from: date
    valid_to: date | None
    disposal_mark: str | None
    retention_years: int | None

    @property
    def regime(self) -> str:
        """``S/5``; empty for a class that only groups others."""
        return f"{self.disposal_mark}/{self.retention_years}" if self.disposal_mark else ""


def class_rows(ids: Iterable[int]) -> list[ClassRow]:
    """Rows of classes that a search has chosen, in no order."""
    columns = ("pk", "code", "name", "plan__name", "valid_from", "valid_to")
    regime = ("disposal_regime__mark", "disposal_regime__years")
    found = RecordClass.objects.filter(pk__in=ids).values_list(*columns, *regime)
    rows = {row[0]: ClassRow(*row) for row in found}
    return [rows[pk] for pk in ids if pk in rows]


def replies_to(document: Document) -> QuerySet[Document]:
    """Replies to a document, oldest first."""
    return Document.objects.filter(replies_to=document).order_by("pk")


def documents_in(file: CaseFile) -> QuerySet[Document]:
    """Documents of a file in their order."""
    shown = Document.objects.select_related("unit", "holder", "sender").prefetch_related("addressees")
    return shown.filter(case_file=file).order_by("order_in_file")


def former_numbers_in(file: CaseFile) -> Mapping[int, list[str]]:
    """Former numbers of the documents of a file, by their keys: one query that costs nothing where there are none."""
    found: dict[int, list[str]] = {}
    numbers = FormerNumber.objects.filter(document__case_file=file).values_list("document_id", "reference_number")
    for document_id, number in numbers.order_by("replaced_at", "pk"):
        found.setdefault(document_id, []).append(number)
    return found


def current_plan(*, on: date) -> FilingPlan | None:
    """The plan valid on a day; of several the newest."""
    valid = FilingPlan.objects.filter(_valid(on), draft=False)
    return valid.order_by("-valid_from", "-pk").first()


def classes_of(plan: FilingPlan) -> QuerySet[RecordClass]:
    """The classes of a plan in their order."""
    found = RecordClass.objects.filter(plan=plan).select_related("parent", "plan", "disposal_regime")
    return found.order_by("sort_key")


def classes_for_files(*, on: date) -> QuerySet[RecordClass]:
    """Classes into which a file may be opened on a day (NSESSS 3.1.8)."""
    plan = current_plan(on=on)
    if plan is None:
        return RecordClass.objects.none()
    return classes_of(plan).filter(_valid(on), holds_files=True)


def kinds(*, on: date, kept: int | None = None) -> QuerySet[DocumentKind]:
    """Kinds of document in use; ``kept`` is the one a document has already, in use or not."""
    return DocumentKind.objects.filter(_valid(on) | Q(pk=kept)).order_by("name")


def all_kinds() -> QuerySet[DocumentKind]:
    """The whole code list of kinds, by name, with their regimes."""
    return DocumentKind.objects.select_related("disposal_regime").order_by("name")


def kind_for(pk: int) -> DocumentKind:
    """A kind of document. Raises :class:`NotFound`."""
    kind = all_kinds().filter(pk=pk).first()
    if kind is None:
        raise NotFound("Takový druh dokumentu tu není.")
    return kind


def templates() -> QuerySet[DocumentTemplate]:
    """Templates in use."""
    return DocumentTemplate.objects.filter(active=True).order_by("name")


def settings_of_originator() -> RecordsSettings:
    """How the present originator numbers and writes; the defaults when nothing was set."""
    return RecordsSettings.objects.first() or RecordsSettings()


def capped_count(found: QuerySet[Document] | QuerySet[CaseFile], *, at_most: int = COUNTED_AT_MOST) -> int:
    """How many rows there are, counted only to ``at_most`` + 1: an exact count of a million is too slow to show."""
    return found.order_by().values("pk")[: at_most + 1].count()


def _shown() -> QuerySet[Document]:
    return Document.objects.select_related("unit", "holder", "sender", "case_file")


def _shown_files() -> QuerySet[CaseFile]:
    return CaseFile.objects.select_related("unit", "processor", "record_class")


def _valid(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
