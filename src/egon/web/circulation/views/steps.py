"""What the steps share: a form page of their own, and where one lands after a step."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from egon.kernel.errors import AccessDenied, DomainError
from egon.records import queries as records
from egon.records.models import Document
from egon.web.access import ActorRequest


def form_page(request: ActorRequest, document: Document, heading: str, form: forms.Form, submit: str) -> HttpResponse:
    """The form of one step as a whole page; it keeps what was typed when the step was refused."""
    url = reverse("records:document", args=[document.pk])
    context = {
        "document": document,
        "heading": heading,
        "form": form,
        "submit": submit,
        "back": url,
        "crumbs": [{"label": "Můj stůl", "url": "/"}, {"label": str(document), "url": url}, {"label": heading}],
    }
    return render(request, "records/form_page.html", context)


def at_once(
    request: ActorRequest, document: Document, done: str, operation: Callable[..., Any], **arguments: Any
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
    return to_document(request, document)


def to_document(request: ActorRequest, document: Document) -> HttpResponse:
    """Back to the document, or to the desk when it is no longer for this person to see."""
    visible = records.documents_visible_to(request.actor).filter(pk=document.pk).exists()
    return redirect("records:document", document.pk) if visible else redirect("circulation:desk")
