"""One item of the inbox beside its attachments: confirm the sender, register, assign; or put it aside with a reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from egon.databox import queries as boxes
from egon.databox.models import DataMessage, Direction, MessageFile
from egon.databox.permissions import may_open
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import DomainError
from egon.mailroom import operations, queries
from egon.mailroom.models import IntakeItem, IntakeState
from egon.mailroom.rules import person_meant
from egon.parties import operations as party_operations
from egon.parties import queries as parties
from egon.parties.models import Party, Source
from egon.records import known_parties
from egon.records.models import Document
from egon.registry import queries as registry
from egon.web.access import ActorRequest, requires_role
from egon.web.databox.forms import PersonForm
from egon.web.forms import attempt
from egon.web.mailroom import facts
from egon.web.mailroom.forms import NEW_SENDER, RefusalForm, RegisterForm, SenderForm, details_from_envelope


@dataclass
class Filling:
    """The forms of registration, filled in together."""

    register: RegisterForm
    sender: SenderForm
    refusals: RefusalForm

    @property
    def is_valid(self) -> bool:
        """All are in order; the facts of a new sender matter only when one is being written."""
        is_registrable = self.register.is_valid() and self.refusals.is_valid()
        return self.sender.is_complete() and is_registrable if self.writes_new_sender else is_registrable

    @property
    def writes_new_sender(self) -> bool:
        return self.register.data.get("sender") == NEW_SENDER


@requires_role(Role.MAILROOM)
def item(request: ActorRequest, pk: int) -> HttpResponse:
    """The item: on the left what is known and the form, on the right the attachments."""
    row = queries.item_for(request.actor, pk)
    candidates = _candidates(request, row)
    filling = _filling(request, row, candidates)
    if request.method == "POST" and row.state != IntakeState.WAITING:
        messages.error(request, f"Podání už vyřídil(a) {row.decided_by}. Vaše údaje se neuložily.")
        return redirect("mailroom:item", pk=pk)
    if request.method == "POST" and filling.is_valid and _register(request, row, filling):
        return redirect("mailroom:done", pk=pk)
    parties.note_shown(request.actor, candidates, text=row.sender_name)
    status = 422 if filling.register.is_bound else 200
    return render(request, "mailroom/item.html", _context(request, row, filling), status=status)


@requires_role(Role.MAILROOM)
@require_safe
def done(request: ActorRequest, pk: int) -> HttpResponse:
    """What the registered document is called, and what comes next."""
    row = queries.item_for(request.actor, pk)
    if row.document is None:
        return redirect("mailroom:item", pk=pk)
    context = {"item": row, "document": row.document, "next_item": queries.next_waiting(row)}
    return render(request, "mailroom/done.html", context)


@requires_role(Role.MAILROOM)
@require_POST
def reject(request: ActorRequest, pk: int) -> HttpResponse:
    """Leave the item out of the records, with a reason."""
    return _put_aside(request, pk, operations.reject_intake, "Podání je odložené bez evidence, důvod je zapsaný.")


@requires_role(Role.MAILROOM)
@require_POST
def duplicate(request: ActorRequest, pk: int) -> HttpResponse:
    """Put the item aside as a duplicate, with a reason."""
    row = queries.item_for(request.actor, pk)
    return _put_aside(
        request,
        pk,
        operations.mark_duplicate,
        "Podání je označené jako duplicita.",
        duplicate_of=queries.same_message(row).first(),
    )


@requires_role(Role.MAILROOM)
@require_POST
def attach(request: ActorRequest, pk: int) -> HttpResponse:
    """File an uploaded delivery receipt with the document it is about."""
    row = queries.item_for(request.actor, pk)
    try:
        document = operations.attach_receipt(actor=request.actor, item=row, at=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("mailroom:item", pk=pk)
    messages.success(request, f"Doručenka je přiložená k dokumentu {document}.")
    return redirect("mailroom:inbox")


def _put_aside(request: ActorRequest, pk: int, operation: Any, told: str, **more: Any) -> HttpResponse:
    row = queries.item_for(request.actor, pk)
    try:
        operation(actor=request.actor, item=row, reason=request.POST.get("reason", ""), at=clock.now(), **more)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("mailroom:item", pk=pk)
    messages.success(request, told)
    following = queries.next_waiting(row)
    return redirect("mailroom:item", pk=following.pk) if following else redirect("mailroom:inbox")


def _register(request: ActorRequest, row: IntakeItem, filling: Filling) -> Document | None:
    """Register, writing a new sender in the same transaction: both or nothing."""
    return attempt(filling.register, _register_with_sender, request=request, row=row, filling=filling, at=clock.now())


def _register_with_sender(*, request: ActorRequest, row: IntakeItem, filling: Filling, at: datetime) -> Document:
    chosen = filling.register.cleaned_data
    with transaction.atomic():
        return operations.register_intake(
            actor=request.actor,
            item=row,
            sender=_sender(request, row, filling, at),
            subject=chosen["subject"],
            kind=chosen["kind"],
            unit=chosen["unit"],
            deadline=chosen["deadline"],
            note=chosen["note"],
            own=filling.register.own(),
            person=chosen["person"],
            refusals=filling.refusals.refusals() if filling.refusals.is_bound else None,
            at=at,
        )


def _sender(request: ActorRequest, row: IntakeItem, filling: Filling, at: datetime) -> Party | None:
    if filling.writes_new_sender:
        from_box = bool(row.sender_box_id) and filling.sender.cleaned_data["databox_id"] == row.sender_box_id
        return party_operations.register_party(
            actor=request.actor,
            details=filling.sender.details(),
            source=Source.DATABOX if from_box else Source.TYPED,
            identified_at=at if from_box else None,
        )
    chosen = filling.register.cleaned_data["sender"]
    return parties.present().filter(pk=int(chosen)).first() if chosen else None


def _candidates(request: ActorRequest, row: IntakeItem) -> list[Party]:
    """Who the sender may be: by box and name of the envelope, by what the clerk looks for, and whom they chose."""
    found = {party.pk: party for party in parties.candidates_for(databox_id=row.sender_box_id, name=row.sender_name)}
    if text := request.GET.get("odesilatel", "").strip():
        found |= {party.pk: party for party in parties.find(text)[: parties.MOST_CANDIDATES]}
    chosen = request.POST.get("sender", "")
    if chosen.isdigit() and int(chosen) not in found:
        found |= {party.pk: party for party in parties.present().filter(pk=int(chosen))}
    return known_parties.among(request.actor, found.values())


def _filling(request: ActorRequest, row: IntakeItem, candidates: list[Party]) -> Filling:
    sure = [party for party in candidates if row.sender_box_id and party.databox_id == row.sender_box_id]
    initial: dict[str, Any] = {
        "subject": row.subject[:250],
        "sender": str(sure[0].pk) if len(sure) == 1 else NEW_SENDER,
    }
    known = details_from_envelope(row.data_message) if row.data_message else {}
    message = row.data_message
    if message is not None and not message.is_hidden:
        initial["person"] = message.named_person_id or _meant_by(message.to_hands)
    data = request.POST if request.method == "POST" else None
    return Filling(
        RegisterForm(data, candidates=candidates, initial=initial),
        SenderForm(data, prefix="novy", initial=known),
        RefusalForm(data, files=_stored_files(message)),
    )


def _meant_by(to_hands: str) -> int | None:
    """Whom of our people the envelope names; nobody when it is not sure."""
    if not to_hands.strip():
        return None
    return person_meant(to_hands, list(registry.people().values_list("pk", "given_name", "family_name")))


def _stored_files(message: DataMessage | None) -> list[MessageFile]:
    """Attachments that become components; an empty one does not."""
    return [file for file in message.files.order_by("position") if file.size] if message else []


def _context(request: ActorRequest, row: IntakeItem, filling: Filling) -> dict[str, Any]:
    message = row.data_message
    is_open = message is not None and bool(may_open(request.actor, message))
    files = list(message.files.order_by("position")) if message and is_open else []
    shown = facts.attachments(row, files)
    return {
        "item": row,
        "message": message,
        "is_waiting": row.state == IntakeState.WAITING,
        "is_hidden": message is not None and message.is_hidden,
        "person_form": PersonForm(initial={"person": message.named_person_id}) if message else None,
        "crumbs": [{"label": "Podatelna", "url": reverse("mailroom:inbox")}, {"label": str(row)}],
        "register_form": filling.register,
        "sender_form": filling.sender,
        "refusal_form": filling.refusals,
        "envelope": facts.envelope_facts(message) if message else [],
        "groups": facts.check_groups(message) if message else [],
        "chip": facts.checks_chip(row.checks_level, message.checks if message else []),
        "trouble": (facts.trouble_of(message) if message else "") or row.problem,
        "attachments": shown,
        **_chosen_attachment(request, shown),
        "formats": _formats(files),
        "receipt_of": _sending_told_of(message),
        "events": list(message.events.order_by("happened_at")) if message else [],
        "same": queries.hide_items(request.actor, queries.same_message(row)[:3]),
        "searched": request.GET.get("odesilatel", ""),
    }


def _chosen_attachment(request: ActorRequest, shown: list[dict[str, Any]]) -> dict[str, Any]:
    """Tabs over the attachments, each a plain link; the first one is shown when none is chosen."""
    wanted = request.GET.get("priloha", "")
    chosen = next((file for file in shown if str(file["pk"]) == wanted), shown[0] if shown else None)
    tabs = [
        {"label": file["name"], "url": f"?priloha={file['pk']}", "active": file is chosen, "count": None}
        for file in shown
    ]
    return {"attachment": chosen, "attachment_tabs": tabs}


def _formats(files: list[MessageFile]) -> facts.Chip | None:
    if not files:
        return None
    wrong = [file for file in files if not file.format_ok]
    if wrong:
        return facts.Chip("k ověření", "warning", " ".join(file.problem for file in wrong))
    return facts.Chip("v pořádku", "success", "Obsah všech příloh odpovídá jejich příponám.")


def _sending_told_of(message: DataMessage | None) -> Any:
    """Our sending that a delivery receipt tells of."""
    return boxes.sending_of_dm_id(message.dm_id) if message and message.direction == Direction.RECEIPT else None
