"""Proposed changes: a table of people or a code list is brought, compared, looked at, and only then done."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from egon.gateways.nsesss import CodeListUnreadable, read_code_list
from egon.gateways.tables import TableUnreadable, write_csv, write_xlsx
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.kernel.errors import NotFound
from egon.registry import change_queries, operations, queries
from egon.registry.change_rules import ACTION_NAMES, ChangeAction
from egon.registry.errors import RegistryRefused
from egon.registry.models import ChangeSet, ProposedChange
from egon.registry.people_table import COLUMNS, read_people, tell_people
from egon.web import runs
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.labels import parameter_name, readable
from egon.web.files import saved
from egon.web.forms import attempt
from egon.web.registry.forms import ChangesFilter, CodesFileForm, ConfirmForm, PeopleFileForm
from egon.web.registry.views.telling import crumbs, do

LARGEST = 5 * 1024 * 1024
PAGE_SIZE = 50
MOST_FAULTS = 200
PROPOSALS = ("Návrhy změn", "/sprava/navrhy/")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires_role(Role.ADMINISTRATOR)
def import_people(request: ActorRequest) -> HttpResponse:
    """``/sprava/osoby/nahrat/``: a table becomes a proposal; faults of all its lines come at once."""
    form = PeopleFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded = form.cleaned_data["soubor"]
        rows = _read(form, uploaded, lambda content: read_people(content, unit_codes=_unit_codes()))
        if rows is not None:
            proposal = attempt(
                form,
                operations.propose_people,
                actor=request.actor,
                rows=rows,
                source=str(uploaded.name),
                at=clock.now(),
            )
            if proposal is not None:
                return redirect("registry-change-set", pk=proposal.pk)
    context = {
        "form": form,
        "columns": list(COLUMNS.values()),
        "crumbs": crumbs(("Osoby a účty", "/sprava/osoby/"), ("Nahrání tabulky", "")),
    }
    return render(request, "registry/people_import.html", context, status=422 if form.errors else 200)


@requires_role(Role.ADMINISTRATOR)
def import_codes(request: ActorRequest) -> HttpResponse:
    """``/sprava/ciselniky/nahrat/``: a code list of příloha 7 becomes a proposal (NSESSS 2.7.3)."""
    form = CodesFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded = form.cleaned_data["soubor"]
        codes = _read(form, uploaded, read_code_list)
        if codes is not None:
            proposal = attempt(
                form,
                operations.propose_codes,
                actor=request.actor,
                codes=codes,
                code_list=slugify(codes.identifier)[:40] or "ciselnik",
                source=str(uploaded.name),
                at=clock.now(),
            )
            if proposal is not None:
                return redirect("registry-change-set", pk=proposal.pk)
    steps = crumbs(("Číselníky", "/sprava/ciselniky/"), ("Nahrání číselníku", ""))
    context = {"form": form, "crumbs": steps, "units_list": operations.UNITS_LIST}
    return render(request, "registry/codes_import.html", context, status=422 if form.errors else 200)


@requires_role(Role.ADMINISTRATOR)
@require_safe
def change_sets(request: ActorRequest) -> HttpResponse:
    """``/sprava/navrhy/``: proposals, the newest first."""
    page = Paginator(change_queries.change_sets(), PAGE_SIZE).get_page(request.GET.get("strana"))
    return render(request, "registry/change_sets.html", {"page": page, "crumbs": crumbs(PROPOSALS)})


@requires_role(Role.ADMINISTRATOR)
@require_safe
def change_set(request: ActorRequest, pk: int) -> HttpResponse:
    """``/sprava/navrhy/<pk>/``: what would change, and once confirmed how it goes."""
    proposal = change_queries.change_set_for(pk)
    form = ChangesFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = change_queries.changes_of(proposal, action=wanted.get("co", ""), state=wanted.get("stav", ""))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("strana"))
    counts = change_queries.counts_of(proposal)
    context = {
        "run": proposal,
        "stop_url": reverse("registry-changes-stop", args=[pk]),
        "resume_url": reverse("registry-changes-resume", args=[pk]),
        "counts": [(ACTION_NAMES[action], count) for action, count in counts.items()],
        "filter_form": form,
        "confirm_form": ConfirmForm() if counts[ChangeAction.GONE] else None,
        "page": page,
        "rows": [_row(one) for one in page],
        "crumbs": crumbs(PROPOSALS, (f"č. {pk}", "")),
    }
    return render(request, "registry/change_set.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    """Have the proposal done."""
    form = ConfirmForm(request.POST)
    gone = form.is_valid() and form.cleaned_data["includes_gone"]
    return _step(request, pk, runs.STARTED, operations.confirm_changes, includes_gone=gone)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def drop(request: ActorRequest, pk: int) -> HttpResponse:
    """Put the proposal aside."""
    return _step(request, pk, "Návrh je zahozený, nic se nezměnilo.", operations.drop_changes)


def _proposal(actor: Actor, pk: int) -> ChangeSet:
    return change_queries.change_set_for(pk)


_only_administrator = requires_role(Role.ADMINISTRATOR)
stop = _only_administrator(runs.stopping(operations.stop_changes, _proposal, "registry-change-set"))
resume = _only_administrator(runs.resuming(operations.resume_changes, _proposal, "registry-change-set"))


@requires_role(Role.ADMINISTRATOR)
@require_safe
def export_changes(request: ActorRequest, pk: int) -> HttpResponse:
    """All changes of a proposal with what became of each, as CSV."""
    proposal = change_queries.change_set_for(pk)
    header = ("Řádek", "Koho, čeho", "Co se stane", "Rozdíly", "Stav", "Proč ne")
    rows = [
        (one["change"].line or "", one["change"].label, one["action"], one["told"], one["state"], one["change"].message)
        for one in map(_row, change_queries.changes_of(proposal).iterator())
    ]
    return saved(write_csv(header, rows), f"navrh-zmen-{pk}.csv")


@requires_role(Role.ADMINISTRATOR)
@require_safe
def export_people(request: ActorRequest, kind: str) -> HttpResponse:
    """``/sprava/osoby/tabulka.xlsx`` (or ``.csv``): working people in the columns an import reads."""
    rows = tell_people(queries.people().select_related("account"))
    if kind == "csv":
        return saved(write_csv(list(COLUMNS.values()), rows), "osoby.csv")
    if kind != "xlsx":
        raise NotFound("Tabulka osob je jen ve formátu XLSX nebo CSV.")
    return saved(write_xlsx(list(COLUMNS.values()), rows, title="Osoby"), "osoby.xlsx")


def _step(request: ActorRequest, pk: int, success: str, operation: Callable[..., Any], **more: Any) -> HttpResponse:
    proposal = change_queries.change_set_for(pk)
    do(request, success, operation, actor=request.actor, change_set=proposal, **more)
    return redirect("registry-change-set", pk=pk)


def _read[T](form: Any, uploaded: "UploadedFile[Any]", read: Callable[[bytes], T]) -> T | None:
    """What is in the file, or None with all its faults in the form."""
    if (uploaded.size or 0) > LARGEST:
        form.add_error("soubor", "Soubor je větší než 5 MB. Rozdělte ho.")
        return None
    try:
        return read(uploaded.read())
    except RegistryRefused as refusal:
        faults = refusal.obstacles
    except CodeListUnreadable as refusal:
        faults = refusal.faults
    except TableUnreadable as refusal:
        faults = [str(refusal)]
    for fault in faults[:MOST_FAULTS]:
        form.add_error("soubor", fault)
    if len(faults) > MOST_FAULTS:
        form.add_error("soubor", f"A dalších {len(faults) - MOST_FAULTS} chyb.")
    return None


def _row(change: ProposedChange) -> dict[str, Any]:
    differing = [
        (parameter_name(name), readable(before) or "nic", readable(after) or "nic")
        for name, (before, after) in change.differences.items()
    ]
    if change.action == ChangeAction.NEW:
        told = ", ".join(f"{name}: {after}" for name, _, after in differing)
    else:
        told = ", ".join(f"{name}: {before} → {after}" for name, before, after in differing)
    return {
        "change": change,
        "action": ACTION_NAMES[ChangeAction(change.action)],
        "state": change.get_state_display(),
        "told": told,
    }


def _unit_codes() -> list[str]:
    return list(queries.units(on=clock.today()).values_list("code", flat=True))
