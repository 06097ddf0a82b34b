"""Messages that lie in watched boxes undelivered, and the decision to take them over."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon.databox import operations, queries
from egon.databox.models import Box, DataMessage, DeliveryPolicy
from egon.databox.rules import fiction_at
from egon.gateways.isds.codes import MessageState
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import DomainError
from egon.web.access import ActorRequest, requires_role
from egon.web.databox.tabs import tabs_for
from egon.web.formatting import write_count
from egon.web.mailroom.facts import Chip

PAGE_SIZE: Final = 50
_SOON: Final = timedelta(days=3)


@requires_role(Role.MAILROOM)
@require_safe
def waiting(request: ActorRequest) -> HttpResponse:
    """What lies in the boxes and who it is from, with the day of fiction counted down."""
    now = clock.now()
    page = Paginator(queries.noticed(), PAGE_SIZE).get_page(request.GET.get("strana"))
    for row in page:
        row.fiction_at = fiction_at(row.delivered_at)  # type: ignore[attr-defined]
        row.chip = countdown(row, now)  # type: ignore[attr-defined]
    context = {
        "page": page,
        "boxes": _deciding_boxes(),
        "tabs": tabs_for(request.actor, "waiting"),
    }
    return render(request, "databox/waiting.html", context)


@requires_role(Role.MAILROOM)
def deliver(request: ActorRequest, pk: int) -> HttpResponse:
    """What taking over means in law; done only after it was read and confirmed."""
    box = queries.box_for(pk)
    if request.method == "POST":
        try:
            operations.deliver_waiting(actor=request.actor, box=box, at=clock.now())
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"Zprávy ze schránky {box} se přebírají. Za chvíli budou v podatelně.")
        return redirect("databox:waiting")
    noticed = queries.noticed(box)
    context = {
        "box": box,
        "count": noticed.count(),
        "rows": noticed[:20],
        "watches": box.delivery_policy == DeliveryPolicy.WATCH,
        "crumbs": [{"label": "Čeká na rozhodnutí", "url": reverse("databox:waiting")}, {"label": "Převzetí zpráv"}],
    }
    return render(request, "databox/deliver.html", context)


def countdown(message: DataMessage, now: datetime) -> Chip:
    """How long until the fiction of delivery, by ISDS's own time."""
    moment = fiction_at(message.delivered_at)
    if message.state == MessageState.DELIVERED_BY_FICTION or (moment and moment <= now):
        return Chip("doručeno fikcí", "error", "Lhůty už běží. Obsah vydá ISDS až po převzetí.")
    if moment is None:
        return Chip("čas dodání neznámý", "neutral")
    left = moment - now
    text = f"zbývá {write_count(left.days, 'den', 'dny', 'dní')}" if left.days else "zbývá méně než den"
    return Chip(text, "warning" if left < _SOON else "primary")


def _deciding_boxes() -> list[Box]:
    """Boxes whose messages are taken over by a person's decision only."""
    found = queries.boxes().filter(active=True).exclude(delivery_policy=DeliveryPolicy.AT_ONCE)
    return list(found)
