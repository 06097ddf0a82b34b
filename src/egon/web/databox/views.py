"""Data boxes: their settings, steps one may take with them, and facts of one message."""

from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from egon import storage
from egon.databox import operations, permissions, queries, sight
from egon.databox.models import Box, DataMessage, LoginKind, Progress
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.kernel.errors import DomainError, NotFound
from egon.mailroom import queries as intake
from egon.records.disclosure import UNTOLD
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.databox import stamps
from egon.web.databox.forms import BoxEditForm, BoxForm, values_of
from egon.web.forms import attempt
from egon.web.mailroom import facts
from egon.web.records import seers


@requires_role(Role.ADMINISTRATOR)
def add(request: ActorRequest) -> HttpResponse:
    """A new box."""
    form = BoxForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        box = attempt(form, operations.add_box, actor=request.actor, **form.values())
        if box is not None:
            if LoginKind(box.login_kind).has_certificate:
                messages.success(request, f"Schránka {box} je přidaná. Teď k ní nahrajte certifikát.")
                return redirect("databox:certificates", pk=box.pk)
            messages.success(request, f"Schránka {box} je přidaná. Spojení se zkusí během půl minuty.")
            return redirect("databox:boxes")
    return _form_page(request, form, "Nová datová schránka")


@requires_role(Role.ADMINISTRATOR)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Settings of a box."""
    box = queries.box_for(pk)
    form = BoxEditForm(request.POST or None, initial=values_of(box))
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, operations.edit_box, actor=request.actor, box=box, **form.values())
        if changed is not None:
            messages.success(request, f"Nastavení schránky {changed} je uložené, spojení se hned zkusí znovu.")
            return redirect("databox:boxes")
    return _form_page(request, form, f"Schránka {box}", box)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def resume(request: ActorRequest, pk: int) -> HttpResponse:
    """Try again after the login was put right outside of the product."""
    operations.resume_box(actor=request.actor, box=queries.box_for(pk))
    messages.success(request, "Spojení se zkusí znovu během půl minuty.")
    return redirect("databox:boxes")


@requires_role(Role.MAILROOM)
@require_POST
def fetch(request: ActorRequest, pk: int) -> HttpResponse:
    """Have one box looked into now."""
    box = operations.fetch_now(actor=request.actor, box=queries.box_for(pk), at=clock.now())
    messages.info(request, f"Schránka {box} se právě prohlíží. Stav za chvíli načtěte znovu.")
    return redirect("databox:boxes")


@signed_in
@require_safe
def message(request: ActorRequest, pk: int) -> HttpResponse:
    """Everything known of one sealed message: envelope, each fact of its checks, attachments, events."""
    row = _message_for(request.actor, pk)
    is_open = bool(permissions.may_open(request.actor, row))
    is_shut = queries.is_shut_to(request.actor, row)
    context = {
        "message": row,
        "subject": UNTOLD if is_shut else row.hidden_annotation if is_open and row.is_hidden else row.annotation,
        "is_open": is_open,
        "may_release": row.is_hidden and bool(permissions.may_release(request.actor, row)),
        "envelope": [one for one in facts.envelope_facts(row) if not is_shut or one["label"] != "Věc"],
        "groups": facts.check_groups(row),
        "chip": facts.checks_chip(row.checks_level, row.checks),
        "trouble": facts.trouble_of(row),
        "files": row.files.order_by("position") if is_open and not is_shut else [],
        "events": row.events.order_by("happened_at"),
        "stamps": stamps.facts_of(row),
        "stamp_outlook": stamps.outlook_of(row),
        "may_bring": row.progress == Progress.COMPLETE and intake.may_bring(request.actor, row),
        "crumbs": [_way_back(request.actor), {"label": row.dm_id}],
    }
    return render(request, "databox/message.html", context)


@signed_in
@require_safe
def who_sees_message(request: ActorRequest, pk: int) -> HttpResponse:
    """Who sees the envelope and who also the content, with ``?csv`` as a file (NSESSS 5.2.15)."""
    row = _message_for(request.actor, pk)
    found = sight.who_sees_message(row, on=clock.today())
    crumbs = [_way_back(request.actor), {"label": row.dm_id, "url": reverse("databox:message", args=[pk])}]
    return seers.answer(
        request, [one.seer for one in found], thing=f"zpráva {row.dm_id}", crumbs=crumbs,
        extents=["obálku i obsah" if one.content else "jen obálku" for one in found],
        lead="Obálku vidí podatelna, adresát zprávy do vlastních rukou a kdo vidí dokument z této zprávy.",
    )  # fmt: skip


@requires_role(Role.MAILROOM)
@require_POST
def fetch_again(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask ISDS once more for a message that could not be downloaded."""
    row = _message_for(request.actor, pk)
    try:
        operations.fetch_again(actor=request.actor, message=row)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Zpráva {row.dm_id} se stáhne znovu.")
    return redirect("databox:boxes")


@signed_in
@require_safe
def zfo(request: ActorRequest, pk: int) -> HttpResponse:
    """The sealed document, byte for byte."""
    row = _message_for(request.actor, pk)
    if not row.zfo_digest:
        raise NotFound("Zapečetěný soubor této zprávy zatím není stažený.")
    queries.require_content(request.actor, row)
    response = FileResponse(
        storage.open_blob(row.zfo_digest),
        as_attachment=True,
        content_type="application/octet-stream",
        filename=f"{row.direction}_{row.dm_id}.zfo",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)


def _way_back(actor: Actor) -> dict[str, str]:
    """The list of messages, for those who have it."""
    return {"label": "Datové zprávy", "url": reverse("databox:messages") if actor.has(Role.MAILROOM) else ""}


def _message_for(actor: Actor, pk: int) -> DataMessage:
    """A message the actor may see: the mailroom sees all of them, others those of documents they may see."""
    row = DataMessage.objects.filter(pk=pk).first()
    if row is None or not queries.may_see_message(actor, row):
        raise NotFound("Taková datová zpráva tu není, nebo k ní nemáte přístup.")
    return row


def _form_page(request: ActorRequest, form: BoxForm, title: str, box: Box | None = None) -> HttpResponse:
    crumbs = [{"label": "Schránky", "url": reverse("databox:boxes")}, {"label": title}]
    context: dict[str, Any] = {"form": form, "heading": title, "crumbs": crumbs, "box": box}
    return render(request, "databox/form.html", context, status=422 if form.is_bound else 200)
