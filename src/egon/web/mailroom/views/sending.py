"""Sending by data box: to one addressee or to many, with the box found, looked at and chosen."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from egon.databox import connection, recipients
from egon.databox import queries as boxes
from egon.databox.models import Box
from egon.databox.recipients import Owner, Recipient
from egon.gateways.isds import IsdsRefused
from egon.gateways.isds.codes import BoxType
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import GatewayError
from egon.mailroom import operations, outgoing, queries
from egon.records.disclosure import hide_from
from egon.records.models import Addressee, Document
from egon.web import formatting
from egon.web.access import ActorRequest, requires_role
from egon.web.forms import attempt
from egon.web.mailroom.dispatch_forms import BoxSearchForm, DispatchForm, HandOverForm, ManyForm, OptionsForm
from egon.web.mailroom.views.dispatching import with_tones

SEARCH: Final = "hledat"
CHOOSE: Final = "vybrat"
LOOK: Final = "overit"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search in ISDS gave, or why it gave nothing; ``None`` owners when nothing was looked for."""

    owners: list[Owner] | None = None
    trouble: str = ""


@requires_role(Role.MAILROOM)
def dispatch_one(request: ActorRequest, pk: int) -> HttpResponse:
    """One addressee: its box (searched, looked at), choices of the message, and the button that sends."""
    addressee = queries.addressee_for(request.actor, pk)
    box = _own_box(request)
    asked = _asked(request)
    box_id = request.POST.get(CHOOSE) or request.POST.get("recipient_box_id") or request.GET.get("schranka")
    box_id = (box_id or _known_box(addressee)).strip().lower()
    recipient, trouble = _look(box, box_id) if _looks(request, asked, box, box_id) else (None, "")
    if request.method == "POST" and not asked:
        form, choices = DispatchForm(request.POST), _choices(box, request)
        if form.is_valid() and choices.is_valid():
            sent = attempt(
                form,
                operations.dispatch_document,
                actor=request.actor,
                document=addressee.document,
                addressee=addressee,
                box=box,
                recipient_box_id=form.cleaned_data["recipient_box_id"],
                recipient_type=form.cleaned_data["recipient_type"],
                options=choices.options(),
                remember=form.cleaned_data["remember"],
                at=clock.now(),
            )
            if sent is not None:
                messages.success(
                    request,
                    f"Dokument {addressee.document} je předaný k odeslání. Stav vidíte níže, doručenka přijde sama.",
                )
                return redirect("mailroom:dispatch")
    else:
        form = DispatchForm(initial=_typed(request, DispatchForm) | _box_facts(addressee, box_id, recipient, request))
        choices = _choices(box, request, _reference(addressee.document, recipient))
    context = {
        **_context(request, addressee.document, box, form, choices),
        "addressee": addressee,
        "recipient": recipient,
        "recipient_trouble": trouble,
        "meant_for": recipients.meant_for(recipient.box_type) if recipient else "",
        "funds": _funds(recipient),
        "hand_over_form": HandOverForm(),
        "former": with_tones(list(queries.dispatches_of(addressee.document).filter(addressee=addressee))),
        "others": queries.waiting_of(addressee.document).count() - 1,
        "found": _search(request, box, addressee.name) if asked == SEARCH or "q" in request.GET else Found(),
        "search_form": BoxSearchForm(initial={"q": request.POST.get("q") or request.GET.get("q") or addressee.name}),
    }
    status = 422 if form.is_bound or choices.is_bound else 200
    return render(request, "mailroom/dispatch_one.html", context, status=status)


