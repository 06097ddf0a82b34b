"""Registering from a table: bring it, say what its columns mean, see its faults, run it and watch."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.gateways.tables import write_csv
from egon.jobs.runs.states import RunState
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.kernel.errors import DomainError
from egon.mailroom import bulk, operations
from egon.mailroom.bulk_rules import guess
from egon.mailroom.models import BulkLine, BulkRun
from egon.web import runs
from egon.web.access import ActorRequest, requires_role
from egon.web.files import saved
from egon.web.forms import attempt
from egon.web.mailroom.bulk_forms import ColumnsForm, TableForm
from egon.web.records.paging import page_of

MOST_FAULTS = 200


@requires_role(Role.MAILROOM)
@require_http_methods(["GET", "POST"])
def tables(request: ActorRequest) -> HttpResponse:
    """Tables brought, and bringing another."""
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]
        run = attempt(
            form,
            operations.bring_table,
            actor=request.actor,
            name=upload.name or "tabulka",
            content=upload.read(),
            at=clock.now(),
        )
        if run is not None:
            return redirect("mailroom:table_columns", run.pk)
    context = {"form": form, "page": page_of(bulk.runs(), request), "crumbs": _crumbs()}
    return render(request, "mailroom/tables.html", context, status=422 if form.errors else 200)


@requires_role(Role.MAILROOM)
@require_http_methods(["GET", "POST"])
def table_columns(request: ActorRequest, pk: int) -> HttpResponse:
    """What each column means; as last time, or by its name."""
    run = bulk.run_for(pk)
    if run.state != RunState.DRAFT:
        return redirect("mailroom:table", pk)
    names = bulk.meanings()
    guessed = run.meanings or guess(run.header, bulk.remembered(), names)
    form = ColumnsForm(
        request.POST or None, header=run.header, names=names, guessed=guessed, initial={"founding": run.founding}
    )
    if request.method == "POST" and form.is_valid():
        told = {"meanings": form.meanings(), "founding": form.cleaned_data["founding"]}
        saved = attempt(form, operations.map_columns, actor=request.actor, run=run, **told)
        if saved is not None:
            return redirect("mailroom:table", pk)
    sample = list(BulkLine.objects.filter(run=run).order_by("number")[:3])
    context = {"run": run, "form": form, "rows": _columns(form, sample), "crumbs": _crumbs(run.name)}
    return render(request, "mailroom/table_columns.html", context, status=422 if form.errors else 200)


@requires_role(Role.MAILROOM)
@require_safe
def table(request: ActorRequest, pk: int) -> HttpResponse:
    """Before it runs, everything that is wrong by line; then how it goes and what was refused."""
    run = bulk.run_for(pk)
    if run.state == RunState.DRAFT and not run.meanings:
        return redirect("mailroom:table_columns", pk)
    faults = _faults(request, run)
    context = {
        "run": run,
        "stop_url": reverse("mailroom:stop_table", args=[pk]),
        "resume_url": reverse("mailroom:resume_table", args=[pk]),
        "faults": faults[:MOST_FAULTS],
        "faulty": len(faults),
        "sound": run.total - len(faults),
        "crumbs": _crumbs(run.name),
    }
    refused = operations.REGISTERING.refused_in(run)
    context |= runs.refused_items(request, refused, ["Řádek"], lambda line: runs.Told([line.number]))
    return render(
        request, "mailroom/table_draft.html" if run.state == RunState.DRAFT else "mailroom/table.html", context
    )


@requires_role(Role.MAILROOM)
@require_safe
def table_faults(request: ActorRequest, pk: int) -> HttpResponse:
    """Lines with faults, or refused ones, as CSV to be mended and brought again."""
    run = bulk.run_for(pk)
    told = dict(_faults(request, run)) if run.state == RunState.DRAFT else {}
    lines = BulkLine.objects.filter(run=run).order_by("number")
    lines = lines.filter(number__in=told) if told else operations.REGISTERING.refused_in(run)
    rows = [[*_whole(line, run), line.number, told.get(line.number, line.message)] for line in lines]
    return saved(write_csv([*run.header, "řádek", "proč ne"], rows), f"nezaevidovane-{pk}.csv")


@requires_role(Role.MAILROOM)
@require_POST
def start_table(request: ActorRequest, pk: int) -> HttpResponse:
    """Run it."""
    try:
        operations.start_bulk(actor=request.actor, run=bulk.run_for(pk))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, runs.STARTED)
    return redirect("mailroom:table", pk)


def _find(actor: Actor, pk: int) -> BulkRun:
    return bulk.run_for(pk)


stop_table = requires_role(Role.MAILROOM)(runs.stopping(operations.stop_bulk, _find, "mailroom:table"))
resume_table = requires_role(Role.MAILROOM)(runs.resuming(operations.resume_bulk, _find, "mailroom:table"))


@requires_role(Role.MAILROOM)
@require_POST
def discard_table(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw it away before it runs."""
    try:
        operations.discard_table(actor=request.actor, run=bulk.run_for(pk))
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("mailroom:table", pk)
    messages.success(request, "Tabulka je zahozená, nic se z ní nezaevidovalo.")
    return redirect("mailroom:tables")


def _faults(request: ActorRequest, run: BulkRun) -> list[tuple[int, str]]:
    if run.state != RunState.DRAFT:
        return []
    return bulk.faults_of(run, request.actor, now=clock.now(), on=clock.today())


def _columns(form: ColumnsForm, sample: list[BulkLine]) -> list[dict[str, Any]]:
    """Each column with its field and what stands in it."""
    return [
        {"field": field, "sample": [line.cells[place] for line in sample if place < len(line.cells)]}
        for place, field in enumerate(form.column_fields())
    ]


def _whole(line: BulkLine, run: BulkRun) -> list[str]:
    return [*line.cells, *[""] * (len(run.header) - len(line.cells))]


def _crumbs(last: str = "") -> list[dict[str, str]]:
    found = [
        {"label": "Podatelna", "url": reverse("mailroom:inbox")},
        {"label": "Evidence z tabulky", "url": reverse("mailroom:tables")},
    ]
    return [*found, {"label": last}] if last else found
