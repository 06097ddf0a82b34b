"""Reorganising a unit: what would pass, when and to whom; how it goes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.registry import queries as registry
from egon.reorganisation import operations, queries
from egon.reorganisation.links import LINKS
from egon.reorganisation.models import Reorganisation, ReorganisationItem
from egon.web import runs
from egon.web.access import ActorRequest, requires_role
from egon.web.formatting import write_date
from egon.web.forms import attempt
from egon.web.records.paging import page_of
from egon.web.registry.reorganisation_forms import ReorganisationForm
from egon.web.registry.views.telling import crumbs, do

LIST = ("Reorganizace", "/sprava/reorganizace/")


@requires_role(Role.ADMINISTRATOR)
@require_safe
def reorganisations(request: ActorRequest) -> HttpResponse:
    """``/sprava/reorganizace/``: planned, under way and done, the newest first."""
    context = {"page": page_of(queries.reorganisations(), request), "crumbs": crumbs((LIST[0], ""))}
    return render(request, "registry/reorganisations.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def new_reorganisation(request: ActorRequest, pk: int) -> HttpResponse:
    """``/sprava/organizace/<pk>/reorganizace/``: what the unit has and what would pass, then the start."""
    unit = registry.unit_for(request.actor, pk)
    form = ReorganisationForm(request.POST or None, unit=unit)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and "spustit" in request.POST:
        arguments = {**form.arguments(), "at": clock.now()}
        run = attempt(form, operations.start_reorganisation, actor=request.actor, **arguments)
        if run is not None:
            planned = f"Reorganizace je naplánovaná na {write_date(run.on)}. Do té doby ji můžete zrušit."
            messages.success(request, planned if run.is_planned else runs.STARTED)
            return redirect("registry-reorganisation", run.pk)
    found = queries.holdings(form.planned())
    context = {
        "unit": unit,
        "form": form,
        "passing": [one for one in found if not one.why],
        "staying": [one for one in found if one.why],
        "total": sum(one.passing for one in found),
        "may_start": is_valid,
        "crumbs": crumbs((str(unit), reverse("registry-unit", args=[pk])), ("Reorganizace", "")),
    }
    return render(request, "registry/reorganisation_new.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_safe
def reorganisation(request: ActorRequest, pk: int) -> HttpResponse:
    """``/sprava/reorganizace/<pk>/``: how it goes, and what did not pass and why."""
    run = queries.reorganisation_for(pk)
    refused = operations.REORGANISING.refused_in(run)
    context = {
        "run": run,
        "stop_url": reverse("registry-reorganisation-stop", args=[pk]),
        "resume_url": reverse("registry-reorganisation-resume", args=[pk]),
        "crumbs": crumbs(LIST, (f"č. {run.pk}", "")),
        **runs.refused_items(request, refused, ("Co", "Druh"), _told),
    }
    return render(request, "registry/reorganisation.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def cancel_reorganisation(request: ActorRequest, pk: int) -> HttpResponse:
    """Give up a planned one."""
    run = queries.reorganisation_for(pk)
    do(request, "Plánovaná reorganizace je zrušená.", operations.cancel_reorganisation, actor=request.actor, run=run)
    return redirect("registry-reorganisation", pk)


def _told(item: ReorganisationItem) -> runs.Told:
    addresses = {"documents": "records:document", "files": "records:file", "typed": "records:typed_file"}
    address = addresses.get(item.kind)
    url = reverse(address, args=[item.entity_id]) if address else ""
    return runs.Told((queries.called(item), LINKS[item.kind].name), url)


def _run_by(actor: Actor, pk: int) -> Reorganisation:
    return queries.reorganisation_for(pk)


stop_reorganisation = requires_role(Role.ADMINISTRATOR)(
    runs.stopping(operations.stop_reorganisation, _run_by, "registry-reorganisation")
)
resume_reorganisation = requires_role(Role.ADMINISTRATOR)(
    runs.resuming(operations.resume_reorganisation, _run_by, "registry-reorganisation")
)
