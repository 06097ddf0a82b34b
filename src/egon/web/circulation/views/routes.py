"""Routes: composing, answering, returning, recalling."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from egon.circulation import operations, permissions, route_queries
from egon.circulation.models import RouteStep
from egon.circulation.route_rules import Answer, StepPurpose
from egon.kernel import clock
from egon.records import queries as records
from egon.records.models import Document
from egon.web.access import ActorRequest, signed_in
from egon.web.circulation.route_forms import (
    AnswerForm,
    RouteForm,
    RouteReturnForm,
    StepRows,
    empty_rows,
    row_of,
    rows_from,
)
from egon.web.circulation.views.handovers import require
from egon.web.circulation.views.steps import at_once, form_page, to_document
from egon.web.forms import attempt


@signed_in
@require_http_methods(["GET", "POST"])
def compose_route(request: ActorRequest, pk: int) -> HttpResponse:
    """Compose the steps of a document and start them."""
    document = records.document_for(request.actor, pk)
    require(permissions.may_start_route(request.actor, document))
    form = RouteForm(request.POST or None)
    if request.method != "POST":
        return _composing(request, document, form, empty_rows(_steps_of_template(request)))
    if "pridat" in request.POST:
        return _composing(request, document, form, rows_from(request.POST, more=True))
    rows = rows_from(request.POST)
    if form.is_valid() and rows.is_valid():
        arguments = {"document": document, "steps": rows.planned(), "at": clock.now()}
        if attempt(form, operations.start_route, actor=request.actor, **arguments):
            messages.success(request, f"Dokument {document} obíhá. První krok už čeká na stole u toho, komu patří.")
            return to_document(request, document)
    return _composing(request, document, form, rows)


@signed_in
@require_http_methods(["GET", "POST"])
def answer_step(request: ActorRequest, pk: int) -> HttpResponse:
    """Give an opinion, approve or take note, with words."""
    step = route_queries.step_for(request.actor, pk)
    require(permissions.may_answer_step(request.actor, step))
    purpose = StepPurpose(step.purpose)
    form = AnswerForm(request.POST if request.method == "POST" else None, purpose=purpose)
    if request.method == "POST" and form.is_valid():
        arguments = {"step": step, "answer": form.chosen(), "comment": form.cleaned_data["comment"]}
        if attempt(form, operations.answer_step, actor=request.actor, at=clock.now(), **arguments):
            messages.success(request, f"Vaše odpověď k dokumentu {step.document} je zapsaná.")
            return to_document(request, step.document)
    return _answering(request, step, form)


@signed_in
@require_POST
def note_step(request: ActorRequest, pk: int) -> HttpResponse:
    """Take note of a document in one click."""
    step = route_queries.step_for(request.actor, pk)
    arguments = {"step": step, "answer": Answer.NOTED, "at": clock.now()}
    done = f"Dokument {step.document} jste vzali na vědomí."
    return at_once(request, step.document, done, operations.answer_step, **arguments)


@signed_in
@require_http_methods(["GET", "POST"])
def return_route(request: ActorRequest, pk: int) -> HttpResponse:
    """Return a document from its route with a reason."""
    step = route_queries.step_for(request.actor, pk)
    require(permissions.may_answer_step(request.actor, step))
    form = RouteReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        arguments = {"step": step, "reason": form.cleaned_data["reason"], "at": clock.now()}
        if attempt(form, operations.return_route, actor=request.actor, **arguments):
            messages.success(request, f"Dokument {step.document} je vrácený: {step.route.composed_by}.")
            return to_document(request, step.document)
    return form_page(request, step.document, "Vrácení z oběhu", form, "Vrátit autorovi")


@signed_in
@require_POST
def recall_route(request: ActorRequest, pk: int) -> HttpResponse:
    """Stop a route."""
    route = route_queries.route_for(request.actor, pk)
    done = f"Oběh dokumentu {route.document} je odvolaný. Co už kdo řekl, zůstalo zapsané."
    arguments = {"route": route, "at": clock.now(), "reason": request.POST.get("reason", "")}
    return at_once(request, route.document, done, operations.recall_route, **arguments)


def _steps_of_template(request: ActorRequest) -> list[dict[str, Any]]:
    """Rows of the template chosen by ``?sablona=``."""
    chosen = request.GET.get("sablona", "")
    if not chosen.isdecimal():
        return []
    return [row_of(step) for step in route_queries.template_for(request.actor, int(chosen)).steps.all()]


def _composing(request: ActorRequest, document: Document, form: RouteForm, rows: StepRows) -> HttpResponse:
    url = reverse("records:document", args=[document.pk])
    crumbs = [{"label": "Můj stůl", "url": "/"}, {"label": str(document), "url": url}, {"label": "Oběh po krocích"}]
    context = {"document": document, "form": form, "rows": rows, "back": url, "crumbs": crumbs}
    context |= {"templates": route_queries.templates_for(request.actor), "chosen": request.GET.get("sablona", "")}
    return render(request, "circulation/compose_route.html", context)


def _answering(request: ActorRequest, step: RouteStep, form: AnswerForm) -> HttpResponse:
    headings = {StepPurpose.OPINION: "Vyjádření", StepPurpose.APPROVAL: "Schválení v oběhu"}
    purpose = StepPurpose(step.purpose)
    heading = headings.get(purpose, "Vzetí na vědomí")
    url = reverse("records:document", args=[step.document_id])
    context = {
        "document": step.document,
        "step": step,
        "heading": heading,
        "form": form,
        "submit": "Schválit" if purpose is StepPurpose.APPROVAL else "Odeslat odpověď",
        "return_form": None if purpose is StepPurpose.INFORMATION else RouteReturnForm(),
        "back": url,
        "today": clock.today(),
        "crumbs": [{"label": "Můj stůl", "url": "/"}, {"label": str(step.document), "url": url}, {"label": heading}],
    }
    return render(request, "circulation/answer_step.html", context)
