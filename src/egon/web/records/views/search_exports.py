"""Whole results of searches as files: asking for one, how its making goes, taking it away (NSESSS 5.2.11)."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from egon import search, storage
from egon.records import operations, search_queries
from egon.records.models import SavedSearch, SearchExportMonth
from egon.records.operations import SEARCH_EXPORTING
from egon.records.rules.exporting import KEPT_DAYS, ExportForm
from egon.records.rules.labels import choices
from egon.web import runs
from egon.web.access import ActorRequest, signed_in
from egon.web.files import saved
from egon.web.formatting import write_date
from egon.web.records.paging import page_of
from egon.web.records.views.planning.shared import do
from egon.web.records.views.saved_searches import LEFT_OUT, told
from egon.web.records.views.searching import form_of


class ExportChoice(forms.Form):
    """What the result is taken away as."""

    podoba = forms.ChoiceField(choices=choices(ExportForm))


@signed_in
@require_POST
def start_export(request: ActorRequest) -> HttpResponse:
    """``/hledat/export/?…``: have the whole result of the search of this address made into a file."""
    query = urlencode([(key, value) for key, value in request.GET.items() if value and key not in LEFT_OUT])
    back, choice, form = f"{reverse('records:search')}?{query}", ExportChoice(request.POST), form_of(request)
    if not choice.is_valid() or not form.is_valid() or form.criteria().tells_nothing:
        messages.error(request, "Export se nespustil. Vyberte podobu souboru a opravte, co hledání označilo.")
        return redirect(back)
    criteria = form.criteria()
    try:
        search.parse(criteria.words)
    except search.QueryMistake:
        return redirect(back)
    run = do(
        request,
        runs.STARTED,
        operations.start_search_export,
        form=ExportForm(choice.cleaned_data["podoba"]),
        query=query,
        told=told(request.actor, SavedSearch(query=query)),
        since=criteria.registered.since,
        until=criteria.registered.until,
    )
    return redirect("records:search_export", run.pk) if run is not None else redirect(back)


@signed_in
@require_safe
def exports(request: ActorRequest) -> HttpResponse:
    """``/hledat/exporty/``: one's own, the newest first."""
    page = page_of(search_queries.exports_of(request.actor), request)
    return render(request, "records/search_exports.html", {"page": page, "days": KEPT_DAYS, "crumbs": _crumbs()})


@signed_in
@require_safe
def export(request: ActorRequest, pk: int) -> HttpResponse:
    """``/hledat/exporty/<pk>/``: how it goes, and the file."""
    run = search_queries.export_for(request.actor, pk)
    context: dict[str, Any] = {
        "run": run,
        "days": KEPT_DAYS,
        "stop_url": reverse("records:stop_export", args=[pk]),
        "resume_url": reverse("records:resume_export", args=[pk]),
        "crumbs": _crumbs(f"č. {run.pk}"),
        "one": "měsíc",
        "few": "měsíce",
        "many": "měsíců",
    }
    refused = runs.refused_items(request, SEARCH_EXPORTING.refused_in(run), ["Období"], _told_month)
    return render(request, "records/search_export.html", context | refused)


@signed_in
@require_POST
def discard_export(request: ActorRequest, pk: int) -> HttpResponse:
    """Forget the file."""
    run = search_queries.export_for(request.actor, pk)
    do(request, "Soubor je smazaný.", operations.discard_search_export, run=run)
    return redirect("records:search_export", pk)


@signed_in
@require_safe
def take_export(request: ActorRequest, pk: int) -> HttpResponse:
    """The file; that it was taken is written down."""
    run = search_queries.export_for(request.actor, pk)
    digest = operations.take_search_export(actor=request.actor, run=run)
    return saved(storage.read(digest), run.file_name)


stop_export = signed_in(
    runs.stopping(operations.stop_search_export, search_queries.export_for, "records:search_export")
)
resume_export = signed_in(
    runs.resuming(operations.resume_search_export, search_queries.export_for, "records:search_export")
)


def _told_month(month: SearchExportMonth) -> runs.Told:
    return runs.Told([f"{write_date(month.since)} – {write_date(month.until)}"])


def _crumbs(*names: str) -> list[dict[str, str]]:
    crumbs = [{"label": "Hledání", "url": reverse("records:search")}]
    crumbs.append({"label": "Exporty hledání", "url": reverse("records:search_exports")})
    return [*crumbs, *({"label": name} for name in names)]
