"""The HTTP server: one thread per connection, keep-alive, ``Expect: 100-continue``, large bodies go to disk."""

import json
import logging
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from egon.gateways.isds.simulator import api
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.pages import routes, site
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import wire
from egon.gateways.isds.simulator.soap_http import (
    CODE_SERVICE,
    MAX_BODY,
    PUBLIC_DIRECTORY,
    XML,
    BadLengthError,
    BodyTooLargeError,
    SoapHandler,
)

IDLE_SECONDS: Final = 120
LAST_CALLS_SECONDS: Final = 10
_JSON: Final = "application/json; charset=utf-8"

logger = logging.getLogger(__name__)


class CallsUnderWay:
    """How many calls are being answered just now."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    @contextmanager
    def one(self) -> Iterator[None]:
        """The block is one call."""
        with self._changed:
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def wait_for_end(self, seconds: float) -> bool:
        """Wait until there is none; ``False`` when some are still running after ``seconds``."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)


class SimulatorServer(ThreadingHTTPServer):
    """Listens for one :class:`Simulator`. ``server_close`` lets running calls finish and clean up after themselves."""

    # Threads of idle connections end with the process: waiting for them would be waiting for the clients.
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], simulator: Simulator, *, tls: bool = False) -> None:
        self.simulator = simulator
        self.calls = CallsUnderWay()
        self.site = site.Site(simulator, routes.find)
        super().__init__(address, Handler)
        if tls:
            # The handshake is left to the thread of the connection: a silent client must not stop the others.
            self.socket = tls_context(simulator, address[0]).wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def server_close(self) -> None:
        """Stop listening; calls under way, also delayed ones, are finished and their folders removed."""
        super().server_close()
        self.simulator.stopping.set()
        if not self.calls.wait_for_end(LAST_CALLS_SECONDS):
            logger.warning("některá volání neskončila ani za %d s, jsou opuštěna", LAST_CALLS_SECONDS)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError | ssl.SSLError):
            logger.exception("spojení s %s skončilo chybou", client_address)


def tls_context(simulator: Simulator, host: str) -> ssl.SSLContext:
    """TLS 1.2 or later with a certificate of the test authority; client certificates of it are welcome."""
    hosts = list(dict.fromkeys([host or "localhost", "localhost", "127.0.0.1"]))
    certificate, key = simulator.pki.server(hosts, datetime.now(UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(simulator.tls_authority)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


class Handler(SoapHandler):
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

    def serve(self) -> None:
        """One request, whatever it is for."""
        with self.server.calls.one():
            self._serve()

    def _serve(self) -> None:
        address = urlsplit(self.path)
        try:
            if self.is_soap(address.path):
                self.serve_soap(address.path)
            elif address.path == CODE_SERVICE:
                self.serve_password_change()
            elif address.path == PUBLIC_DIRECTORY:
                self.serve_public_directory()
            elif address.path.startswith("/as/"):
                self.serve_login(address.path, dict(parse_qsl(address.query)))
            elif address.path.startswith("/api/"):
                self._api(address.path, dict(parse_qsl(address.query)), b"".join(self.body_chunks(MAX_BODY)))
            else:
                query = dict(parse_qsl(address.query, keep_blank_values=True))
                self._page(address.path, query, b"".join(self.body_chunks(MAX_BODY)))
        except BodyTooLargeError:
            self.close_connection = True
            message = wire.fault("Client", "Požadavek je příliš velký.")
            self.send_whole(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, XML, message)
        except ConnectionError:
            self.close_connection = True
        except BadLengthError:
            self.close_connection = True
            logger.debug("nečitelný požadavek %s %s", self.command, address.path, exc_info=True)
            self.send_whole(HTTPStatus.BAD_REQUEST, XML, wire.fault("Client", "Požadavek nelze přečíst."))
        except Exception:
            logger.exception("požadavek %s %s skončil chybou simulátoru", self.command, address.path)
            self.close_connection = True
            fault = wire.fault("Server", "Vnitřní chyba simulátoru.")
            self.send_whole(HTTPStatus.INTERNAL_SERVER_ERROR, XML, fault)

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
        self.send_whole(status, _JSON, json.dumps(answer, ensure_ascii=False).encode())

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
        self.send_whole(answer.status, answer.content_type, answer.body, answer.headers)
