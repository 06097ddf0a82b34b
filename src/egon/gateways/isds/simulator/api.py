"""The JSON door for tests and benches: boxes, messages, clock, faults. Only for callers from the same machine."""

import json
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from cryptography import x509

from egon.gateways.isds.codes import BoxState, MessageState
from egon.gateways.isds.simulator import attachments, certificates, clock, seed, sending
from egon.gateways.isds.simulator.accounts import SecondSteps
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
        code=str(body.get("code", "")),
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


def show_switches(simulator: Simulator, query: Query, body: Body) -> Any:
    return simulator.switches.as_dict()


def change_switches(simulator: Simulator, query: Query, body: Body) -> Any:
    """``{"maintenance": true, "throttle": "3008", "stamping_down": true, "blocked_downloads": []}``; the rest stays."""
    simulator.switches.change(
        maintenance=body.get("maintenance"),
        throttle=body.get("throttle"),
        stamping_down=body.get("stamping_down"),
        blocked_downloads=body.get("blocked_downloads"),
    )
    return simulator.switches.as_dict()


def open_vault(simulator: Simulator, query: Query, body: Body) -> Any:
    """``{"box": …, "capacity": 100, "days": 365}``: a vault from now on."""
    now = simulator.now()
    until = now + round(float(body.get("days", 365)) * clock.DAY_MS)
    box = _box(simulator, body)
    simulator.vaults.open(box.id, capacity=int(body.get("capacity", 100)), since=now, until=until)
    return {"box": box.id, "until": clock.as_xml(until)}


def charge_credit(simulator: Simulator, query: Query, body: Body) -> Any:
    """``{"box": …, "amount": 100000}`` in halers."""
    box = _box(simulator, body)
    simulator.credit.charge(box.id, int(body["amount"]), now=simulator.now())
    return {"box": box.id, "credit": simulator.credit.balance(box.id)}


def set_login(simulator: Simulator, query: Query, body: Body) -> Any:
    """``{"login": …, "sms": true, "mobile_key": true, "password_expires_in_days": 3}``; what is left out stays."""
    login = str(body["login"])
    if simulator.accounts.find(login) is None:
        raise ApiError(404, f"Přihlášení {login} neexistuje.")
    steps = simulator.accounts.second_steps(login)
    sms = bool(body.get("sms", steps.sms))
    mobile_code = steps.mobile_code
    if "mobile_key" in body:
        mobile_code = secrets.token_hex(8) if body["mobile_key"] else ""
    simulator.accounts.set_second_steps(login, SecondSteps(sms, mobile_code))
    if "password_expires_in_days" in body:
        days = body["password_expires_in_days"]
        expires = None if days is None else simulator.now() + round(float(days) * clock.DAY_MS)
        simulator.accounts.set_password_expiry(login, expires)
    return {"login": login, "sms": sms, "communication_code": mobile_code}


def show_phones(simulator: Simulator, query: Query, body: Body) -> Any:
    return simulator.sessions.shown()


def decide_mobile_key(simulator: Simulator, query: Query, body: Body) -> Any:
    """``{"login": …, "accept": true}``: what a person would tap on the telephone."""
    return {"decided": simulator.sessions.decide(str(body["login"]), accept=bool(body.get("accept", True)))}


def list_certificates(simulator: Simulator, query: Query, body: Body) -> Any:
    return [asdict(one) for one in simulator.certificates.every()]


def add_certificate(simulator: Simulator, query: Query, body: Body) -> Any:
    """``{"kind": "system"|"hspis"|"user", "box": …, "login": …, "days": 365, "password": ""}`` issues one;
    with ``certificate_pem`` an existing one of the test authority is registered."""
    kind, login = str(body["kind"]), str(body.get("login", ""))
    user = simulator.accounts.find(login) if kind == certificates.PERSONAL else None
    if kind == certificates.PERSONAL and user is None:
        raise ApiError(404, f"Přihlášení {login} neexistuje.")
    box_id = _box(simulator, body).id if user is None else user.box_id
    if "certificate_pem" in body:
        existing = x509.load_pem_x509_certificate(str(body["certificate_pem"]).encode())
        return asdict(simulator.certificates.register(existing, kind=kind, box_id=box_id, login=login))
    validity = certificates.days(float(body.get("days", 365)))
    made = simulator.pki.issue_client(f"{kind} {box_id} {login}".strip(), datetime.now(UTC), validity=validity)
    registered = simulator.certificates.register(made.certificate, kind=kind, box_id=box_id, login=login)
    return asdict(registered) | certificates.as_files(made, str(body.get("password", "")))


def revoke_certificate(simulator: Simulator, query: Query, body: Body) -> Any:
    simulator.certificates.revoke(query["fingerprint"])
    return list_certificates(simulator, query, body)


def list_uploads(simulator: Simulator, query: Query, body: Body) -> Any:
    """Uploads of a box that no large message took yet."""
    simulator.now()
    return [asdict(one) for one in simulator.uploads.of_box(query["box"])]


def _box(simulator: Simulator, body: Body) -> Box:
    box = simulator.directory.find(str(body["box"]))
    if box is None:
        raise ApiError(404, f"Schránka {body['box']} neexistuje.")
    return box


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
    ("GET", "/api/switches"): show_switches,
    ("POST", "/api/switches"): change_switches,
    ("POST", "/api/vault"): open_vault,
    ("POST", "/api/credit"): charge_credit,
    ("POST", "/api/logins"): set_login,
    ("GET", "/api/phones"): show_phones,
    ("POST", "/api/mobile-key"): decide_mobile_key,
    ("GET", "/api/certificates"): list_certificates,
    ("POST", "/api/certificates"): add_certificate,
    ("DELETE", "/api/certificates"): revoke_certificate,
    ("GET", "/api/uploads"): list_uploads,
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
