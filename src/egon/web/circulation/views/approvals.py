"""Asking for approval, approving, returning for rework."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from egon.circulation import operations, permissions, queries
from egon.kernel import clock
from egon.records import queries as records
from egon.web.access import ActorRequest, signed_in
from egon.web.circulation.forms import ApprovalForm, ApproveForm, ReworkForm
from egon.web.circulation.views.handovers import require
from egon.web.circulation.views.steps import at_once, form_page, to_entity
from egon.web.forms import attempt


@signed_in
@require_http_methods(["GET", "POST"])
def request_approval(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask for approval of a draft."""
    document = records.document_for(request.actor, pk)
    require(permissions.may_request_approval(request.actor, document))
    form = ApprovalForm(request.POST or None, document=document, asks=request.actor.person_id)
    if request.method == "POST" and form.is_valid():
        arguments = {**form.cleaned_data, "document": document, "at": clock.now()}
        if attempt(form, operations.request_approval, actor=request.actor, **arguments):
            messages.success(request, f"Dokument {document} čeká na schválení: {form.cleaned_data['approver']}.")
            return to_entity(request, document)
    return form_page(request, document, "Předložení ke schválení", form, "Předložit ke schválení")


@signed_in
@require_http_methods(["GET", "POST"])
def approve(request: ActorRequest, pk: int) -> HttpResponse:
    """Approve a draft, with or without a word."""
    approval = queries.approval_for(request.actor, pk)
    require(permissions.may_decide(request.actor, approval))
    form = ApproveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        arguments = {"approval": approval, "comment": form.cleaned_data["comment"], "at": clock.now()}
        if attempt(form, operations.approve, actor=request.actor, **arguments):
            messages.success(request, f"Dokument {approval.document} je schválený. Jeho obsah se už nezmění.")
            return to_entity(request, approval.document)
    return form_page(request, approval.document, "Schválení dokumentu", form, "Schválit")


@signed_in
@require_http_methods(["GET", "POST"])
def return_for_rework(request: ActorRequest, pk: int) -> HttpResponse:
    """Return a draft to its author with a comment."""
    approval = queries.approval_for(request.actor, pk)
    require(permissions.may_decide(request.actor, approval))
    form = ReworkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        arguments = {"approval": approval, "comment": form.cleaned_data["comment"], "at": clock.now()}
        if attempt(form, operations.return_for_rework, actor=request.actor, **arguments):
            messages.success(
                request, f"Dokument {approval.document} je vrácený k přepracování: {approval.requested_by}."
            )
            return to_entity(request, approval.document)
    return form_page(request, approval.document, "Vrácení k přepracování", form, "Vrátit k přepracování")


@signed_in
@require_POST
def cancel_approval(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a draft back before it is decided on."""
    approval = queries.approval_for(request.actor, pk)
    done = f"Dokument {approval.document} je znovu rozpracovaný."
    return at_once(request, approval.document, done, operations.cancel_approval, approval=approval, at=clock.now())
