"""Files as PDF: the cover, the list of documents, the whole file, and the list of files that a filter chose."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from egon.gateways.pdfa import Sheet, render_sheet
from egon.kernel.errors import DomainError, GatewayError
from egon.records import operations, queries
from egon.records.operations import FilePrint
from egon.web.access import ActorRequest, signed_in
from egon.web.files import shown
from egon.web.records import dossier, sheets


@signed_in
@require_safe
def print_cover(request: ActorRequest, pk: int) -> HttpResponse:
    """The cover of the paper part of a file, with its code (NSESSS 5.2.5; vyhláška 259/2012 § 12 odst. 5)."""
    file = queries.file_for(request.actor, pk)
    operations.print_file(actor=request.actor, file=file, what=FilePrint.COVER)
    return sheet_answer(sheets.cover_sheet(request.actor, file), f"obal-{pk}")


@signed_in
@require_safe
def print_documents(request: ActorRequest, pk: int) -> HttpResponse:
    """The list of documents of a file (NSESSS 5.2.7)."""
    file = queries.file_for(request.actor, pk)
    operations.print_file(actor=request.actor, file=file, what=FilePrint.DOCUMENTS)
    return sheet_answer(sheets.documents_sheet(request.actor, file), f"dokumenty-spisu-{pk}")


@signed_in
@require_safe
def print_whole_file(request: ActorRequest, pk: int) -> HttpResponse:
    """The whole file as one PDF (NSESSS 5.2.13); one that is too large says why on the page of its cover."""
    file = queries.file_for(request.actor, pk)
    try:
        printed = operations.print_whole_file(actor=request.actor, file=file)
        return pdf_answer(dossier.whole_file(request.actor, file, printed), f"spis-{pk}")
    except (DomainError, GatewayError) as refusal:
        for reason in getattr(refusal, "obstacles", None) or [refusal.message]:
            messages.error(request, reason)
        return redirect("records:file_cover", pk)


def print_found(request: ActorRequest, found: Any, filters: sheets.Facts) -> HttpResponse:
    """The list of files that the page shows, whole. Raises ``ListTooLong``."""
    rows = operations.print_files(actor=request.actor, found=found)
    return sheet_answer(sheets.files_sheet(request.actor, rows, filters), "spisy")


def sheet_answer(sheet: Sheet, name: str) -> HttpResponse:
    """The sheet as a PDF shown in the browser and kept by no proxy."""
    return pdf_answer(render_sheet(sheet), name)


def pdf_answer(pdf: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser and kept by no proxy."""
    return shown(pdf, f"{name}.pdf")
