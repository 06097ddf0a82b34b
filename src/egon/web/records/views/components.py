"""Components: shown in the page, taken away as files, added to and removed from drafts."""

from typing import cast

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon import storage
from egon.kernel.errors import NotFound
from egon.records import operations, permissions, queries
from egon.records.operations import NewFile
from egon.records.rules.components import ComponentForm
from egon.records.rules.own_metadata import OwnEntity
from egon.web import formatting
from egon.web.access import ActorRequest, signed_in
from egon.web.forms import attempt
from egon.web.records.forms import LARGEST_FILE, AnnexForm
from egon.web.records.own_page import own_page

# What a browser may show inside our page. Never HTML or SVG: they carry scripts.
_SHOWN_AS = {"pdf": "application/pdf", "text": "text/plain; charset=utf-8"}
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; object-src 'self'; frame-ancestors 'self'"
)


@signed_in
@require_safe
def preview(request: ActorRequest, pk: int) -> HttpResponse:
    """A version inside the page: PDF, image or plain text."""
    version = queries.version_for(request.actor, pk)
    kind = formatting.preview_kind(version.media_type)
    if kind == "none":
        raise NotFound("Náhled tohoto formátu neukazujeme. Soubor si stáhněte.")
    response = FileResponse(
        storage.open_blob(version.digest),
        content_type=_SHOWN_AS.get(kind, version.media_type),
        filename=version.file_name,
    )
    return _guarded(response, sandbox=kind != "pdf")


@signed_in
@require_safe
def download(request: ActorRequest, pk: int) -> HttpResponse:
    """A version as a file, byte for byte."""
    version = queries.version_for(request.actor, pk)
    response = FileResponse(
        storage.open_blob(version.digest),
        as_attachment=True,
        content_type="application/octet-stream",
        filename=version.file_name,
    )
    return _guarded(response, sandbox=True)


@signed_in
@require_http_methods(["GET", "POST"])
def describe_component(request: ActorRequest, pk: int) -> HttpResponse:
    """What an organisation records of a component beyond příloha 8; ``pk`` is that of its version."""
    component = queries.version_for(request.actor, pk).component
    document = component.document
    back = reverse("records:document", args=[document.pk])
    return own_page(
        request,
        component,
        OwnEntity.COMPONENT,
        permissions.may_edit_metadata(request.actor, document),
        lambda form, data: attempt(form, operations.describe_component, document=document, component=component, **data),
        {"heading": "Údaje souboru", "lead": component.name, "back": f"{back}#soubory"},
        [{"label": str(document), "url": back}, {"label": "Údaje souboru"}],
    )


@signed_in
@require_POST
def add_annexes(request: ActorRequest, pk: int) -> HttpResponse:
    """Add files to a draft; one refused file leaves the others added."""
    document = queries.document_for(request.actor, pk)
    form = AnnexForm(request.POST, request.FILES)
    if form.is_valid():
        for file in form.cleaned_data["uploads"]:
            blob = attempt(form, storage.put, content=file, limit=LARGEST_FILE)
            if blob is None:
                break
            annex = NewFile(
                name=file.name or "",
                media_type=file.content_type or "application/octet-stream",
                blob=blob,
                form=ComponentForm.OWN.value,
            )
            if attempt(form, operations.add_component, actor=request.actor, document=document, new_file=annex) is None:
                break
            messages.success(request, f"Příloha „{file.name}“ je přidaná.")
    if form.errors:
        return render(request, "records/annexes.html", {"document": document, "annex_form": form}, status=422)
    return redirect(_back_to(request, pk))


@signed_in
@require_POST
def remove_component(request: ActorRequest, pk: int) -> HttpResponse:
    """Take an annex out of a draft; ``pk`` is that of any version of it."""
    version = queries.version_for(request.actor, pk)
    document = queries.document_for(request.actor, version.component.document_id)
    operations.remove_component(actor=request.actor, document=document, component=version.component)
    messages.success(request, f"Soubor „{version.component.name}“ je odebraný.")
    return redirect(_back_to(request, document.pk))


@signed_in
@require_POST
def read_again(request: ActorRequest, pk: int) -> HttpResponse:
    """Have the text of files read again whose reading failed."""
    document = queries.document_for(request.actor, pk)
    operations.read_again(actor=request.actor, document=document)
    messages.success(request, "Soubory se čtou znovu na pozadí. Výsledek uvidíte tady za chvíli.")
    return redirect(f"/dokumenty/{pk}/#soubory")


def _back_to(request: ActorRequest, pk: int) -> str:
    """The page the annexes were edited on: the text, or the document."""
    return f"/dokumenty/{pk}/text/" if request.POST.get("zpet") == "text" else f"/dokumenty/{pk}/"


def _guarded(response: FileResponse, *, sandbox: bool) -> HttpResponse:
    """Foreign content: no scripts, no guessing of its type, not kept by proxies. A PDF viewer runs in no sandbox."""
    response.headers["Content-Security-Policy"] = f"{_POLICY}; sandbox" if sandbox else _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)  # a streamed answer; the views' type knows only the plain one
