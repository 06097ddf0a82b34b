"""Who sees a document or a file and why; what a person sees (NSESSS 5.2.15)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon.kernel.actor import Actor, Role
from egon.kernel.clock import now, today
from egon.kernel.errors import NotFound
from egon.records import access_queries, permissions, queries, sight, typed_queries
from egon.records.models import CaseFile, Document
from egon.registry import queries as registry
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.records.downloads import as_csv
from egon.web.records.paging import page_of
from egon.web.records.views.granting import rows_of

# They check who sees what, so these pages tell them numbers also of what they do not see; nothing more of it.
CHECKING = (Role.ADMINISTRATOR, Role.RECORDS_KEEPER, Role.AUDITOR)
MOST_EXPORTED = 10_000


@signed_in
@require_safe
def who_sees_document(request: ActorRequest, pk: int) -> HttpResponse:
    """``/dokumenty/<pk>/pristup/``, with ``?csv`` as a file."""
    document = _document(request.actor, pk)
    seers = sight.who_sees_document(document, on=today())
    back = reverse("records:document", args=[pk]) if queries.visible_ids(request.actor, [pk]) else ""
    may_grant = bool(back) and bool(permissions.may_grant_access(request.actor, document=document))
    return _who_sees(request, document, seers, back, may_grant=may_grant, file=document.case_file)


@signed_in
@require_safe
def who_sees_file(request: ActorRequest, pk: int) -> HttpResponse:
    """``/spisy/<pk>/pristup/``, with ``?csv`` as a file."""
    file = _file(request.actor, pk)
    seers = sight.who_sees_file(file, on=today())
    back = reverse("records:file", args=[pk]) if queries.files_among(request.actor, [pk]).exists() else ""
    may_grant = bool(back) and bool(permissions.may_grant_access(request.actor, file=file))
    restricting = {
        "may_restrict": bool(back) and not file.is_restricted() and bool(permissions.may_restrict(request.actor, file)),
        "may_release": file.is_restricted() and bool(permissions.may_release(request.actor, file)),
    }
    return _who_sees(request, file, seers, back, may_grant=may_grant, file=file, **restricting)


@signed_in
@require_safe
def who_sees_typed_file(request: ActorRequest, pk: int) -> HttpResponse:
    """``/typove-spisy/<pk>/pristup/``, with ``?csv`` as a file: who sees its name and sections, not what is in it."""
    typed_file = typed_queries.typed_file_for(request.actor, pk)
    seers = sight.who_sees_typed_file(typed_file, on=today())
    if "csv" in request.GET:
        rows = ([one.person.name, "; ".join(one.reasons)] for one in seers)
        return as_csv("kdo-ma-pristup", ["Kdo", "Proč"], rows)
    crumbs = [{"label": str(typed_file), "url": reverse("records:typed_file", args=[pk])}, {"label": "Kdo má přístup"}]
    return render(request, "records/typed/who_sees.html", {"typed": typed_file, "seers": seers, "crumbs": crumbs})


@requires_role(*CHECKING)
@require_safe
def what_person_sees(request: ActorRequest, pk: int) -> HttpResponse:
    """``/pristup/osoby/<pk>/``: documents, or files with ``?co=spisy``; with ``?csv`` the newest ten thousand."""
    person = registry.person_for(request.actor, pk)
    # Who left sees nothing, whatever still stands under their name.
    theirs = registry.actor_of(person, at=now()) if person.active else Actor(person.tenant_id, person.name)
    of_files = request.GET.get("co") == "spisy"
    seen: QuerySet[Any]
    if of_files:
        seen = queries.files_visible_to(theirs).select_related("unit", "processor")
    else:
        seen = queries.documents_visible_to(theirs).select_related("unit", "holder")
    if "csv" in request.GET:
        return as_csv(f"pristup-osoba-{pk}", ["Číslo", "Útvar", "Zpracovatel"], map(_row, seen[:MOST_EXPORTED]))
    tabs = [
        {"label": "Dokumenty", "url": "?", "active": not of_files},
        {"label": "Spisy", "url": "?co=spisy", "active": of_files},
    ]
    page = page_of(seen, request)
    rows = [(_row(one), reverse(f"records:{'file' if of_files else 'document'}_access", args=[one.pk])) for one in page]
    context = {"colleague": person, "of_files": of_files, "tabs": tabs, "page": page, "rows": rows}
    return render(request, "records/person_sees.html", context | {"most": MOST_EXPORTED})


def _document(actor: Actor, pk: int) -> Document:
    if not actor.has(*CHECKING):
        return queries.document_for(actor, pk)
    document = Document.objects.filter(pk=pk).select_related("unit", "case_file").first()
    if document is None:
        raise NotFound("Takový dokument tu není.")
    return document


def _file(actor: Actor, pk: int) -> CaseFile:
    file = CaseFile.objects.filter(pk=pk).select_related("unit").first()
    # Who may end a restriction must see whom it lets in.
    if file is not None and (actor.has(*CHECKING) or (file.is_restricted() and permissions.may_release(actor, file))):
        return file
    return queries.file_for(actor, pk)


def _who_sees(
    request: ActorRequest, entity: Document | CaseFile, seers: list[sight.Sight], back: str, **more: Any
) -> HttpResponse:
    if "csv" in request.GET:
        rows = ([one.person.name, "; ".join(one.reasons)] for one in seers)
        return as_csv("kdo-ma-pristup", ["Kdo", "Proč"], rows)
    context = {
        "number": str(entity),
        "entity": entity,
        "is_file": isinstance(entity, CaseFile),
        "seers": seers,
        "checking": request.actor.has(*CHECKING),
        "grants": rows_of(request.actor, access_queries.grants_of(entity), back="vec"),
        "crumbs": [{"label": str(entity), "url": back}, {"label": "Kdo má přístup"}],
        **more,
    }
    return render(request, "records/who_sees.html", context)


def _row(one: Any) -> Sequence[str]:
    person = one.processor if isinstance(one, CaseFile) else one.holder
    return [str(one), str(one.unit or ""), person.name if person else ""]
