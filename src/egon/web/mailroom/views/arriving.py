"""The inbox of the mailroom, fetching now, and upload of a ZFO."""

import time
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST, require_safe

from egon.databox import contents
from egon.databox import operations as databox
from egon.databox import queries as boxes
from egon.databox.errors import MessageKnown
from egon.databox.models import Box
from egon.gateways.isds.errors import ZfoTooLarge
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import GatewayError
from egon.mailroom import queries
from egon.mailroom.models import IntakeItem
from egon.web.access import ActorRequest, requires_role
from egon.web.formatting import write_count
from egon.web.mailroom.facts import checks_chip
from egon.web.mailroom.forms import InboxFilter, UploadForm
from egon.web.records.paging import page_of

_INSTRUMENTAL: Final = {
    "minut": ("minutou", "minutami"),
    "hodin": ("hodinou", "hodinami"),
    "den": ("dnem", "dny"),
    "dn": ("dnem", "dny"),
    "týd": ("týdnem", "týdny"),
    "měsíc": ("měsícem", "měsíci"),
    "rok": ("rokem", "lety"),
    "let": ("rokem", "lety"),
}
LONGEST_WAIT: Final = 8.0
"""Seconds the button waits for the worker before it lets the person go on."""


@requires_role(Role.MAILROOM)
@require_safe
def inbox(request: ActorRequest) -> HttpResponse:
    """What waits to be registered, newest first, with filters."""
    form = InboxFilter(request.GET or None, initial={"stav": "waiting"})
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    state = chosen.get("stav") or "waiting"
    found = queries.inbox(
        state="" if state == "vse" else state,
        text=chosen.get("hledat", ""),
        checks=chosen.get("kontroly", ""),
        channel=chosen.get("zpusob", ""),
    )
    page = page_of(found, request)
    queries.hide_items(request.actor, page)
    now = clock.now()
    for item in page:
        item.age = _age(item.received_at, now)
        item.chip = checks_chip(item.checks_level, item.data_message.checks if item.data_message else [])
    context = {
        "page": page,
        "filter_form": form,
        "is_filtered": bool(chosen),
        "boxes": list(boxes.boxes().filter(active=True)),
    }
    return render(request, "mailroom/inbox.html", context)


@requires_role(Role.MAILROOM)
@require_POST
def fetch(request: ActorRequest) -> HttpResponse:
    """Have all boxes looked into now; waits a few seconds, so that the new messages are there on return."""
    asked_at = clock.now()
    before = queries.waiting_count()
    asked = list(boxes.boxes().filter(active=True))
    for box in asked:
        databox.fetch_now(actor=request.actor, box=box, at=asked_at)
    finished = _wait_for([box.pk for box in asked], asked_at)
    _tell_result(request, asked, finished=finished, new=queries.waiting_count() - before)
    return redirect("mailroom:inbox")


@requires_role(Role.MAILROOM)
def upload(request: ActorRequest) -> HttpResponse:
    """A ZFO brought as a file: read, checked, and put into the inbox like any other message."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        item = _take_in(request, form)
        if item is not None:
            return redirect("mailroom:item", pk=item.pk)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "mailroom/upload.html", {"form": form}, status=status)


def _take_in(request: ActorRequest, form: UploadForm) -> IntakeItem | None:
    """The intake item of an uploaded file; None with the reason in the form. A file that cannot be read is not kept."""
    uploaded = form.cleaned_data["soubor"]
    now = clock.now()
    try:
        content = _read(uploaded, now)
    except GatewayError as error:
        form.add_error("soubor", error.message)
        return None
    try:
        message = databox.upload_zfo(actor=request.actor, content=content, at=now)
    except MessageKnown as error:
        known = IntakeItem.objects.filter(data_message=error.message_id).first() if error.message_id else None
        if known is not None:
            messages.warning(request, error.message)
            return known
        form.add_error(None, error.message)
        return None
    messages.success(request, "Soubor je přečtený a zkontrolovaný. Výsledky kontrol jsou u podání.")
    return IntakeItem.objects.get(data_message=message)


def _read(uploaded: "UploadedFile[Any]", now: datetime) -> contents.StoredContent:
    size = uploaded.size or 0
    if size > contents.LIMITS.max_size:
        raise ZfoTooLarge(
            f"Soubor má {size // 1_000_000} MB, datová zpráva nemůže mít víc než "
            f"{contents.LIMITS.max_size // 1_048_576} MB. Soubor se neuložil; vyberte jiný."
        )
    return contents.read_upload(uploaded.read(), at=now)


def _wait_for(box_ids: list[int], asked_at: datetime) -> bool:
    """Whether the worker looked into all the boxes before patience ran out."""
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        if all(_looked_into(box, asked_at) for box in Box.objects.filter(pk__in=box_ids)):
            return True
        time.sleep(0.2)
    return False


def _looked_into(box: Box, asked_at: datetime) -> bool:
    moments = [moment for moment in (box.last_contact_at, box.last_error_at) if moment]
    return box.needs_administrator or (bool(moments) and max(moments) >= asked_at)


def _tell_result(request: HttpRequest, asked: list[Box], *, finished: bool, new: int) -> None:
    failing = [box for box in Box.objects.filter(pk__in=[b.pk for b in asked]) if box.last_error]
    if not asked:
        messages.warning(request, "Organizace nemá žádnou používanou datovou schránku. Přidá ji správce.")
    for box in failing:
        messages.error(request, f"Schránka {box.name}: {box.last_error}")
    if new > 0:
        messages.success(request, f"Do podatelny {_arrived(new)}.")
    elif asked and finished and not failing:
        messages.info(request, "Ve schránce není nic nového.")
    elif asked and not finished and not failing:
        messages.info(request, "Stahování běží. Nové zprávy se objeví v seznamu, stránku za chvíli načtěte znovu.")


def _age(moment: datetime, now: datetime) -> str:
    """How long ago, in words: ``před 3 hodinami``; below a minute nobody counts."""
    return "právě teď" if (now - moment).total_seconds() < 60 else f"před {_inflected(timesince(moment, now, depth=1))}"


def _inflected(text: str) -> str:
    """``3 hodiny`` → ``3 hodinami``: Django gives the accusative, „před“ asks for the instrumental."""
    number, _, unit = text.replace("\xa0", " ").partition(" ")
    one, many = next((forms for start, forms in _INSTRUMENTAL.items() if unit.startswith(start)), (unit, unit))
    return f"{number}\xa0{one if number == '1' else many}"


def _arrived(count: int) -> str:
    words = write_count(count, "nová zpráva", "nové zprávy", "nových zpráv")
    return f"{'přibyla' if count == 1 else 'přibyly' if count < 5 else 'přibylo'} {words}"
