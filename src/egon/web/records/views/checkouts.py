"""Editing a component: taking it out, bringing it back as a new version, letting it go, taking it over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from egon import storage
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.records import checkout_queries, operations, own_metadata, permissions, queries
from egon.records.models import CheckOut, ComponentVersion, Document
from egon.records.operations import NewFile
from egon.records.rules.checkouts import may_be_taken, suffix_of
from egon.records.rules.components import ComponentForm, ComponentRole
from egon.records.rules.editing import name_in_address
from egon.web.access import ActorRequest, signed_in
from egon.web.forms import attempt
from egon.web.records.forms import LARGEST_FILE, CheckInForm

_WORD, _EXCEL, _POWERPOINT = ("ms-word", "Wordu"), ("ms-excel", "Excelu"), ("ms-powerpoint", "PowerPointu")
_MICROSOFT = {
    **dict.fromkeys((".docx", ".doc", ".rtf", ".odt", ".dotx"), _WORD),
    **dict.fromkeys((".xlsx", ".xls", ".ods", ".csv"), _EXCEL),
    **dict.fromkeys((".pptx", ".ppt", ".odp"), _POWERPOINT),
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """A component on the document page: who has it taken out, and what the reader may do about it."""

    view: queries.ComponentView
    check_out: CheckOut | None
    is_mine: bool
    may_check_out: bool
    may_take_over: bool
    own: list[tuple[str, str]]


def file_rows(
    actor: Actor, document: Document, components: Sequence[queries.ComponentView], *, editable: bool
) -> list[FileRow]:
    """Components with their check-outs, in two queries for all."""
    taken = {one.component_id: one for one in checkout_queries.of_document(document)}
    written = checkout_queries.written_in(document) if editable else set()
    may_take_over = editable and bool(permissions.may_take_over(actor, document))
    rows = []
    for view in components:
        found = taken.get(view.component.pk)
        role, is_written = ComponentRole(view.component.role), view.component.pk in written
        rows.append(
            FileRow(
                view=view,
                check_out=found,
                is_mine=found is not None and found.person_id == actor.person_id,
                may_check_out=editable and found is None and may_be_taken(role, is_written=is_written),
                may_take_over=may_take_over and found is not None and found.person_id != actor.person_id,
                own=own_metadata.shown(view.component.own_values),
            )
        )
    return rows


@signed_in
@require_POST
def check_out(request: ActorRequest, pk: int) -> HttpResponse:
    """Take the component of this version out and show how to edit it."""
    version = queries.version_for(request.actor, pk)
    document = queries.document_for(request.actor, version.component.document_id)
    taken = operations.check_out(actor=request.actor, document=document, component=version.component)
    return redirect("records:check_in", taken.pk)


@signed_in
@require_http_methods(["GET", "POST"])
def check_in(request: ActorRequest, pk: int) -> HttpResponse:
    """The component taken out: download it, edit it, bring it back with what changed."""
    taken = checkout_queries.check_out_for(request.actor, pk)
    document = taken.component.document
    form = CheckInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (version := _brought_back(request, form, taken)):
        messages.success(request, f"Soubor „{taken.component}“ má novou verzi {version.number} a je volný pro ostatní.")
        return redirect(_files_of(document))
    return render(request, "records/check_in.html", _context(request, taken, form), status=422 if form.errors else 200)


@signed_in
@require_POST
def open_in_program(request: ActorRequest, pk: int) -> HttpResponse:
    """Show the address under which an office program opens and saves the file; it cannot be shown again later."""
    taken = checkout_queries.check_out_for(request.actor, pk)
    document = taken.component.document
    at = clock.now()
    secret = operations.open_editing_link(actor=request.actor, document=document, check_out=taken, at=at)
    path = reverse("dav:file", args=[request.actor.tenant_id, secret, name_in_address(taken.component.name)])
    address = request.build_absolute_uri(path)
    context = {**_context(request, taken, CheckInForm()), "address": address, "programs": _programs(taken, address)}
    response = render(request, "records/check_in.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _context(request: ActorRequest, taken: CheckOut, form: CheckInForm) -> dict[str, Any]:
    document = taken.component.document
    return {
        "document": document,
        "taken": taken,
        "latest": taken.component.versions.order_by("-number").first(),
        "is_mine": taken.person_id == request.actor.person_id,
        "may_take_over": bool(permissions.may_take_over(request.actor, document)),
        "form": form,
        "crumbs": [
            {"label": "Dokumenty", "url": reverse("records:documents")},
            {"label": str(document), "url": _files_of(document)},
            {"label": "Úprava souboru"},
        ],
    }


def _programs(taken: CheckOut, address: str) -> list[dict[str, str]]:
    """Links that open the file in the program installed on the computer."""
    found = [{"label": "Otevřít v LibreOffice", "url": f"vnd.libreoffice.command:ofe|u|{address}"}]
    if scheme := _MICROSOFT.get(suffix_of(taken.component.name)):
        found.append({"label": f"Otevřít v {scheme[1]}", "url": f"{scheme[0]}:ofe|u|{address}"})
    return found


@signed_in
@require_POST
def cancel_check_out(request: ActorRequest, pk: int) -> HttpResponse:
    """Let the component go unchanged."""
    taken = checkout_queries.check_out_for(request.actor, pk)
    document = taken.component.document
    operations.cancel_check_out(actor=request.actor, document=document, check_out=taken)
    messages.success(request, f"Úpravy souboru „{taken.component}“ jsou zrušené, platí dosavadní verze.")
    return redirect(_files_of(document))


@signed_in
@require_POST
def take_over(request: ActorRequest, pk: int) -> HttpResponse:
    """Go on editing instead of who has the component."""
    taken = checkout_queries.check_out_for(request.actor, pk)
    operations.take_over(
        actor=request.actor,
        document=taken.component.document,
        check_out=taken,
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, f"Soubor „{taken.component}“ teď upravujete vy.")
    return redirect("records:check_in", pk)


def _brought_back(request: ActorRequest, form: CheckInForm, taken: CheckOut) -> ComponentVersion | None:
    new_file = None
    if file := form.cleaned_data["upload"]:
        blob = attempt(form, storage.put, content=file, limit=LARGEST_FILE)
        if blob is None:
            return None
        new_file = NewFile(
            name=file.name or "",
            media_type=taken.component.media_type,
            blob=blob,
            role=taken.component.role,
            form=ComponentForm.OWN.value,
        )
    return attempt(
        form,
        operations.check_in,
        actor=request.actor,
        document=taken.component.document,
        check_out=taken,
        new_file=new_file,
        changes=form.cleaned_data["changes"],
    )


def _files_of(document: Document) -> str:
    return f"{reverse('records:document', args=[document.pk])}#soubory"
