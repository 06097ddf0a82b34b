"""``/DS/dx``: lists, envelopes and delivery records (dm_info.wsdl)."""

import base64
from typing import Final
from xml.sax.saxutils import quoteattr

from egon.gateways.isds.simulator import clock, documents, refusals
from egon.gateways.isds.simulator.records import Message, Window
from egon.gateways.isds.simulator.soap import wire
from egon.gateways.isds.simulator.soap.call import Call
from egon.gateways.isds.simulator.soap.messages import altered

CHANGES_KEPT_MS: Final = 15 * clock.DAY_MS
"""How far back the record of state changes goes (manual 2.67, 2.7.3)."""


def list_received(call: Call) -> bytes:
    """Messages in the box. The only call that delivers: first everything waiting that the caller may read."""
    call.require_view()
    window = _window(call)
    call.simulator.messages.deliver_by_login(call.user, now=call.now)
    return _list(call, "GetListOfReceivedMessages", call.simulator.messages.received(call.user.box_id, window), window)


def list_sent(call: Call) -> bytes:
    """Messages sent from the box; delivers nothing."""
    call.require_view()
    window = _window(call)
    return _list(call, "GetListOfSentMessages", call.simulator.messages.sent(call.user.box_id, window), window)


def _window(call: Call) -> Window:
    status_filter = call.number("dmStatusFilter", -1)
    offset = call.number("dmOffset", 1)
    return Window(
        since=call.moment("dmFromTime"),
        until=call.moment("dmToTime"),
        status_filter=-1 if status_filter is None else status_filter,
        offset=1 if offset is None else offset,
        limit=call.number("dmLimit", None),
    )


def _list(call: Call, operation: str, messages: list[Message], window: Window) -> bytes:
    if call.fault == "duplicate_list" and messages:
        messages = [messages[0], *messages]
    first = max(window.offset, 1)
    records = "".join(_record(ordinal, message) for ordinal, message in enumerate(messages, first))
    return wire.answer(operation, f"<q:dmRecords>{records}</q:dmRecords>")


def _record(ordinal: int, message: Message) -> str:
    return (
        f"<q:dmRecord{documents.kind_attribute(message)}{' dmVODZ="true"' if message.big else ''}>"
        f"<q:dmOrdinal>{ordinal}</q:dmOrdinal>{message.envelope}"
        f"<q:dmMessageStatus>{message.state}</q:dmMessageStatus>"
        f"<q:dmAttachmentSize>{message.size_kb}</q:dmAttachmentSize>"
        f"{documents.time_xml('dmDeliveryTime', message.delivered)}"
        f"{documents.time_xml('dmAcceptanceTime', message.accepted)}</q:dmRecord>"
    )


def state_changes(call: Call) -> bytes:
    """Changes of sent messages within a window of the last 15 days."""
    call.require_view()
    since, until = call.moment("dmFromTime"), call.moment("dmToTime")
    kept = call.now - CHANGES_KEPT_MS
    changes = call.simulator.messages.changes(
        call.user.box_id, kept if since is None else max(since, kept), call.now if until is None else until
    )
    records = "".join(
        f"<q:dmRecord>{wire.needed('dmID', str(message_id))}{documents.time_xml('dmEventTime', moment)}"
        f"<q:dmMessageStatus>{state}</q:dmMessageStatus></q:dmRecord>"
        for message_id, moment, state in changes
    )
    return wire.answer("GetMessageStateChanges", f"<q:dmRecords>{records}</q:dmRecords>")


def envelope_download(call: Call) -> bytes:
    """Envelope of a received message, also of an erased one."""
    call.require_view()
    return wire.answer("MessageEnvelopeDownload", documents.returned_envelope(call.simulator, call.received()))


def sent_envelope_download(call: Call) -> bytes:
    """Envelope of a sent message."""
    call.require_view()
    return wire.answer("SentMessageEnvelopeDownload", documents.returned_envelope(call.simulator, call.sent()))


def delivery_info(call: Call) -> bytes:
    """Delivery record without a seal."""
    return wire.answer("GetDeliveryInfo", documents.delivery(call.simulator, _with_delivery_record(call)))


def signed_delivery_info(call: Call) -> bytes:
    """Delivery record as a ZFO."""
    zfo = documents.delivery_zfo(call.simulator, _with_delivery_record(call))
    if call.fault == "altered_zfo":
        zfo = altered(zfo)
    signature = f"<q:dmSignature>{base64.b64encode(zfo).decode('ascii')}</q:dmSignature>"
    return wire.answer("GetSignedDeliveryInfo", signature)


def _with_delivery_record(call: Call) -> Message:
    """A message of the caller; the recipient learns nothing before delivery by login (manual 2.67, 1.8.1)."""
    call.require_view()
    message = call.own()
    if message.sender_box != call.user.box_id and message.state in {4, 5}:
        raise refusals.not_delivered_yet()
    return message


def mark_downloaded(call: Call) -> bytes:
    """The client has the message: state 7."""
    call.simulator.messages.mark_read(call.received().id)
    return wire.answer("MarkMessageAsDownloaded", "")


def verify_message(call: Call) -> bytes:
    """The digest of a message as it was submitted."""
    return wire.answer("VerifyMessage", documents.hash_xml(call.own()))


def message_author(call: Call) -> bytes:
    """Who sent the message (the older form): type and name, the latter only when its sender allowed it."""
    call.require_view()
    author = call.own().author
    name = " ".join(author[key] for key in ("pnGivenNames", "pnLastName") if author.get(key))
    return wire.answer("GetMessageAuthor", wire.q("userType", author["userType"]) + wire.q("authorName", name))


def message_author_2(call: Call) -> bytes:
    """Who sent the message, as keys and values."""
    call.require_view()
    items = "".join(
        f"<q:maItem key={quoteattr(key)} value={quoteattr(value)}></q:maItem>"
        for key, value in call.own().author.items()
    )
    return wire.answer("GetMessageAuthor2", f"<q:dmMessageAuthor>{items}</q:dmMessageAuthor>")
