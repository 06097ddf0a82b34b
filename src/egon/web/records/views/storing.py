"""Where the paper of a file lies, and notes that people write to a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from egon.records import operations, queries, storing_queries
from egon.web.access import ActorRequest, signed_in
from egon.web.forms import attempt
from egon.web.records.storing_forms import NoteForm, StoreForm
from egon.web.records.views.planning.shared import do


@signed_in
@require_http_methods(["GET", "POST"])
def store_paper(request: ActorRequest, pk: int) -> HttpResponse:
    """Record where the paper part of a file lies (NSESSS 5.2.6 j)."""
    file = queries.file_for(request.actor, pk)
    present = storing_queries.stored_of(file)
    initial = {"place": present.place_id, "detail": present.detail} if present else {}
    form = StoreForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        stored = attempt(
            form,
            operations.store_paper,
            actor=request.actor,
            file=file,
            storage_place=form.cleaned_data["place"],
            detail=form.cleaned_data["detail"],
        )
        if stored is not None:
            messages.success(request, "Uložení listinné části je zapsané.")
            return redirect("records:file", pk)
    back = reverse("records:file", args=[pk])
    context: dict[str, Any] = {
        "heading": "Uložení listinné části",
        "form": form,
        "submit": "Zapsat uložení",
        "back": back,
        "lead": f"Spis {file} {file.subject}. Teď: {present or 'žádné místo není zapsané'}.",
        "crumbs": [{"label": "Spisy", "url": reverse("records:files")}, {"label": str(file), "url": back},
                   {"label": "Uložení listinné části"}],
    }  # fmt: skip
    return render(request, "records/form_page.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def write_note(request: ActorRequest, pk: int) -> HttpResponse:
    """A note to a file; the form stands on the page of the file, a refused one comes back here."""
    file = queries.file_for(request.actor, pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = attempt(form, operations.note_to_file, actor=request.actor, file=file, body=form.cleaned_data["text"])
        if note is not None:
            messages.success(request, "Poznámka je u spisu.")
            return redirect(f"{reverse('records:file', args=[pk])}#poznamky")
    back = reverse("records:file", args=[pk])
    context: dict[str, Any] = {
        "heading": "Poznámka ke spisu",
        "form": form,
        "submit": "Připsat poznámku",
        "back": back,
        "lead": f"Spis {file} {file.subject}.",
        "crumbs": [{"label": "Spisy", "url": reverse("records:files")}, {"label": str(file), "url": back},
                   {"label": "Poznámka"}],
    }  # fmt: skip
    return render(request, "records/form_page.html", context)


@signed_in
@require_POST
def take_note_back(request: ActorRequest, pk: int) -> HttpResponse:
    """Take an own note back."""
    note = storing_queries.note_for(request.actor, pk)
    do(request, "Poznámka je vzatá zpět.", operations.take_note_back, note=note)
    return redirect(f"{reverse('records:file', args=[note.file_id])}#poznamky")
