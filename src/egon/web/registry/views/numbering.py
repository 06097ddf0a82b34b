"""Numbering: how numbers are written, which come next, and the periods in which they run (NSESSS 2.7.2, 2.7.4)."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import NotFound
from egon.numbering.models import Period
from egon.numbering.queries import periods
from egon.numbering.rules import following
from egon.records import operations
from egon.records.numbers import Numbers, Patterns, coming_numbers, patterns_on
from egon.records.queries import settings_of_originator
from egon.records.rules.numbers import faults_of_pattern
from egon.registry import queries
from egon.web.access import ActorRequest, requires_role
from egon.web.forms import attempt
from egon.web.registry.forms import NumberingForm, PeriodForm
from egon.web.registry.views.telling import crumbs_for, do, tabs

KEEPERS = (Role.ADMINISTRATOR, Role.RECORDS_KEEPER)
NUMBERING = ("Číslování", "/sprava/cislovani/")
PAGE_SIZE = 20
TEMPLATE = "registry/numbering.html"


@requires_role(*KEEPERS)
def numbering_page(request: ActorRequest) -> HttpResponse:
    """``/sprava/cislovani/``: patterns with the numbers that come next, and the periods."""
    settings = settings_of_originator()
    held = {"reference_format": settings.reference_format, "file_mark_format": settings.file_mark_format}
    form = NumberingForm(request.POST or None, initial=held)
    only_shown = "nahled" in request.POST
    if request.method == "POST" and form.is_valid() and not only_shown:
        saved = attempt(form, operations.configure_numbering, actor=request.actor, **form.given)
        if saved is not None:
            messages.success(
                request, "Tvar čísel je uložený. Platí pro nové dokumenty a spisy, dřívější čísla zůstávají."
            )
            return redirect("registry-numbering")
    today = clock.today()
    context = {
        "tabs": tabs("numbering") if request.actor.has(Role.ADMINISTRATOR) else [],
        "crumbs": crumbs_for(request.actor, NUMBERING),
        "form": form,
        "page": Paginator(periods(), PAGE_SIZE).get_page(request.GET.get("strana")),
        "today": today,
        **_coming(form.data if form.is_bound else held, today),
    }
    return render(request, TEMPLATE, context)


@requires_role(*KEEPERS)
@require_safe
def preview(request: ActorRequest) -> HttpResponse:
    """The coming numbers for patterns being typed; nothing is stored."""
    return render(request, "registry/numbering_preview.html", _coming(request.GET, clock.today()))


@requires_role(*KEEPERS)
def new_period(request: ActorRequest) -> HttpResponse:
    """``/sprava/cislovani/obdobi/``: a period, proposed after the last one."""
    form = PeriodForm(request.POST or None, initial=_proposed())
    return _period_page(request, form, None)


@requires_role(*KEEPERS)
def edit_period(request: ActorRequest, pk: int) -> HttpResponse:
    """``/sprava/cislovani/obdobi/<pk>/``: a period that has not begun."""
    period = _period(pk)
    held = {"label": period.label, "starts_on": period.starts_on, "ends_on": period.ends_on}
    return _period_page(request, PeriodForm(request.POST or None, initial=held), period)


@requires_role(*KEEPERS)
@require_POST
def remove_period(request: ActorRequest, pk: int) -> HttpResponse:
    """The days of a removed period are numbered by the calendar year."""
    period = _period(pk)
    success = f"Období {period.label} je zrušené."
    do(request, success, operations.remove_period, actor=request.actor, period=period, today=clock.today())
    return redirect("registry-numbering")


def _period_page(request: ActorRequest, form: PeriodForm, period: Period | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "period": period, "today": clock.today()}
        saved = attempt(form, operations.set_period, actor=request.actor, **given)
        if saved is not None:
            messages.success(request, f"Období {saved.label} je stanovené.")
            return redirect("registry-numbering")
    heading = f"Období {period.label}" if period else "Nové období číslování"
    context = {"form": form, "heading": heading, "crumbs": crumbs_for(request.actor, NUMBERING, (heading, ""))}
    return render(request, "registry/period.html", context)


def _proposed() -> dict[str, Any]:
    last = periods().first()
    if last is None:
        return {}
    proposed = following(last.facts)
    return {"label": proposed.label, "starts_on": proposed.starts_on, "ends_on": proposed.ends_on}


def _coming(given: Any, today: date) -> dict[str, Any]:
    """Numbers that come next with the given patterns, or why they cannot be written."""
    patterns = patterns_on(today)
    wanted = replace(
        patterns,
        document=given.get("reference_format") or patterns.document,
        file=given.get("file_mark_format") or patterns.file,
    )
    faults = list(dict.fromkeys([*faults_of_pattern(wanted.document), *faults_of_pattern(wanted.file)]))
    return {"faults": faults, "period": patterns.period, "coming": [] if faults else _rows(wanted, today)}


def _rows(patterns: Patterns, today: date) -> list[tuple[str, list[Numbers]]]:
    unit = queries.records_nodes(on=today).first()
    coming = coming_numbers(patterns, unit=unit)
    return [("Dokumenty", coming["document"]), ("Spisy", coming["file"])]


def _period(pk: int) -> Period:
    period = Period.objects.filter(pk=pk).first()
    if period is None:
        raise NotFound("Takové období číslování tu není, nebo ho mezitím někdo zrušil.")
    return period
