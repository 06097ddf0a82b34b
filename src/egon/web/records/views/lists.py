"""The lists of documents and of files."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from egon.audit.operation import may
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE, today
from egon.kernel.errors import DomainError, GatewayError
from egon.records import operations, queries, searching
from egon.records.models import CaseFile, Document
from egon.records.rules.states import FINAL
from egon.search import QueryMistake
from egon.web.access import ActorRequest, signed_in
from egon.web.records.forms import DocumentFilter, FileFilter
from egon.web.records.paging import page_of
from egon.web.records.tables import documents_table, files_table
from egon.web.records.views.printing import print_found
from egon.web.records.views.typed.files import tabs as typed_tabs
from egon.web.records.words import chip_of, chip_of_file, direction_of

_DOCUMENT_ORDER = {"doslo": "registered_at", "termin": "deadline"}
TABLES = ("xlsx", "csv")
_FILE_ORDER = {"zalozen": "opened_on", "znak": "class_code"}


@signed_in
@require_safe
def document_list(request: ActorRequest) -> HttpResponse:
    """Documents the actor may see, filtered, sorted and paged by the server."""
    on = today()
    form, found = documents_found(request)
    wanted = request.GET.get("tabulka", "")
    if wanted in TABLES and form.is_valid():
        try:
            return documents_table(operations.export_documents(actor=request.actor, found=found), wanted)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    page = page_of(found, request, queries.document_rows)
    return render(
        request,
        "records/documents.html",
        {
            "filter_form": form,
            "page": page,
            "rows": [_document_row(document, on) for document in page],
            "today": on,
            "may_create": may(operations.create_document, actor=request.actor),
            "many_query": urlencode(_asked(request) | {"co": "dokumenty"}),
            "tables": _tables(request),
        },
        status=422 if wanted in TABLES else 200,
    )


@signed_in
@require_safe
def file_list(request: ActorRequest) -> HttpResponse:
    """Files the actor may see."""
    form, found = files_found(request)
    if "tisk" in request.GET and form.is_valid():
        try:
            return print_found(request, found, _chosen(form))
        except (DomainError, GatewayError) as refusal:
            form.add_error(None, refusal.message)
    wanted = request.GET.get("tabulka", "")
    if wanted in TABLES and form.is_valid():
        try:
            return files_table(operations.export_files(actor=request.actor, found=found), wanted)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    page = page_of(found, request, queries.file_rows)
    return render(
        request,
        "records/files.html",
        {
            "tabs": typed_tabs("files"),
            "filter_form": form,
            "page": page,
            "rows": [{"file": file, "chip": chip_of_file(file)} for file in page],
            "may_open": may(operations.open_file, actor=request.actor),
            "print_query": urlencode({**request.GET.dict(), "tisk": "1"}),
            "many_query": urlencode(_asked(request) | {"co": "spisy"}),
            "tables": _tables(request),
        },
        status=422 if "tisk" in request.GET or wanted in TABLES else 200,
    )


def documents_found(request: ActorRequest) -> tuple[DocumentFilter, QuerySet[Document]]:
    """The filter of the list of documents, and what it leaves of those the actor may see, in the order asked for."""
    form = DocumentFilter(request.GET)
    conditions = _document_conditions(form.cleaned_data, request.actor) & form.own_found if form.is_valid() else Q()
    found = queries.documents_visible_to(request.actor, conditions)
    return form, _ordered(found, request.GET.get("razeni", ""), _DOCUMENT_ORDER)


def files_found(request: ActorRequest) -> tuple[FileFilter, QuerySet[CaseFile]]:
    """The same of the list of files."""
    form = FileFilter(request.GET)
    found = queries.files_visible_to(request.actor)
    if form.is_valid():
        try:
            found = found.filter(_file_conditions(form.cleaned_data, request.actor), form.own_found)
        except QueryMistake as mistake:
            form.add_error("q", mistake.message)
    return form, _ordered(found, request.GET.get("razeni", ""), _FILE_ORDER)


def _tables(request: ActorRequest) -> list[dict[str, str]]:
    """Addresses of what the filter chose as tables."""
    asked = _asked(request)
    return [{"label": name.upper(), "query": urlencode({**asked, "tabulka": name})} for name in TABLES]


def _asked(request: ActorRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items() if value and name not in ("strana", "tisk")}


def _chosen(form: FileFilter) -> list[tuple[str, str]]:
    """What the filter chose, in Czech, for the print."""
    told = []
    for field in form:
        value = form.cleaned_data[field.name]
        if value:
            words = dict(getattr(field.field, "choices", ())).get(value, value)
            told.append((str(field.label), "ano" if value is True else str(words)))
    return told


def _document_conditions(wanted: dict[str, Any], actor: Actor) -> Q:
    found = Q()
    if wanted["stav"]:
        found &= Q(state=wanted["stav"])
    if wanted["smer"]:
        found &= Q(direction=wanted["smer"])
    if wanted["utvar"]:
        found &= Q(unit=wanted["utvar"])
    if wanted["druh"]:
        found &= Q(kind=wanted["druh"])
    if wanted["od"]:
        found &= Q(registered_at__gte=datetime.combine(wanted["od"], time(), PRAGUE))
    if wanted["do"]:
        found &= Q(registered_at__lt=datetime.combine(wanted["do"] + timedelta(days=1), time(), PRAGUE))
    if wanted["spis"]:
        found &= Q(case_file__in=CaseFile.objects.filter(file_mark__begins=wanted["spis"].strip()))
    if wanted["moje"]:
        found &= Q(holder__in=actor.person_ids)
    return found


def _file_conditions(wanted: dict[str, Any], actor: Actor) -> Q:
    found = Q()
    if wanted["stav"]:
        found &= Q(state=wanted["stav"])
    if wanted["utvar"]:
        found &= Q(unit=wanted["utvar"])
    if wanted["znak"]:
        found &= Q(class_code__begins=wanted["znak"].strip())
    if wanted["q"]:
        found &= Q(pk__in=searching.files_named(actor, wanted["q"]))
    if wanted["moje"]:
        found &= Q(processor__in=actor.person_ids)
    return found


def _ordered[M: (Document, CaseFile)](found: QuerySet[M], wanted: str, known: dict[str, str]) -> QuerySet[M]:
    column = known.get(wanted.removeprefix("-"))
    if column is None:
        return found
    sign = "-" if wanted.startswith("-") else ""
    return found.order_by(f"{sign}{column}", f"{sign}pk")


def _document_row(document: queries.DocumentRow, on: date) -> dict[str, Any]:
    is_open = document.state not in FINAL
    return {
        "document": document,
        "chip": chip_of(document),
        "direction": direction_of(document),
        "is_late": is_open and document.deadline is not None and document.deadline < on,
        "is_open": is_open,
    }
