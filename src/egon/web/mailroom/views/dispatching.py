"""Dispatch: what is approved and waits, what became of what was sent, and what to do with what came back."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from egon.databox import queries as boxes
from egon.databox import rules as databox_rules
from egon.databox.models import OutboxItem, OutboxState
from egon.gateways.isds.codes import BoxType, MessageState
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import DomainError
from egon.mailroom import operations, permissions, queries
from egon.mailroom.models import Channel, Dispatch, DispatchState
from egon.mailroom.queries import Wanted
from egon.records.disclosure import hide_from
from egon.web import formatting
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.forms import ORDERED_AMONG_NEWEST, attempt
from egon.web.mailroom.dispatch_forms import AdviceForm, DispatchFilter, HandOverForm
from egon.web.records.paging import page_of

PAGE_SIZE: Final = 50

TONES: Final = {
    DispatchState.WAITING: "primary",
    DispatchState.HANDED: "warning",
    DispatchState.SENT: "primary",
    DispatchState.DELIVERED: "success",
    DispatchState.FAILED: "error",
}


@requires_role(Role.MAILROOM)
@require_safe
def dispatch_list(request: ActorRequest) -> HttpResponse:
    """Approved documents that wait, and what is on its way."""
    page = Paginator(queries.to_dispatch(), PAGE_SIZE).get_page(request.GET.get("strana"))
    former = queries.dispatches_by_addressee([addressee.pk for addressee in page])
    counts = queries.waiting_counts([addressee.document_id for addressee in page])
    shown: set[int] = set()
    for addressee in page:
        attempts = former.get(addressee.pk, [])
        addressee.last = attempts[-1] if attempts else None  # type: ignore[attr-defined]
        # The step for all stands once, at the first addressee of a document.
        count = counts.get(addressee.document_id, 0)
        addressee.together = count if count > 1 and addressee.document_id not in shown else 0  # type: ignore[attr-defined]
        shown.add(addressee.document_id)
    under_way = queries.dispatches().filter(
        state__in=[DispatchState.WAITING, DispatchState.HANDED], channel=Channel.DATABOX
    )
    moving = with_tones(list(under_way[:20]))
    hide_from(request.actor, [one.document for one in (*page, *moving)])
    context = {"page": page, "under_way": moving, "tabs": tabs("dispatch")}
    return render(request, "mailroom/dispatch.html", context)


@requires_role(Role.MAILROOM)
@require_safe
def dispatch_history(request: ActorRequest) -> HttpResponse:
    """Everything handed to dispatch with its state; failures say what to do."""
    form = DispatchFilter(request.GET or None, boxes=boxes.boxes())
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    wanted = Wanted(
        state=chosen.get("stav", ""),
        text=chosen.get("hledat", ""),
        box=chosen.get("schranka"),
        since=chosen.get("od"),
        until=chosen.get("do"),
        result=chosen.get("vysledek", ""),
        order=request.GET.get("razeni") or "-zmena",
    )
    page = page_of(queries.dispatches(wanted, now=clock.now()), request)
    with_tones(page)
    hide_from(request.actor, [dispatch.document for dispatch in page])
    context = {
        "page": page,
        "filter_form": form,
        "order_note": ORDERED_AMONG_NEWEST if queries.is_ordered_among_newest(wanted.order) else "",
        "is_filtered": bool(request.GET),
        "tabs": tabs("dispatch_history"),
        "behind": boxes.boxes_behind_with_states(now=clock.now()),
        "late": queries.late_count(now=clock.now()),
    }
    return render(request, "mailroom/dispatch_history.html", context)


@signed_in
def dispatch_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One dispatch from handing over to its receipt; what came back can be given an advice."""
    dispatch = queries.dispatch_seen_by(request.actor, pk)
    may_advise = bool(permissions.may_advise(request.actor, dispatch)) and _came_back(dispatch)
    form = AdviceForm(request.POST or None) if may_advise else None
    if request.method == "POST" and form is not None and form.is_valid():
        advised = attempt(
            form,
            operations.advise_on_return,
            actor=request.actor,
            dispatch=dispatch,
            advice=form.cleaned_data["advice"],
            at=clock.now(),
        )
        if advised is not None:
            messages.success(request, "Pokyn je zapsaný, výpravna ho uvidí u zásilky.")
            return redirect("mailroom:dispatch_detail", pk=pk)
    with_tones([dispatch])
    is_open = bool(hide_from(request.actor, [dispatch.document]))
    sending = dispatch.outbox_item
    context = {
        "dispatch": dispatch,
        "sending": sending,
        "facts": _facts(dispatch),
        "files": sending.files.order_by("position") if sending and is_open else [],
        "events": sending.receipt.events.order_by("happened_at", "pk") if sending and sending.receipt else [],
        "advice_form": form,
        "is_mailroom": bool(permissions.may_dispatch(request.actor)),
        "came_back": _came_back(dispatch),
        "crumbs": _crumbs(request, dispatch),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "mailroom/dispatch_detail.html", context, status=status)


@requires_role(Role.MAILROOM)
@require_POST
def hand_over(request: ActorRequest, pk: int) -> HttpResponse:
    """Record that the document left otherwise than by a data box."""
    addressee = queries.addressee_for(request.actor, pk)
    form = HandOverForm(request.POST)
    if form.is_valid():
        try:
            operations.hand_over(
                actor=request.actor,
                document=addressee.document,
                addressee=addressee,
                channel=form.cleaned_data["channel"],
                note=form.cleaned_data["note"],
                at=clock.now(),
            )
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("mailroom:dispatch_one", pk=pk)
        messages.success(request, f"Vypravení dokumentu {addressee.document} je zapsané.")
        return redirect("mailroom:dispatch")
    return redirect("mailroom:dispatch_one", pk=pk)


