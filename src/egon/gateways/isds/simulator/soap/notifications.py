"""``/DS/dx``: notifications of new messages that deliver nothing; only for logins with a certificate."""

from typing import Final

from egon.gateways.isds.simulator import clock, refusals
from egon.gateways.isds.simulator.records import Message
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import wire
from egon.gateways.isds.simulator.soap.call import Call

MAX_RECORDS: Final = 1000
NEW_MESSAGE: Final = 1
REGISTER, UNREGISTER = 1, 0


def register(call: Call) -> bytes:
    """Ask for notifications (``action`` 1) or give them up (0)."""
    _require_certificate(call)
    action = call.number("action", None)
    if action not in {REGISTER, UNREGISTER}:
        raise refusals.bad_envelope("action má být 1 (přihlásit k odběru) nebo 0 (odhlásit).")
    call.simulator.messages.register(call.user.box_id, since=call.now if action == REGISTER else None)
    return wire.answer("RegisterForNotifications", "")


def list_new(call: Call) -> bytes:
    """Messages that came since a moment and nobody delivered yet. Nothing is delivered by asking."""
    _require_certificate(call)
    registered = call.simulator.messages.registered_since(call.user.box_id)
    if registered is None:
        raise Refusal(refusals.NO_RIGHT, "Schránka není k odběru upozornění přihlášena (RegisterForNotifications).")
    since = call.moment("ntfFromTime")
    found = call.simulator.messages.arrived(
        call.user.box_id, registered - 1 if since is None else max(since, registered - 1), MAX_RECORDS + 1
    )
    records = "".join(_record(message) for message in found[:MAX_RECORDS])
    continues = "true" if len(found) > MAX_RECORDS else "false"
    content = f"<q:ntfRecords>{records}</q:ntfRecords><q:ntfListContinues>{continues}</q:ntfListContinues>"
    return wire.answer("GetListForNotifications", content)


def _record(message: Message) -> str:
    return (
        f"<q:ntfRecord><q:ntfType>{NEW_MESSAGE}</q:ntfType>{wire.needed('dmID', str(message.id))}"
        f"<q:dmPersonalDelivery>{int(message.personal)}</q:dmPersonalDelivery>"
        f"{wire.needed('dmDeliveryTime', clock.as_xml(message.delivered or message.submitted))}"
        f"{wire.needed('dbIDRecipient', message.recipient_box)}{wire.needed('dmAnnotation', message.annotation)}"
        f"{wire.needed('dbIDSender', message.sender_box)}{wire.needed('dmSender', message.sender_name)}</q:ntfRecord>"
    )


def _require_certificate(call: Call) -> None:
    if not call.user.by_certificate:
        raise refusals.no_right()
