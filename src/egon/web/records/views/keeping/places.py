"""The code list of places where paper is kept."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.circulation import paper_queries
from egon.kernel.clock import today
from egon.records import operations, storing_queries
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.records.paging import page_of
from egon.web.records.storing_forms import PlaceFilter, PlaceForm
from egon.web.records.views.keeping.shared import crumbs, tabs
from egon.web.records.views.planning.shared import KEEPERS, do

PLACES = ("Místa uložení", "/evidence/mista/")


@requires_role(*KEEPERS)
@require_safe
def places(request: ActorRequest) -> HttpResponse:
    """All places with how many files lie in each."""
    form, found = PlaceFilter(request.GET), storing_queries.places()
    if form.is_valid():
        wanted = form.cleaned_data["hledat"].strip()
        found = found.filter(Q(name__icontains=wanted) | Q(address__icontains=wanted))
        if not form.cleaned_data["ukoncena"]:
            found = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today()))
    context = {
        "tabs": tabs("places"),
        "filter_form": form,
        "page": page_of(found, request, lambda keys: list(storing_queries.places().filter(pk__in=keys))),
        "today": today(),
        "crumbs": crumbs(PLACES),
    }
    return render(request, "records/keeping/places.html", context)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new_place(request: ActorRequest) -> HttpResponse:
    """One more place."""
    form = PlaceForm(request.POST or None, initial={"valid_from": today()})
    if request.method == "POST" and form.is_valid():
        place = attempt(form, operations.save_place, actor=request.actor, **form.cleaned_data)
        if place is not None:
            messages.success(request, f"Místo „{place}“ je v číselníku.")
            return redirect("records:places")
    context = {"heading": "Nové místo uložení", "form": form, "submit": "Založit místo", "back": PLACES[1]}
    return render(request, "records/form_page.html", context | {"crumbs": crumbs(PLACES, ("Nové místo", ""))})


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def place_page(request: ActorRequest, pk: int) -> HttpResponse:
    """One place: its name, use, how much lies there, and removal while nothing does."""
    place = storing_queries.place_for(pk)
    names = ("name", "address", "valid_from", "valid_to")
    form = PlaceForm(request.POST or None, initial={name: getattr(place, name) for name in names})
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, operations.save_place, actor=request.actor, storage_place=place, **form.cleaned_data)
        if saved is not None:
            messages.success(request, "Místo je uložené.")
            return redirect("records:place", pk)
    context = {
        "place": storing_queries.place_for(pk),
        "form": form,
        "history": entries_for(place, domain="records.place"),
        "documents": paper_queries.documents_in(place),
        "documents_url": f"{reverse('circulation:who_has')}?misto={pk}&vyrizene=on",
        "report_url": f"{reverse('records:report', args=['ulozeni'])}?misto={pk}",
        "crumbs": crumbs(PLACES, (place.name, "")),
    }
    return render(request, "records/keeping/place.html", context)


@requires_role(*KEEPERS)
@require_POST
def delete_place(request: ActorRequest, pk: int) -> HttpResponse:
    """Remove a place where nothing lies."""
    done = do(request, "Místo je odstraněné.", operations.delete_place, storage_place=storing_queries.place_for(pk))
    return redirect("records:places") if done else redirect("records:place", pk)
