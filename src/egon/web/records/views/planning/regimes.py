"""The code list of disposal regimes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel.clock import today
from egon.records import operations, plan_queries
from egon.records.models import RecordClass
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.records.plan_forms import RegimeForm
from egon.web.records.views.planning.shared import KEEPERS, crumbs, do, regime_by, tabs

REGIMES = ("Skartační režimy", "/plan/rezimy/")
MOST_CLASSES = 100


@requires_role(*KEEPERS)
@require_safe
def regimes(request: ActorRequest) -> HttpResponse:
    """All regimes with how many classes use each."""
    also_withdrawn = "vse" in request.GET
    context = {
        "tabs": tabs(request, "regimes"),
        "regimes": plan_queries.regimes(also_withdrawn=also_withdrawn),
        "also_withdrawn": also_withdrawn,
        "crumbs": crumbs(REGIMES),
    }
    return render(request, "records/plan/regimes.html", context)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new_regime(request: ActorRequest) -> HttpResponse:
    """One more regime."""
    form = RegimeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        regime = attempt(form, operations.save_regime, actor=request.actor, **form.cleaned_data)
        if regime is not None:
            messages.success(request, f"Režim {regime} je v číselníku.")
            return redirect("records:regimes")
    return _form_page(request, "Nový skartační režim", form, reverse("records:regimes"))


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def regime_page(request: ActorRequest, pk: int) -> HttpResponse:
    """One regime: its classes, changes of it, withdrawal."""
    regime = regime_by(pk)
    names = ("mark", "years", "trigger", "event", "check_years", "name", "reason")
    form = RegimeForm(request.POST or None, initial={name: getattr(regime, name) for name in names})
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, operations.save_regime, actor=request.actor, regime=regime, **form.cleaned_data)
        if saved is not None:
            messages.success(request, "Režim je uložený.")
            return redirect("records:regime", pk)
    classes = RecordClass.objects.filter(disposal_regime=regime).select_related("plan").order_by("-plan", "sort_key")
    context = {
        "regime": regime_by(pk),
        "form": form,
        "classes": classes[:MOST_CLASSES],
        "more": max(classes.count() - MOST_CLASSES, 0),
        "used": plan_queries.is_used(regime),
        "today": today(),
        "history": entries_for(regime, domain="records.regime"),
        "crumbs": crumbs(REGIMES, (str(regime), "")),
    }
    return render(request, "records/plan/regime.html", context)


@requires_role(*KEEPERS)
@require_POST
def withdraw_regime(request: ActorRequest, pk: int) -> HttpResponse:
    """Give the regime to nothing new."""
    do(request, "Režim je znepřístupněný.", operations.withdraw_regime, regime=regime_by(pk), on=today())
    return redirect("records:regime", pk)


@requires_role(*KEEPERS)
@require_POST
def delete_regime(request: ActorRequest, pk: int) -> HttpResponse:
    """Remove a regime that nothing uses."""
    done = do(request, "Režim je odstraněný.", operations.delete_regime, regime=regime_by(pk))
    return redirect("records:regimes") if done else redirect("records:regime", pk)


def _form_page(request: ActorRequest, heading: str, form: Any, back: str) -> HttpResponse:
    context = {"heading": heading, "form": form, "submit": "Uložit režim", "back": back}
    return render(request, "records/form_page.html", context | {"crumbs": crumbs(REGIMES, (heading, ""))})
