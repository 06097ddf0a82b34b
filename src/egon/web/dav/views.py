"""WebDAV class 2 for one file: office programs open it, lock it and save it; a check-in makes a version of that."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO, cast

from django.http import FileResponse, HttpResponse
from django.urls import reverse

from egon import storage
from egon.kernel import clock
from egon.kernel.errors import NotFound
from egon.records import operations
from egon.records.errors import ContentChanged
from egon.records.models import CheckOut
from egon.records.operations import NewFile
from egon.records.rules.components import ComponentForm
from egon.records.rules.editing import LOCK_LASTS, Condition, conditions_of, holds, is_locked, name_in_address
from egon.web.dav.access import LinkRequest, by_editing_link
from egon.web.dav.properties import (
    LARGEST_QUESTION,
    BadQuestion,
    Resource,
    is_exclusive_write,
    lock_answer,
    multistatus,
    wanted_properties,
)
from egon.web.records.forms import LARGEST_FILE

_FOLDER_METHODS = "OPTIONS, PROPFIND"
_FILE_METHODS = "OPTIONS, HEAD, GET, PUT, PROPFIND, LOCK, UNLOCK"


@by_editing_link
def folder(request: LinkRequest) -> HttpResponse:
    """The folder of the one file; nothing else can be put into it."""
    match request.method:
        case "OPTIONS":
            return _options(_FOLDER_METHODS)
        case "PROPFIND":
            content = _present(request.check_out)
            file_there = _resource(request, content)
            here = replace(file_there, href=file_there.href.rpartition("/")[0] + "/", is_folder=True)
            shown = [here] if request.headers.get("Depth") == "0" else [here, file_there]
            return _properties(request, shown)
        case _:
            return _answer(405, {"Allow": _FOLDER_METHODS})


@by_editing_link
def file(request: LinkRequest, name: str) -> HttpResponse:
    """The file. Names a program makes up beside it (its own lock or backup files) do not exist and cannot be made."""
    known = request.check_out.component.name
    if name not in (known, name_in_address(known)):
        if request.method in ("PUT", "LOCK"):
            return _answer(403)
        raise NotFound("Tady je jen soubor, který máte vzatý k úpravě.")
    answers: dict[str, Callable[[LinkRequest], HttpResponse]] = {
        "OPTIONS": lambda _: _options(_FILE_METHODS),
        "HEAD": _content,
        "GET": _content,
        "PUT": _save,
        "PROPFIND": lambda asked: _properties(asked, [_resource(asked, _present(asked.check_out))]),
        "LOCK": _lock,
        "UNLOCK": _unlock,
    }
    answer = answers.get(request.method or "")
    return answer(request) if answer else _answer(405, {"Allow": _FILE_METHODS})


@dataclass(frozen=True, slots=True)
class _Content:
    digest: str
    size: int
    changed_at: datetime

    @property
    def tag(self) -> str:
        return f'"{self.digest}"'


def _present(check_out: CheckOut) -> _Content:
    """What the program saved last, otherwise the newest version."""
    if check_out.working_digest and check_out.saved_at:
        return _Content(check_out.working_digest, check_out.working_size, check_out.saved_at)
    version = check_out.component.versions.order_by("-number").first()
    if version is None:
        raise NotFound("Soubor nemá žádnou verzi.")
    return _Content(version.digest, version.size, version.created_at)


def _content(request: LinkRequest) -> HttpResponse:
    _note_reading(request)
    content = _present(request.check_out)
    response = FileResponse(storage.open_blob(content.digest), content_type="application/octet-stream")
    response.headers["ETag"] = content.tag
    response.headers["Content-Length"] = str(content.size)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = "attachment"
    return cast(HttpResponse, response)  # a streamed answer; the views' type knows only the plain one


def _note_reading(request: LinkRequest) -> None:
    component = request.check_out.component
    for file in component.document.places():
        if file.is_restricted():
            operations.note_reading(actor=request.actor, file=file, document=component.document, component=component)


def _save(request: LinkRequest) -> HttpResponse:
    if not request.headers.get("Content-Length", "").isdecimal():
        return _answer(411)
    if int(request.headers["Content-Length"]) > LARGEST_FILE:
        return _answer(413)
    conditions = conditions_of(request.headers.get("If", ""))
    if not _expects_present_content(request, conditions):
        return _answer(412)
    taken = request.check_out
    blob = storage.put(cast(BinaryIO, request), limit=LARGEST_FILE)
    if blob.size != int(request.headers["Content-Length"]):
        return _answer(400)  # the connection was lost half way: what was saved before stays
    new_file = NewFile(
        taken.component.name, taken.component.media_type, blob, taken.component.role, form=ComponentForm.OWN.value
    )
    try:
        saved = operations.save_working_copy(
            actor=request.actor,
            document=taken.component.document,
            check_out=taken,
            new_file=new_file,
            conditions=conditions,
            expected=_expected(request),
            at=clock.now(),
        )
    except ContentChanged:
        return _answer(412)
    return _answer(204, {"ETag": _present(saved).tag})


def _expected(request: LinkRequest) -> list[str] | None:
    """Digests the header If-Match names; None when any content may be replaced."""
    wanted = request.headers.get("If-Match", "*")
    return None if wanted == "*" else re.findall(r'"([0-9a-f]{64})"', wanted)


def _expects_present_content(request: LinkRequest, conditions: list[list[Condition]]) -> bool:
    """Whether what the program believes of the file (its tag, its lock) is so."""
    tag = _present(request.check_out).tag
    wanted = request.headers.get("If-Match", "*")
    if wanted != "*" and tag not in wanted:
        return False
    if request.headers.get("If-None-Match") == "*":
        return False
    return holds(conditions, lock=_held_lock(request.check_out), tag=tag)


def _lock(request: LinkRequest) -> HttpResponse:
    """A new lock, or (without a body) a longer one."""
    taken, body, now = request.check_out, _question(request), clock.now()
    conditions = conditions_of(request.headers.get("If", ""))
    held = _held_lock(taken)
    if body and not is_exclusive_write(body):
        return _answer(412)
    if body and held:
        return _answer(423)
    if not body and (not held or not holds(conditions, lock=held, tag=_present(taken).tag)):
        return _answer(412)
    token = held or f"urn:uuid:{uuid.uuid4()}"
    locked = operations.set_program_lock(
        actor=request.actor,
        document=taken.component.document,
        check_out=taken,
        token=token,
        until=now + LOCK_LASTS,
        conditions=conditions,
        at=now,
    )
    answer = lock_answer(_resource(request, _present(locked)))
    return _answer(200, {"Lock-Token": f"<{token}>"}, answer)


def _unlock(request: LinkRequest) -> HttpResponse:
    token = request.headers.get("Lock-Token", "").strip("<> ")
    if not token or token != _held_lock(request.check_out):
        return _answer(409)
    operations.set_program_lock(
        actor=request.actor,
        document=request.check_out.component.document,
        check_out=request.check_out,
        token=token,
        until=None,
        conditions=[[Condition(lock=token)]],
        at=clock.now(),
    )
    return _answer(204)


def _held_lock(check_out: CheckOut) -> str:
    return check_out.lock_token if is_locked(check_out.lock_token, check_out.lock_until, clock.now()) else ""


def _resource(request: LinkRequest, content: _Content) -> Resource:
    taken = request.check_out
    match = request.resolver_match
    secret = match.kwargs["secret"] if match else ""
    name = match.kwargs.get("name") if match else None
    lasts = (taken.lock_until - clock.now()).total_seconds() if taken.lock_until else 0
    return Resource(
        href=reverse("dav:file", args=[request.actor.tenant_id, secret, name or name_in_address(taken.component.name)]),
        name=taken.component.name,
        changed_at=content.changed_at,
        size=content.size,
        tag=content.tag,
        lock=_held_lock(taken),
        lock_seconds=max(int(lasts), 0),
    )


def _properties(request: LinkRequest, resources: list[Resource]) -> HttpResponse:
    try:
        wanted = wanted_properties(_question(request))
    except BadQuestion:
        return _answer(400)
    return _answer(207, {}, multistatus(resources, wanted))


def _question(request: LinkRequest) -> bytes:
    body: bytes = request.read(LARGEST_QUESTION + 1)
    if len(body) > LARGEST_QUESTION:
        raise BadQuestion("Dotaz programu je příliš dlouhý.")
    return body


def _options(methods: str) -> HttpResponse:
    return _answer(200, {"DAV": "1, 2", "Allow": methods, "MS-Author-Via": "DAV"})


def _answer(status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> HttpResponse:
    return HttpResponse(body, status=status, headers=headers, content_type="application/xml; charset=utf-8")
