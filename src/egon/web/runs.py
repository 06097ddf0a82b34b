"""Pages of long runs: how one goes, what was refused and why, and its buttons (``run.html``)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from egon.jobs.runs.models import Run
from egon.kernel.actor import Actor
from egon.kernel.errors import DomainError
from egon.web.access import ActorRequest, View
from egon.web.records.paging import page_of

STARTED = "Běží to na pozadí. Stránku můžete opustit, nic se tím nepřeruší."

type Find[R: Run] = Callable[[Actor, int], R]


@dataclass(frozen=True, slots=True)
class Told:
    """What the list of refused items says of one of them, by the columns of the list; ``url`` belongs to the first."""

    cells: Sequence[object]
    url: str = ""


def refused_items(
    request: ActorRequest, items: QuerySet[Any], columns: Sequence[str], tell: Callable[[Any], Told]
) -> dict[str, Any]:
    """The part of a page's context that ``components/refused.html`` shows."""
    page = page_of(items, request)
    rows = []
    for item in page:
        told = tell(item)
        rows.append({"cells": list(zip(columns, told.cells, strict=True)), "url": told.url, "why": item.message})
    return {"page": page, "columns": columns, "rows": rows}


def stopping[R: Run](operation: Callable[..., R], find: Find[R], page: str) -> View:
    """A view behind the button that stops a run; ``page`` is the name of the run's page."""
    return _button(operation, find, page, "{} se zastaví, jakmile skončí rozdělaná dávka.")


def resuming[R: Run](operation: Callable[..., R], find: Find[R], page: str) -> View:
    """A view behind the button that goes on with it."""
    return _button(operation, find, page, "{} pokračuje.")


def _button[R: Run](operation: Callable[..., R], find: Find[R], page: str, done: str) -> View:
    def press(request: ActorRequest, pk: int) -> HttpResponse:
        run = find(request.actor, pk)
        try:
            operation(actor=request.actor, run=run)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, done.format(run.called))
        return redirect(page, pk)

    return require_POST(press)
