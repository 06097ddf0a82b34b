"""Handing a whole agenda over: whose, what and to whom, how it goes."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from egon.circulation import agenda_queries, operations, permissions
from egon.circulation.agenda_rules import KIND_NAMES
from egon.circulation.models import Agenda, AgendaItem
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.registry import queries as registry
from egon.web import runs
from egon.web.access import ActorRequest, signed_in
from egon.web.circulation.agenda_forms import AgendaForm, LeaverForm
from egon.web.circulation.views.handovers import require
from egon.web.forms import attempt

PAGE_SIZE = 50


@signed_in
@require_safe
def agendas(request: ActorRequest) -> HttpResponse:
    """Hand-overs of agendas, and the choice of whose comes next."""
    form = LeaverForm(request.GET or None, actor=request.actor)
    if request.GET.get("leaver") and form.is_valid():
        return redirect("circulation:new_agenda", form.cleaned_data["leaver"].pk)
    page = Paginator(agenda_queries.agendas_for(request.actor), PAGE_SIZE).get_page(request.GET.get("strana"))
    context = {"form": form if "leaver" in request.GET else LeaverForm(actor=request.actor), "page": page}
    return render(request, "circulation/agendas.html", {**context, "crumbs": _crumbs()})


@signed_in
@require_http_methods(["GET", "POST"])
def new_agenda(request: ActorRequest, pk: int) -> HttpResponse:
    """Everything a person has; what of it goes to whom."""
    leaver = registry.person_for(request.actor, pk)
    require(permissions.may_hand_over_agenda(request.actor, leaver))
    form = AgendaForm(request.POST or None, leaver=leaver)
    marked = set(request.POST.getlist("item"))
    if request.method == "POST" and form.is_valid():
        arguments = {**form.chosen(marked), "leaver": leaver, "at": clock.now()}
        if agenda := attempt(form, operations.start_agenda, actor=request.actor, **arguments):
            messages.success(request, runs.STARTED)
            return redirect("circulation:agenda", agenda.pk)
    parts = list(agenda_queries.agenda_of(leaver))
    shows = agenda_queries.sees_subjects(request.actor, leaver)
    context = {
        "leaver": leaver,
        "form": form,
        "parts": [{"part": part, "name": KIND_NAMES[part.kind], "rows": part.rows if shows else []} for part in parts],
        "total": sum(part.count for part in parts),
        "marked": marked,
        "most": agenda_queries.MOST_SHOWN,
        "shows": shows,
        "crumbs": _crumbs(str(leaver)),
    }
    return render(request, "circulation/new_agenda.html", context)


@signed_in
@require_safe
def agenda(request: ActorRequest, pk: int) -> HttpResponse:
    """How a hand-over goes: done, refused and why, what remains."""
    run = agenda_queries.agenda_for(request.actor, pk)
    shows = agenda_queries.sees_subjects(request.actor, run.leaver)
    context = {
        "run": run,
        "may_steer": bool(permissions.may_steer_agenda(request.actor, run)),
        "stop_url": reverse("circulation:stop_agenda", args=[pk]),
        "resume_url": reverse("circulation:resume_agenda", args=[pk]),
        "crumbs": _crumbs(f"č. {run.pk}"),
    }

    def told(item: AgendaItem) -> runs.Told:
        kind = KIND_NAMES_OF_ONE[item.kind]
        return runs.Told([kind, item] if shows else [kind])

    columns = ["Druh", "Co"] if shows else ["Druh"]
    refused = runs.refused_items(request, operations.HANDING.refused_in(run), columns, told)
    return render(request, "circulation/agenda.html", context | refused)


KIND_NAMES_OF_ONE = {
    "typed": "typový spis",
    "document": "dokument",
    "file": "spis",
    "handover": "oběžník nebo spis k převzetí",
    "approval": "žádost o schválení",
    "step": "krok oběhu",
}


def _steered(actor: Actor, pk: int) -> Agenda:
    run = agenda_queries.agenda_for(actor, pk)
    require(permissions.may_steer_agenda(actor, run))
    return run


stop_agenda = signed_in(runs.stopping(operations.stop_agenda, _steered, "circulation:agenda"))
resume_agenda = signed_in(runs.resuming(operations.resume_agenda, _steered, "circulation:agenda"))


def _crumbs(here: str = "") -> list[dict[str, Any]]:
    first = {"label": "Předání agend", "url": reverse("circulation:agendas") if here else ""}
    return [{"label": "Můj stůl", "url": "/"}, first, *([{"label": here}] if here else [])]
