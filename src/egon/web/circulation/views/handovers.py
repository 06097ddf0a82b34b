"""Handing over, taking over, returning, recalling, passing a circular on."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from egon.circulation import operations, permissions, queries
from egon.kernel import clock
from egon.kernel.access import Decision
from egon.kernel.errors import AccessDenied
from egon.records import queries as records
from egon.web.access import ActorRequest, signed_in
from egon.web.circulation.entity import capital, entity_of, named, noun_of
from egon.web.circulation.forms import AssignForm, GiveForm, HandFileForm, HandOnForm, ReturnForm
from egon.web.circulation.views.steps import at_once, form_page, to_entity
from egon.web.forms import attempt


@signed_in
@require_http_methods(["GET", "POST"])
def assign(request: ActorRequest, pk: int) -> HttpResponse:
    """Hand a document to a unit."""
    document = records.document_for(request.actor, pk)
    require(permissions.may_assign_to_unit(request.actor, document))
    form = AssignForm(request.POST or None, document=document)
    if request.method == "POST" and form.is_valid():
        arguments = {**form.cleaned_data, "document": document, "at": clock.now()}
        if attempt(form, operations.assign_to_unit, actor=request.actor, **arguments):
            messages.success(request, f"Dokument {document} je předán: {form.cleaned_data['unit']}. Čeká na převzetí.")
            return to_entity(request, document)
    return form_page(request, document, "Předání útvaru", form, "Předat útvaru")


@signed_in
@require_http_methods(["GET", "POST"])
def give(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a document to a person of the unit."""
    document = records.document_for(request.actor, pk)
    require(permissions.may_give(request.actor, document))
    form = GiveForm(request.POST or None, document=document)
    if request.method == "POST" and form.is_valid():
        arguments = {**form.cleaned_data, "document": document, "at": clock.now()}
        if attempt(form, operations.give_to, actor=request.actor, **arguments):
            messages.success(request, f"Dokument {document} je předán: {form.cleaned_data['person']}.")
            return to_entity(request, document)
    return form_page(request, document, "Předání zpracovateli", form, "Předat zpracovateli")


@signed_in
@require_http_methods(["GET", "POST"])
def hand_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Hand a file with its documents to a unit or a person."""
    file = records.file_for(request.actor, pk)
    require(permissions.may_hand_file(request.actor, file))
    form = HandFileForm(request.POST or None, file=file)
    if request.method == "POST" and form.is_valid():
        arguments = {**form.cleaned_data, "file": file, "at": clock.now()}
        if handover := attempt(form, operations.hand_file, actor=request.actor, **arguments):
            messages.success(
                request, f"Spis {file} je předán: {handover.addressee}. Čeká na převzetí, do té doby ho máte."
            )
            return to_entity(request, file)
    return form_page(request, file, "Předání spisu", form, "Předat spis")


@signed_in
@require_POST
def note_return(request: ActorRequest, pk: int) -> HttpResponse:
    """Take note that a file came back."""
    handover = queries.handover_for(request.actor, pk)
    entity = entity_of(handover)
    done = f"Vrácení: {named(entity)} zůstává u vás."
    return at_once(request, entity, done, operations.note_return, handover=handover, at=clock.now())


@signed_in
@require_POST
def take_over(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a document or a file over, or take note of it."""
    handover = queries.handover_for(request.actor, pk)
    entity = entity_of(handover)
    with_it = " i s dokumenty" if handover.file_id is not None else ""
    done = f"{capital(named(entity))}{with_it} jste převzali."
    if handover.purpose == "information" and handover.to_person_id:
        done = f"{capital(named(entity))} jste vzali na vědomí."
    return at_once(request, entity, done, operations.take_over, handover=handover, at=clock.now())


@signed_in
@require_http_methods(["GET", "POST"])
def send_back(request: ActorRequest, pk: int) -> HttpResponse:
    """Return a document or a file with a reason."""
    handover = queries.handover_for(request.actor, pk)
    entity = entity_of(handover)
    require(permissions.may_send_back(request.actor, handover))
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        arguments = {"handover": handover, "reason": form.cleaned_data["reason"], "at": clock.now()}
        if attempt(form, operations.send_back, actor=request.actor, **arguments):
            back_to = handover.from_person or "podatelna"
            messages.success(request, f"{capital(named(entity))} je vrácený: {back_to}. Důvod se předal s ním.")
            return to_entity(request, entity)
    return form_page(request, entity, f"Vrácení {noun_of(entity)}u", form, f"Vrátit {noun_of(entity)}")


@signed_in
@require_POST
def recall(request: ActorRequest, pk: int) -> HttpResponse:
    """Take back what nobody has taken over."""
    handover = queries.handover_for(request.actor, pk)
    entity = entity_of(handover)
    done = f"Předání {named(entity, 'u')} je odvolané."
    return at_once(request, entity, done, operations.recall, handover=handover, at=clock.now())


@signed_in
@require_http_methods(["GET", "POST"])
def hand_on(request: ActorRequest, pk: int) -> HttpResponse:
    """Pass a circular on to people of the unit."""
    handover = queries.handover_for(request.actor, pk)
    require(permissions.may_hand_on(request.actor, handover))
    form = HandOnForm(request.POST or None, unit=handover.to_unit)
    if request.method == "POST" and form.is_valid():
        people = list(form.cleaned_data["people"])
        arguments = {"handover": handover, "people": people, "note": form.cleaned_data["note"], "at": clock.now()}
        if attempt(form, operations.hand_on, actor=request.actor, **arguments) is not None:
            names = ", ".join(str(person) for person in people)
            messages.success(request, f"Oběžník je předaný na vědomí: {names}.")
            return to_entity(request, entity_of(handover))
    return form_page(request, entity_of(handover), "Předání oběžníku v útvaru", form, "Předat na vědomí")


def require(decision: Decision) -> None:
    """Show no form to those whose step would be refused."""
    if not decision:
        raise AccessDenied(decision.reason)
