"""The document page, and corrections of its metadata."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from egon.audit.operation import may
from egon.kernel.clock import PRAGUE, today
from egon.kernel.errors import AccessDenied, NotFound
from egon.records import operations, own_metadata, permissions, queries, reminder_queries, storing_queries, texts
from egon.records.models import Document, PaperPart
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import FINAL, GONE, Direction, DocumentState, FileState, is_editable, may_follow
from egon.web.access import ActorRequest, signed_in
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.records import above, panels
from egon.web.records.forms import AnnexForm, MetadataForm, PaperForm
from egon.web.records.next_step import step_for
from egon.web.records.previews import attachment_of, chosen
from egon.web.records.views import checkouts, references, removal
from egon.web.records.words import channel_of, chip_of, paper_facts


@signed_in
@require_safe
def document_page(request: ActorRequest, pk: int) -> HttpResponse:
    """Everything about one document: facts, the next step, components beside it, circulation, messages, history."""
    try:
        document = queries.document_for(request.actor, pk)
    except NotFound:
        return removal.gone_document_page(request, pk)
    return render(request, "records/document.html", page_context(request, document))


def page_context(request: ActorRequest, document: Document) -> dict[str, Any]:
    """The context of the document page."""
    components = queries.components_of(document, reader=request.actor)
    shown = chosen(components, request.GET.get("soubor", ""))
    replies = list(queries.replies_to(document))
    known = queries.visible_ids(request.actor, [document.replies_to_id, *(reply.pk for reply in replies)])
    shown_replies = [reply for reply in replies if reply.pk in known]
    state = DocumentState(document.state)
    may_edit = bool(permissions.may_edit(request.actor, document))
    may_open_file = _may_open_file(request, document)
    paper = storing_queries.paper_part_of(document)
    editable = may_edit and is_editable(Direction(document.direction), state)
    return {
        "document": document,
        "chip": chip_of(document),
        "step": step_for(request.actor, document, replies),
        "facts": facts_of(document, paper, linked=known),
        "addressees": list(document.addressees.all()),
        "replies": [{"document": reply, "chip": chip_of(reply)} for reply in shown_replies],
        "components": components,
        "file_rows": checkouts.file_rows(request.actor, document, components, editable=editable),
        "shown": shown,
        "attachment": attachment_of(shown) if shown else None,
        "annex_form": AnnexForm(),
        "unread": texts.failures_of(document),
        "may_read_again": bool(may(operations.read_again, actor=request.actor, document=document)),
        "may_edit": may_edit and state not in FINAL,
        "may_edit_metadata": state not in GONE
        and bool(may(operations.edit_metadata, actor=request.actor, document=document)),
        "editable": editable,
        "asks_of_components": not _is_in_closed_file(document) and own_metadata.asks(OwnEntity.COMPONENT),
        "paper": paper,
        "may_describe_paper": state not in GONE
        and bool(may(operations.describe_paper, actor=request.actor, document=document)),
        "party_links": queries.links_of(document=document),
        "may_link": bool(may(operations.link_party, actor=request.actor, document=document))
        and state is not DocumentState.WITHDRAWN,
        "may_withdraw": may_follow(Direction(document.direction), state, DocumentState.WITHDRAWN)
        and bool(may(operations.withdraw_document, actor=request.actor, document=document)),
        "may_restore": state is DocumentState.WITHDRAWN
        and bool(may(operations.restore_document, actor=request.actor, document=document)),
        "may_cancel_settling": state is DocumentState.SETTLED
        and bool(may(operations.cancel_settling, actor=request.actor, document=document)),
        "may_take_out": _may_take_out(request, document),
        "may_open_file": may_open_file,
        "reminders": reminder_queries.waiting_for(request.actor, document),
        "levels": above.above_document(document.case_file, may_open=may_open_file),
        "history": entries_for(document, *shown_replies, reader=request.actor),
        "today": today(),
        "crumbs": [{"label": "Dokumenty", "url": reverse("records:documents")}, {"label": str(document)}],
        **references.panel(request.actor, document),
        **panels.contexts(request.actor, document),
    }


def _is_in_closed_file(document: Document) -> bool:
    return document.case_file is not None and document.case_file.state == FileState.CLOSED


def facts_of(document: Document, paper: PaperPart | None, *, linked: Collection[int]) -> list[dict[str, Any]]:
    """Metadata as label and value; what a direction does not have is left out. ``linked``: documents to be opened."""
    received = document.direction == Direction.RECEIVED
    facts: list[dict[str, Any]] = [
        {"label": "Číslo jednací", "value": document.reference_number},
        *_former_numbers(document),
        {"label": "Identifikátor", "value": document.identifier, "code": True},
        {"label": "Směr", "value": Direction(document.direction).label},
        {"label": "Druh", "value": document.kind},
        *({"label": label, "value": value} for label, value in paper_facts(paper)),
        *(_facts_of_received(document) if received else []),
        {"label": "Útvar", "value": document.unit},
        {"label": "Zpracovatel", "value": document.holder},
    ]
    if document.replies_to:
        known = document.replies_to.pk in linked
        url = reverse("records:document", args=[document.replies_to.pk]) if known else None
        facts.append({"label": "Odpovídá na", "value": document.replies_to, "url": url})
    if document.settled_on:
        how = SettledHow(document.settled_how).label if document.settled_how else ""
        facts.append({"label": "Vyřízeno", "value": f"{_day(document.settled_on)} {how}".strip()})
    if document.settled_note:
        facts.append({"label": "Záznam", "value": document.settled_note})
    if document.note:
        facts.append({"label": "Poznámka", "value": document.note})
    facts += [{"label": label, "value": value} for label, value in own_metadata.shown(document.own_values)]
    return facts


def _former_numbers(document: Document) -> list[dict[str, Any]]:
    return [
        {"label": "Dřívější číslo jednací", "value": f"{former} (do {_day(former.replaced_at.astimezone(PRAGUE))})"}
        for former in document.former_numbers.all()
    ]


def _facts_of_received(document: Document) -> list[dict[str, Any]]:
    sender = document.sender
    url = f"/rejstrik/{sender.pk}/" if sender else None
    return [
        {"label": "Odesílatel", "value": sender.name if sender else None, "url": url},
        {"label": "Značka odesílatele", "value": document.sender_reference},
        {"label": "Způsob doručení", "value": channel_of(document)},
    ]


def _day(day: Any) -> str:
    return f"{day.day}. {day.month}. {day.year}"


def _may_open_file(request: ActorRequest, document: Document) -> bool:
    """The mailroom sees a document of every unit, but not the file it was put in."""
    if document.case_file_id is None:
        return False
    return queries.files_among(request.actor, [document.case_file_id]).exists()


def _may_take_out(request: ActorRequest, document: Document) -> bool:
    return (
        document.case_file is not None
        and document.case_file.state == "open"
        and document.settled_on is None
        and bool(may(operations.take_out_of_file, actor=request.actor, document=document))
    )


@signed_in
@require_http_methods(["GET", "POST"])
def edit_metadata(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct subject, kind, sender, deadline."""
    document = queries.document_for(request.actor, pk)
    decision = permissions.may_edit_metadata(request.actor, document)
    if request.method == "GET" and not decision:
        raise AccessDenied(decision.reason)
    initial = {name: getattr(document, name) for name in ("subject", "kind", "sender_reference", "deadline", "note")}
    seen = {**initial, "sender_id": document.sender_id, "own_values": document.own_values}
    form = MetadataForm(request.POST or None, actor=request.actor, document=document, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            operations.edit_metadata,
            actor=request.actor,
            document=document,
            subject=data["subject"],
            kind=data["kind"],
            sender=(form.party if data.get("party_text") else None) or document.sender,
            sender_reference=data.get("sender_reference", ""),
            deadline=data["deadline"],
            note=data["note"],
            own=form.own(),
            seen=seen,
            reason=data.get("reason", ""),
        )
        if done:
            messages.success(request, "Údaje dokumentu jsou uložené.")
            return redirect("records:document", pk)
    return render(request, "records/form_page.html", form_page(document, "Údaje dokumentu", form, "Uložit údaje"))


