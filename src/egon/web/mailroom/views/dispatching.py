"""Dispatch: what is approved and waits, to which box it goes, and what became of what was sent."""

from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from egon.databox import connection
from egon.databox import queries as boxes
from egon.gateways.isds import FoundBox, IsdsRefused
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import DomainError, GatewayError
from egon.mailroom import operations, outgoing, queries
from egon.mailroom.models import Dispatch, DispatchState
from egon.records.models import Addressee
from egon.web.access import ActorRequest, requires_role
from egon.web.forms import attempt
from egon.web.mailroom.forms import BoxSearchForm, DispatchFilter, DispatchForm, HandOverForm

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
    for addressee in page:
        attempts = former.get(addressee.pk, [])
        addressee.last_problem = attempts[-1].problem if attempts else ""  # type: ignore[attr-defined]
    under_way = queries.dispatches().filter(state__in=[DispatchState.WAITING, DispatchState.HANDED])
    context = {"page": page, "under_way": with_tones(list(under_way[:20])), "tabs": _tabs("dispatch")}
    return render(request, "mailroom/dispatch.html", context)


@requires_role(Role.MAILROOM)
@require_safe
def dispatch_history(request: ActorRequest) -> HttpResponse:
    """Everything handed to dispatch with its state; failures say what to do."""
    form = DispatchFilter(request.GET or None, states=list(DispatchState.choices))
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = queries.dispatches(state=chosen.get("stav", ""), text=chosen.get("hledat", ""))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("strana"))
    with_tones(page)
    context = {"page": page, "filter_form": form, "tabs": _tabs("dispatch_history")}
    return render(request, "mailroom/dispatch_history.html", context)


@requires_role(Role.MAILROOM)
def dispatch_one(request: ActorRequest, pk: int) -> HttpResponse:
    """One addressee: its box (found by search when unknown) and the button that sends."""
    addressee = queries.addressee_for(request.actor, pk)
    initial = {"recipient_box_id": request.GET.get("schranka") or _known_box(addressee)}
    form = DispatchForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        sent = attempt(
            form,
            operations.dispatch_document,
            actor=request.actor,
            document=addressee.document,
            addressee=addressee,
            box=boxes.sending_box(),
            recipient_box_id=form.cleaned_data["recipient_box_id"],
            options=replace(
                outgoing.options_of(addressee.document), personal_delivery=form.cleaned_data["personal_delivery"]
            ),
            at=clock.now(),
        )
        if sent is not None:
            messages.success(
                request,
                f"Dokument {addressee.document} je předaný k odeslání. Stav vidíte níže, doručenka přijde sama.",
            )
            return redirect("mailroom:dispatch")
    status = 422 if form.is_bound else 200
    return render(request, "mailroom/dispatch_one.html", _context(request, addressee, form), status=status)


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
    try:
        operations.cancel_dispatch(actor=request.actor, dispatch=dispatch, reason=request.POST.get("reason", ""))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Odeslání je zrušené, dokument znovu čeká ve výpravně.")
    return redirect("mailroom:dispatch")


def with_tones(found: Any) -> Any:
    """Dispatches with the tone of their chip and what is to be done."""
    for dispatch in found:
        dispatch.tone = TONES[DispatchState(dispatch.state)]
        dispatch.advice = _advice(dispatch)
    return found


def _advice(dispatch: Dispatch) -> str:
    match dispatch.state:
        case DispatchState.FAILED:
            return dispatch.problem or "Dokument znovu čeká ve výpravně."
        case DispatchState.HANDED:
            return dispatch.problem or "ISDS zprávu právě přijímá."
        case DispatchState.WAITING:
            return dispatch.problem
        case _:
            return ""


def _known_box(addressee: Addressee) -> str:
    return addressee.databox_id or (addressee.party.databox_id if addressee.party else "")


def _context(request: ActorRequest, addressee: Addressee, form: DispatchForm) -> dict[str, Any]:
    search = BoxSearchForm(request.GET if "q" in request.GET else None, initial={"q": addressee.name})
    found, trouble = _search(search) if search.is_bound and search.is_valid() else (None, "")
    return {
        "addressee": addressee,
        "document": addressee.document,
        "form": form,
        "hand_over_form": HandOverForm(),
        "search_form": search,
        "found": found,
        "search_trouble": trouble,
        "files": outgoing.files_of(addressee.document),
        "obstacles": outgoing.obstacles_to_dispatching(addressee.document),
        "former": with_tones(list(queries.dispatches_of(addressee.document).filter(addressee=addressee))),
        "box": boxes.sending_box(),
        "crumbs": [
            {"label": "Výpravna", "url": reverse("mailroom:dispatch")},
            {"label": addressee.document.reference_number},
        ],
    }


def _search(form: BoxSearchForm) -> tuple[list[FoundBox] | None, str]:
    """ISDSSearch3 over names and addresses; a failure becomes a sentence beside the field."""
    box = boxes.sending_box()
    if box is None:
        return None, "Organizace nemá žádnou používanou schránku, vyhledávat nejde."
    try:
        with connection.client_for(box, patient=False) as client:
            return list(client.search_boxes(form.cleaned_data["q"], page_size=20).boxes), ""
    except IsdsRefused as error:
        return None, error.message
    except GatewayError as error:
        return None, f"Vyhledávání v ISDS teď nejde: {error.message} Schránku můžete zapsat i ručně."


def _tabs(active: str) -> list[dict[str, Any]]:
    return [
        {
            "label": "Čeká na odeslání",
            "url": reverse("mailroom:dispatch"),
            "active": active == "dispatch",
            "count": queries.to_dispatch().count(),
        },
        {
            "label": "Odeslané a nezdařené",
            "url": reverse("mailroom:dispatch_history"),
            "active": active == "dispatch_history",
            "count": queries.failed_count() or None,
        },
    ]
