"""Attachments of a message that waits in the mailroom: looked at in the page, or taken away as files."""

from typing import cast

from django.http import FileResponse, HttpResponse
from django.views.decorators.http import require_safe

from egon import storage
from egon.databox import queries as boxes
from egon.databox.models import MessageFile
from egon.kernel.actor import Role
from egon.kernel.errors import NotFound
from egon.mailroom import queries
from egon.web import formatting
from egon.web.access import ActorRequest, requires_role

# What a browser may show inside our page. Never HTML or SVG: they carry scripts.
OURS = "'self'"
_SHOWN_AS = {"pdf": "application/pdf", "text": "text/plain; charset=utf-8"}


@requires_role(Role.MAILROOM)
@require_safe
def preview(request: ActorRequest, pk: int, file_pk: int) -> HttpResponse:
    """The attachment inside the page: PDF, image or plain text."""
    file = _file_of(request, pk, file_pk)
    kind = formatting.preview_kind(file.media_type)
    if kind == "none":
        raise NotFound("Náhled tohoto formátu neukazujeme. Soubor si stáhněte.")
    response = FileResponse(
        storage.open_blob(file.digest), content_type=_SHOWN_AS.get(kind, file.media_type), filename=file.name
    )
    return _guarded(response, sandbox=kind != "pdf")


@requires_role(Role.MAILROOM)
@require_safe
def download(request: ActorRequest, pk: int, file_pk: int) -> HttpResponse:
    """The attachment as a file, byte for byte."""
    file = _file_of(request, pk, file_pk)
    return _as_file(file.digest, file.name)


@requires_role(Role.MAILROOM)
@require_safe
def zfo(request: ActorRequest, pk: int) -> HttpResponse:
    """The sealed message itself, byte for byte."""
    message = queries.item_for(request.actor, pk).data_message
    if message is None or not message.zfo_digest:
        raise NotFound("K tomuto podání zapečetěná zpráva není.")
    boxes.require_content(request.actor, message)
    return _as_file(message.zfo_digest, f"{message.dm_id or 'zprava'}.zfo")


def _file_of(request: ActorRequest, pk: int, file_pk: int) -> MessageFile:
    item = queries.item_for(request.actor, pk)
    file = MessageFile.objects.filter(pk=file_pk, message=item.data_message_id).select_related("message").first()
    if file is None:
        raise NotFound("Taková příloha u tohoto podání není.")
    boxes.require_content(request.actor, file.message)
    return file


def _as_file(digest: str, name: str) -> HttpResponse:
    response = FileResponse(
        storage.open_blob(digest), as_attachment=True, content_type="application/octet-stream", filename=name
    )
    return _guarded(response, sandbox=True)


def _guarded(response: FileResponse, *, sandbox: bool) -> HttpResponse:
    """Foreign content: no scripts, no guessing of its type, not kept by proxies. A PDF viewer needs no sandbox."""
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src {OURS} data:; object-src {OURS}"
    policy += f"; frame-ancestors {OURS}"
    response.headers["Content-Security-Policy"] = f"{policy}; sandbox" if sandbox else policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)
