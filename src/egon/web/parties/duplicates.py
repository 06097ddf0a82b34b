"""Pairs of records that may be of one person: the list, the comparison, merging and taking it back (NSESSS 2.8.14)."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel import clock
from egon.kernel.errors import DomainError
from egon.parties import operations, queries
from egon.parties.models import Duplicate, DuplicateState, Party
from egon.records import operations as records
from egon.records.party_links import count_links
from egon.web.access import ActorRequest
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.parties.access import for_managers
from egon.web.parties.forms import DuplicateFilter, MergeForm
from egon.web.parties.tabs import tabs_for
from egon.web.records.forms import PartyLookup

PAGE_SIZE = 50
ORDERS = {
    "jmeno": ("party__sort_key", "pk"),
    "-jmeno": ("-party__sort_key", "-pk"),
    "zjisteno": ("found_at", "pk"),
    "-zjisteno": ("-found_at", "-pk"),
}
COMPARED = (
    ("Druh osoby", "get_kind_display"),
    ("Jméno nebo název", "name"),
    ("Datum narození", "birth_date"),
    ("IČO", "ic"),
    ("Adresa", "address"),
    ("Datová schránka", "databox_id"),
    ("E-mail", "email"),
    ("Telefon", "phone"),
    ("Zdroj údajů", "get_source_display"),
)


@for_managers
@never_cache
@require_safe
def duplicate_list(request: ActorRequest) -> HttpResponse:
    """``/rejstrik/duplicity/``: pairs to be judged; merged and kept apart ones by the filter."""
    form = DuplicateFilter(request.GET or None)
    state = form.cleaned_data["stav"] if form.is_valid() else ""
    found = queries.duplicates(state="" if state == "vse" else state or DuplicateState.OPEN)
    found = found.order_by(*ORDERS.get(request.GET.get("razeni", ""), ORDERS["-zjisteno"]))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("strana"))
    queries.note_shown(request.actor, [one for pair in page for one in (pair.party, pair.other)], page=page.number)
    context = {"filter_form": form, "page": page, "tabs": tabs_for(request.actor, "duplicates")}
    return render(request, "parties/duplicates.html", context)


@for_managers
@never_cache
@require_safe
def duplicate_page(request: ActorRequest, pk: int) -> HttpResponse:
    """Both records side by side, and what to do with them."""
    pair = queries.duplicate_for(request.actor, pk)
    return render(request, "parties/duplicate.html", _context(pair, MergeForm(pair=pair)))


@for_managers
@require_POST
def merge(request: ActorRequest, pk: int) -> HttpResponse:
    """Merge the pair into the chosen record."""
    pair = queries.duplicate_for(request.actor, pk)
    form = MergeForm(request.POST, pair=pair)
    if form.is_valid():
        kept = form.parties[form.cleaned_data["kept"]]
        arguments = {"duplicate": pair, "kept": kept, "at": clock.now()}
        if attempt(form, records.merge_parties, actor=request.actor, **arguments):
            messages.success(
                request, f"Záznamy jsou sloučené, zůstal „{kept.name}“. Sloučení jde vrátit na této stránce."
            )
            return redirect("party-duplicate", pk)
    return render(request, "parties/duplicate.html", _context(queries.duplicate_for(request.actor, pk), form))


@for_managers
@require_POST
def keep_apart(request: ActorRequest, pk: int) -> HttpResponse:
    """They are different persons."""
    told = "Záznamy zůstanou oddělené a dvojice se už nenabídne."
    return _decide(request, pk, operations.keep_apart, told)


@for_managers
@require_POST
def undo_merge(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    return _decide(request, pk, records.undo_merge, "Sloučení je vrácené, vazby jsou zase u obou záznamů.")


@for_managers
@never_cache
@require_http_methods(["GET", "POST"])
def suspect(request: ActorRequest, pk: int) -> HttpResponse:
    """Mark by hand that another record is of the same person."""
    party = queries.party_for(request.actor, pk)
    form = PartyLookup(request.POST or None, actor=request.actor)
    form.fields["party_text"].required = True
    form.fields["party_text"].label = "Druhý záznam téže osoby"
    if request.method == "POST" and form.is_valid():
        arguments = {"party": party, "other": form.party, "at": clock.now()}
        if pair := attempt(form, operations.suspect_duplicate, actor=request.actor, **arguments):
            return redirect("party-duplicate", pair.pk)
    back = reverse("party", args=[pk])
    context = {
        "heading": "Označit duplicitu",
        "form": form,
        "submit": "Porovnat záznamy",
        "lead": f"{party.name}, {party.address}" if party.address else party.name,
        "back": back,
        "crumbs": _crumbs((party.name, back), ("Označit duplicitu", "")),
    }
    return render(request, "records/form_page.html", context)


def _decide(request: ActorRequest, pk: int, operation: Any, told: str) -> HttpResponse:
    pair = queries.duplicate_for(request.actor, pk)
    try:
        operation(actor=request.actor, duplicate=pair, at=clock.now())
        messages.success(request, told)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("party-duplicate", pk)


def _context(pair: Duplicate, form: MergeForm) -> dict[str, Any]:
    return {
        "pair": pair,
        "rows": list(_compared(pair)),
        "links": (count_links(pair.party), count_links(pair.other)),
        "form": form,
        "history": entries_for(pair),
        "crumbs": _crumbs(("Podobné záznamy", reverse("party-duplicates")), (pair.party.name, "")),
    }


def _compared(pair: Duplicate) -> Iterator[dict[str, Any]]:
    """The facts side by side; what neither record tells is left out."""
    for label, name in COMPARED:
        one, other = _value(pair.party, name), _value(pair.other, name)
        if one or other:
            yield {"label": label, "one": one, "other": other, "differs": bool(one and other and one != other)}


def _value(party: Party, name: str) -> Any:
    value = getattr(party, name)
    return value() if callable(value) else value


def _crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": "Jmenný rejstřík", "url": reverse("parties")}, *({"label": a, "url": b} for a, b in steps)]
