"""All metadata and the whole history of a document or a file, on the screen and as PDF (NSESSS 5.2.3, 5.2.4, 5.2.6)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon.gateways.pdfa import Sheet
from egon.records import operations, queries
from egon.records.models import CaseFile, Document
from egon.records.operations import DocumentPrint, FilePrint
from egon.web.access import ActorRequest, signed_in
from egon.web.audit.history import entry_of, unseen_names
from egon.web.audit.paging import page_of
from egon.web.records import metadata
from egon.web.records.views.printing import sheet_answer


@signed_in
@require_safe
def document_metadata(request: ActorRequest, pk: int) -> HttpResponse:
    """Everything kept of a document, as it would be printed."""
    document = queries.document_for(request.actor, pk)
    sheet = metadata.document_sheet(request.actor, document)
    print_url = reverse("records:print_document_metadata", args=[pk])
    return sheet_page(request, sheet, print_url, _crumbs(document, "Metadata"))


@signed_in
@require_safe
def print_document_metadata(request: ActorRequest, pk: int) -> HttpResponse:
    """The same as PDF/A."""
    document = queries.document_for(request.actor, pk)
    operations.print_document(actor=request.actor, document=document, what=DocumentPrint.METADATA)
    return sheet_answer(metadata.document_sheet(request.actor, document), f"metadata-dokumentu-{pk}")


@signed_in
@require_safe
def file_metadata(request: ActorRequest, pk: int) -> HttpResponse:
    """Everything kept of a file, as it would be printed."""
    file = queries.file_for(request.actor, pk)
    sheet = metadata.file_sheet(request.actor, file)
    print_url = reverse("records:print_file_metadata", args=[pk])
    return sheet_page(request, sheet, print_url, _crumbs(file, "Metadata"))


@signed_in
@require_safe
def print_file_metadata(request: ActorRequest, pk: int) -> HttpResponse:
    """The same as PDF/A."""
    file = queries.file_for(request.actor, pk)
    operations.print_file(actor=request.actor, file=file, what=FilePrint.METADATA)
    return sheet_answer(metadata.file_sheet(request.actor, file), f"metadata-spisu-{pk}")


@signed_in
@require_safe
def document_history(request: ActorRequest, pk: int) -> HttpResponse:
    """The whole history of a document page by page; ``obeh`` leaves only who had it."""
    return _history(request, queries.document_for(request.actor, pk), "records:print_document_history")


@signed_in
@require_safe
def file_history(request: ActorRequest, pk: int) -> HttpResponse:
    """The whole history of a file page by page."""
    return _history(request, queries.file_for(request.actor, pk), "records:print_file_history")


@signed_in
@require_safe
def print_document_history(request: ActorRequest, pk: int) -> HttpResponse:
    """The history of a document as PDF/A."""
    document = queries.document_for(request.actor, pk)
    operations.print_document(actor=request.actor, document=document, what=DocumentPrint.HISTORY)
    return _printed_history(request, document, f"historie-dokumentu-{pk}")


@signed_in
@require_safe
def print_file_history(request: ActorRequest, pk: int) -> HttpResponse:
    """The history of a file as PDF/A."""
    file = queries.file_for(request.actor, pk)
    operations.print_file(actor=request.actor, file=file, what=FilePrint.HISTORY)
    return _printed_history(request, file, f"historie-spisu-{pk}")


def _printed_history(request: ActorRequest, entity: CaseFile | Document, name: str) -> HttpResponse:
    sheet = metadata.history_sheet(request.actor, entity, only_circulation="obeh" in request.GET)
    return sheet_answer(sheet, name)


def _history(request: ActorRequest, entity: CaseFile | Document, printing: str) -> HttpResponse:
    only_circulation = "obeh" in request.GET
    records = metadata.history_of(entity, only_circulation=only_circulation).order_by("-recorded_at", "-pk")
    page = page_of(records, request.GET.get("strana", ""))
    hidden = unseen_names(request.actor, page) - {str(entity)}
    context = {
        "entity": entity,
        "events": [entry_of(one, hidden=hidden) for one in page],
        "page": page,
        "tabs": [
            {"label": "Všechno", "url": request.path, "active": not only_circulation},
            {"label": "Jen oběh", "url": f"{request.path}?obeh=1", "active": only_circulation},
        ],
        "print_url": reverse(printing, args=[entity.pk]) + ("?obeh=1" if only_circulation else ""),
        "crumbs": _crumbs(entity, "Historie"),
    }
    return render(request, "records/history.html", context)


def sheet_page(request: ActorRequest, sheet: Sheet, print_url: str, crumbs: list[dict[str, str]]) -> HttpResponse:
    """A sheet on the screen, as it would be printed."""
    sections = [
        {
            "heading": one.heading,
            "facts": one.facts,
            "columns": [name for name, _ in one.columns],
            "rows": [list(zip([name for name, _ in one.columns], row, strict=True)) for row in one.rows],
            "empty": one.empty,
        }
        for one in sheet.sections
    ]
    context: dict[str, Any] = {
        "sheet": sheet,
        "sections": sections,
        "print_url": print_url,
        "crumbs": crumbs,
    }
    return render(request, "records/metadata.html", context)


def _crumbs(entity: CaseFile | Document, last: str) -> list[dict[str, str]]:
    is_file = isinstance(entity, CaseFile)
    lists = {"label": "Spisy", "url": reverse("records:files")} if is_file else {
        "label": "Dokumenty", "url": reverse("records:documents")
    }  # fmt: skip
    page = reverse("records:file" if is_file else "records:document", args=[entity.pk])
    return [lists, {"label": str(entity), "url": page}, {"label": last}]
