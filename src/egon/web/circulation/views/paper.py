"""Who has what, on paper and digitally alike; where the paper of a document is."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from egon.circulation import operations, paper_queries, permissions
from egon.kernel import clock
from egon.records import queries as records
from egon.records.models import CaseFile
from egon.records.rules.states import FINAL
from egon.web.access import ActorRequest, signed_in
from egon.web.circulation.paper_forms import PaperForm, WhoHasFilter
from egon.web.circulation.views.handovers import require
from egon.web.circulation.views.steps import form_page, to_entity
from egon.web.forms import attempt
from egon.web.records.paging import page_of
from egon.web.records.words import chip_of

MOST_TYPED = 20
MOST_FILES = 20
_ORDER = {"doslo": "registered_at", "termin": "deadline"}


@signed_in
@require_safe
def who_has(request: ActorRequest) -> HttpResponse:
    """Who has which document, since when, who is asked, and where its paper is."""
    form, today = WhoHasFilter(request.GET), clock.today()
    chosen = form.chosen()
    found = paper_queries.who_has_what(request.actor, **chosen)
    typed = paper_queries.typed_files_of(request.actor, unit=chosen["unit"], person=chosen["person"])
    wanted = request.GET.get("razeni", "")
    if column := _ORDER.get(wanted.removeprefix("-")):
        sign = "-" if wanted.startswith("-") else ""
        found = found.order_by(f"{sign}{column}", f"{sign}pk")
    page = page_of(found, request, paper_queries.who_has_rows)
    rows = [
        {
            "has": row,
            "document": row.document,
            "chip": chip_of(row.document),
            "is_late": bool(row.document.deadline and row.document.deadline < today)
            and row.document.state not in FINAL,
        }
        for row in page
    ]
    files = paper_queries.files_of(request.actor, unit=chosen["unit"], person=chosen["person"])
    crumbs = [{"label": "Můj stůl", "url": "/"}, {"label": "Kdo co má"}]
    context = {"filter_form": form, "page": page, "rows": rows, "today": today, "crumbs": crumbs}
    context |= {"typed": typed[:MOST_TYPED], "typed_count": typed.count(), "most_typed": MOST_TYPED}
    context |= _files_context(files)
    return render(request, "circulation/who_has.html", context)


def _files_context(files: QuerySet[CaseFile]) -> dict[str, Any]:
    """The first files, with whom each waits for; whether there are more is asked, how many is not."""
    rows = list(files[: MOST_FILES + 1])
    waiting = paper_queries.waiting_files([file.pk for file in rows])
    shown = [{"file": file, "waiting": waiting.get(file.pk)} for file in rows[:MOST_FILES]]
    return {"files": shown, "more_files": len(rows) > MOST_FILES}


@signed_in
@require_http_methods(["GET", "POST"])
def place_paper(request: ActorRequest, pk: int) -> HttpResponse:
    """Record where the paper of a document is."""
    document = records.document_for(request.actor, pk)
    require(permissions.may_place_paper(request.actor, document))
    present = paper_queries.places_of(document).filter(is_present=True).first()
    form = PaperForm(request.POST if request.method == "POST" else None, present=present)
    if request.method == "POST" and form.is_valid():
        arguments = {**form.cleaned_data, "document": document, "at": clock.now()}
        if place := attempt(form, operations.place_paper, actor=request.actor, **arguments):
            messages.success(request, f"Papír dokumentu {document} je: {place}.")
            return to_entity(request, document)
    return form_page(request, document, "Kde je papír", form, "Zapsat umístění")
