"""Routes: composing, answering, returning, recalling."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from egon.circulation import operations, permissions, route_queries
from egon.circulation.models import RouteStep
from egon.circulation.route_rules import Answer, StepPurpose, Where
from egon.kernel import clock
from egon.records import queries as records
from egon.records.models import CaseFile
from egon.web.access import ActorRequest, signed_in
from egon.web.circulation.entity import Entity, capital, named, noun_of, page_of
from egon.web.circulation.route_forms import (
    AddStepForm,
    AnswerForm,
    RouteForm,
    RouteReturnForm,
    SkipForm,
    StepRows,
    empty_rows,
    planned_step,
    row_of,
    rows_from,
)
from egon.web.circulation.views.handovers import require
from egon.web.circulation.views.steps import at_once, form_page, to_entity
from egon.web.forms import attempt


@signed_in
@require_http_methods(["GET", "POST"])
def compose_route(request: ActorRequest, pk: int) -> HttpResponse:
    """Compose the steps of a document and start them."""
    document = records.document_for(request.actor, pk)
    require(permissions.may_start_route(request.actor, document))
    return _compose(request, document)


@signed_in
@require_http_methods(["GET", "POST"])
def compose_route_of_file(request: ActorRequest, pk: int) -> HttpResponse:
    """The same of a file, which its addressees see with all its documents."""
    file = records.file_for(request.actor, pk)
    require(permissions.may_start_route(request.actor, file=file))
    return _compose(request, file)


def _compose(request: ActorRequest, entity: Entity) -> HttpResponse:
    form = RouteForm(request.POST or None)
    if request.method != "POST":
        return _composing(request, entity, form, empty_rows(_steps_of_template(request)))
    if "pridat" in request.POST:
        return _composing(request, entity, form, rows_from(request.POST, more=True))
    rows = rows_from(request.POST)
    if form.is_valid() and rows.is_valid():
        arguments = {"file" if isinstance(entity, CaseFile) else "document": entity}
        if attempt(
            form, operations.start_route, actor=request.actor, steps=rows.planned(), at=clock.now(), **arguments
        ):
            done = f"{capital(named(entity))} obíhá. První krok už čeká na stole u toho, komu patří."
            messages.success(request, done)
            return to_entity(request, entity)
    return _composing(request, entity, form, rows)


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
            messages.success(request, f"Vaše odpověď k {named(step.entity, 'u')} je zapsaná.")
            return to_entity(request, step.entity)
    return _answering(request, step, form)


@signed_in
@require_POST
def note_step(request: ActorRequest, pk: int) -> HttpResponse:
    """Take note of a document in one click."""
    step = route_queries.step_for(request.actor, pk)
    arguments = {"step": step, "answer": Answer.NOTED, "at": clock.now()}
    done = f"{capital(named(step.entity))} jste vzali na vědomí."
    return at_once(request, step.entity, done, operations.answer_step, **arguments)


@signed_in
@require_http_methods(["GET", "POST"])
def return_route(request: ActorRequest, pk: int) -> HttpResponse:
    """Return a document from its route with a reason."""
    step = route_queries.step_for(request.actor, pk)
    require(permissions.may_answer_step(request.actor, step))
    may_go_back = route_queries.may_go_back(step)
    form = RouteReturnForm(request.POST if request.method == "POST" else None, may_go_back=may_go_back)
    if request.method == "POST" and form.is_valid():
        arguments = {"step": step, "reason": form.cleaned_data["reason"], "at": clock.now()}
        operation = operations.return_to_previous if form.goes_back() else operations.return_route
        if attempt(form, operation, actor=request.actor, **arguments):
            to = "o krok zpět; až znovu odpovědí, přijde zase k vám" if form.goes_back() else step.route.composed_by
            messages.success(request, f"{capital(named(step.entity))} je vrácený: {to}.")
            return to_entity(request, step.entity)
    return form_page(request, step.entity, "Vrácení z oběhu", form, "Vrátit")


@signed_in
@require_http_methods(["GET", "POST"])
def skip_step(request: ActorRequest, pk: int) -> HttpResponse:
    """Do without a step."""
    step = route_queries.step_for(request.actor, pk)
    require(permissions.may_skip_step(request.actor, step))
    form = SkipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        arguments = {"step": step, "reason": form.cleaned_data["reason"], "at": clock.now()}
        if attempt(form, operations.skip_step, actor=request.actor, **arguments):
            messages.success(request, f"Krok ({step.addressee}) je přeskočený.")
            return to_entity(request, step.entity)
    return form_page(request, step.entity, f"Přeskočit krok: {step.addressee}", form, "Přeskočit krok")


@signed_in
@require_http_methods(["GET", "POST"])
def add_step(request: ActorRequest, pk: int) -> HttpResponse:
    """Add a step to a route that runs."""
    route = route_queries.route_for(request.actor, pk)
    require(permissions.may_steer_route(request.actor, route))
    form = AddStepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        arguments = {"step": planned_step(data, 1), "where": Where(data["where"]), "reason": data["reason"]}
        if attempt(form, operations.add_step, actor=request.actor, route=route, at=clock.now(), **arguments):
            messages.success(request, "Krok je přidaný.")
            return to_entity(request, route.entity)
    return form_page(request, route.entity, "Přidat krok do oběhu", form, "Přidat krok")


@signed_in
@require_POST
def recall_route(request: ActorRequest, pk: int) -> HttpResponse:
    """Stop a route."""
    route = route_queries.route_for(request.actor, pk)
    done = f"Oběh {named(route.entity, 'u')} je odvolaný. Co už kdo řekl, zůstalo zapsané."
    arguments = {"route": route, "at": clock.now(), "reason": request.POST.get("reason", "")}
    return at_once(request, route.entity, done, operations.recall_route, **arguments)


@signed_in
@require_POST
def note_end(request: ActorRequest, pk: int) -> HttpResponse:
    """Take note of how the route of a file ended."""
    route = route_queries.route_for(request.actor, pk)
    done = f"Konec oběhu {named(route.entity, 'u')} jste vzali na vědomí."
    return at_once(request, route.entity, done, operations.note_end, route=route, at=clock.now())


def _steps_of_template(request: ActorRequest) -> list[dict[str, Any]]:
    """Rows of the template chosen by ``?sablona=``."""
    chosen = request.GET.get("sablona", "")
    if not chosen.isdecimal():
        return []
    return [row_of(step) for step in route_queries.template_for(request.actor, int(chosen)).steps.all()]


def _composing(request: ActorRequest, entity: Entity, form: RouteForm, rows: StepRows) -> HttpResponse:
    url = page_of(entity)
    crumbs = [{"label": "Můj stůl", "url": "/"}, {"label": str(entity), "url": url}, {"label": "Oběh po krocích"}]
    context: dict[str, Any] = {"entity": entity, "is_file": isinstance(entity, CaseFile), "form": form, "rows": rows}
    context |= {"back": url, "crumbs": crumbs}
    context |= {"templates": route_queries.templates_for(request.actor), "chosen": request.GET.get("sablona", "")}
    return render(request, "circulation/compose_route.html", context)


def _answering(request: ActorRequest, step: RouteStep, form: AnswerForm) -> HttpResponse:
    headings = {StepPurpose.OPINION: "Vyjádření", StepPurpose.APPROVAL: "Schválení v oběhu"}
    purpose = StepPurpose(step.purpose)
    heading = headings.get(purpose, "Vzetí na vědomí")
    url = page_of(step.entity)
    context = {
        "entity": step.entity,
        "noun": noun_of(step.entity),
        "step": step,
        "heading": heading,
        "form": form,
        "submit": "Schválit" if purpose is StepPurpose.APPROVAL else "Odeslat odpověď",
        "return_form": None
        if purpose is StepPurpose.INFORMATION
        else RouteReturnForm(may_go_back=route_queries.may_go_back(step)),
        "back": url,
        "today": clock.today(),
        "crumbs": [{"label": "Můj stůl", "url": "/"}, {"label": str(step.entity), "url": url}, {"label": heading}],
    }
    return render(request, "circulation/answer_step.html", context)
