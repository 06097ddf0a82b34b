"""Messages ``do vlastních rukou``: naming their person, reading one's own, handing them over."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from egon import storage
from egon.databox import operations, permissions, queries
from egon.databox.models import DataMessage
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import DomainError, NotFound
from egon.registry import queries as registry
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.databox.forms import PersonForm


@signed_in
@require_safe
def mine(request: ActorRequest) -> HttpResponse:
    """Messages to my own hands, those I have not handed over first."""
    page = Paginator(queries.personal_messages(request.actor), 50).get_page(request.GET.get("strana"))
    return render(request, "databox/personal.html", {"page": page})


@requires_role(Role.MAILROOM)
@require_POST
def name(request: ActorRequest, pk: int) -> HttpResponse:
    """The mailroom says whose own hands a message is for."""
    row = _message(pk)
    form = PersonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Vyberte osobu, které je zpráva určena.")
        return redirect("mailroom:inbox")
    person = registry.person_for(request.actor, form.cleaned_data["person"])
    try:
        operations.name_person(actor=request.actor, message=row, person=person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Zpráva {row.dm_id} je určena: {person}. Uvidí ji mezi svými osobními zprávami.")
    return redirect("mailroom:inbox")


@signed_in
@require_POST
def release(request: ActorRequest, pk: int) -> HttpResponse:
    """The named person hands the message over to the mailroom."""
    row = _my_message(request, pk)
    try:
        operations.release_personal(actor=request.actor, message=row, at=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Zpráva {row.dm_id} je předaná podatelně k evidenci.")
    return redirect("databox:personal")


@signed_in
@require_safe
def file(request: ActorRequest, pk: int, file_pk: int) -> HttpResponse:
    """An attachment of a message to one's own hands, byte for byte."""
    row = _my_message(request, pk)
    found = row.files.filter(pk=file_pk).first()
    if found is None:
        raise NotFound("Taková příloha u této zprávy není.")
    response = FileResponse(
        storage.open_blob(found.digest),
        as_attachment=True,
        content_type="application/octet-stream",
        filename=found.name,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)


def _message(pk: int) -> DataMessage:
    row = DataMessage.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("Taková datová zpráva tu není.")
    return row


def _my_message(request: ActorRequest, pk: int) -> DataMessage:
    row = _message(pk)
    if not permissions.is_named_in(request.actor, row):
        raise NotFound("Taková datová zpráva tu není, nebo k ní nemáte přístup.")
    return row