@requires_role(Role.MAILROOM)
def dispatch_many(request: ActorRequest, pk: int) -> HttpResponse:
    """All addressees of one document that wait: whom to send to, to which box, with choices common to all."""
    document = queries.outgoing_document_for(request.actor, pk)
    waiting = list(queries.waiting_of(document))
    if not waiting:
        messages.info(request, f"Dokument {document} už na nikoho nečeká.")
        return redirect("mailroom:dispatch")
    box = _own_box(request)
    asked = _asked(request)
    known = [(addressee, _known_box(addressee)) for addressee in waiting]
    if request.method == "POST" and not asked:
        form, choices = ManyForm(request.POST, addressees=known), _choices(box, request)
        if form.is_valid() and choices.is_valid():
            chosen = form.chosen()
            sent = attempt(
                form,
                operations.dispatch_to_many,
                actor=request.actor,
                document=document,
                chosen=chosen,
                box=box,
                options=choices.options(),
                remember="remember" in request.POST,
                at=clock.now(),
            )
            if sent is not None:
                count = formatting.write_count(len(sent), "adresátovi", "adresátům", "adresátům")
                messages.success(
                    request, f"Dokument {document} je předaný k odeslání {count}. Stav každého vidíte níže."
                )
                return redirect("mailroom:dispatch")
    else:
        form = ManyForm(addressees=known, initial=_typed_many(request))
        choices = _choices(box, request, _reference(document, None))
    searched = _searched(waiting, request.POST.get(SEARCH) or _enter(request, asked))
    context = {
        **_context(request, document, box, form, choices),
        "searched": searched,
        "found": _search(request, box, searched.name) if searched else Found(),
        "search_form": BoxSearchForm(initial={"q": _query(request, waiting, searched)}),
        "remember": "remember" in request.POST,
    }
    status = 422 if form.is_bound or choices.is_bound else 200
    return render(request, "mailroom/dispatch_many.html", context, status=status)


def _own_box(request: HttpRequest) -> Box | None:
    """From which of our boxes: the one chosen, otherwise the first in use."""
    chosen = request.POST.get("sender", "")
    return next((box for box in boxes.boxes_in_use() if str(box.pk) == chosen), boxes.sending_box())


# --- what was typed, and what was asked for ------------------------------------------------------------------------


def _asked(request: HttpRequest) -> str:
    """Which button was pressed other than that which sends; the key Enter searches for what was typed, or looks."""
    if "enter" in request.POST:
        return SEARCH if request.POST.get("q", "") != request.POST.get("q_shown", "") else LOOK
    return next((name for name in (SEARCH, CHOOSE, LOOK) if name in request.POST), "")


def _looks(request: HttpRequest, asked: str, box: Box | None, box_id: str) -> bool:
    """ISDS is asked about the box when a person wants it, and always when sending could cost something."""
    wants = asked in (CHOOSE, LOOK) or (request.method != "POST" and "schranka" in request.GET)
    return bool(box and box_id) and (wants or not _is_authority(box))


def _choices(box: Box | None, request: HttpRequest, initial: dict[str, Any] | None = None) -> OptionsForm:
    public_authority = _is_authority(box)
    if initial is None:
        return OptionsForm(request.POST, public_authority=public_authority)
    return OptionsForm(initial=initial | _typed(request, OptionsForm), public_authority=public_authority)


def _typed(request: HttpRequest, kind: type[DispatchForm] | type[OptionsForm]) -> dict[str, Any]:
    """Values of a form that was posted to search or look, to be shown again."""
    if request.method != "POST":
        return {}
    names = [name for name in kind.base_fields if name in request.POST]
    return {name: request.POST.getlist(name) if name == "publish" else request.POST[name] for name in names}


def _typed_many(request: HttpRequest) -> dict[str, Any]:
    """The rows as they were typed; a box chosen among those found goes to the row it was searched for."""
    if request.method != "POST":
        return {}
    typed = {name: value for name, value in request.POST.items() if name.startswith(("schranka-", "ruce-"))}
    ticked = {name.replace("schranka-", "komu-"): False for name in typed if name.startswith("schranka-")}
    ticked |= {name: True for name in request.POST if name.startswith("komu-")}
    addressee_id, _, box_id = request.POST.get(CHOOSE, "").partition(":")
    chosen = {f"schranka-{addressee_id}": box_id, f"komu-{addressee_id}": True} if box_id else {}
    return {**typed, **ticked, **chosen}


def _reference(document: Document, recipient: Recipient | None) -> dict[str, Any]:
    """How the recipient marked what we answer to; a reply paid by the recipient has to name their message."""
    ordinary = {"recipient_reference": outgoing.options_of(document).recipient_reference}
    if recipient and recipient.funds and recipient.funds.reply_to:
        return ordinary | {"recipient_reference": recipient.funds.reply_to}
    return ordinary


