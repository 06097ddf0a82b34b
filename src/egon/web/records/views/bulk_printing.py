"""Bulk prints: what a filter found is chosen, made in the background, and taken away (NSESSS 5.2.8, 5.2.13)."""

from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon import storage
from egon.kernel.errors import NotFound
from egon.records import operations, print_queries
from egon.records.rules.printing import KEPT_DAYS, MOST_ITEMS, BulkPrint, Printed
from egon.web import runs
from egon.web.access import ActorRequest, signed_in
from egon.web.files import saved
from egon.web.forms import attempt
from egon.web.records.bulk_printing import file_name
from egon.web.records.views.planning.shared import do
from egon.web.records.views.printable import rows_of

PAGE_SIZE: Final = 50
ASKED_FOR: Final = {
    "spisy": Printed.FILES, "dokumenty": Printed.DOCUMENTS,
    "typove": Printed.TYPED_FILES, "soucasti": Printed.SECTIONS, "dily": Printed.VOLUMES,
}  # fmt: skip
LISTS: Final = {Printed.FILES: "records:files", Printed.DOCUMENTS: "records:documents"}
NUMBERS: Final = {
    Printed.FILES: "Spisová značka", Printed.DOCUMENTS: "Číslo jednací", Printed.TYPED_FILES: "Identifikátor",
    Printed.SECTIONS: "Součást", Printed.VOLUMES: "Díl",
}  # fmt: skip


class BulkPrintForm(forms.Form):
    """What is made of the chosen; which they are is read from the rows."""

    what = forms.ChoiceField(label="Co vytisknout", widget=forms.RadioSelect)

    def __init__(self, *args: Any, of: Printed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.value, one.label) for one in BulkPrint if one.of is of]
        self.fields["what"].choices = offered  # type: ignore[attr-defined]
        self.fields["what"].initial = offered[0][0]


@signed_in
@require_http_methods(["GET", "POST"])
def print_many(request: ActorRequest) -> HttpResponse:
    """What the filter of a list found, each row to be chosen, and what to make of it."""
    of = ASKED_FOR.get(request.GET.get("co", ""), Printed.FILES)
    form = BulkPrintForm(request.POST or None, of=of)
    chosen = [int(value) for value in request.POST.getlist("item") if value.isdecimal()]
    if request.method == "POST" and form.is_valid():
        what = BulkPrint(form.cleaned_data["what"])
        run = attempt(form, operations.start_printing, actor=request.actor, what=what, chosen=chosen)
        if run is not None:
            messages.success(request, runs.STARTED)
            return redirect("records:print", run.pk)
    rows = rows_of(request, of)
    context = {
        "form": form,
        "rows": rows[:MOST_ITEMS],
        "is_cut": len(rows) > MOST_ITEMS,
        "most": MOST_ITEMS,
        "of": of,
        "number_name": NUMBERS[of],
        "tabs": _tabs_of_typed(request, of),
        "chosen": chosen if request.method == "POST" else [row.pk for row in rows],
        "back": reverse(LISTS.get(of, "records:typed_files")),
        "crumbs": [{"label": "Hromadný tisk", "url": reverse("records:prints")}, {"label": "Nový"}],
    }
    return render(request, "records/print_many.html", context)


@signed_in
@require_safe
def prints(request: ActorRequest) -> HttpResponse:
    """Own bulk prints, the newest first."""
    page = Paginator(print_queries.runs_of(request.actor), PAGE_SIZE).get_page(request.GET.get("strana"))
    return render(request, "records/prints.html", {"page": page, "days": KEPT_DAYS})


@signed_in
@require_safe
def print_page(request: ActorRequest, pk: int) -> HttpResponse:
    """How a bulk print goes: done, refused and why, what remains, and the result."""
    run = print_queries.run_for(request.actor, pk)
    context = {
        "run": run,
        "days": KEPT_DAYS,
        "file_name": file_name(run),
        "stop_url": reverse("records:stop_printing", args=[pk]),
        "resume_url": reverse("records:resume_printing", args=[pk]),
        "crumbs": [{"label": "Hromadný tisk", "url": reverse("records:prints")}, {"label": f"č. {run.pk}"}],
    }
    refused = operations.PRINTING.refused_in(run)
    told = runs.refused_items(request, refused, ["Co"], lambda item: runs.Told([str(item)]))
    return render(request, "records/print.html", context | told)


stop_printing = signed_in(runs.stopping(operations.stop_printing, print_queries.run_for, "records:print"))
resume_printing = signed_in(runs.resuming(operations.resume_printing, print_queries.run_for, "records:print"))


@signed_in
@require_POST
def discard_printing(request: ActorRequest, pk: int) -> HttpResponse:
    """Forget the result."""
    run = print_queries.run_for(request.actor, pk)
    do(request, "Výsledek tisku je zahozený.", operations.discard_printing, run=run)
    return redirect("records:print", pk)


@signed_in
@require_safe
def take_print(request: ActorRequest, pk: int) -> HttpResponse:
    """The result. Raises :class:`NotFound` when there is none any more."""
    run = print_queries.run_for(request.actor, pk)
    if not run.result_digest:
        raise NotFound("Výsledek tisku tu není: tisk neskončil, nebo už byl zahozen.")
    return saved(storage.read(run.result_digest), file_name(run))


def _tabs_of_typed(request: ActorRequest, of: Printed) -> list[dict[str, Any]]:
    """Typed files, their sections and their volumes are printed of one choice; of others there are no tabs."""
    if of in LISTS:
        return []
    asked = request.GET.dict()
    return [
        {"label": one.label.capitalize(), "url": f"?{urlencode(asked | {'co': word})}", "active": one is of}
        for word, one in ASKED_FOR.items()
        if one not in LISTS
    ]
