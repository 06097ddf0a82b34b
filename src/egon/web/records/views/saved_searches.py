"""Searches that people keep: the list, saving, changing, deleting and taking back."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel.actor import Actor
from egon.kernel.clock import now
from egon.kernel.errors import DomainError
from egon.records import operations, permissions, search_queries
from egon.records.models import SavedSearch
from egon.registry import queries as registry
from egon.registry.models import Unit
from egon.web.access import ActorRequest, signed_in
from egon.web.forms import attempt
from egon.web.offers import SoughtChoice
from egon.web.records.search_form import SearchForm

PAGE_SIZE = 50
LEFT_OUT = ("strana", "za", "soubor", "podrobne", "csrfmiddlewaretoken")


class SavedSearchForm(forms.Form):
    """The name of a search, and with whom it is shared."""

    name = forms.CharField(label="Název", max_length=120)
    unit = SoughtChoice(
        label="Sdílet s útvarem",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="jen pro mě",
        help_text="Uvidí otázku, ne výsledky: každý najde jen to, k čemu má přístup.",
        source="utvary-vsechny",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = registry.units().filter(pk__in=permissions.units_to_share_with(actor))


@signed_in
@require_safe
def saved_searches(request: ActorRequest) -> HttpResponse:
    """``/hledat/ulozena/``: one's own and those of one's units, each runs by a click."""
    page = Paginator(search_queries.searches_for(request.actor), PAGE_SIZE).get_page(request.GET.get("strana"))
    rows = [
        {"search": search, "is_own": search.owner_id == request.actor.person_id, "told": told(request.actor, search)}
        for search in page
    ]
    return render(request, "records/saved_searches.html", {"page": page, "rows": rows, "crumbs": _crumbs()})


@signed_in
@require_http_methods(["GET", "POST"])
def save_search(request: ActorRequest) -> HttpResponse:
    """``/hledat/ulozit/?…``: keep the search of this address."""
    query = urlencode([(key, value) for key, value in request.GET.items() if value and key not in LEFT_OUT])
    form = SavedSearchForm(request.POST or None, actor=request.actor, initial={"name": request.GET.get("q", "")[:120]})
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, operations.save_search, actor=request.actor, query=query, at=now(), **form.cleaned_data)
        if saved is not None:
            messages.success(request, f"Hledání „{saved}“ je uložené.")
            return redirect("records:saved_searches")
    return _form_page(request, form, "Uložit hledání", told(request.actor, SavedSearch(query=query)))


@signed_in
@require_http_methods(["GET", "POST"])
def edit_search(request: ActorRequest, pk: int) -> HttpResponse:
    """``/hledat/ulozena/<pk>/``: another name, another sharing."""
    search = search_queries.own_search(request.actor, pk)
    known = {"name": search.name, "unit": search.unit_id}
    form = SavedSearchForm(request.POST or None, actor=request.actor, initial=known)
    if request.method == "POST" and form.is_valid():
        kept = {"search": search, "query": search.query, "at": now(), **form.cleaned_data}
        if attempt(form, operations.save_search, actor=request.actor, **kept) is not None:
            messages.success(request, f"Hledání „{search}“ je uložené.")
            return redirect("records:saved_searches")
    return _form_page(request, form, f"Uložené hledání: {search.name}", told(request.actor, search))


@signed_in
@require_POST
def delete_search(request: ActorRequest, pk: int) -> HttpResponse:
    """Put a search away; the list then offers to take it back."""
    search = operations.delete_search(
        actor=request.actor, search=search_queries.own_search(request.actor, pk), at=now()
    )
    messages.success(request, f"Hledání „{search}“ je smazané. Vrátit ho jde tlačítkem pod seznamem.")
    return redirect(f"{reverse('records:saved_searches')}?smazane={search.pk}")


@signed_in
@require_POST
def restore_search(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a deleted search back."""
    search = search_queries.own_search(request.actor, pk, deleted=True)
    try:
        operations.restore_search(actor=request.actor, search=search)
        messages.success(request, f"Hledání „{search}“ je zpět.")
    except DomainError as refusal:
        for text in getattr(refusal, "obstacles", None) or [refusal.message]:
            messages.error(request, text)
    return redirect("records:saved_searches")


def told(actor: Actor, search: SavedSearch) -> str:
    """What a search asks for, in Czech."""
    asked = QueryDict(search.query)
    form = SearchForm(asked, actor=actor)
    form.is_valid()
    conditions = [f"{label}: {value}" for _, label, value in form.conditions()]
    return "; ".join([*filter(None, [asked.get("q")]), *conditions]) or "bez podmínek"


def _form_page(request: ActorRequest, form: SavedSearchForm, heading: str, what: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "told": what, "back": reverse("records:saved_searches")}
    context["crumbs"] = _crumbs(heading)
    return render(request, "records/saved_search.html", context)


def _crumbs(*names: str) -> list[dict[str, str]]:
    crumbs = [{"label": "Hledání", "url": reverse("records:search")}]
    crumbs.append({"label": "Uložená hledání", "url": reverse("records:saved_searches")})
    return [*crumbs, *({"label": name} for name in names)]
