"""``/DS/dx``: what happens to messages after delivery: the vault, erased messages, reports of suspicious ones."""

import base64
from datetime import date, datetime, timedelta

from egon.gateways.isds.simulator import asynchronous, boxes, clock, refusals
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import wire
from egon.gateways.isds.simulator.soap.call import Call


def erase_message(call: Call) -> bytes:
    """Take a message out of the vault for good (manual 2.67, 2.9)."""
    if not call.user.may(boxes.ERASE_VAULT):
        raise Refusal("1218", "Nemáte právo mazat zprávy z Datového trezoru.")
    incoming = wire.flag(call.request, "dmIncoming", default=True)
    message = call.own()
    is_mine = message.recipient_box == call.user.box_id if incoming else message.sender_box == call.user.box_id
    stored = message.vault_received if incoming else message.vault_sent
    if not (is_mine and stored and message.state == 10):
        raise Refusal("1219", "Zpráva není uložena v Datovém trezoru.")
    call.simulator.messages.erase_from_vault(message, incoming=incoming)
    return wire.answer("EraseMessage", "")


def list_erased(call: Call) -> bytes:
    """Ask for a list of erased messages; it is picked up later."""
    call.require_view()
    side, written = call.text("dmMessageType"), call.text("dmOutFormat")
    if side not in {"SENT", "RECEIVED"} or written not in {"XML", "CSV"}:
        raise refusals.bad_envelope("dmMessageType má být SENT nebo RECEIVED a dmOutFormat XML nebo CSV.")
    first, last = _period(call)
    asked = asynchronous.Asked(side.lower(), _midnight(first), _midnight(last + timedelta(days=1)), written)
    number = call.simulator.async_requests.ask(call.user.box_id, asked, now=call.now)
    return wire.answer("GetListOfErasedMessages", wire.needed("asyncID", number))


def _period(call: Call) -> tuple[date, date]:
    """First and last day asked for: two dates, a year, or a month of a year."""
    try:
        if call.text("dmYear"):
            year, month = int(call.text("dmYear")), int(call.text("dmMonth") or 0)
            if not month:
                return date(year, 1, 1), date(year, 12, 31)
            following = date(year + month // 12, month % 12 + 1, 1)
            return date(year, month, 1), following - timedelta(days=1)
        first, last = (date.fromisoformat(call.text(name)[:10]) for name in ("dmFromDate", "dmToDate"))
    except ValueError as unreadable:
        raise refusals.bad_time(call.text("dmFromDate") or call.text("dmYear")) from unreadable
    if first > last:
        raise refusals.bad_time(f"{first} – {last}")
    return first, last


def _midnight(day: date) -> int:
    return clock.milliseconds(datetime(day.year, day.month, day.day, tzinfo=clock.PRAGUE))


def pick_up(call: Call) -> bytes:
    """Pick up what was asked for; 2352 until it is ready."""
    number = call.text("asyncID")
    found = call.simulator.async_requests.find(call.user.box_id, number)
    if call.text("asyncReqType") != asynchronous.LIST_ERASED or found is None:
        raise Refusal(refusals.ASYNC_UNKNOWN, "Asynchronní požadavek neexistuje nebo patří jiné schránce.")
    asked, ready = found
    if call.now < ready:
        raise Refusal(refusals.ASYNC_NOT_READY, "Odpověď na asynchronní požadavek ještě není připravena.")
    packed = asynchronous.erased_list(call.simulator.messages, call.user.box_id, asked, number)
    content = wire.needed("asyncReqType", asynchronous.LIST_ERASED)
    content += f"<q:asyncResponse>{base64.b64encode(packed).decode('ascii')}</q:asyncResponse>"
    return wire.answer("PickUpAsyncResponse", content)


def report_suspicious(call: Call) -> bytes:
    """Tell the operator that a received message looks like spam or fraud."""
    message = call.received()
    if message.sender_box == "aaaaaaa":
        raise Refusal("1609", "Systémovou zprávu nelze nahlásit jako podezřelou.")
    lengths = (("repName", 100, "1610"), ("repMail", 100, "1611"), ("repTel", 20, "1612"), ("note", 1000, "1613"))
    for name, limit, status in lengths:
        if len(call.text(name)) > limit:
            raise Refusal(status, f"Údaj {name} smí mít nejvýše {limit} znaků.")
    if call.text("repMail") and "@" not in call.text("repMail"):
        raise Refusal("1614", "Kontaktní e-mail není platný.")
    if not call.text("allowComplete"):
        raise Refusal("1615", "Chybí souhlas nebo nesouhlas s předáním celé zprávy (allowComplete).")
    if not call.simulator.messages.report(
        message.id,
        call.user.box_id,
        at=call.now,
        contact=(call.text("repName"), call.text("repMail"), call.text("repTel")),
        complete=wire.flag(call.request, "allowComplete", default=False),
        note=call.text("note"),
    ):
        raise Refusal("1616", "Zpráva již byla touto schránkou nahlášena.")
    return wire.answer("SuspMessageReport", "")
