"""Reads of documents, files and the plan, for the doors and for other domains."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.records import permissions
from egon.records.models import (
    CaseFile,
    Component,
    ComponentVersion,
    Document,
    DocumentKind,
    DocumentTemplate,
    FilingPlan,
    RecordClass,
    RecordsSettings,
)

COUNTED_AT_MOST = 1000


def documents_visible_to(actor: Actor) -> QuerySet[Document]:
    """Documents the actor may see, newest first, with what a list shows (no further query a row)."""
    return _shown().filter(permissions.visible_to(actor)).order_by("-registered_at", "-pk")


def documents_among(actor: Actor, ids: Iterable[int]) -> QuerySet[Document]:
    """Those of the documents (at most some thousands) that the actor may see, in no order."""
    return _shown().filter(permissions.visible_among(actor), pk__in=ids)


def files_visible_to(actor: Actor) -> QuerySet[CaseFile]:
    """Files the actor may see, newest first."""
    shown = CaseFile.objects.select_related("unit", "processor", "record_class")
    return shown.filter(permissions.files_visible_to(actor)).order_by("-opened_on", "-pk")


def document_for(actor: Actor, pk: int) -> Document:
    """A document the actor may see. Raises :class:`NotFound` also when it exists but is not theirs to know of."""
    document = documents_among(actor, [pk]).select_related("kind", "replies_to").first()
    if document is None:
        raise NotFound("Takový dokument tu není, nebo k němu nemáte přístup.")
    return document


def file_for(actor: Actor, pk: int) -> CaseFile:
    """A file the actor may see. Raises :class:`NotFound`."""
    file = files_visible_to(actor).filter(pk=pk).first()
    if file is None:
        raise NotFound("Takový spis tu není, nebo k němu nemáte přístup.")
    return file


def version_for(actor: Actor, pk: int) -> ComponentVersion:
    """A version of a component of a document the actor may see. Raises :class:`NotFound`."""
    version = ComponentVersion.objects.select_related("component__document").filter(pk=pk).first()
    if version is None:
        raise NotFound("Takový soubor tu není, nebo k němu nemáte přístup.")
    document_for(actor, version.component.document_id)
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


def components_of(document: Document, *, also_removed: bool = False) -> list[ComponentView]:
    """Components of a document in their order, each with its versions; two queries."""
    versions = ComponentVersion.objects.order_by("-number").defer("source_text").select_related("created_by")
    found = Component.objects.filter(document=document).prefetch_related(Prefetch("versions", queryset=versions))
    if not also_removed:
        found = found.filter(removed_at__isnull=True)
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


def replies_to(document: Document) -> QuerySet[Document]:
    """Replies to a document, oldest first."""
    return Document.objects.filter(replies_to=document).order_by("pk")


def documents_in(file: CaseFile) -> QuerySet[Document]:
    """Documents of a file in their order."""
    shown = Document.objects.select_related("unit", "holder", "sender").prefetch_related("addressees")
    return shown.filter(case_file=file).order_by("order_in_file")


def current_plan(*, on: date) -> FilingPlan | None:
    """The plan valid on a day; of several the newest."""
    valid = FilingPlan.objects.filter(_valid(on))
    return valid.order_by("-valid_from", "-pk").first()


def classes_of(plan: FilingPlan) -> QuerySet[RecordClass]:
    """The classes of a plan in their order."""
    return RecordClass.objects.filter(plan=plan).select_related("parent").order_by("sort_key")


def classes_for_files(*, on: date) -> QuerySet[RecordClass]:
    """Classes into which a file may be opened on a day (NSESSS 3.1.8)."""
    plan = current_plan(on=on)
    if plan is None:
        return RecordClass.objects.none()
    return classes_of(plan).filter(_valid(on), holds_files=True)


def kinds(*, on: date) -> QuerySet[DocumentKind]:
    """Kinds of document in use."""
    return DocumentKind.objects.filter(_valid(on)).order_by("name")


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


def _valid(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
