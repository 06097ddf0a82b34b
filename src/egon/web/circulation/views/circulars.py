"""Circulars: the list, a new one, and the overview of who has it, since when, and who is late."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from egon import storage
from egon.circulation import operations, permissions, queries
from egon.circulation.models import Distribution
from egon.circulation.rules import UnitProgress
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.records import queries as records
from egon.records.models import Document
from egon.records.operations import NewFile
from egon.records.rules.components import ComponentForm, ComponentRole
from egon.web.access import ActorRequest, requires_role
from egon.web.circulation.forms import CircularForm
from egon.web.circulation.views.handovers import require
from egon.web.forms import attempt
from egon.web.records.forms import LARGEST_FILE
from egon.web.records.paging import page_of

READING = (Role.SECRETARIAT, Role.HEAD, Role.AUDITOR, Role.RECORDS_KEEPER)
TONES = {
    UnitProgress.WAITING: "warning",
    UnitProgress.TAKEN: "primary",
    UnitProgress.HANDED_ON: "primary",
    UnitProgress.DONE: "success",
}


@requires_role(*READING)
@require_safe
def circulars(request: ActorRequest) -> HttpResponse:
    """``/obezniky/``: the newest first, with how far each of them is."""
    page = page_of(queries.distributions_visible_to(request.actor), request)
    progress = queries.progress_of_many(list(page), on=clock.today())
    context = {
        "page": page,
        "rows": [{"circular": one, **progress[one.pk]} for one in page],
        "may_send": bool(permissions.may_send_circular(request.actor)),
        "today": clock.today(),
    }
    return render(request, "circulation/circulars.html", context)


@requires_role(Role.SECRETARIAT, Role.HEAD)
@require_http_methods(["GET", "POST"])
def new_circular(request: ActorRequest) -> HttpResponse:
    """Register an internal document and send it to units, in one form; ``?dokument=`` sends an existing one."""
    document = _existing(request)
    form = CircularForm(request.POST or None, request.FILES or None, document=document)
    if request.method == "POST" and form.is_valid() and (sent := _send(request, form, document)):
        count = len(form.cleaned_data["units"])
        messages.success(request, f"Oběžník {sent.document} je rozeslaný, počet útvarů: {count}.")
        return redirect("circulation:circular", sent.pk)
    context = {
        "form": form,
        "document": document,
        "crumbs": [{"label": "Oběžníky", "url": reverse("circulation:circulars")}, {"label": "Nový oběžník"}],
        "back": reverse("circulation:circulars"),
    }
    return render(request, "circulation/new_circular.html", context)


@requires_role(*READING)
@require_safe
def circular(request: ActorRequest, pk: int) -> HttpResponse:
    """Who has a circular, since when, and who is late."""
    distribution = queries.distribution_for(request.actor, pk)
    rows = queries.progress_in_units(distribution, on=clock.today())
    context = {
        "circular": distribution,
        "document": distribution.document,
        "rows": [{"row": row, "tone": TONES[row.progress]} for row in rows],
        "done": sum(row.progress is UnitProgress.DONE for row in rows),
        "untouched": sum(row.progress is UnitProgress.WAITING for row in rows),
        "late": sum(row.days_late > 0 for row in rows),
        "total": len(rows),
        "visible": records.documents_visible_to(request.actor).filter(pk=distribution.document_id).exists(),
        "today": clock.today(),
        "crumbs": [
            {"label": "Oběžníky", "url": reverse("circulation:circulars")},
            {"label": str(distribution.document)},
        ],
    }
    return render(request, "circulation/circular.html", context)


def _existing(request: ActorRequest) -> Document | None:
    wanted = request.GET.get("dokument", "")
    if not wanted.isdigit():
        return None
    document = records.document_for(request.actor, int(wanted))
    require(permissions.may_distribute(request.actor, document))
    return document


def _send(request: ActorRequest, form: CircularForm, document: Document | None) -> Distribution | None:
    data = form.cleaned_data
    about: dict[str, Any] = {
        "actor": request.actor,
        "units": list(data["units"]),
        "deadline": data["deadline"],
        "instruction": data["instruction"],
        "at": clock.now(),
    }
    if document is not None:
        return attempt(form, operations.distribute, document=document, **about)
    files = _stored(form)
    if files is None:
        return None
    return attempt(form, operations.send_circular, subject=data["subject"], text=data["text"], files=files, **about)


def _stored(form: CircularForm) -> list[NewFile] | None:
    """The uploaded files in the storage; the first one is the main component when there is no text."""
    files: list[NewFile] = []
    for uploaded in form.cleaned_data["files"] or []:
        blob = attempt(form, storage.put, content=uploaded, limit=LARGEST_FILE)
        if blob is None:
            return None
        is_main = not files and not form.cleaned_data["text"].strip()
        role = ComponentRole.MAIN if is_main else ComponentRole.ATTACHMENT
        media_type = uploaded.content_type or "application/octet-stream"
        files.append(NewFile(uploaded.name or "", media_type, blob, role.value, form=ComponentForm.OWN.value))
    return files
