"""Import of an existing store: bringing it, watching it, and the report."""

import csv
import io
import tempfile
from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from egon import storage
from egon.databox import operations
from egon.databox.importing import queries, reporting
from egon.databox.importing.sources import printable
from egon.databox.importing.tables import ImportEntry, ImportRun, Outcome, RunState
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import GatewayError
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.paging import page_of
from egon.web.databox.forms import ImportForm
from egon.web.databox.tabs import tabs_for
from egon.web.forms import attempt
from egon.web.mailroom.facts import Chip

_STATE_TONES = {
    RunState.RUNNING: "primary",
    RunState.DONE: "success",
    RunState.STOPPED: "warning",
    RunState.FAILED: "error",
}
_TONES = {
    Outcome.IMPORTED: "success",
    Outcome.DOUBTFUL: "warning",
    Outcome.KNOWN: "neutral",
    Outcome.REFUSED: "error",
    Outcome.SKIPPED: "neutral",
    Outcome.ENVELOPE: "warning",
}


@requires_role(Role.MAILROOM)
def imports(request: ActorRequest) -> HttpResponse:
    """The form to bring a store, and former imports."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        run = _start(request, form)
        if run is not None:
            return redirect("databox:import_run", pk=run.pk)
    page = Paginator(queries.runs(), 20).get_page(request.GET.get("strana"))
    for run in page:
        run.chip = _chip_of(run)  # type: ignore[attr-defined]
        run.counts = _counts_of(run)  # type: ignore[attr-defined]
    context = {"tabs": tabs_for(request.actor, "imports"), "form": form, "page": page}
    return render(request, "databox/imports.html", context, status=422 if form.errors else 200)


def _start(request: ActorRequest, form: ImportForm) -> ImportRun | None:
    uploaded: UploadedFile[Any] = form.cleaned_data["soubor"]
    try:
        source = storage.put(uploaded.file, limit=form.largest)  # type: ignore[arg-type]
    except GatewayError as error:
        form.add_error("soubor", error.message)
        return None
    return attempt(
        form,
        operations.start_import,
        actor=request.actor,
        name=printable(uploaded.name or "bez názvu"),
        source=source,
        former_boxes=form.cleaned_data["byvale_schranky"],
        at=clock.now(),
    )


@requires_role(Role.MAILROOM)
@require_safe
def import_run(request: ActorRequest, pk: int) -> HttpResponse:
    """How far an import is, and what became of each file."""
    run = queries.run_for(pk)
    counts = queries.counts_of(run)
    chosen = request.GET.get("vysledek", "")
    page = page_of(queries.entries(run, chosen if chosen in Outcome.values else ""), request.GET.get("strana", ""), 100)
    pace = queries.pace_at(run, sum(counts.values()), now=clock.now())
    context = {
        "run": run,
        "chip": _chip_of(run),
        "pace": pace,
        "progress_line": reporting.line_of(pace),
        "tabs": _outcome_tabs(run, counts, chosen),
        "page": page,
        "rows": [_row(entry) for entry in page],
        "may_go_on": run.state == RunState.STOPPED and run.source_digest,
        "crumbs": [{"label": "Import", "url": reverse("databox:imports")}, {"label": run.name}],
    }
    return render(request, "databox/import_run.html", context)


@requires_role(Role.MAILROOM)
@require_safe
def report(request: ActorRequest, pk: int) -> HttpResponse:
    """The fate of every file as CSV for a spreadsheet."""
    run = queries.run_for(pk)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    csv.writer(text, delimiter=";").writerows(reporting.rows_of(run))
    text.detach()
    target.seek(0)
    response = FileResponse(target, as_attachment=True, filename=f"import-{run.pk}.csv", content_type="text/csv")
    response.headers["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)


@requires_role(Role.MAILROOM)
@require_POST
def stop(request: ActorRequest, pk: int) -> HttpResponse:
    """Stop an import after the file being worked on."""
    reason = "Import jste zastavili. Co je uloženo, uloženo zůstává."
    operations.stop_import(actor=request.actor, run=queries.run_for(pk), reason=reason, at=clock.now())
    messages.info(request, "Import se zastaví po právě zpracovávaném souboru.")
    return redirect("databox:import_run", pk=pk)


@requires_role(Role.MAILROOM)
@require_POST
def go_on(request: ActorRequest, pk: int) -> HttpResponse:
    """Go on with a stopped import."""
    operations.go_on_with_import(actor=request.actor, run=queries.run_for(pk))
    messages.info(request, "Import pokračuje soubory, které ještě nemají výsledek.")
    return redirect("databox:import_run", pk=pk)


def _chip_of(run: ImportRun) -> Chip:
    state = RunState(run.state)
    return Chip(state.label, _STATE_TONES[state], run.problem)


def _counts_of(run: ImportRun) -> dict[str, int]:
    counts = queries.counts_of(run)
    taken = counts[Outcome.IMPORTED] + counts[Outcome.DOUBTFUL]
    not_taken = sum(counts[outcome] for outcome in reporting.NOT_TAKEN)
    return {"done": sum(counts.values()), "taken": taken, "known": counts[Outcome.KNOWN], "not_taken": not_taken}


def _outcome_tabs(run: ImportRun, counts: dict[Outcome, int], chosen: str) -> list[dict[str, Any]]:
    url = reverse("databox:import_run", args=[run.pk])
    every = {"label": "Všechny soubory", "url": url, "active": chosen not in Outcome.values}
    return [
        {**every, "count": sum(counts.values())},
        *(
            {"label": o.label.capitalize(), "url": f"{url}?vysledek={o}", "active": chosen == o, "count": count}
            for o, count in counts.items()
            if count or chosen == o
        ),
    ]


def _row(entry: ImportEntry) -> dict[str, Any]:
    outcome = Outcome(entry.outcome)
    return {"entry": entry, "chip": Chip(outcome.label, _TONES[outcome])}
