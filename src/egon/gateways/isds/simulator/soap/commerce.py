"""``/DS/df``: commercial messages, credit and the vault (manual WS vyhledávání, 2.5 to 2.8)."""

from datetime import date, datetime, timedelta
from typing import Final
from xml.sax.saxutils import escape

from egon.gateways.isds.codes import StatusCode
from egon.gateways.isds.simulator import attachments, boxes, clock, refusals
from egon.gateways.isds.simulator.credit import CHARGED, PRICE, Movement
from egon.gateways.isds.simulator.messages import INITIATING_MS
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import wire
from egon.gateways.isds.simulator.soap.call import Call
from egon.gateways.isds.simulator.soap.wire import needed, q

_CREDIT_VAULT: Final = 1
_LONGEST: Final = timedelta(days=366)
_OLDEST: Final = timedelta(days=456)
_CONSTANTS: Final = (
    ("PDZ_PRICE", str(PRICE)),
    ("DM_MAX_SIZE_MB", str(attachments.MAX_TOTAL_BYTES // 1024**2)),
    ("VODZ_MAX_SIZE_MB", str(attachments.MAX_BIG_BYTES // 1024**2)),
    ("DM_MAX_FILES", str(attachments.MAX_FILES)),
)


def pdz_info(call: Call) -> bytes:
    """In which ways the box may send commercial messages."""
    box_id = call.own_box("PDZSender")
    records: list[str] = []
    for message, reference in call.simulator.messages.initiating_for(box_id):
        expires = clock.as_xml(message.submitted + INITIATING_MS)
        records.append(_rule("O", message.sender_box, message.sender_box, expires, "1", reference))
    if call.box.commercial_sender:
        records.append(_rule("K", "", box_id, "", "", ""))
    balance, expires_at = call.simulator.credit.balance(box_id), call.simulator.credit.expires(box_id)
    if balance > 0 and expires_at is not None:
        records.append(_rule("E", "", box_id, clock.as_xml(expires_at), str(balance // PRICE), ""))
    return wire.answer("PDZInfo", f"<q:dbPDZRecords>{''.join(records)}</q:dbPDZRecords>", kind="db")


def _rule(kind: str, recipient: str, payer: str, expires: str, count: str, reference: str) -> str:
    return (
        f"<q:dbPDZRecord>{needed('PDZType', kind)}{q('PDZRecip', recipient)}{needed('PDZPayer', payer)}"
        f"{q('PDZExpire', expires)}{q('PDZCnt', count)}{q('ODZIdent', reference)}</q:dbPDZRecord>"
    )


def pdz_send_info(call: Call) -> bytes:
    """Whether a commercial message may be sent to a box."""
    box_id, kind = call.text("dbId"), call.text("PDZType") or "Normal"
    if not boxes.is_box_id(box_id):
        raise Refusal(refusals.MALFORMED_BOX_ID, "Chybný formát identifikátoru datové schránky.")
    recipient, sender = call.simulator.directory.find(box_id), call.box
    possible = (
        recipient is not None
        and recipient.state == 1
        and recipient.open_addressing
        and not (recipient.is_public_authority or sender.is_public_authority)
        and call.user.may(boxes.CREATE_MESSAGES)
        and (kind != "Init" or recipient.commercial_sender)
        and _can_pay(call, 2 if kind == "Init" else 1)
    )
    return wire.answer("PDZSendInfo", f"<q:PDZsiResult>{'true' if possible else 'false'}</q:PDZsiResult>", kind="db")


def _can_pay(call: Call, count: int) -> bool:
    return call.box.commercial_sender or call.simulator.credit.balance(call.user.box_id) >= count * PRICE


def credit_info(call: Call) -> bytes:
    """What is left of the credit and what it was spent on."""
    box_id = call.own_box()
    first, last = _day(call, "ciFromDate"), _day(call, "ciTodate")
    records = ""
    if first is not None and last is not None:
        today = clock.moment(call.now).date()
        if first > last:
            raise Refusal("1137", "Začátek období je pozdější než jeho konec.")
        if last - first > _LONGEST or today - first > _OLDEST:
            raise Refusal("1093", "Období je příliš dlouhé nebo příliš staré.")
        found = call.simulator.credit.movements(box_id, _midnight(first), _midnight(last + timedelta(days=1)))
        records = "".join(_movement(one) for one in found)
    content = (
        f"<q:currentCredit>{call.simulator.credit.balance(box_id)}</q:currentCredit>{q('notifEmail', '')}"
        f"<q:ciRecords>{records}</q:ciRecords>"
    )
    return wire.answer("DataBoxCreditInfo", content, kind="db")


def _movement(one: Movement) -> str:
    if one.type == CHARGED:
        particular = needed("ciTransID", one.transaction_id)
    else:
        particular = needed("ciRecipientID", one.recipient) + needed("ciPDZID", one.message_id)
    return (
        f"<q:ciRecord>{needed('ciEventTime', clock.as_xml(one.time))}<q:ciEventType>{one.type}</q:ciEventType>"
        f"<q:ciCreditChange>{one.change}</q:ciCreditChange><q:ciCreditAfter>{one.after}</q:ciCreditAfter>"
        f"{particular}</q:ciRecord>"
    )


def _day(call: Call, name: str) -> date | None:
    value = call.text(name)
    if not value:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError as unreadable:
        raise refusals.bad_time(value) from unreadable


def _midnight(day: date) -> int:
    return clock.milliseconds(datetime(day.year, day.month, day.day, tzinfo=clock.PRAGUE))


def vault_info(call: Call) -> bytes:
    """The vault of the box; kind 0 and nothing else without one."""
    vault = call.simulator.vaults.of_box(call.own_box("dbId"), now=call.now)
    if vault is None:
        values = ("0", "", "", "", "")
    else:
        since, until = (clock.moment(one).date().isoformat() for one in (vault.since, vault.until))
        values = (str(_CREDIT_VAULT), str(vault.capacity), since, until, str(vault.used))
    names = ("ActDTType", "ActDTCapacity", "ActDTFrom", "ActDTTo", "ActDTCapUsed")
    present = "".join(q(name, value) for name, value in zip(names, values, strict=True))
    future = needed("FutDTType", "0") + "".join(q(f"FutDT{name}", "") for name in ("Capacity", "From", "To"))
    return wire.answer("DTInfo", f"{present}{future}{needed('FutDTPaid', '0')}", kind="db")


def constants(call: Call) -> bytes:
    """Prices and limits in force. Their names are the simulator's own."""
    try:
        day = date.fromisoformat(call.text("constDate")[:10] or clock.moment(call.now).date().isoformat())
    except ValueError as unreadable:
        raise Refusal(StatusCode.BAD_DATE, "Chybný zápis data.") from unreadable
    records = "".join(
        f"<q:constRecord>{needed('cName', name)}{needed('cValue', escape(value))}<q:cFrom>{day.year}-01-01</q:cFrom>"
        f"<q:cTo>{day.year}-12-31</q:cTo></q:constRecord>"
        for name, value in _CONSTANTS
    )
    return wire.answer("GetConstants", f"<q:constRecords>{records}</q:constRecords>", kind="db")
