"""Files that wait for an event: whether it came, and when to ask again."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from egon.kernel.actor import Role
from egon.kernel.clock import today
from egon.records import operations, plan_queries, queries
from egon.records.models import CaseFile
from egon.web.access import ActorRequest, requires_role
from egon.web.forms import attempt
from egon.web.records.plan_forms import TriggerForm
from egon.web.records.views.planning.shared import crumbs, tabs

TRIGGERS = ("Spouštěcí události", "/plan/udalosti/")
PAGE_SIZE = 50


@requires_role(Role.RECORDS_KEEPER)
@require_http_methods(["GET", "POST"])
def triggers(request: ActorRequest) -> HttpResponse:
    """Closed files to be asked about now (or all that wait), with one answer for those marked."""
    everything = "vse" in request.GET
    marked = [int(value) for value in request.POST.getlist("file") if value.isdecimal()]
    form = TriggerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _answer(request, form, marked):
        return redirect(request.get_full_path())
    waiting = plan_queries.awaiting_event(on=today(), only_due=not everything)
    page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("strana"))
    context = {
        "tabs": tabs(request, "triggers"),
        "page": page,
        "seen": queries.visible_file_ids(request.actor, (file.pk for file in page)),
        "form": form,
        "marked": marked,
        "everything": everything,
        "crumbs": crumbs(TRIGGERS),
    }
    return render(request, "records/plan/triggers.html", context)


def _answer(request: ActorRequest, form: TriggerForm, marked: list[int]) -> Any:
    files = list(CaseFile.objects.filter(pk__in=marked).order_by("pk"))
    year, years = form.cleaned_data["year"], form.cleaned_data["years"]
    arguments: dict[str, Any] = {"actor": request.actor, "files": files, "today": today()}
    if year is not None:
        done = attempt(form, operations.record_trigger_year, year=year, **arguments)
        told = f"Rok události {year} je zapsaný, rok vyřazení určený. Spisů: {len(files)}."
    else:
        done = attempt(form, operations.postpone_trigger_check, years=years, **arguments)
        told = f"Na událost se zeptáme znovu v roce {today().year + years}. Spisů: {len(files)}."
    if done is not None:
        messages.success(request, told)
    return done