@signed_in
@require_http_methods(["GET", "POST"])
def describe_paper(request: ActorRequest, pk: int) -> HttpResponse:
    """What the analogue part of a document has: carrier, sheets, annexes; or that the document is digital."""
    document = queries.document_for(request.actor, pk)
    decision = permissions.may_describe_paper(request.actor, document)
    if request.method == "GET" and not decision:
        raise AccessDenied(decision.reason)
    form = PaperForm(request.POST or None, present=storing_queries.paper_part_of(document), file=document.case_file)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            operations.describe_paper,
            actor=request.actor,
            document=document,
            paper=form.paper(),
            reason=form.cleaned_data.get("reason", ""),
        )
        if done is not None:
            messages.success(request, "Údaje analogové části jsou uložené.")
            return redirect("records:document", pk)
    lead = "Kde analogová část je, se zapisuje na stránce dokumentu u jeho oběhu."
    context = form_page(document, "Analogová část dokumentu", form, "Uložit údaje", lead) | {"columns": True}
    return render(request, "records/form_page.html", context)


def form_page(document: Document, heading: str, form: Any, submit: str, lead: str = "") -> dict[str, Any]:
    """The context of a page with one form about a document."""
    back = reverse("records:document", args=[document.pk])
    return {
        "document": document,
        "heading": heading,
        "form": form,
        "submit": submit,
        "lead": lead,
        "back": back,
        "crumbs": [
            {"label": "Dokumenty", "url": reverse("records:documents")},
            {"label": str(document), "url": back},
            {"label": heading},
        ],
    }
