"""The JSON door for tests and benches: boxes, messages, clock, faults. Only for callers from the same machine."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from egon.gateways.isds.codes import BoxState, MessageState
from egon.gateways.isds.simulator import attachments, clock, seed, sending
from egon.gateways.isds.simulator.attachments import Attachment
from egon.gateways.isds.simulator.boxes import Box, User
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.envelopes import Envelope
from egon.gateways.isds.simulator.records import Message, Window

MAX_BULK: Final = 200_000
_BULK_STEP: Final = 500


class ApiError(Exception):
    """A request that makes no sense; ``status`` is the HTTP status, the text is shown to the caller."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


Query = dict[str, str]
Body = dict[str, Any]
Endpoint = Callable[[Simulator, Query, Body], Any]


def health(simulator: Simulator, query: Query, body: Body) -> Any:
    return {"status": "ok", "messages": simulator.messages.count(), "boxes": len(simulator.directory.every())}


def show_clock(simulator: Simulator, query: Query, body: Body) -> Any:
    return {"now": clock.as_xml(simulator.clock.now()), "offset_seconds": simulator.clock.offset_ms / 1000}


def advance_clock(simulator: Simulator, query: Query, body: Body) -> Any:
    simulator.clock.advance(round(float(body["advance_seconds"]) * 1000))
    simulator.now()
    return show_clock(simulator, query, body)


def list_faults(simulator: Simulator, query: Query, body: Body) -> Any:
    return [fault.as_dict() for fault in simulator.faults.every()]


def add_fault(simulator: Simulator, query: Query, body: Body) -> Any:
    return simulator.faults.add(
        operation=str(body.get("operation", "*")),
        kind=str(body["kind"]),
        seconds=float(body.get("seconds", 0)),
        count=int(body.get("count", 1)),
        probability=float(body.get("probability", 1)),
    ).as_dict()


def clear_faults(simulator: Simulator, query: Query, body: Body) -> Any:
    simulator.faults.clear(int(query["id"]) if "id" in query else None)
    return list_faults(simulator, query, body)


def list_boxes(simulator: Simulator, query: Query, body: Body) -> Any:
    return [_shown_box(simulator, box) for box in simulator.directory.every()]


def create_box(simulator: Simulator, query: Query, body: Body) -> Any:
    """A new box with logins, or with ``{"id": …, "state": n}`` the opening or closing of one that exists."""
    existing = simulator.directory.find(str(body.get("id", "")))
    if existing is not None and "state" in body:
        existing = simulator.set_box_state(existing, int(body["state"]))
    return _shown_box(simulator, existing or seed.create(simulator, body))


def _shown_box(simulator: Simulator, box: Box) -> dict[str, Any]:
    shown = asdict(box) | {"type_name": box.type_name, "full_name": box.full_name}
    shown["state_name"] = BoxState(box.state).label
    shown["users"] = [{"login": user.login, "type": user.type} for user in simulator.accounts.of_box(box.id)]
    return shown


def list_messages(simulator: Simulator, query: Query, body: Body) -> Any:
    """Received messages of a box, or those it sent (``side=sent``); delivers nothing."""
    if "box" not in query:
        raise ApiError(400, "Chybí parametr box s identifikátorem schránky.")
    simulator.now()
    window = Window(limit=int(query.get("limit", "1000")), offset=int(query.get("offset", "1")))
    side = simulator.messages.sent if query.get("side") == "sent" else simulator.messages.received
    return [_shown_message(simulator, message) for message in side(query["box"], window)]


def _shown_message(simulator: Simulator, message: Message) -> dict[str, Any]:
    def moment(value: int | None) -> str | None:
        return None if value is None else clock.as_xml(value)

    return {
        "id": str(message.id),
        "sender": message.sender_box,
        "recipient": message.recipient_box,
        "annotation": message.annotation,
        "type": message.kind,
        "state": message.state,
        "state_name": MessageState(message.state).label,
        "submitted": moment(message.submitted),
        "delivered": moment(message.delivered),
        "accepted": moment(message.accepted),
        "size_kb": message.size_kb,
        "hash": message.hash.hex(),
        "events": [{"time": moment(at), "text": text} for at, text in simulator.messages.events(message.id)],
    }


