"""Withdrawing and restoring, one thing at a time; what is left of the withdrawn and the destroyed (NSESSS 7.2)."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel.actor import Actor, Role
from egon.kernel.clock import today
from egon.kernel.errors import NotFound
from egon.records import destruction_queries, operations, permissions, queries, removal_queries
from egon.records.destruction_queries import WantedDestructions
from egon.records.disclosure import UNTOLD
from egon.records.models import (
    CaseFile,
    Component,
    Destruction,
    DestructionItem,
    DestructionRun,
    Document,
    Withdrawal,
)
from egon.records.removal_queries import Fate, WantedWithdrawals
from egon.records.rules.destruction import Ground
from egon.records.rules.states import DocumentState
from egon.web import runs
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.formatting import write_datetime
from egon.web.forms import attempt
from egon.web.records.paging import page_of
from egon.web.records.removal_forms import (
    ByNumberForm,
    ConsentFilter,
    ConsentForm,
    DestroyedFilter,
    PeriodForm,
    RemovalSettingsForm,
    WithdrawnFilter,
)
from egon.web.records.views.planning.shared import do

ADMINISTRATORS = (Role.ADMINISTRATOR, Role.NODE_ADMINISTRATOR)
SETTING = (Role.ADMINISTRATOR, Role.RECORDS_KEEPER)
_TONES = {Fate.WITHDRAWN: "error", Fate.RESTORED: "success", Fate.DESTROYED: "neutral"}


def gone_document_page(request: ActorRequest, pk: int) -> HttpResponse:
    """The header of a document; to the appraiser at least its numbers, so that it can be restored."""
    try:
        return gone_page(request, queries.gone_document_for(request.actor, pk))
    except NotFound:
        return gone_page(request, queries.appraised_document(request.actor, pk), told=False)


def gone_file_page(request: ActorRequest, pk: int) -> HttpResponse:
    """The same of a file."""
    try:
        return gone_page(request, queries.gone_file_for(request.actor, pk))
    except NotFound:
        return gone_page(request, queries.appraised_file(request.actor, pk), told=False)


def gone_page(request: ActorRequest, entity: Document | CaseFile, *, told: bool = True) -> HttpResponse:
    """The header that is left: the same for what is destroyed and, except for the appraiser, withdrawn.

    ``told``: whether the reader may know what it was about.
    """
    is_document = isinstance(entity, Document)
    may_restore = entity.state == DocumentState.WITHDRAWN and bool(permissions.may_appraise(request.actor))
    kind, address = ("Dokument", "records:documents") if is_document else ("Spis", "records:files")
    held = removal_queries.held_by(entity) if may_restore else None
    number = entity.reference_number if isinstance(entity, Document) else entity.file_mark
    context = {
        "entity": entity,
        "subject": entity.subject if told else UNTOLD,
        "kind": kind,
        "number": number,
        "facts": [
            {"label": "Číslo jednací" if is_document else "Spisová značka", "value": number},
            {"label": "Identifikátor", "value": entity.identifier, "code": True},
            {"label": "Věc" if is_document else "Stručný obsah", "value": entity.subject if told else UNTOLD},
            *([{"label": "Stornoval(a)", "value": held.withdrawn_by}] if held else []),
            *([{"label": "Důvod", "value": held.reason}] if held and told else []),
            *(_facts_of_destruction(request, entity) if told else ()),
        ],
        "held": held,
        "restore_url": reverse("records:restore" if is_document else "records:restore_file", args=[entity.pk]),
        "crumbs": [{"label": "Dokumenty" if is_document else "Spisy", "url": reverse(address)}, {"label": number}],
    }
    return render(request, "records/removal/gone.html", context)


def _facts_of_destruction(request: ActorRequest, entity: Document | CaseFile) -> list[dict[str, Any]]:
    """The rest of the header, for the appraiser: others must not tell the withdrawn from the destroyed by it."""
    found = destruction_queries.destruction_of(entity) if permissions.may_appraise(request.actor) else None
    if found is None:
        return []
    kept = [{"label": label, "value": value} for label, value in found.kept]
    label = "Komponenta" if isinstance(entity, Document) else "Dokument"
    parts: Any = entity.components if isinstance(entity, Document) else entity.documents
    return [
        {"label": "Zničeno", "value": write_datetime(found.destroyed_at)},
        {"label": "Důvod zničení", "value": Ground(found.ground).label},
        {"label": "Rozhodnutí", "value": found.reference},
        {"label": "Posuzovatel", "value": found.destroyed_by},
        *kept,
        *({"label": label, "value": _told(one)} for one in parts.order_by("pk")),
    ]


def _told(part: Component | Document) -> str:
    if isinstance(part, Document):
        return f"{part.identifier}, {part.reference_number}"
    return f"{part.name} ({part.kept_format})"


@signed_in
@require_POST
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """Withdraw one document; a refusal returns to its page with all obstacles."""
    document = queries.document_for(request.actor, pk)
    if _withdrawn(request, document):
        return redirect("records:documents")
    return redirect("records:document", pk)


@signed_in
@require_POST
def withdraw_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Withdraw one empty file."""
    file = queries.file_for(request.actor, pk)
    if _withdrawn(request, file):
        return redirect("records:files")
    return redirect("records:file", pk)


