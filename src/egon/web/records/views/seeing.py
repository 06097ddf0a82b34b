"""Who sees a thing of records and why; what a person sees (NSESSS 5.2.15)."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon.audit.operation import may
from egon.kernel.actor import Actor
from egon.kernel.clock import now, today
from egon.kernel.errors import NotFound
from egon.records import access_queries, operations, permissions, queries, sight, sight_around, typed_queries
from egon.records.models import CaseFile, Document, TypedFile, TypedSection
from egon.records.seers import Sight
from egon.registry import queries as registry
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.records import seers
from egon.web.records.paging import page_of
from egon.web.records.seers import CHECKING
from egon.web.records.views.granting import rows_of
from egon.web.records.views.planning.shared import class_by
from egon.web.tables import table_answer

MOST_EXPORTED = 10_000


@signed_in
@require_safe
def who_sees_document(request: ActorRequest, pk: int) -> HttpResponse:
    """``/dokumenty/<pk>/pristup/``, with ``?csv`` as a file."""
    document = _document(request.actor, pk)
    found = sight.who_sees_document(document, on=today())
    back = reverse("records:document", args=[pk]) if queries.visible_ids(request.actor, [pk]) else ""
    may_grant = bool(back) and bool(may(operations.grant_access, actor=request.actor, document=document))
    return _who_sees(request, document, found, back, may_grant=may_grant, file=document.case_file)


@signed_in
@require_safe
def who_sees_file(request: ActorRequest, pk: int) -> HttpResponse:
    """``/spisy/<pk>/pristup/``, with ``?csv`` as a file."""
    file = _file(request.actor, pk)
    found = sight.who_sees_file(file, on=today())
    back = reverse("records:file", args=[pk]) if queries.files_among(request.actor, [pk]).exists() else ""
    may_grant = bool(back) and bool(may(operations.grant_access, actor=request.actor, file=file))
    restricting = {
        "may_restrict": bool(back)
        and not file.is_restricted()
        and bool(may(operations.restrict_file, actor=request.actor, file=file)),
        "may_release": file.is_restricted() and bool(may(operations.release_file, actor=request.actor, file=file)),
    }
    return _who_sees(request, file, found, back, may_grant=may_grant, file=file, **restricting)


@signed_in
@require_safe
def who_sees_typed_file(request: ActorRequest, pk: int) -> HttpResponse:
    """``/typove-spisy/<pk>/pristup/``: who sees its name and sections, not what is in it."""
    typed, known = _typed_file(request.actor, pk)
    return seers.answer(
        request, sight.who_sees_typed_file(typed, on=today()), thing=_called(typed, known),
        crumbs=_way_to(typed, known),
        lead="Vidí název a součásti typového spisu, spisy v něm jen ti, kdo k nim mají přístup.",
        **_granting(request.actor, typed, "typed_file", known),
    )  # fmt: skip


@signed_in
@require_safe
def who_sees_section(request: ActorRequest, pk: int) -> HttpResponse:
    """``/typove-spisy/soucasti/<pk>/pristup/``."""
    section = typed_queries.section_by(pk) if request.actor.has(*CHECKING) else None
    section = section or typed_queries.section_for(request.actor, pk)
    found = sight_around.who_sees_section(section, on=today())
    known = typed_queries.sections_visible_to(request.actor).filter(pk=section.pk).exists()
    granting = _granting(request.actor, section, "section", known)
    return _of_section(request, section, section.template.code, found, **granting)


@signed_in
@require_safe
def who_sees_volume(request: ActorRequest, pk: int) -> HttpResponse:
    """``/typove-spisy/dily/<pk>/pristup/``."""
    volume = typed_queries.volume_by(pk) if request.actor.has(*CHECKING) else None
    volume = volume or typed_queries.volume_for(request.actor, pk)
    thing = f"{volume.section.template.code}, {volume}"
    return _of_section(request, volume.section, thing, sight_around.who_sees_volume(volume, on=today()))


@signed_in
@require_safe
def who_sees_component(request: ActorRequest, pk: int) -> HttpResponse:
    """``/komponenty/<pk>/pristup/``: of the component one of whose versions it is; for who may read it."""
    component = queries.version_for(request.actor, pk).component
    document = component.document
    crumbs = [{"label": str(document), "url": reverse("records:document", args=[document.pk])}]
    return seers.answer(
        request, sight_around.who_sees_component(component, on=today()), thing=component.name, crumbs=crumbs,
        lead="Soubor vidí, kdo vidí jeho dokument, pokud mu ho správce neomezil.",
    )  # fmt: skip


@signed_in
@require_safe
def who_sees_class(request: ActorRequest, pk: int) -> HttpResponse:
    """``/plan/skupiny/<pk>/pristup/``."""
    entry = class_by(request, pk)
    return seers.answer(
        request, sight_around.who_sees_class(entry, on=today()), thing=entry.code,
        crumbs=[{"label": str(entry), "url": reverse("records:class", args=[pk])}],
        lead="Vidí věcnou skupinu v plánu, spisy v ní jen ti, kdo k nim mají přístup.",
    )  # fmt: skip


@requires_role(*CHECKING)
@require_safe
def what_person_sees(request: ActorRequest, pk: int) -> HttpResponse:
    """``/pristup/osoby/<pk>/``: documents, by ``?co=`` files or typed files; ``?csv`` gives the newest ten thousand."""
    person = registry.person_for(request.actor, pk)
    # Who left sees nothing, whatever still stands under their name.
    theirs = registry.actor_of(person, at=now()) if person.active else Actor(person.tenant_id, person.name)
    key = request.GET.get("co", "")
    part = _PARTS.get(key) or _PARTS[""]
    seen = part.seen(theirs)
    if "csv" in request.GET:
        return table_answer(
            ["Číslo", "Útvar", "Zpracovatel"], map(_row, seen[:MOST_EXPORTED]), name=f"pristup-osoba-{pk}", form="csv"
        )
    tabs = [{"label": one.label, "url": f"?co={key}", "active": one is part} for key, one in _PARTS.items()]
    page = page_of(seen, request)
    rows = [(_row(one), reverse(part.address, args=[one.pk])) for one in page]
    context = {"colleague": person, "part": part, "key": key, "tabs": tabs, "page": page, "rows": rows}
    return render(request, "records/person_sees.html", context | {"most": MOST_EXPORTED})


class _Part(NamedTuple):
    """One kind of things a person sees."""

    label: str
    address: str  # of who else sees one of them
    seen: Callable[[Actor], QuerySet[Any]]


_PARTS = {
    "": _Part(
        "Dokumenty", "records:document_access",
        lambda actor: queries.documents_visible_to(actor).select_related("unit", "holder"),
    ),
    "spisy": _Part(
        "Spisy", "records:file_access",
        lambda actor: queries.files_visible_to(actor).select_related("unit", "processor"),
    ),
    "typove": _Part("Typové spisy", "records:typed_file_access", typed_queries.typed_files_visible_to),
}  # fmt: skip


def _document(actor: Actor, pk: int) -> Document:
    if not actor.has(*CHECKING):
        return queries.document_for(actor, pk)
    document = Document.objects.filter(pk=pk).select_related("unit", "case_file").first()
    if document is None:
        raise NotFound("Takový dokument tu není.")
    return document


def _file(actor: Actor, pk: int) -> CaseFile:
    file = CaseFile.objects.filter(pk=pk).select_related("unit").first()
    # Who may end a restriction must see whom it lets in.
    if file is not None and (actor.has(*CHECKING) or (file.is_restricted() and permissions.may_release(actor, file))):
        return file
    return queries.file_for(actor, pk)


def _typed_file(actor: Actor, pk: int) -> tuple[TypedFile, bool]:
    """The typed file, and whether the actor sees it; who checks sees not more than its identifier."""
    found = typed_queries.typed_files_visible_to(actor).filter(pk=pk).first()
    if found is None and actor.has(*CHECKING):
        unseen = TypedFile.objects.filter(pk=pk).select_related("unit", "record_class__plan").first()
        if unseen is not None:
            return unseen, False
    return found or typed_queries.typed_file_for(actor, pk), True


def _called(typed: TypedFile, known: bool) -> str:
    return typed.name if known else typed.identifier


def _way_to(typed: TypedFile, known: bool) -> list[dict[str, Any]]:
    return [{"label": _called(typed, known), "url": reverse("records:typed_file", args=[typed.pk]) if known else ""}]


def _granting(actor: Actor, entity: TypedFile | TypedSection, name: str, known: bool) -> dict[str, Any]:
    """What was granted of a typed file or a section, and where who may gives more."""
    may_grant = known and bool(may(operations.grant_access, actor=actor, **{name: entity}))
    return {
        "grants": rows_of(actor, access_queries.grants_of(entity), back="vec"),
        "grant_url": reverse(f"records:grant_{name}_access", args=[entity.pk]) if may_grant else "",
    }


def _of_section(
    request: ActorRequest, section: TypedSection, thing: str, found: Sequence[Sight], **more: Any
) -> HttpResponse:
    typed, known = _typed_file(request.actor, section.typed_file_id)
    crumbs = _way_to(typed, known)
    if typed_queries.sections_visible_to(request.actor).filter(pk=section.pk).exists():
        crumbs.append({"label": str(section), "url": reverse("records:section", args=[section.pk])})
    lead = "Vidí součást typového spisu s díly, spisy v nich jen ti, kdo k nim mají přístup."
    return seers.answer(request, found, thing=thing, lead=lead, crumbs=crumbs, **more)


def _who_sees(
    request: ActorRequest, entity: Document | CaseFile, found: list[Sight], back: str, **more: Any
) -> HttpResponse:
    if "csv" in request.GET:
        rows = ([one.person.name, "; ".join(one.reasons)] for one in found)
        return table_answer(["Kdo", "Proč"], rows, name="kdo-ma-pristup", form="csv")
    context = {
        "number": str(entity),
        "entity": entity,
        "is_file": isinstance(entity, CaseFile),
        "seers": found,
        "checking": request.actor.has(*CHECKING),
        "grants": rows_of(request.actor, access_queries.grants_of(entity), back="vec"),
        "crumbs": [{"label": str(entity), "url": back}, {"label": "Kdo má přístup"}],
        **more,
    }
    return render(request, "records/who_sees.html", context)


def _row(one: Document | CaseFile | TypedFile) -> Sequence[str]:
    # Whoever checks access need not see what it is about: a typed file has no number but its identifier.
    number = one.identifier if isinstance(one, TypedFile) else str(one)
    person = one.holder if isinstance(one, Document) else one.processor
    return [number, str(one.unit or ""), person.name if person else ""]
