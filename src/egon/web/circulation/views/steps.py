"""What the steps share: a form page of their own, and where one lands after a step."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from egon.kernel.errors import AccessDenied, DomainError
from egon.records import queries as records
from egon.records.models import CaseFile, Document
from egon.web.access import ActorRequest
from egon.web.circulation.entity import Entity, page_of


def form_page(request: ActorRequest, entity: Entity, heading: str, form: forms.Form, submit: str) -> HttpResponse:
    """The form of one step as a whole page; it keeps what was typed when the step was refused."""
    url = page_of(entity)
    context = {
        "document": entity if isinstance(entity, Document) else None,
        "lead": "" if isinstance(entity, Document) else f"{entity} · {entity.subject}",
        "heading": heading,
        "form": form,
        "submit": submit,
        "back": url,
        "crumbs": [{"label": "Můj stůl", "url": "/"}, {"label": str(entity), "url": url}, {"label": heading}],
    }
    return render(request, "records/form_page.html", context)


def at_once(
    request: ActorRequest, entity: Entity, done: str, operation: Callable[..., Any], **arguments: Any
) -> HttpResponse:
    """A step of one click: it succeeds, or its refusal is told on the page that shows the present state."""
    try:
        operation(actor=request.actor, **arguments)
    except AccessDenied:
        raise
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return to_entity(request, entity)


def to_entity(request: ActorRequest, entity: Entity) -> HttpResponse:
    """Back to the document or the file, or to the desk when it is no longer for this person to see."""
    among = records.visible_file_ids if isinstance(entity, CaseFile) else records.visible_ids
    return redirect(page_of(entity)) if among(request.actor, [entity.pk]) else redirect("circulation:desk")
