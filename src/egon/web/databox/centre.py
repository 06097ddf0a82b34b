"""Health of all organisations' boxes, for the administrator of the centre. No content is read for it at all."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from egon.databox import centre, operations
from egon.databox.centre import BoxHealth, Condition
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.web.access import ActorRequest, requires_role
from egon.web.databox.forms import CentreFilter
from egon.web.databox.tabs import tabs_for
from egon.web.mailroom.facts import Chip

_TONES = {
    Condition.STOPPED: "error",
    Condition.FAILING: "warning",
    Condition.SILENT: "warning",
    Condition.FINE: "success",
    Condition.UNUSED: "neutral",
}
_FIRST = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@requires_role(Role.CENTRE_ADMINISTRATOR)
@require_safe
def boxes(request: ActorRequest) -> HttpResponse:
    """All boxes of the centre: how contact goes, what waits, what ends."""
    now = clock.now()
    form = CentreFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    every = [_row(box, now) for box in operations.look_at_centre(actor=request.actor, at=now)]
    rows = [row for row in every if _is_wanted(row, chosen)]
    key = request.GET.get("razeni", "")
    rows.sort(key=_ORDERS.get(key.removeprefix("-"), _by_trouble), reverse=key.startswith("-"))
    context = {
        "tabs": tabs_for(request.actor, "centre"),
        "filter_form": form,
        "page": Paginator(rows, 50).get_page(request.GET.get("strana")),
        "is_filtered": any(chosen.values()),
        "numbers": _numbers(every),
        "checked_at": now,
    }
    return render(request, "databox/centre.html", context)


@requires_role(Role.CENTRE_ADMINISTRATOR)
@require_safe
def boxes_json(request: ActorRequest) -> JsonResponse:
    """The same as data."""
    now = clock.now()
    rows = operations.look_at_centre(actor=request.actor, at=now)
    return JsonResponse({"checked_at": now, "boxes": centre.as_json(rows, now=now)})


def _row(box: BoxHealth, now: datetime) -> dict[str, Any]:
    condition = centre.condition_of(box, now=now)
    age = (now - box.oldest_waiting_at).days if box.oldest_waiting_at else None
    return {
        "box": box,
        "condition": condition,
        "chip": Chip(condition.label, _TONES[condition]),
        "troubles": centre.troubles_of(box, now=now),
        "oldest_days": age,
    }


def _is_wanted(row: dict[str, Any], chosen: dict[str, Any]) -> bool:
    if chosen.get("problem") and not row["troubles"]:
        return False
    box: BoxHealth = row["box"]
    told = f"{box.organisation} {box.code} {box.box_id}".casefold()
    return all(word in told for word in chosen.get("hledat", "").casefold().split())


def _by_trouble(row: dict[str, Any]) -> Any:
    return list(Condition).index(row["condition"]), not row["troubles"], row["box"].organisation, row["box"].box_id


_ORDERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "organizace": lambda row: (row["box"].organisation.casefold(), row["box"].box_id),
    "spojeni": lambda row: row["box"].last_contact_at or _FIRST,
    "stazeni": lambda row: row["box"].waiting_download + row["box"].failed_download,
    "odeslani": lambda row: row["box"].waiting_sending + row["box"].ambiguous,
    "objem": lambda row: row["box"].received + row["box"].sent,
}


def _numbers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What stands above the list: how many boxes there are and how many need somebody."""
    troubled = sum(bool(row["troubles"]) for row in rows)
    waiting = sum(row["box"].waiting_download for row in rows)
    return [
        {"value": len(rows), "label": "schránek v centru", "late": False},
        {"value": troubled, "label": "s problémem", "late": troubled > 0},
        {"value": waiting, "label": "zpráv čeká na stažení", "late": False},
    ]