def _withdrawn(request: ActorRequest, entity: Document | CaseFile) -> bool:
    success = f"{entity} je stornovaný. Jeho číslo zůstává obsazené, zpřístupnit ho může správce spisovny."
    return (
        do(request, success, _withdrawing(entity), reason=request.POST.get("reason", ""), **_named(entity)) is not None
    )


@signed_in
@require_POST
def restore(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a withdrawn document back."""
    try:
        document = queries.document_for(request.actor, pk)
    except NotFound:
        document = queries.appraised_document(request.actor, pk)
    reason = request.POST.get("reason", "")
    do(request, f"{document} je zase přístupný.", operations.restore_document, document=document, reason=reason)
    return redirect("records:document", pk)


@signed_in
@require_POST
def restore_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a withdrawn file back."""
    try:
        file = queries.file_for(request.actor, pk)
    except NotFound:
        file = queries.appraised_file(request.actor, pk)
    do(request, f"{file} je zase přístupný.", operations.restore_file, file=file, reason=request.POST.get("reason", ""))
    return redirect("records:file", pk)


@requires_role(Role.RECORDS_KEEPER, *ADMINISTRATORS)
@require_safe
def withdrawn(request: ActorRequest) -> HttpResponse:
    """All withdrawals and what became of them, for the appraiser; an administrator has only the next tab."""
    if not request.actor.has(Role.RECORDS_KEEPER):
        return redirect("records:withdraw_by_number")
    form = WithdrawnFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    wanted = WantedWithdrawals(
        fate=asked.get("stav", ""),
        text=asked.get("q", ""),
        by_subject=not request.actor.limits,
        since=asked.get("od"),
        until=asked.get("do"),
        order=request.GET.get("razeni") or "-kdy",
    )
    page = page_of(removal_queries.withdrawals(wanted), request)
    known = _known(request, page)
    rows = [
        {
            "withdrawal": one,
            "entity": (entity := one.document or one.file),
            "told": entity is not None and (entity._meta.label_lower, entity.pk) in known,
            "fate": (fate := removal_queries.fate_of(one)),
            "tone": _TONES[fate],
        }
        for one in page
    ]
    context = {"tabs": tabs(request, "withdrawn"), "filter_form": form, "page": page, "rows": rows, "untold": UNTOLD}
    return render(request, "records/removal/withdrawn.html", context)


@requires_role(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def withdraw_by_number(request: ActorRequest) -> HttpResponse:
    """An administrator, who sees no content, withdraws one thing by its number (NSESSS 7.2.12)."""
    form = ByNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entity = removal_queries.by_number(form.cleaned_data["number"])
        if entity is None:
            form.add_error("number", "Takový dokument ani spis tu není.")
        elif attempt(
            form, _withdrawing(entity), actor=request.actor, reason=form.cleaned_data["reason"], **_named(entity)
        ):
            messages.success(request, f"{entity} je stornovaný. Zpřístupnit ho může správce spisovny.")
            return redirect("records:withdraw_by_number")
    lead = "Jen dokument, který nikdy nebyl ve spisu, nebo spis bez dokumentů."
    context = {"tabs": tabs(request, "by_number"), "form": form, "lead": lead, "submit": "Stornovat", "tone": "error"}
    return render(request, "records/removal/form.html", context | {"heading": "Stornování podle čísla"})


@requires_role(*SETTING)
@require_http_methods(["GET", "POST"])
def settings_page(request: ActorRequest) -> HttpResponse:
    """Withdrawing, automatic destroying and headers (NSESSS 7.2.10, 7.2.11, 7.2.16)."""
    present = queries.settings_of_originator()
    names = ("allows_withdrawal", "destroys_withdrawn_after", "header_extras")
    # A POST without a ticked box is empty of fields, and still a POST.
    typed = request.POST if request.method == "POST" else None
    form = RemovalSettingsForm(typed, initial={name: getattr(present, name) for name in names})
    if form.is_valid() and _configured(request, form):
        messages.success(request, "Nastavení je uložené.")
        return redirect("records:removal_settings")
    context = {"tabs": tabs(request, "settings"), "form": form, "submit": "Uložit nastavení"}
    return render(request, "records/removal/form.html", context | {"heading": "Znepřístupnění a zničení"})


@requires_role(Role.RECORDS_KEEPER)
@require_safe
def destroyed(request: ActorRequest) -> HttpResponse:
    """Headers of what was destroyed, and on what ground."""
    form = DestroyedFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    wanted = WantedDestructions(
        ground=asked.get("duvod", ""),
        text=asked.get("q", ""),
        by_subject=not request.actor.limits,
        since=asked.get("od"),
        until=asked.get("do"),
        order=request.GET.get("razeni") or "-kdy",
    )
    page = page_of(destruction_queries.destroyed(wanted), request)
    known = _known(request, page)
    rows = [
        {
            "destruction": one,
            "entity": (entity := one.document or one.file),
            "told": entity is not None and (entity._meta.label_lower, entity.pk) in known,
        }
        for one in page
    ]
    context = {"tabs": tabs(request, "destroyed"), "filter_form": form, "page": page, "rows": rows, "untold": UNTOLD}
    return render(request, "records/removal/destroyed.html", context)


@requires_role(Role.RECORDS_KEEPER)
@require_http_methods(["GET", "POST"])
def consent(request: ActorRequest) -> HttpResponse:
    """Files that may be destroyed under a standing consent, and destroying them (NSESSS 7.2.3, 7.2.4)."""
    filter_form, form = ConsentFilter(request.GET), ConsentForm(request.POST or None)
    asked = filter_form.cleaned_data if filter_form.is_valid() else {}
    found = destruction_queries.under_consent(year=today().year, code=asked.get("znak", ""), text=asked.get("q", ""))
    marked = [int(value) for value in request.POST.getlist("file") if value.isdecimal()]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chosen = found if given["scope"] == "all" else found.filter(pk__in=marked)
        run = attempt(
            form, operations.destroy_under_consent, actor=request.actor,
            files=list(chosen[: operations.MOST_DESTROYED + 1]), reference=given["reference"], reason=given["reason"],
        )  # fmt: skip
        if run is not None:
            return _started(request, run)
    context = {
        "tabs": tabs(request, "consent"),
        "filter_form": filter_form,
        "form": form,
        "page": page_of(found, request),
        "marked": marked,
    }
    return render(request, "records/removal/consent.html", context)


@requires_role(Role.RECORDS_KEEPER)
@require_http_methods(["GET", "POST"])
def destroy_withdrawn(request: ActorRequest) -> HttpResponse:
    """Destroy what was withdrawn in a period (NSESSS 7.2.16)."""
    form = PeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "sure"}
        run = attempt(form, operations.destroy_withdrawn, actor=request.actor, **given)
        if run is not None:
            return _started(request, run)
    context = {"tabs": tabs(request, "runs"), "form": form, "submit": "Zničit znepřístupněné"}
    lead = "Z každého dokumentu a spisu zůstane jen hlavička. Co je zpřístupněné zpátky, zůstane celé."
    return render(request, "records/removal/form.html", context | {"heading": "Zničení znepřístupněných", "lead": lead})


@requires_role(Role.RECORDS_KEEPER)
@require_safe
def destruction_runs(request: ActorRequest) -> HttpResponse:
    """Runs of destroying, the newest first."""
    context = {"tabs": tabs(request, "runs"), "page": page_of(destruction_queries.runs(), request)}
    return render(request, "records/removal/runs.html", context)


@requires_role(Role.RECORDS_KEEPER)
@require_safe
def destruction_run(request: ActorRequest, pk: int) -> HttpResponse:
    """How a run goes: what was destroyed, what was not and why."""
    run = _run_by(request.actor, pk)
    context = {
        "run": run,
        "stop_url": reverse("records:stop_destruction", args=[pk]),
        "resume_url": reverse("records:resume_destruction", args=[pk]),
        "resume_color": "error",
        "crumbs": [{"label": "Ničení", "url": reverse("records:destruction_runs")}, {"label": f"č. {run.pk}"}],
    }
    refused = runs.refused_items(request, operations.DESTROYING.refused_in(run), ["Číslo"], _told_item)
    return render(request, "records/removal/run.html", context | refused)


def _told_item(item: DestructionItem) -> runs.Told:
    if item.document is not None:
        return runs.Told([item.document.reference_number], reverse("records:document", args=[item.document_id]))
    return runs.Told([item.file and item.file.file_mark], reverse("records:file", args=[item.file_id]))


def _started(request: ActorRequest, run: DestructionRun) -> HttpResponse:
    messages.success(request, runs.STARTED)
    return redirect("records:destruction_run", run.pk)


def _run_by(actor: Actor, pk: int) -> DestructionRun:
    run = destruction_queries.runs().filter(pk=pk).first()
    if run is None:
        raise NotFound("Takové ničení tu není.")
    return run


stop_destruction = requires_role(Role.RECORDS_KEEPER)(
    runs.stopping(operations.stop_destruction, _run_by, "records:destruction_run")
)
resume_destruction = requires_role(Role.RECORDS_KEEPER)(
    runs.resuming(operations.resume_destruction, _run_by, "records:destruction_run")
)


def _configured(request: ActorRequest, form: RemovalSettingsForm) -> bool:
    saved = attempt(form, operations.configure_removal, actor=request.actor, **form.given)
    return saved is not None


def tabs(request: ActorRequest, active: str) -> list[dict[str, Any]]:
    """The parts of removal that this person has work in."""
    parts = [
        ("withdrawn", "Znepřístupněné", "records:withdrawn", (Role.RECORDS_KEEPER,)),
        ("destroyed", "Zničené", "records:destroyed", (Role.RECORDS_KEEPER,)),
        ("consent", "Trvalý souhlas", "records:consent", (Role.RECORDS_KEEPER,)),
        ("runs", "Ničení", "records:destruction_runs", (Role.RECORDS_KEEPER,)),
        ("by_number", "Stornovat podle čísla", "records:withdraw_by_number", ADMINISTRATORS),
        ("settings", "Nastavení", "records:removal_settings", SETTING),
    ]
    return [
        {"label": label, "url": reverse(name), "active": key == active}
        for key, label, name, roles in parts
        if request.actor.has(*roles)
    ]


def _known(request: ActorRequest, page: Iterable[Withdrawal | Destruction]) -> set[tuple[str, int]]:
    """What of a page the reader may know the subject of: of restricted files the appraiser need not see any."""
    documents = [one.document_id for one in page if one.document_id is not None]
    files = [one.file_id for one in page if one.file_id is not None]
    return queries.known_among(request.actor, documents=documents, files=files)


def _withdrawing(entity: Document | CaseFile) -> Any:
    return operations.withdraw_document if isinstance(entity, Document) else operations.withdraw_file


def _named(entity: Document | CaseFile) -> dict[str, Document | CaseFile]:
    return {"document" if isinstance(entity, Document) else "file": entity}
