"""The HTTP server: one thread per connection, keep-alive, ``Expect: 100-continue``, bodies up to 40 MB."""

import base64
import binascii
import json
import logging
import socket
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from egon.gateways.isds.simulator import api
from egon.gateways.isds.simulator.accounts import LoginError
from egon.gateways.isds.simulator.boxes import User
from egon.gateways.isds.simulator.clock import moment
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.faults import Fault
from egon.gateways.isds.simulator.pages import routes, site
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import router, wire
from egon.kernel.errors import BadContent

MAX_BODY: Final = 40 * 1024 * 1024
IDLE_SECONDS: Final = 120
_XML: Final = "text/xml; charset=utf-8"
_HTML: Final = "text/html; charset=utf-8"
_JSON: Final = "application/json; charset=utf-8"
_MAINTENANCE: Final = "Probíhá plánovaná údržba"
_MAINTENANCE_TEXT: Final = (
    "Omlouváme se všem uživatelům datových schránek za dočasné omezení přístupu do systému datových schránek "
    "z důvodu plánované údržby systému. Děkujeme za pochopení."
)

logger = logging.getLogger(__name__)


class SimulatorServer(ThreadingHTTPServer):
    """Listens for one :class:`Simulator`. ``shutdown`` lets running calls finish what they write."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], simulator: Simulator) -> None:
        self.simulator = simulator
        self.site = site.Site(simulator, routes.find)
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            logger.exception("spojení s %s skončilo chybou", client_address)


class _BodyTooLargeError(Exception):
    pass


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "ISDS-simulator"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = IDLE_SECONDS
    server: SimulatorServer

    def log_message(self, format: str, *args: Any) -> None:
        logger.debug("%s %s", self.address_string(), format % args)

    def handle_expect_100(self) -> bool:
        """Let the client send its body; written out at once because answers are buffered."""
        self.send_response_only(HTTPStatus.CONTINUE)
        self.end_headers()
        self.wfile.flush()
        return True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        try:
            body = self._body()
        except _BodyTooLargeError:
            self.close_connection = True
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _XML, wire.fault("Client", "Požadavek je příliš velký."))
            return
        except ValueError:
            self.close_connection = True
            self._send(HTTPStatus.BAD_REQUEST, _XML, wire.fault("Client", "Požadavek má chybnou délku."))
            return
        address = urlsplit(self.path)
        try:
            if address.path.startswith("/DS/"):
                self._soap(address.path.removeprefix("/DS/").rstrip("/"), body)
            elif address.path.startswith("/api/"):
                self._api(address.path, dict(parse_qsl(address.query)), body)
            else:
                self._page(address.path, dict(parse_qsl(address.query, keep_blank_values=True)), body)
        except ConnectionError:
            self.close_connection = True
        except Exception:
            logger.exception("požadavek %s %s skončil chybou simulátoru", self.command, address.path)
            self.close_connection = True
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, _XML, wire.fault("Server", "Vnitřní chyba simulátoru."))

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunked_body()
        length = int(self.headers.get("Content-Length") or 0)
        if length < 0:
            raise ValueError(length)
        if length > MAX_BODY:
            raise _BodyTooLargeError
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError
        return body

    def _chunked_body(self) -> bytes:
        parts: list[bytes] = []
        total = 0
        while size := int(self.rfile.readline(32).split(b";")[0], 16):
            total += size
            if size < 0 or total > MAX_BODY:
                raise _BodyTooLargeError
            parts.append(self.rfile.read(size))
            self.rfile.readline(8)
        while self.rfile.readline(1024).strip():
            pass
        return b"".join(parts)

    def _send(self, status: int, content_type: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    # -- SOAP ------------------------------------------------------------------------------------------------------

    def _soap(self, service: str, body: bytes) -> None:
        if service not in router.SERVICES:
            self._send(HTTPStatus.NOT_FOUND, _HTML, b"<html><body><h1>404 Not Found</h1></body></html>")
            return
        try:
            request = wire.read(body)
        except BadContent as broken:
            self._send(HTTPStatus.BAD_REQUEST, _XML, wire.fault("Client", str(broken)))
            return
        fault = self.server.simulator.faults.strike(router.operation_of(request))
        if fault is not None and self._broken_before(fault):
            return
        user = self._user(service)
        if user is None:
            return
        kind = "" if fault is None else fault.kind
        answer = router.answer(self.server.simulator, service, request, user, fault=kind)
        if kind == "drop_after":
            self._drop()
        elif kind == "half_answer":
            self._send_half(answer)
        else:
            self._send(HTTPStatus.OK, _XML, answer)

    def _broken_before(self, fault: Fault) -> bool:
        """Play a fault that strikes before the operation; whether the call ends with it."""
        if fault.kind in {"delay", "stall"}:
            seconds = fault.seconds if fault.kind == "delay" else fault.seconds or 300
            self.server.simulator.stopping.wait(seconds)
        if fault.kind in {"stall", "drop_before"}:
            self._drop()
        elif fault.kind == "html_401":
            self._send_unauthorized("")
        elif fault.kind == "soap_503":
            self.close_connection = True
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, _XML, wire.fault(_MAINTENANCE, _MAINTENANCE_TEXT))
        elif fault.kind == "nonsense":
            self._send(HTTPStatus.OK, _XML, b"<html><title>OK</title>\x00\xff<p>tohle neni SOAP")
        else:
            return False
        return True

    def _drop(self) -> None:
        self.close_connection = True
        # Without shutdown the client would wait: the standard library keeps the socket open a little longer.
        self.connection.shutdown(socket.SHUT_RDWR)

    def _send_half(self, answer: bytes) -> None:
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", _XML)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer[: len(answer) // 2])
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def _user(self, service: str) -> User | None:
        """The user of Basic authentication; otherwise 401 with HTML has been sent."""
        scheme, _, packed = self.headers.get("Authorization", "").partition(" ")
        try:
            login, colon, password = base64.b64decode(packed, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            colon = ""
        if scheme.lower() != "basic" or not colon:
            self._send_unauthorized("")
            return None
        try:
            return self.server.simulator.accounts.log_in(login, password, now=self.server.simulator.clock.now())
        except LoginError as failure:
            until = failure.blocked_until
            blocked = "" if until is None else moment(until).strftime("%H:%M:%S")
            self._send_unauthorized(blocked)
            return None

    def _send_unauthorized(self, blocked_until: str) -> None:
        """401 with an HTML body: ISDS sends it so, and clients fall over it."""
        if blocked_until:
            reason = f"<p>Prihlaseni blokovano do / Login blocked until: {blocked_until}</p>"
        else:
            reason = (
                "<p>You either supplied the wrong credentials (e.g., bad password), or your browser doesn't "
                "understand how to supply the credentials required.</p>"
            )
        page = (
            '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN"><html><head><title>Authentication required!</title>'
            "</head><body><h1>Authentication required!</h1><p>This server could not verify that you are authorized "
            f"to access the URL.</p>{reason}<p>In case you are allowed to request the document, please check your "
            "user-id and password and try again.</p><h2>Error 401</h2></body></html>"
        )
        challenge = {"WWW-Authenticate": 'Basic realm="ISDS"'}
        self._send(HTTPStatus.UNAUTHORIZED, "text/html; charset=iso-8859-1", page.encode("latin-1"), challenge)

    # -- JSON and pages --------------------------------------------------------------------------------------------

    def _api(self, path: str, query: dict[str, str], body: bytes) -> None:
        try:
            host, origin = self.headers.get("Host", ""), self.headers.get("Origin", "")
            if not api.is_local(self.client_address[0], host, origin):
                raise api.ApiError(403, "Správa simulátoru je dostupná jen z téhož počítače.")
            status, answer = 200, api.answer(self.server.simulator, self.command, path, query, body)
        except api.ApiError as refused:
            status, answer = refused.status, {"error": refused.message}
        except Refusal as refused:
            status, answer = 409, {"error": refused.message, "code": refused.status}
        self._send(status, _JSON, json.dumps(answer, ensure_ascii=False).encode())

    def _page(self, path: str, query: dict[str, str], body: bytes) -> None:
        local = api.is_local(self.client_address[0], self.headers.get("Host", ""), self.headers.get("Origin", ""))
        answer = self.server.site.answer(
            site.PageRequest(
                method=self.command,
                path=path,
                query=query,
                content_type=self.headers.get("Content-Type", ""),
                cookie=self.headers.get("Cookie", ""),
                body=body,
                local=local,
            )
        )
        self._send(answer.status, answer.content_type, answer.body, answer.headers)
