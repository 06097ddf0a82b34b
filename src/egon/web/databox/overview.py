"""The page of the boxes: contact with ISDS, what waits, what is wrong and what to do, how much came and went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon.databox import overview, permissions, queries
from egon.databox.models import Box
from egon.databox.rules import erased_at
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.web import formatting
from egon.web.access import ActorRequest, requires_role
from egon.web.databox.tabs import tabs_for
from egon.web.mailroom.facts import Chip

_SERIES = (("received", "přijato"), ("sent", "odesláno"))
_ENDS_SOON = 30
"""Days before the end of a certificate or a password from which the page warns."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be done: what happened and what to do next; ``detail`` is for the administrator."""

    tone: str
    what: str
    then: str
    detail: str = ""


@requires_role(Role.MAILROOM, Role.ADMINISTRATOR)
@require_safe
def boxes(request: ActorRequest) -> HttpResponse:
    """The boxes of the organisation."""
    now = clock.now()
    rows = list(queries.boxes().prefetch_related("certificates"))
    queues, volumes = overview.queues(rows, now=now), overview.volumes(rows, on=clock.today())
    may_fetch = bool(permissions.may_receive(request.actor))
    context = {
        "tabs": tabs_for(request.actor, "boxes"),
        "rows": [_row(box, queues[box.pk], volumes[box.pk], now, linked=may_fetch) for box in rows],
        "may_edit": bool(permissions.may_administer_boxes(request.actor)),
        "may_fetch": may_fetch,
    }
    return render(request, "databox/boxes.html", context)


def _row(
    box: Box, queue: overview.Queue, volumes: list[overview.DayVolume], now: datetime, *, linked: bool
) -> dict[str, Any]:
    title = f"Zprávy za posledních {overview.DAYS} dní"
    return {
        "box": box,
        "chip": _state_of(box),
        "notices": notices_of(box, queue, now=now),
        "facts": _facts_of(box, queue, linked=linked),
        "failed": list(queries.failed_downloads(box)[:10]) if queue.failed_download else [],
        "chart": formatting.draw_days(volumes, _SERIES, id=f"graf-{box.pk}", title=title),
    }


def _facts_of(box: Box, queue: overview.Queue, *, linked: bool) -> list[dict[str, Any]]:
    """``linked``: for the mailroom, whose pages the numbers lead to."""
    listed = reverse("databox:messages")
    pairs = [
        ("Poslední spojení", formatting.write_datetime(box.last_contact_at) or "zatím žádné", ""),
        ("Poslední přijatá zpráva", formatting.write_datetime(queue.last_received_at) or "žádná", ""),
        ("Čeká na stažení", formatting.write_number(queue.waiting_download), ""),
        (
            "Čeká na rozhodnutí",
            formatting.write_number(queue.noticed) if queue.noticed else "",
            reverse("databox:waiting"),
        ),
        ("Ve frontě k odeslání", formatting.write_number(queue.waiting_sending), reverse("mailroom:dispatch")),
        ("Ověřuje se odeslání", formatting.write_number(queue.ambiguous), ""),
        ("Odesláno, nedoručeno", formatting.write_number(queue.waiting_delivery), f"{listed}?smer=sent"),
        ("Stahování", box.get_delivery_policy_display(), ""),
        ("Certifikát platí do", formatting.write_date(overview.certificate_end(box)), ""),
        ("Heslo platí do", formatting.write_date(overview.password_end(box)), ""),
    ]
    return [
        {"label": label, "value": value, "url": url if linked and value != "0" else ""}
        for label, value, url in pairs
        if value
    ]


def notices_of(box: Box, queue: overview.Queue, *, now: datetime) -> list[Notice]:
    """Everything about a box that somebody should act on, the most serious first."""
    if not box.active:
        return []
    return [*_contact_notices(box), *_queue_notices(queue, now), *_end_notices(box, now)]


def _contact_notices(box: Box) -> list[Notice]:
    if not box.last_error:
        return []
    at = formatting.write_datetime(box.last_error_at)
    detail = f"{box.last_error_detail} ({at}, neúspěchů za sebou: {box.failures})" if box.last_error_detail else ""
    if box.needs_administrator:
        then = (
            "Dokud správce nastavení neopraví, systém se ke schránce nepřihlašuje (jinak by ji ISDS zablokoval). "
            "Zprávy k odeslání zůstaly ve frontě."
        )
        return [Notice("error", box.last_error, then, detail)]
    again = formatting.write_datetime(box.next_attempt_at) or "hned"
    return [
        Notice("warning", box.last_error, f"Zkouší se to dál samo, další pokus {again}. Nic se neztratilo.", detail)
    ]


def _queue_notices(queue: overview.Queue, now: datetime) -> list[Notice]:
    found = []
    if queue.failed_download:
        words = formatting.write_count(queue.failed_download, "zpráva", "zprávy", "zpráv")
        found.append(Notice("error", f"Nešlo stáhnout: {words}.", "Důvody a nový pokus jsou v tabulce níže."))
    if queue.threatened:
        words = formatting.write_count(queue.threatened, "doručená zpráva", "doručené zprávy", "doručených zpráv")
        last_day = formatting.write_date(erased_at(queue.first_threatened_at))
        then = f"ISDS první z nich smaže po {last_day}. Zjistěte, co stažení brání."
        found.append(Notice("error", f"Přes týden není stažený obsah: {words}.", then))
    waits = (now - queue.oldest_waiting_at).days if queue.oldest_waiting_at else 0
    if waits >= 1:
        words = formatting.write_count(waits, "den", "dny", "dní")
        then = "Stáhněte zprávy dřív, než je ISDS po 90 dnech od doručení smaže."
        found.append(Notice("warning", f"Nejstarší nestažená zpráva čeká {words}.", then))
    if queue.ambiguous:
        then = "Systém hledá, zda ji ISDS přijal. Sám ji znovu neodešle dřív, než to zjistí; nic nedělejte."
        words = formatting.write_count(queue.ambiguous, "zprávy", "zpráv", "zpráv")
        found.append(Notice("primary", f"U {words} přišlo odeslání bez potvrzení.", then))
    if queue.late_delivery:
        words = formatting.write_count(queue.late_delivery, "zprávy", "zpráv", "zpráv")
        then = "Stav se v ISDS zjišťuje dál; které to jsou, ukáže výpravna mezi odeslanými."
        found.append(Notice("warning", f"Doručení {words} se opožďuje.", then))
    return found


def _end_notices(box: Box, now: datetime) -> list[Notice]:
    ends = (
        ("certifikátu", overview.certificate_end(box), "Správce přidá nový certifikát v nastavení schránky."),
        ("hesla", overview.password_end(box), "Správce heslo změní v datové schránce a zapíše ho do nastavení."),
    )
    return [
        Notice("error" if end < now else "warning", _said_of_end(what, end, now), then)
        for what, end, then in ends
        if end is not None and (end - now).days <= _ENDS_SOON
    ]


def _said_of_end(what: str, end: datetime, now: datetime) -> str:
    return f"Platnost {what} {'skončila' if end < now else 'končí'} {formatting.write_date(end)}."


def _state_of(box: Box) -> Chip:
    if not box.active:
        return Chip("nepoužívá se", "neutral")
    if box.needs_administrator:
        return Chip("čeká na správce", "error", box.last_error)
    if box.last_error:
        return Chip("spojení se nedaří", "warning", box.last_error)
    if box.last_contact_at is None:
        return Chip("zatím bez spojení", "neutral", "První spojení proběhne během půl minuty.")
    return Chip("v pořádku", "success")