def _box_facts(addressee: Addressee, box_id: str, recipient: Recipient | None, request: HttpRequest) -> dict[str, Any]:
    party_knows_none = addressee.party is not None and not addressee.party.databox_id
    remembered = {} if request.method == "POST" else {"remember": party_knows_none}
    box_type = str(recipient.box_type) if recipient else ""
    return {"recipient_box_id": box_id, "recipient_type": box_type, **remembered}


def _searched(waiting: list[Addressee], pk: str) -> Addressee | None:
    return next((addressee for addressee in waiting if str(addressee.pk) == pk), None)


def _enter(request: HttpRequest, asked: str) -> str:
    """For whom the key Enter searches: for the one searched for before."""
    return request.POST.get("searched", "") if asked == SEARCH else ""


def _query(request: HttpRequest, waiting: list[Addressee], searched: Addressee | None) -> str:
    """What the search field shows: the addressee's name, unless a person typed something of their own."""
    typed = request.POST.get("q", "").strip()
    if searched and (not typed or typed in {one.name for one in waiting}):
        return searched.name
    return typed


# --- asking ISDS ---------------------------------------------------------------------------------------------------


def _search(request: HttpRequest, box: Box | None, name: str) -> Found:
    """The search; a failure becomes a sentence beside the field."""
    if box is None:
        return Found(trouble="Organizace nemá žádnou používanou schránku, vyhledávat nejde.")
    sent = request.POST if request.method == "POST" else request.GET
    form = BoxSearchForm({"q": sent.get("q") or name, "podle": sent.get("podle", "")})
    if not form.is_valid():
        return Found(trouble="Napište alespoň tři znaky.")
    try:
        with connection.client_for(box, patient=False) as client:
            return Found(recipients.search(client, form.cleaned_data["q"], form.cleaned_data["podle"]))
    except IsdsRefused as error:
        return Found(trouble=error.message)
    except GatewayError as error:
        return Found(trouble=f"Vyhledávání v ISDS teď nejde: {error.message} Schránku můžete zapsat i ručně.")


def _look(box: Box | None, box_id: str) -> tuple[Recipient | None, str]:
    """What ISDS says of a box now; a failure becomes a sentence, because sending looks once more anyway."""
    if box is None:
        return None, ""
    try:
        with connection.client_for(box, patient=False) as client:
            return recipients.look_at(box, box_id, client), ""
    except IsdsRefused as error:
        return None, error.message
    except GatewayError as error:
        return None, f"Schránku teď v ISDS ověřit nejde: {error.message} Před odesláním se ověří znovu."


# --- what is shown -------------------------------------------------------------------------------------------------


def _context(
    request: ActorRequest, document: Document, box: Box | None, form: Any, choices: OptionsForm
) -> dict[str, Any]:
    hide_from(request.actor, [document])
    return {
        "document": document,
        "form": form,
        "choices": choices,
        "box": box,
        "own_boxes": boxes.boxes_in_use(),
        "files": outgoing.files_of(document),
        "is_big": outgoing.is_big(document),
        "obstacles": outgoing.obstacles_to_dispatching(document),
        "crumbs": [
            {"label": "Výpravna", "url": reverse("mailroom:dispatch")},
            {"label": document.reference_number},
        ],
    }


def _funds(recipient: Recipient | None) -> dict[str, Any] | None:
    """How a commercial message to this box could be paid, in words."""
    if recipient is None or recipient.funds is None:
        return None
    funds = recipient.funds
    return {
        "credit": _crowns(funds.credit),
        "remaining": funds.remaining,
        "price": _crowns(funds.price) if funds.price else "",
        "contract": funds.contract,
        "reply_to": funds.reply_to,
        "ways": [payment.label for payment in funds.payments],
    }


def _crowns(hellers: int) -> str:
    return f"{formatting.write_number(hellers / 100, 2)}\u00a0Kč"


def _is_authority(box: Box | None) -> bool:
    return box is not None and BoxType.of(box.box_type).is_public_authority


def _known_box(addressee: Addressee) -> str:
    return addressee.databox_id or (addressee.party.databox_id if addressee.party else "")