def fill_messages(simulator: Simulator, query: Query, body: Body) -> Any:
    """Put ``count`` messages with ``size`` bytes of attachment each into a box; their numbers.

    ``{"from": box, "to": box, "count": n, "size": bytes, "annotation": "…", "files": [{"name", "text"}]}``.
    Without ``files`` each message carries one text file with content of its own.
    """
    count, size = int(body.get("count", 1)), int(body.get("size", 1000))
    if not 1 <= count <= MAX_BULK or not 1 <= size <= attachments.MAX_TOTAL_BYTES:
        raise ApiError(400, f"Počet má být 1 až {MAX_BULK} a velikost 1 až {attachments.MAX_TOTAL_BYTES} bajtů.")
    sender = simulator.directory.find(str(body.get("from", "")))
    if sender is None:
        raise ApiError(404, f"Schránka odesílatele {body.get('from')} neexistuje.")
    recipient = sending.recipient_of(simulator.directory, sender, str(body.get("to", "")))
    author = (simulator.accounts.of_box(sender.id) or [User(login="api", box_id=sender.id, isds_id="")])[0]
    annotation = str(body.get("annotation", "Zkušební zpráva"))
    given = [_given_file(one) for one in body.get("files", [])]
    numbers: list[str] = []
    for start in range(0, count, _BULK_STEP):
        now = simulator.now()
        with simulator.messages.together():
            for order in range(start, min(start + _BULK_STEP, count)):
                envelope = Envelope(
                    recipient_box=recipient.id,
                    annotation=annotation if count == 1 else f"{annotation} {order + 1}",
                    sender_ref_number=str(body.get("sender_ref_number", "")),
                )
                files = given or [_filler(order, size)]
                kind = sending.kind_of(simulator.messages, sender, recipient, envelope)
                numbers.append(
                    str(
                        simulator.messages.submit(
                            sender=sender,
                            recipient=recipient,
                            author=author,
                            envelope=Envelope(**(asdict(envelope) | {"kind": kind})),
                            files=files,
                            now=now,
                            stamp_now=count <= _BULK_STEP,
                        )
                    )
                )
    return {"ids": numbers}


def _given_file(described: Body) -> Attachment:
    name = str(described["name"])
    mime_type = str(described.get("mime_type") or attachments.mime_type_of(name))
    return Attachment(name=name, mime_type=mime_type, content=str(described["text"]).encode())


def _filler(order: int, size: int) -> Attachment:
    text = f"Zkušební příloha {order + 1}\n".encode() + os.urandom((size + 1) // 2).hex().encode()
    return Attachment(name=f"priloha-{order + 1}.txt", mime_type="text/plain", content=text[:size])


ENDPOINTS: Final[dict[tuple[str, str], Endpoint]] = {
    ("GET", "/api/health"): health,
    ("GET", "/api/clock"): show_clock,
    ("POST", "/api/clock"): advance_clock,
    ("GET", "/api/faults"): list_faults,
    ("POST", "/api/faults"): add_fault,
    ("DELETE", "/api/faults"): clear_faults,
    ("GET", "/api/boxes"): list_boxes,
    ("POST", "/api/boxes"): create_box,
    ("GET", "/api/messages"): list_messages,
    ("POST", "/api/messages"): fill_messages,
}

_LOCAL_HOST: Final = re.compile(r"(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?")


def is_local(client_address: str, host_header: str, origin: str) -> bool:
    """Whether a call comes from this machine and not from a web page opened on it."""
    same_origin = not origin or _LOCAL_HOST.fullmatch(origin.removeprefix("http://")) is not None
    from_here = client_address in {"::1", "::ffff:127.0.0.1"} or client_address.startswith("127.")
    return from_here and same_origin and _LOCAL_HOST.fullmatch(host_header) is not None


def answer(simulator: Simulator, method: str, path: str, query: Query, raw: bytes) -> Any:
    """Perform a call; raises :class:`ApiError` with the status to answer."""
    endpoint = ENDPOINTS.get((method, path))
    if endpoint is None:
        raise ApiError(404, "Taková adresa tu není.")
    try:
        body = json.loads(raw) if raw else {}
        if not isinstance(body, dict):
            raise ApiError(400, "Očekává se objekt JSON.")
        return endpoint(simulator, query, body)
    except KeyError as missing:
        raise ApiError(400, f"Chybí údaj {missing}.") from missing
    except (ValueError, TypeError) as nonsense:
        raise ApiError(400, str(nonsense)) from nonsense
