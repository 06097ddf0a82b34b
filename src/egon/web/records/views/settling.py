"""Settling a document, and taking that back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from egon.kernel.clock import today
from egon.records import facts, operations, queries
from egon.records.models import Document
from egon.records.rules.settling import SettledHow, obstacles_to_settling
from egon.records.rules.states import DocumentState
from egon.web.access import ActorRequest, signed_in
from egon.web.forms import attempt
from egon.web.records.forms import SettleForm
from egon.web.records.views.document import form_page


@signed_in
@require_http_methods(["GET", "POST"])
def settle(request: ActorRequest, pk: int) -> HttpResponse:
    """Settle: what stands in the way is listed at once, before anything is filled in."""
    document = queries.document_for(request.actor, pk)
    how = _likely_way(document)
    form = SettleForm(request.POST or None, initial={"on": today(), "how": how.value})
    obstacles: list[str] = []
    if request.method == "POST":
        if form.is_valid():
            data = form.cleaned_data
            done = attempt(
                form, operations.settle_document, actor=request.actor, document=document,
                how=SettledHow(data["how"]), note=data["note"], on=data["on"],
            )  # fmt: skip
            if done:
                messages.success(request, f"Dokument {document} je vyřízený.")
                return redirect("records:document", pk)
    else:
        obstacles = obstacles_to_settling(facts.settling_facts(document), how=how, note="", on=today())
    context = form_page(document, "Vyřízení dokumentu", form, "Vyřídit dokument")
    context |= {"obstacles": obstacles, "obstacles_title": "Dokument zatím nejde vyřídit"}
    return render(request, "records/form_page.html", context)


@signed_in
@require_POST
def cancel_settling(request: ActorRequest, pk: int) -> HttpResponse:
    """Take the settling back, with a reason."""
    document = queries.document_for(request.actor, pk)
    operations.cancel_settling(actor=request.actor, document=document, reason=request.POST.get("reason", ""))
    messages.success(request, f"Vyřízení dokumentu {document} je zrušené.")
    return redirect("records:document", pk)


def _likely_way(document: Document) -> SettledHow:
    """By a document when a reply left, otherwise by taking note."""
    sent = (DocumentState.DISPATCHED.value, DocumentState.DELIVERED.value)
    return SettledHow.BY_DOCUMENT if document.replies.filter(state__in=sent).exists() else SettledHow.BY_NOTING