@requires_role(Role.MAILROOM)
@require_POST
def cancel(request: ActorRequest, pk: int) -> HttpResponse:
    """Take back a dispatch that still waits in the queue."""
    dispatch = queries.dispatch_for(request.actor, pk)
    letter, reason = queries.letter_of(dispatch), request.POST.get("reason", "")
    try:
        if letter is None:
            operations.cancel_dispatch(actor=request.actor, dispatch=dispatch, reason=reason)
        else:
            operations.take_back_letter(actor=request.actor, letter=letter, reason=reason, at=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Odeslání je zrušené, dokument znovu čeká ve výpravně.")
    return redirect("mailroom:dispatch")


def with_tones(found: Any) -> Any:
    """Dispatches with the tone of their chip, what is to be done, and whether their delivery is late."""
    now = clock.now()
    for dispatch in found:
        dispatch.tone = TONES[DispatchState(dispatch.state)]
        dispatch.next_step = _next_step(dispatch)
        dispatch.is_late = _is_late(dispatch, now)
        dispatch.by_fiction = _by_fiction(dispatch.outbox_item)
    return found


def _next_step(dispatch: Dispatch) -> str:
    match dispatch.state:
        case DispatchState.FAILED:
            return dispatch.problem or "Dokument znovu čeká ve výpravně."
        case DispatchState.HANDED:
            return dispatch.problem or "ISDS zprávu právě přijímá."
        case DispatchState.WAITING:
            return dispatch.problem
        case _:
            return ""


def _is_late(dispatch: Dispatch, now: Any) -> bool:
    sending = dispatch.outbox_item
    if sending is None or sending.state != OutboxState.SENT or sending.sent_at is None:
        return False
    return databox_rules.is_late(
        sent_at=sending.sent_at,
        put_in_box_at=sending.put_in_box_at,
        allow_fiction=sending.allow_fiction,
        now=now,
    )


def _by_fiction(sending: OutboxItem | None) -> bool:
    return sending is not None and sending.delivered_state == MessageState.DELIVERED_BY_FICTION


def _came_back(dispatch: Dispatch) -> bool:
    return dispatch.state == DispatchState.FAILED and not queries.is_on_its_way(dispatch.addressee)


def _facts(dispatch: Dispatch) -> list[dict[str, Any]]:
    """The dispatch as pairs; what does not apply is left out."""
    sending = dispatch.outbox_item
    pairs = [
        ("Adresát", dispatch.addressee.name),
        ("Způsob", dispatch.get_channel_display()),
        *(_facts_of_sending(sending) if sending else []),
        ("Předáno výpravně", formatting.write_datetime(dispatch.created_at)),
        ("Odesláno", formatting.write_datetime(dispatch.sent_at)),
        ("Dodáno do schránky", formatting.write_datetime(sending.put_in_box_at) if sending else ""),
        ("Doručeno", _delivery(dispatch)),
        ("Poznámka", dispatch.note),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]


def _facts_of_sending(sending: OutboxItem) -> list[tuple[str, str]]:
    kind = BoxType.of(sending.recipient_type).label if sending.recipient_type else ""
    law = f"zákon č. {sending.law}/{sending.law_year}" if sending.law else ""
    parts = ((sending.law_section, "§"), (sending.law_paragraph, "odst."), (sending.law_point, "písm."))
    title = " ".join([law, *(f"{word} {text}" for text, word in parts if text)]).strip()
    return [
        ("Schránka příjemce", " – ".join(part for part in (sending.recipient_box_id, kind) if part)),
        ("Z naší schránky", str(sending.box)),
        ("ID datové zprávy", sending.dm_id),
        ("Druh zprávy", "velkoobjemová" if sending.is_big else ""),
        ("Placená zpráva", sending.get_payment_display() if sending.payment else ""),
        ("K rukám", sending.to_hands),
        ("Do vlastních rukou", "ano" if sending.personal_delivery else ""),
        ("Náhradní doručení", "" if sending.allow_fiction else "vyloučeno"),
        ("Zmocnění", title),
        ("Jejich číslo jednací", sending.recipient_reference),
        ("Jejich spisová značka", sending.recipient_file_mark),
        ("Pokusů o odeslání", str(sending.attempts) if sending.attempts > 1 else ""),
        ("Stav v ISDS", MessageState(sending.message_state).label if sending.message_state else ""),
    ]


def _delivery(dispatch: Dispatch) -> str:
    told = formatting.write_datetime(dispatch.delivered_at)
    return f"{told} (fikcí)" if told and _by_fiction(dispatch.outbox_item) else told


def _crumbs(request: HttpRequest, dispatch: Dispatch) -> list[dict[str, str]]:
    document = {"label": dispatch.document.reference_number, "url": f"/dokumenty/{dispatch.document_id}/"}
    return [document, {"label": "Vypravení"}]


def tabs(active: str) -> list[dict[str, Any]]:
    """The parts of dispatch."""
    return [
        {
            "label": "Čeká na odeslání",
            "url": reverse("mailroom:dispatch"),
            "active": active == "dispatch",
            "count": queries.to_dispatch().count(),
        },
        {
            "label": "Pošta",
            "url": reverse("mailroom:post"),
            "active": active == "post",
            "count": queries.letters_to_post().count() or None,
        },
        {"label": "Podací archy", "url": reverse("mailroom:sheets"), "active": active == "sheets"},
        {"label": "Doručenky", "url": reverse("mailroom:slips"), "active": active == "slips"},
        {
            "label": "Odeslané a nezdařené",
            "url": reverse("mailroom:dispatch_history"),
            "active": active == "dispatch_history",
            "count": queries.failed_count() or None,
        },
    ]
