"""The list of all data messages, and bringing one of them to the mailroom."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from egon.databox import browsing, queries
from egon.databox.models import DataMessage, Direction, OutboxItem, Progress
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.kernel.errors import NotFound
from egon.mailroom import operations as mailroom
from egon.mailroom import queries as intake
from egon.mailroom.models import IntakeItem, IntakeState
from egon.records import queries as records
from egon.records.disclosure import UNTOLD
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.paging import page_of
from egon.web.databox.forms import MessageFilter
from egon.web.databox.tabs import tabs_for
from egon.web.forms import ORDERED_AMONG_NEWEST
from egon.web.mailroom.facts import Chip, checks_chip

_INTAKE_TONES = {
    IntakeState.WAITING: "warning",
    IntakeState.REGISTERED: "success",
    IntakeState.ATTACHED: "success",
    IntakeState.REJECTED: "neutral",
    IntakeState.DUPLICATE: "neutral",
}


@requires_role(Role.MAILROOM)
@require_safe
def message_list(request: ActorRequest) -> HttpResponse:
    """Every data message of the organisation: fetched, sent, uploaded, imported."""
    boxes = list(queries.boxes())
    form = MessageFilter(request.GET or None, boxes=boxes)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    order = request.GET.get("razeni", "")
    found = browsing.browse(
        request.actor,
        direction=chosen.get("smer", ""),
        box=next((box for box in boxes if box.box_id == chosen.get("schranka")), None),
        since=chosen.get("od"),
        until=chosen.get("do"),
        party=chosen.get("kdo", ""),
        text=chosen.get("hledat", ""),
        checks=chosen.get("kontroly", ""),
        order=order,
    )
    page = page_of(intake.by_intake(found, chosen.get("evidence", "")), request.GET.get("strana", ""))
    context = {
        "tabs": tabs_for(request.actor, "messages"),
        "filter_form": form,
        "page": page,
        "rows": _rows(request.actor, list(page)),
        "is_filtered": any(chosen.values()),
        "order_note": ORDERED_AMONG_NEWEST if browsing.is_ordered_among_newest(order) else "",
    }
    return render(request, "databox/messages.html", context)


@requires_role(Role.MAILROOM)
@require_POST
def bring(request: ActorRequest, pk: int) -> HttpResponse:
    """Put an imported message into the inbox of the mailroom, and open it there."""
    message = browsing.visible_to(request.actor).filter(pk=pk, progress=Progress.COMPLETE).first()
    if message is None:
        raise NotFound("Taková datová zpráva tu není.")
    item = mailroom.bring_in(actor=request.actor, message=message, at=clock.now())
    messages.success(request, "Zpráva je v podatelně. Zaevidujte ji, nebo ji s důvodem odložte.")
    return redirect("mailroom:item", pk=item.pk)


def _rows(actor: Actor, page: list[DataMessage]) -> list[dict[str, Any]]:
    """Lines of the list; of a message whose document the reader may not see the subject is not told."""
    ids = [message.pk for message in page]
    items, sendings = intake.items_of_messages(ids), queries.sendings_of_messages(ids)
    documents = {pk: found.document_id for held in (items, sendings) for pk, found in held.items() if found.document_id}
    known = records.visible_ids(actor, documents.values())
    return [
        {
            "message": message,
            "subject": message.annotation if documents.get(message.pk) in {None, *known} else UNTOLD,
            "direction": Direction(message.direction).label,
            "chip": _checks_of(message),
            "intake": items.get(message.pk),
            "sending": sendings.get(message.pk),
            "state": _state_of(items.get(message.pk), sendings.get(message.pk)),
        }
        for message in page
    ]


def _checks_of(message: DataMessage) -> Chip:
    if message.progress != Progress.COMPLETE:
        return Chip(message.get_progress_display(), "warning")
    return checks_chip(message.checks_level)


def _state_of(item: IntakeItem | None, sending: OutboxItem | None) -> Chip:
    if item is not None:
        state = IntakeState(item.state)
        return Chip(state.label, _INTAKE_TONES[state])
    return Chip("u odeslaného dokumentu", "success") if sending else Chip("jen uložena", "neutral")
