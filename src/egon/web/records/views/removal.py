"""Withdrawing and restoring, one thing at a time; what is left of the withdrawn and the destroyed (NSESSS 7.2)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel.actor import Role
from egon.records import operations, permissions, queries, removal_queries
from egon.records.models import CaseFile, Document
from egon.records.removal_queries import Fate, WantedWithdrawals
from egon.records.rules.labels import choices
from egon.records.rules.states import DocumentState
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.forms import attempt
from egon.web.records.paging import page_of
from egon.web.records.views.planning.shared import do
from egon.web.widgets import DayInput

ADMINISTRATORS = (Role.ADMINISTRATOR, Role.NODE_ADMINISTRATOR)
SETTING = (Role.ADMINISTRATOR, Role.RECORDS_KEEPER)
_TONES = {Fate.WITHDRAWN: "error", Fate.RESTORED: "success", Fate.DESTROYED: "neutral"}


class WithdrawnFilter(forms.Form):
    """What the list of withdrawals is narrowed by."""

    stav = forms.ChoiceField(label="Stav", required=False, choices=[("", "vše"), *choices(Fate)])
    q = forms.CharField(label="Číslo, věc, důvod nebo kdo", required=False, max_length=80)
    od = forms.DateField(label="Od", required=False, widget=DayInput)
    do = forms.DateField(label="Do", required=False, widget=DayInput)


class ByNumberForm(forms.Form):
    """One document or file that an administrator withdraws without seeing it."""

    number = forms.CharField(
        label="Číslo",
        max_length=100,
        help_text="Identifikátor, číslo jednací nebo spisová značka, celé a přesně. Vždy jen jedno.",
    )
    reason = forms.CharField(label="Důvod", widget=forms.Textarea(attrs={"rows": 3}))


class RemovalSettingsForm(forms.Form):
    """Whether anything may be withdrawn here."""

    allows_withdrawal = forms.BooleanField(
        label="Dokumenty a spisy jde znepřístupnit (stornovat)",
        required=False,
        help_text="Co je znepřístupněné teď, tím zůstane.",
    )


def gone_page(request: ActorRequest, entity: Document | CaseFile) -> HttpResponse:
    """The header that is left: the same for what is destroyed and, except for the appraiser, withdrawn."""
    is_document = isinstance(entity, Document)
    may_restore = entity.state == DocumentState.WITHDRAWN and bool(permissions.may_appraise(request.actor))
    kind, address = ("Dokument", "records:documents") if is_document else ("Spis", "records:files")
    held = removal_queries.held_by(entity) if may_restore else None
    number = entity.reference_number if isinstance(entity, Document) else entity.file_mark
    context = {
        "entity": entity,
        "kind": kind,
        "number": number,
        "facts": [
            {"label": "Číslo jednací" if is_document else "Spisová značka", "value": number},
            {"label": "Identifikátor", "value": entity.identifier, "code": True},
            {"label": "Věc" if is_document else "Stručný obsah", "value": entity.subject},
            *([{"label": "Stornoval(a)", "value": held.withdrawn_by}] if held else []),
            *([{"label": "Důvod", "value": held.reason}] if held else []),
        ],
        "held": held,
        "restore_url": reverse("records:restore" if is_document else "records:restore_file", args=[entity.pk]),
        "crumbs": [{"label": "Dokumenty" if is_document else "Spisy", "url": reverse(address)}, {"label": number}],
    }
    return render(request, "records/removal/gone.html", context)


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
    document = queries.document_for(request.actor, pk)
    reason = request.POST.get("reason", "")
    do(request, f"{document} je zase přístupný.", operations.restore_document, document=document, reason=reason)
    return redirect("records:document", pk)


@signed_in
@require_POST
def restore_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a withdrawn file back."""
    file = queries.file_for(request.actor, pk)
    do(request, f"{file} je zase přístupný.", operations.restore_file, file=file, reason=request.POST.get("reason", ""))
    return redirect("records:file", pk)


@requires_role(Role.RECORDS_KEEPER)
@require_safe
def withdrawn(request: ActorRequest) -> HttpResponse:
    """All withdrawals and what became of them, for the appraiser."""
    form = WithdrawnFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    wanted = WantedWithdrawals(
        fate=asked.get("stav", ""),
        text=asked.get("q", ""),
        since=asked.get("od"),
        until=asked.get("do"),
        order=request.GET.get("razeni") or "-kdy",
    )
    page = page_of(removal_queries.withdrawals(wanted), request)
    rows = [
        {
            "withdrawal": one,
            "entity": one.document or one.file,
            "fate": (fate := removal_queries.fate_of(one)),
            "tone": _TONES[fate],
        }
        for one in page
    ]
    context = {"tabs": tabs(request, "withdrawn"), "filter_form": form, "page": page, "rows": rows}
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
    """Whether anything may be withdrawn (NSESSS 7.2.11)."""
    present = queries.settings_of_originator()
    form = RemovalSettingsForm(initial={"allows_withdrawal": present.allows_withdrawal})
    if request.method == "POST":
        form = RemovalSettingsForm(request.POST)
    if form.is_valid():
        do(request, "Nastavení je uložené.", operations.configure_numbering, **form.cleaned_data)
        return redirect("records:removal_settings")
    context = {"tabs": tabs(request, "settings"), "form": form, "submit": "Uložit nastavení"}
    return render(request, "records/removal/form.html", context | {"heading": "Znepřístupnění a zničení"})


def tabs(request: ActorRequest, active: str) -> list[dict[str, Any]]:
    """The parts of removal that this person has work in."""
    parts = [
        ("withdrawn", "Znepřístupněné", "records:withdrawn", (Role.RECORDS_KEEPER,)),
        ("by_number", "Stornovat podle čísla", "records:withdraw_by_number", ADMINISTRATORS),
        ("settings", "Nastavení", "records:removal_settings", SETTING),
    ]
    return [
        {"label": label, "url": reverse(name), "active": key == active}
        for key, label, name, roles in parts
        if request.actor.has(*roles)
    ]


def _withdrawing(entity: Document | CaseFile) -> Any:
    return operations.withdraw_document if isinstance(entity, Document) else operations.withdraw_file


def _named(entity: Document | CaseFile) -> dict[str, Document | CaseFile]:
    return {"document" if isinstance(entity, Document) else "file": entity}
