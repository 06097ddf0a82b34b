"""The page of a file: its documents in order, its regime, what stands in the way of closing it."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.audit.operation import may
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.kernel.errors import AccessDenied, DomainError, NotFound
from egon.records import (
    conversion_queries,
    disclosure,
    facts,
    operations,
    own_metadata,
    permissions,
    plan_queries,
    queries,
    reminder_queries,
    storing_queries,
)
from egon.records.claims import claims_of
from egon.records.joined import group_of
from egon.records.models import CaseFile
from egon.records.rules.closing import ClosingCheck, Fix, Obstacle, check_before_closing
from egon.records.rules.conflicts import is_conflict
from egon.records.rules.conversion import counted
from egon.records.rules.states import FileState
from egon.registry import queries as registry
from egon.registry.models import Person
from egon.web.access import ActorRequest, signed_in
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.records import above, panels, sheets
from egon.web.records.forms import FileForm
from egon.web.records.plan_forms import ReopenForm, offered_codes
from egon.web.records.views import references, removal
from egon.web.records.words import chip_of, chip_of_file, direction_of

_OF_FILE: Final = {Fix.FILE: "records:edit_file", Fix.PAPER: "records:store_paper"}
_OF_DOCUMENT: Final = {
    Fix.DOCUMENT: "records:document",
    Fix.DOCUMENT_DATA: "records:edit_metadata",
    Fix.PAPER_PART: "records:describe_paper",
}


@signed_in
@require_safe
def file_page(request: ActorRequest, pk: int) -> HttpResponse:
    """Documents of the file, its regime, obstacles all at once."""
    try:
        file = queries.file_for(request.actor, pk)
    except NotFound:
        return removal.gone_file_page(request, pk)
    if file.state == FileState.WITHDRAWN:
        return removal.gone_page(request, file)
    return render(request, "records/file.html", _page_context(request, file))


@signed_in
@require_safe
def file_cover(request: ActorRequest, pk: int) -> HttpResponse:
    """The cover of a file, to be printed (vyhláška 259/2012 § 12 odst. 5)."""
    file = queries.file_for(request.actor, pk)
    former = queries.former_numbers_in(file)
    rows = [
        {"document": one.document, "former": former.get(one.document.pk, []) if one.level.shows_number else []}
        for one in disclosure.documents_in(request.actor, file)
    ]
    context = {"file": file, "facts": _facts_of(file), "rows": rows, "crumbs": _crumbs(file, "Spisový obal")}
    return render(request, "records/cover.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def edit_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Change the subject and the processor."""
    file = queries.file_for(request.actor, pk)
    decision = permissions.may_edit_file(request.actor, file)
    if request.method == "GET" and not decision:
        raise AccessDenied(decision.reason)
    people = registry.people_in(file.unit) | Person.objects.filter(pk=file.processor_id or 0)
    initial = {"subject": file.subject, "processor": file.processor_id}
    seen = {"subject": file.subject, "processor_id": file.processor_id, "own_values": file.own_values}
    form = FileForm(request.POST or None, people=people.distinct(), file=file, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("subject", "processor", "reason") if name in form.fields}
        if attempt(form, operations.edit_file, actor=request.actor, file=file, own=form.own(), seen=seen, **data):
            messages.success(request, "Údaje spisu jsou uložené.")
            return redirect("records:file", pk)
    back = reverse("records:file", args=[pk])
    context = {"heading": "Údaje spisu", "form": form, "submit": "Uložit údaje", "back": back}
    return render(request, "records/form_page.html", context | {"crumbs": _crumbs(file, "Údaje")})


@signed_in
@require_POST
def settle_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Settle a file with all its documents."""
    return _change(request, pk, operations.settle_file, "je vyřízený", on=today())


@signed_in
@require_POST
def close_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Close a file; when something stands in the way, the page shows all of it and nothing has changed."""
    return _change(request, pk, operations.close_file, "je uzavřený", on=today(), shows_check=True)


