"""Re-sorting: files of a class, open files to a new plan, one file; and how a run goes."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from egon.kernel.actor import Actor, Role
from egon.kernel.clock import today
from egon.kernel.errors import NotFound
from egon.records import operations, plan_queries, queries
from egon.records.models import Resorting, ResortingItem
from egon.web import runs
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.forms import attempt
from egon.web.records.plan_forms import MappingForm, ResortClassForm, ResortFileForm, offered_codes
from egon.web.records.views.planning.shared import KEEPERS, class_by, crumbs, tabs

RESORTINGS = ("Přetřídění", "/plan/pretrideni/")
PAGE_SIZE = 50
MOST_MARKED = 200
MOST_MOVES = 5
READ_FOR_MOVES = 1000


@requires_role(*KEEPERS)
@require_safe
def resortings(request: ActorRequest) -> HttpResponse:
    """Runs, newest first, and open files that wait in closed classes."""
    page = Paginator(plan_queries.resortings(), PAGE_SIZE).get_page(request.GET.get("strana"))
    waiting = plan_queries.misplaced(on=today())
    context = {
        "tabs": tabs(request, "resortings"),
        "page": page,
        "waiting": sum(one.open_files for one in waiting),
        "waiting_classes": len(waiting),
        "crumbs": crumbs(RESORTINGS),
    }
    return render(request, "records/plan/resortings.html", context)


@requires_role(*KEEPERS)
@require_safe
def resorting_page(request: ActorRequest, pk: int) -> HttpResponse:
    """How a run goes: done, refused and why, what remains."""
    run = _run_by(request.actor, pk)
    context = {
        "run": run,
        "stop_url": reverse("records:stop_resorting", args=[pk]),
        "resume_url": reverse("records:resume_resorting", args=[pk]),
        "crumbs": crumbs(RESORTINGS, (f"č. {run.pk}", "")),
    }
    moves = _moves_of(run)
    context |= {"moves": moves[:MOST_MOVES], "more_moves": len(moves) > MOST_MOVES}
    refused = runs.refused_items(request, operations.RESORTING.refused_in(run), ["Spis", "Odkud", "Kam"], _told_item)
    return render(request, "records/plan/resorting.html", context | refused)


def _moves_of(run: Resorting) -> list[str]:
    """From which class to which, as the first files of the run tell; the page asks for itself every two seconds."""
    first = run.items.order_by("state", "pk").values_list("source__code", "target__code")[:READ_FOR_MOVES]
    return list(dict.fromkeys(f"{source} → {target}" for source, target in first))


def _told_item(item: ResortingItem) -> runs.Told:
    name, key = ("records:file", item.file_id) if item.file_id else ("records:typed_file", item.typed_file_id)
    return runs.Told([item, item.source.code, item.target.code], reverse(name, args=[key]))


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def resort_class(request: ActorRequest, pk: int) -> HttpResponse:
    """Files of a class into another: all of them, or those marked."""
    entry = class_by(request, pk)
    form = ResortClassForm(request.POST or None)
    if not request.actor.has(Role.RECORDS_KEEPER):
        del form.fields["include_closed"]
    marked = [int(value) for value in request.POST.getlist("file") if value.isdecimal()]
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        run = attempt(
            form,
            operations.start_resorting,
            actor=request.actor,
            moves={entry: chosen["target"]},
            reason=chosen["reason"],
            include_closed=chosen.get("include_closed", False),
            files=marked if chosen["scope"] == "marked" else None,
        )
        if run is not None:
            return _started(request, run)
    # The administrator of the system sees no content, so no names of files either.
    names = request.actor.has(Role.RECORDS_KEEPER)
    found = plan_queries.files_in_class(entry)
    shown = list(found[:MOST_MARKED]) if names else []
    context = {
        "entry": entry,
        "form": form,
        "files": shown,
        "seen": queries.visible_file_ids(request.actor, (file.pk for file in shown)),
        "total": found.count(),
        "marked": marked,
        "codes": offered_codes(),
        "crumbs": crumbs((entry.code, reverse("records:class", args=[pk])), ("Přetřídění spisů", "")),
    }
    return render(request, "records/plan/resort_class.html", context)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def move_to_new_plan(request: ActorRequest) -> HttpResponse:
    """Open files of closed classes into the plan in force, by a mapping (NSESSS 3.2.14)."""
    form = MappingForm(request.POST or None, waiting=plan_queries.misplaced(on=today()))
    if request.method == "POST" and form.is_valid():
        run = attempt(
            form,
            operations.start_resorting,
            actor=request.actor,
            moves=form.moves(),
            reason=form.cleaned_data["reason"],
        )
        if run is not None:
            return _started(request, run)
    context = {
        "form": form,
        "codes": offered_codes(),
        "crumbs": crumbs(RESORTINGS, ("Převod do platného plánu", "")),
    }
    return render(request, "records/plan/mapping.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def resort_file(request: ActorRequest, pk: int) -> HttpResponse:
    """One file into another class, with a reason."""
    file = queries.file_for(request.actor, pk)
    form = ResortFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        moved = attempt(form, operations.resort_file, actor=request.actor, file=file, **form.cleaned_data)
        if moved is not None:
            messages.success(request, f"Spis {file} je ve skupině {moved.record_class}, režim {moved.regime}.")
            return redirect("records:file", pk)
    back = reverse("records:file", args=[pk])
    context: dict[str, Any] = {
        "heading": f"Přetřídění spisu {file}",
        "form": form,
        "submit": "Přetřídit spis",
        "back": back,
        "lead": f"Teď je ve skupině {file.record_class}, režim {file.regime}. Znak i režim převezme z nové skupiny.",
        "codes": offered_codes(),
        "crumbs": [{"label": "Spisy", "url": reverse("records:files")}, {"label": str(file), "url": back},
                   {"label": "Přetřídění"}],
    }  # fmt: skip
    return render(request, "records/plan/form.html", context)


def _started(request: ActorRequest, run: Resorting) -> HttpResponse:
    messages.success(request, runs.STARTED)
    return redirect("records:resorting", run.pk)


def _run_by(actor: Actor, pk: int) -> Resorting:
    run = Resorting.objects.filter(pk=pk).first()
    if run is None:
        raise NotFound("Takové přetřídění tu není.")
    return run


stop_resorting = requires_role(*KEEPERS)(runs.stopping(operations.stop_resorting, _run_by, "records:resorting"))
resume_resorting = requires_role(*KEEPERS)(runs.resuming(operations.resume_resorting, _run_by, "records:resorting"))
