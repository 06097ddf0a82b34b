"""Putting documents into files, and opening files."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.kernel.errors import DomainError
from egon.records import operations, queries, searching, typed_queries
from egon.records.models import CaseFile, Document, RecordClass, TypedSection
from egon.records.rules.states import FileState
from egon.registry.models import Person, Unit
from egon.search import QueryMistake
from egon.web.access import ActorRequest, signed_in
from egon.web.forms import attempt
from egon.web.records.forms import NewFileForm
from egon.web.records.plan_forms import offered_codes

MOST_FILES = 20
MOST_SECTIONS = 20


@signed_in
@require_http_methods(["GET", "POST"])
def put_in_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Into an existing file (found by words), or into a new one with a class of the plan."""
    document = queries.document_for(request.actor, pk)
    section = _section_in(request)
    form = NewFileForm(section=section, initial={"subject": document.subject, "record_class": _class_in(request)})
    if request.method == "POST" and "file" in request.POST:
        return _into_existing(request, document)
    if request.method == "POST":
        form = NewFileForm(request.POST, section=section)
        if form.is_valid() and (file := _open(request.actor, form, document)):
            messages.success(request, f"Dokument je v novém spisu {file}, režim {file.regime}.")
            return redirect("records:document", pk)
    wanted = request.GET.get("q", "").strip()
    context = {
        "document": document,
        "form": form,
        "wanted": wanted,
        **_place_context(request, section),
        "files": _files_to_offer(request.actor, document, wanted),
        "crumbs": [
            {"label": "Dokumenty", "url": reverse("records:documents")},
            {"label": str(document), "url": reverse("records:document", args=[pk])},
            {"label": "Zařazení do spisu"},
        ],
    }
    return render(request, "records/put_in_file.html", context)


@signed_in
@require_POST
def take_out_of_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a document out of an open file, with a reason."""
    document = queries.document_for(request.actor, pk)
    operations.take_out_of_file(actor=request.actor, document=document, reason=request.POST.get("reason", ""))
    messages.success(request, f"Dokument {document} je vyjmutý ze spisu.")
    return redirect("records:document", pk)


@signed_in
@require_http_methods(["GET", "POST"])
def new_file(request: ActorRequest) -> HttpResponse:
    """Open a file without a document (NSESSS 3.2.4), in a class or in a section of a typed file (3.2.1)."""
    section = _section_in(request)
    form = NewFileForm(request.POST or None, section=section, initial={"record_class": _class_in(request)})
    if request.method == "POST" and form.is_valid() and (file := _open(request.actor, form, None)):
        messages.success(request, f"Spis {file} je založený, režim {file.regime}.")
        return redirect("records:file", file.pk)
    crumbs = [{"label": "Spisy", "url": reverse("records:files")}, {"label": "Nový spis"}]
    return render(
        request, "records/new_file.html", {"form": form, "crumbs": crumbs, **_place_context(request, section)}
    )


def _into_existing(request: ActorRequest, document: Document) -> HttpResponse:
    file = queries.file_for(request.actor, int(request.POST["file"]) if request.POST["file"].isdecimal() else 0)
    before = document.reference_number
    try:
        operations.put_in_file(actor=request.actor, document=document, file=file)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("records:put_in_file", document.pk)
    done = f"Dokument je ve spisu {file}, pořadí {document.order_in_file}."
    if document.reference_number != before:
        done += f" Má nové číslo jednací {document.reference_number}, pod číslem {before} ho najdete dál."
    messages.success(request, done)
    return redirect("records:document", document.pk)


def _open(actor: Actor, form: NewFileForm, document: Document | None) -> CaseFile | None:
    unit, processor = place_of(actor, document)
    if unit is None:
        form.add_error(None, "Nepracujete v žádném útvaru, spis by neměl kam patřit. Obraťte se na správce.")
        return None
    arguments: dict[str, Any] = {"unit": unit, "processor": processor, "subject": form.cleaned_data["subject"]}
    arguments["own"] = form.own()
    return attempt(form, operations.open_file, actor=actor, document=document, **form.place(), **arguments)


def _section_in(request: ActorRequest) -> TypedSection | None:
    """The section of a typed file that the address names (``?soucast=``)."""
    chosen = request.GET.get("soucast", "")
    return typed_queries.section_for(request.actor, int(chosen)) if chosen.isdecimal() else None


def _class_in(request: ActorRequest) -> RecordClass | None:
    """The class that the address names (``?znak=``), as the plan and its classes lead here."""
    chosen = request.GET.get("znak", "")
    return queries.classes_for_files(on=today()).filter(pk=chosen).first() if chosen.isdecimal() else None


def _place_context(request: ActorRequest, section: TypedSection | None) -> dict[str, Any]:
    """The chosen section, or sections and classes to choose from."""
    return {"section": section} if section is not None else {**sections_to_offer(request), "codes": offered_codes()}


def sections_to_offer(request: ActorRequest) -> dict[str, Any]:
    """Sections that the searched words find, of typed files the actor may fill; without words the first ones."""
    wanted = request.GET.get("soucast_q", "").strip()[:80]
    found = typed_queries.sections_to_fill(request.actor, wanted)[: MOST_SECTIONS + 1]
    more = len(found) > MOST_SECTIONS
    return {"sections": found[:MOST_SECTIONS], "more_sections": more, "wanted_section": wanted}


def place_of(actor: Actor, document: Document | None) -> tuple[Unit | None, Person | None]:
    """To the unit and the processor of the first document, otherwise to who opens the file."""
    if document is not None and document.unit is not None:
        return document.unit, document.holder or person_of(actor)
    unit = Unit.objects.filter(pk__in=actor.unit_ids).order_by("code").first()
    return unit, person_of(actor)


def person_of(actor: Actor) -> Person | None:
    """The acting person, when the account has one here."""
    return None if actor.person_id is None else Person.objects.filter(pk=actor.person_id).first()


def _files_to_offer(actor: Actor, document: Document, wanted: str) -> list[CaseFile]:
    """Open files that match the words; without words the newest of the unit."""
    found = queries.files_visible_to(actor).filter(state=FileState.OPEN.value).exclude(pk=document.case_file_id or 0)
    found = found.filter(pk__in=_named(actor, wanted)) if wanted else found.filter(unit=document.unit_id)
    return list(found[:MOST_FILES])


def _named(actor: Actor, words: str) -> list[int]:
    try:
        return searching.files_named(actor, words)
    except QueryMistake:
        return []
