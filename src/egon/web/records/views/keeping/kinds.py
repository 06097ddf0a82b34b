"""The code list of kinds of documents."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel.clock import today
from egon.records import operations, queries
from egon.records.models import DocumentKind
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.records.keeping_forms import EditKindForm, KindFilter, NewKindForm
from egon.web.records.paging import page_of
from egon.web.records.views.keeping.shared import crumbs, tabs
from egon.web.records.views.planning.shared import KEEPERS, do

KINDS = ("Druhy dokumentů", "/evidence/")
_ORDER = {"nazev": "name", "od": "valid_from", "do": "valid_to"}


@requires_role(*KEEPERS)
@require_safe
def kinds(request: ActorRequest) -> HttpResponse:
    """All kinds, narrowed by name, use and regime (NSESSS 4.2.1)."""
    form = KindFilter(request.GET)
    found = queries.all_kinds()
    if form.is_valid():
        found = found.filter(_conditions(form.cleaned_data))
    context = {
        "tabs": tabs("kinds"),
        "filter_form": form,
        "page": page_of(_ordered(found, request.GET.get("razeni", "")), request),
        "today": today(),
        "crumbs": crumbs(KINDS),
    }
    return render(request, "records/keeping/kinds.html", context)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new_kind(request: ActorRequest) -> HttpResponse:
    """One more kind; its regime is chosen now or never (NSESSS 4.2.4)."""
    form = NewKindForm(request.POST or None, initial={"valid_from": today()})
    if request.method == "POST" and form.is_valid():
        kind = attempt(form, operations.save_kind, actor=request.actor, **form.cleaned_data)
        if kind is not None:
            messages.success(request, f"Druh „{kind}“ je v číselníku.")
            return redirect("records:kind", kind.pk)
    context = {
        "heading": "Nový druh dokumentu",
        "form": form,
        "submit": "Založit druh",
        "back": reverse("records:kinds"),
    }
    return render(request, "records/form_page.html", context | {"crumbs": crumbs(KINDS, ("Nový druh", ""))})


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def kind_page(request: ActorRequest, pk: int) -> HttpResponse:
    """One kind: its name, use, regime, and removal while nothing has it."""
    kind = queries.kind_for(pk)
    names = ("name", "description", "valid_from", "valid_to")
    form = EditKindForm(request.POST or None, initial={name: getattr(kind, name) for name in names})
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            operations.save_kind,
            actor=request.actor,
            kind=kind,
            regime=kind.disposal_regime,
            **form.given,
        )
        if saved is not None:
            messages.success(request, "Druh je uložený.")
            return redirect("records:kind", pk)
    context = {
        "kind": queries.kind_for(pk),
        "form": form,
        "today": today(),
        "history": entries_for(kind, domain="records.kind"),
        "crumbs": crumbs(KINDS, (kind.name, "")),
    }
    return render(request, "records/keeping/kind.html", context)


@requires_role(*KEEPERS)
@require_POST
def delete_kind(request: ActorRequest, pk: int) -> HttpResponse:
    """Remove a kind that no document has."""
    done = do(request, "Druh je odstraněný.", operations.delete_kind, kind=queries.kind_for(pk))
    return redirect("records:kinds") if done else redirect("records:kind", pk)


def _conditions(wanted: dict[str, str]) -> Q:
    found = Q(name__icontains=wanted["hledat"].strip()) if wanted["hledat"] else Q()
    on = today()
    if wanted["stav"] == "used":
        found &= Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    elif wanted["stav"] == "ended":
        found &= Q(valid_to__lt=on)
    elif wanted["stav"] == "coming":
        found &= Q(valid_from__gt=on)
    if wanted["rezim"]:
        found &= Q(disposal_regime__isnull=wanted["rezim"] == "ne")
    return found


def _ordered(found: QuerySet[DocumentKind], wanted: str) -> QuerySet[DocumentKind]:
    column = _ORDER.get(wanted.removeprefix("-"))
    return found.order_by(f"{'-' if wanted.startswith('-') else ''}{column}", "pk") if column else found