@signed_in
@require_POST
def reopen_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Open a file again, with a reason; into another class when its own is closed (NSESSS 3.2.12)."""
    file = queries.file_for(request.actor, pk)
    arguments: dict[str, Any] = {"reason": request.POST.get("reason", "")}
    if _needs_class(file):
        form = ReopenForm(request.POST)
        if not form.is_valid():
            context = _page_context(request, file) | {"reopen_form": form, "reopening": True}
            return render(request, "records/file.html", context, status=422)
        arguments = form.cleaned_data
    return _change(request, pk, operations.reopen_file, "je znovu otevřený", **arguments)


def _change(
    request: ActorRequest, pk: int, operation: Any, what_happened: str, *, shows_check: bool = False, **arguments: Any
) -> HttpResponse:
    """``shows_check``: the page itself lists what stands in the way, with links to mend it."""
    file = queries.file_for(request.actor, pk)
    try:
        operation(actor=request.actor, file=file, **arguments)
    except DomainError as error:
        obstacles = getattr(error, "obstacles", None)
        if obstacles is None:
            raise
        file = queries.file_for(request.actor, pk)
        context = _page_context(request, file)
        if not shows_check:
            context["obstacles"] = obstacles
        return render(request, "records/file.html", context, status=409)
    messages.success(request, f"Spis {file} {what_happened}.")
    return redirect("records:file", pk)


def _page_context(request: ActorRequest, file: CaseFile) -> dict[str, Any]:
    rows = disclosure.documents_in(request.actor, file)
    former = queries.former_numbers_in(file)
    is_closed = file.state == FileState.CLOSED
    check = ClosingCheck([], [], []) if is_closed else check_before_closing(facts.file_facts(file), on=today())
    may_work = bool(may(operations.close_file, actor=request.actor, file=file))
    needs_class = file.state != FileState.OPEN and _needs_class(file)
    return {
        "file": file,
        "chip": chip_of_file(file),
        "facts": _facts_of(file),
        "rows": [
            {
                "document": row.document,
                "former": former.get(row.document.pk, []) if row.level.shows_number else [],
                "chip": chip_of(row.document) if row.level.shows_more else None,
                "direction": direction_of(row.document) if row.level.shows_more else "",
                "may_open": row.is_open,
            }
            for row in rows
        ],
        "obstacles": _mended(request.actor, file, check.found),
        "warnings": [] if is_closed else _conflict_of(file),
        "formats": counted(conversion_queries.unconverted_in(file) if is_closed else check.formats),
        "may_convert": bool(permissions.may_convert(request.actor, file)),
        "may_edit": bool(may(operations.edit_file, actor=request.actor, file=file)),
        "may_work": may_work and not is_closed,
        "may_settle": file.state == FileState.OPEN
        and bool(may(operations.settle_file, actor=request.actor, file=file)),
        "section": file.volume.section if file.volume else None,
        "may_resort": bool(may(operations.resort_file, actor=request.actor, file=file)),
        "is_open": file.state == FileState.OPEN,
        "may_withdraw": not rows
        and file.state == FileState.OPEN
        and bool(may(operations.withdraw_file, actor=request.actor, file=file)),
        "is_closed": is_closed,
        "may_reopen": file.state != FileState.OPEN
        and bool(may(operations.reopen_file, actor=request.actor, file=file)),
        "reopen_form": ReopenForm() if needs_class else None,
        "codes": offered_codes() if needs_class else [],
        "levels": above.above_file(file),
        "may_store": bool(may(operations.store_paper, actor=request.actor, file=file)),
        "reminders": reminder_queries.waiting_for(request.actor, file),
        "notes": storing_queries.notes_of(file),
        "may_note": bool(may(operations.note_to_file, actor=request.actor, file=file)),
        "me": request.actor.person_id,
        "history": entries_for(file, reader=request.actor),
        "party_links": queries.links_of(file=file),
        "may_link": bool(may(operations.link_party, actor=request.actor, file=file)),
        "holds": plan_queries.holds_over(file),
        "may_hold": bool(may(operations.place_hold, actor=request.actor)),
        "hold_url": reverse("records:hold_file", args=[file.pk]),
        "crumbs": _crumbs(file),
        **references.panel(request.actor, file),
        **panels.contexts_of_file(request.actor, file),
    }


def _mended(actor: Actor, file: CaseFile, found: Sequence[Obstacle]) -> list[dict[str, Any]]:
    """Obstacles with pages where they are mended, where the actor may open them."""
    seen = queries.visible_ids(actor, [one.subject for one in found if one.fix in _OF_DOCUMENT])
    return [{"text": one.text, **_way_out(file, one, seen)} for one in found]


def _way_out(file: CaseFile, obstacle: Obstacle, seen: Collection[int]) -> dict[str, str]:
    match obstacle.fix:
        case Fix.FILE | Fix.PAPER:
            url = reverse(_OF_FILE[obstacle.fix], args=[file.pk])
        case Fix.DOCUMENT | Fix.DOCUMENT_DATA | Fix.PAPER_PART if obstacle.subject in seen:
            url = reverse(_OF_DOCUMENT[obstacle.fix], args=[obstacle.subject])
        case Fix.PARTY:
            url = reverse("party-edit", args=[obstacle.subject])
        case _:
            return {}
    return {"url": url, "action": obstacle.fix.label}


def _needs_class(file: CaseFile) -> bool:
    """Whether the file can be opened again only in another class; in a typed file its section opens again (3.2.13)."""
    return file.volume_id is None and not file.record_class.is_open(today())


def _facts_of(file: CaseFile) -> list[dict[str, Any]]:
    known = sheets.facts_of(file)
    known += own_metadata.shown(file.own_values)
    return [{"label": label, "value": value, "code": label == "Identifikátor"} for label, value in known]


def _conflict_of(file: CaseFile) -> list[str]:
    """What closing will do with regimes that differ (NSESSS 6.1.8)."""
    files = group_of(file)
    held = claims_of(files)
    claims = [claim for one in files for claim in held[one.pk]]
    if not is_conflict(claims):
        return []
    told = ", ".join(dict.fromkeys(claim.told for claim in claims))
    return [f"Skartační režimy se liší: {told}. Použije se nejpřísnější znak a nejpozdější rok vyřazení."]


def _crumbs(file: CaseFile, last: str = "") -> list[dict[str, str]]:
    crumbs = [{"label": "Spisy", "url": reverse("records:files")}]
    if not last:
        return [*crumbs, {"label": str(file)}]
    return [*crumbs, {"label": str(file), "url": reverse("records:file", args=[file.pk])}, {"label": last}]
