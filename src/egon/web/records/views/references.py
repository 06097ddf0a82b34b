"""Cross-references of a file or a document: what they lead to, making and removing them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.kernel.errors import DomainError, NotFound
from egon.records import operations, permissions, queries, reference_queries
from egon.records.models import CaseFile, Document
from egon.records.rules.states import DocumentState, FileState
from egon.web.access import ActorRequest, signed_in
from egon.web.records.views.searching import rows_of, visible_hits

MOST_FOUND = 20


@signed_in
@require_http_methods(["GET", "POST"])
def file_references(request: ActorRequest, pk: int) -> HttpResponse:
    """What the file is linked to, with the main data of each; a new reference is found by words."""
    return _page(request, queries.file_for(request.actor, pk))


@signed_in
@require_http_methods(["GET", "POST"])
def document_references(request: ActorRequest, pk: int) -> HttpResponse:
    """The same for a document."""
    return _page(request, queries.document_for(request.actor, pk))


@signed_in
@require_POST
def remove_reference(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a reference back, with a reason, and return to the page it was removed from."""
    reference = reference_queries.reference_for(request.actor, pk)
    try:
        operations.remove_reference(actor=request.actor, reference=reference, reason=request.POST.get("reason", ""))
        messages.success(request, "Odkaz je zrušený, důvod zůstal v historii.")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    if request.POST.get("from") == "to":
        return redirect(_address(reference.to_file, reference.to_document))
    return redirect(_address(reference.file, reference.document))


def panel(actor: Actor, entity: CaseFile | Document) -> dict[str, Any]:
    """The context of ``records/references_panel.html``."""
    return {
        "references": [one for one in reference_queries.linked_to(actor, entity) if one.is_told],
        "may_refer": bool(permissions.may_link(actor, **_side(entity))),
        "references_url": _address_of(entity),
    }


def _page(request: ActorRequest, entity: CaseFile | Document) -> HttpResponse:
    if request.method == "POST" and _made(request, entity):
        return redirect(_address_of(entity))
    wanted = request.GET.get("q", "").strip()[:200]
    linked = reference_queries.linked_to(request.actor, entity)
    taken = {(one.file or one.document) for one in linked} | {entity}
    context = {
        "entity": entity,
        "rows": [_row(request.actor, one, entity) for one in linked if one.is_told],
        "wanted": wanted,
        "found": [row for row in _found(request.actor, wanted) if not _is_among(row, taken)][:MOST_FOUND],
        "reason": request.POST.get("reason", ""),
        "may_refer": bool(permissions.may_link(request.actor, **_side(entity))),
        "may_join": isinstance(entity, CaseFile) and bool(permissions.may_work_on_file(request.actor, entity)),
        "crumbs": _crumbs(entity),
    }
    return render(request, "records/references.html", context)


def _made(request: ActorRequest, entity: CaseFile | Document) -> bool:
    kind, _, number = (request.POST.get("to") or request.POST.get("join", "")).partition("-")
    pk = int(number) if number.isdecimal() else 0
    target: dict[str, Any]
    if kind == "spis" and (isinstance(entity, CaseFile) or "join" not in request.POST):
        target = {"to_file": queries.file_for(request.actor, pk)}
    elif kind == "dokument" and "join" not in request.POST:
        target = {"to_document": queries.document_for(request.actor, pk)}
    else:
        raise NotFound("Na co má odkaz vést, tu není.")
    operation: Any = operations.join_files if "join" in request.POST else operations.make_reference
    made = {"actor": request.actor, "on": today(), "reason": request.POST.get("reason", ""), **_side(entity), **target}
    try:
        operation(**made)
    except DomainError as refusal:
        for text in getattr(refusal, "obstacles", None) or [refusal.message]:
            messages.error(request, text)
        return False
    messages.success(request, f"{entity} a {next(iter(target.values()))}: odkaz je vytvořený.")
    return True


def _found(actor: Actor, wanted: str) -> list[dict[str, Any]]:
    if not wanted:
        return []
    rows = rows_of(visible_hits(actor, wanted)[: 2 * MOST_FOUND])
    for row in rows:
        if "file" in row:
            row["join"] = [{"name": "join", "value": f"spis-{row['file'].pk}"}]
    return rows


def _is_among(row: dict[str, Any], taken: set[Any]) -> bool:
    pks = {(type(one), one.pk) for one in taken if one is not None}
    return (CaseFile, row["file"].pk) in pks if "file" in row else (Document, row["document"].pk) in pks


def _facts_of(linked: reference_queries.Linked) -> list[dict[str, Any]]:
    """The header of metadata of what is linked (NSESSS 4.1.7)."""
    if file := linked.file:
        return [
            {"label": "Identifikátor", "value": file.identifier, "code": True},
            {"label": "Spisový znak", "value": file.record_class},
            {"label": "Skartační režim", "value": file.regime},
            {"label": "Rok vyřazení", "value": file.disposal_year},
            {"label": "Založen", "value": _day(file.opened_on)},
            {"label": "Uzavřen", "value": _day(file.closed_on)},
            {"label": "Stav", "value": FileState(file.state).label},
        ]
    if document := linked.document:
        return [
            {"label": "Identifikátor", "value": document.identifier, "code": True},
            {"label": "Spis", "value": document.case_file},
            {"label": "Zaevidován", "value": _day(document.registered_at.date())},
            {"label": "Vyřízen", "value": _day(document.settled_on)},
            {"label": "Stav", "value": DocumentState(document.state).label},
        ]
    return [{"label": label, "value": value} for label, value in linked.told]


def _day(day: Any) -> str | None:
    return f"{day.day}. {day.month}. {day.year}" if day else None


def _row(actor: Actor, linked: reference_queries.Linked, entity: CaseFile | Document) -> dict[str, Any]:
    return {
        "linked": linked,
        "facts": _facts_of(linked),
        "removed_from": _end(linked, entity),
        "may_remove": bool(permissions.may_remove_reference(actor, linked.reference)),
    }


def _end(linked: reference_queries.Linked, entity: CaseFile | Document) -> str:
    """On which end of the reference this page is."""
    return "from" if linked.reference.source == entity else "to"


def _side(entity: CaseFile | Document) -> dict[str, Any]:
    return {"file": entity} if isinstance(entity, CaseFile) else {"document": entity}


def _address_of(entity: CaseFile | Document) -> str:
    return _address(entity, None) if isinstance(entity, CaseFile) else _address(None, entity)


def _address(file: CaseFile | None, document: Document | None) -> str:
    if file is not None:
        return reverse("records:file_references", args=[file.pk])
    return reverse("records:document_references", args=[document.pk if document else 0])


def _crumbs(entity: CaseFile | Document) -> list[dict[str, str]]:
    name, above = ("file", ("Spisy", "records:files")) if isinstance(entity, CaseFile) else (
        "document", ("Dokumenty", "records:documents")
    )  # fmt: skip
    return [
        {"label": above[0], "url": reverse(above[1])},
        {"label": str(entity), "url": reverse(f"records:{name}", args=[entity.pk])},
        {"label": "Odkazy"},
    ]
