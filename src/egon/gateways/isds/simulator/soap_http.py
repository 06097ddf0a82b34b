"""The SOAP door over HTTP: who calls, which faults strike, and answers small and large.

Paths by the way of logging in: ``/DS/…`` (password), ``/cert/DS/…`` (system certificate), ``/certds/DS/…`` (user's
certificate and password), ``/hspis/DS/…`` (hosted records service), ``/apps/DS/…`` (cookie). Source: facts 1.1.
"""

import base64
import binascii
import json
import re
import socket
import ssl
import tempfile
from collections.abc import Iterator
from email.header import Header
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Final

from egon.gateways.isds.simulator import certificates, public_directory, sessions
from egon.gateways.isds.simulator.accounts import LoginError
from egon.gateways.isds.simulator.boxes import User
from egon.gateways.isds.simulator.clock import moment
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.faults import Fault
from egon.gateways.isds.simulator.soap import code_passwords, incoming, router, wire
from egon.gateways.isds.simulator.soap.outgoing import Streamed
from egon.kernel.errors import BadContent

MAX_BODY: Final = 40 * 1024 * 1024
MAX_BIG_BODY: Final = 256 * 1024 * 1024
"""A ZFO of 100 MB in base64 inside XML comes to some 190 MB."""
BAD_MTOM: Final = 599
_PIECE: Final = 1 << 18
XML: Final = "text/xml; charset=utf-8"
XML_12: Final = "application/soap+xml; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"
_MAINTENANCE: Final = "Probíhá plánovaná údržba"
_MAINTENANCE_TEXT: Final = (
    "Omlouváme se všem uživatelům datových schránek za dočasné omezení přístupu do systému datových schránek "
    "z důvodu plánované údržby systému. Děkujeme za pochopení."
)
CODE_SERVICE: Final = "/asws/changePassword"
PUBLIC_DIRECTORY: Final = "/sds/ws/call"
_SOAP_PATH: Final = re.compile(r"/(?:(cert|certds|hspis|apps)/)?DS/(\w+)/?")


class BodyTooLargeError(Exception):
    """The request is larger than the service takes."""


class BadLengthError(ValueError):
    """The request does not say how long it is in any way that could be read."""


def _number(text: str | bytes, base: int) -> int:
    try:
        value = int(text, base)
    except ValueError as unreadable:
        raise BadLengthError(text) from unreadable
    if value < 0:
        raise BadLengthError(text)
    return value


class SoapHandler(BaseHTTPRequestHandler):
    """What concerns web services and logins; pages and the JSON door are added by the server."""

    def do_GET(self) -> None:
        self.serve()

    def do_POST(self) -> None:
        self.serve()

    def do_DELETE(self) -> None:
        self.serve()

    def serve(self) -> None:
        """Answer one request; the server's own handler knows what else there is than SOAP."""
        raise NotImplementedError

    @property
    def simulator(self) -> Simulator:
        """The simulator behind the server."""
        found: Simulator = self.server.simulator  # type: ignore[attr-defined]
        return found

    def is_soap(self, path: str) -> bool:
        """Whether an address belongs to this door."""
        return _SOAP_PATH.fullmatch(path) is not None

    # -- reading and writing ---------------------------------------------------------------------------------------

    def body_chunks(self, limit: int) -> Iterator[bytes]:
        """The body in pieces; raises :class:`BodyTooLargeError` over ``limit`` bytes."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            yield from self._chunked(limit)
            return
        left = _number(self.headers.get("Content-Length") or "0", 10)
        if left > limit:
            raise BodyTooLargeError
        while left:
            piece = self.rfile.read(min(left, _PIECE))
            if not piece:
                raise ConnectionAbortedError
            left -= len(piece)
            yield piece

    def _chunked(self, limit: int) -> Iterator[bytes]:
        total = 0
        while size := _number(self.rfile.readline(32).split(b";")[0], 16):
            total += size
            if total > limit:
                raise BodyTooLargeError
            left = size
            while left:
                piece = self.rfile.read(min(left, _PIECE))
                if not piece:
                    raise ConnectionAbortedError
                left -= len(piece)
                yield piece
            self.rfile.readline(8)
        while self.rfile.readline(1024).strip():
            pass

    def send_whole(self, status: int, content_type: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        """A whole answer with its length."""
        self.send_response(status, "Bad MTOM" if status == BAD_MTOM else None)
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

    def serve_soap(self, path: str) -> None:
        """Answer a call of a web service."""
        found = _SOAP_PATH.fullmatch(path)
        way, service = ("", "") if found is None else (found.group(1) or "", found.group(2))
        if service not in router.SERVICES:
            self.close_connection = True
            self.send_whole(HTTPStatus.NOT_FOUND, HTML, b"<html><body><h1>404 Not Found</h1></body></html>")
            return
        if self.simulator.switches.maintenance:
            self._send_maintenance()
            return
        with tempfile.TemporaryDirectory(dir=self.simulator.incoming, ignore_cleanup_errors=True) as folder:
            self._call(way, service, Path(folder))

    def _call(self, way: str, service: str, folder: Path) -> None:
        is_big = service in router.BIG_SERVICES
        read: incoming.Incoming | None = None
        try:
            if is_big:
                chunks = self.body_chunks(MAX_BIG_BODY)
                read = incoming.read(chunks, self.headers.get("Content-Type", ""), folder)
                for _ in chunks:  # an epilogue of MTOM must not be taken for the next request
                    pass
                request = read.request
            else:
                request = wire.read(b"".join(self.body_chunks(MAX_BODY)))
        except BadContent as broken:
            self._send_broken(broken)
            return
        except BadLengthError:
            raise
        except (ValueError, LookupError):
            if not is_big:
                raise
            self.close_connection = True
            self.send_whole(BAD_MTOM, XML, wire.fault("Client", "Požadavek MTOM/XOP nelze přečíst."))
            return
        fault = self.simulator.faults.strike(router.operation_of(request))
        if fault is not None and self._broken_before(fault, service, router.operation_of(request)):
            return
        user = self._user(way)
        if user is None:
            return
        kind = "" if fault is None else fault.kind
        answer = router.answer(self.simulator, service, request, user, fault=kind, incoming=read, folder=folder)
        if read is not None:
            answer = self._shaped(answer, read)
        self._send_answer(answer, kind, soap12=read is not None and read.soap12)

    def _shaped(self, answer: bytes | Streamed, read: incoming.Incoming) -> bytes | Streamed:
        """The answer in the version of SOAP of the request, with MTOM for who asks for it."""
        if isinstance(answer, bytes):
            return wire.in_soap12(answer) if read.soap12 else answer
        answer.soap12 = read.soap12
        accepted = self.headers.get("Accept", "*/*").lower()
        asked = "multipart/related" in accepted or "application/xop+xml" in accepted
        answer.mtom = asked or (read.mtom and "*/*" in accepted)
        return answer

    def _send_answer(self, answer: bytes | Streamed, fault: str, *, soap12: bool) -> None:
        if fault == "drop_after":
            self._drop()
        elif isinstance(answer, Streamed):
            self._send_streamed(answer, half=fault == "half_answer")
        elif fault == "half_answer":
            self._send_half(answer)
        elif fault == "wrong_encoding":
            self.send_whole(HTTPStatus.OK, XML, answer.decode().encode("cp1250", "replace"))
        else:
            self.send_whole(HTTPStatus.OK, XML_12 if soap12 else XML, answer)

    def _send_streamed(self, answer: Streamed, *, half: bool) -> None:
        length = answer.length
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        written = 0
        for chunk in answer.chunks():
            if half and written + len(chunk) > length // 2:
                self.wfile.write(chunk[: length // 2 - written])
                self.wfile.flush()
                self._drop()
                return
            self.wfile.write(chunk)
            written += len(chunk)
        self.wfile.flush()

    def _broken_before(self, fault: Fault, service: str, operation: str) -> bool:
        """Play a fault that strikes before the operation; whether the call ends with it."""
        if fault.kind in {"delay", "stall"}:
            seconds = fault.seconds if fault.kind == "delay" else fault.seconds or 300
            self.simulator.stopping.wait(seconds)
        if fault.kind in {"stall", "drop_before"}:
            self._drop()
        elif fault.kind == "html_401":
            self._send_unauthorized("")
        elif fault.kind == "soap_503":
            self._send_maintenance()
        elif fault.kind == "status":
            kind = router.kind_of(service)
            told = wire.refused(operation, fault.code, "Porucha nastavená v simulátoru.", kind=kind)
            self.send_whole(HTTPStatus.OK, XML, told)
        elif fault.kind == "nonsense":
            self.send_whole(HTTPStatus.OK, XML, b"<html><title>OK</title>\x00\xff<p>tohle neni SOAP")
        else:
            return False
        return True

    def _send_maintenance(self) -> None:
        self.close_connection = True
        self.send_whole(HTTPStatus.SERVICE_UNAVAILABLE, XML, wire.fault(_MAINTENANCE, _MAINTENANCE_TEXT))

    def _drop(self) -> None:
        self.close_connection = True
        # Without shutdown the client would wait: the standard library keeps the socket open a little longer.
        self.connection.shutdown(socket.SHUT_RDWR)

    def _send_half(self, answer: bytes) -> None:
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", XML)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer[: len(answer) // 2])
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    # -- who calls -------------------------------------------------------------------------------------------------

    def _user(self, way: str) -> User | None:
        """The caller by the way the path asks for; otherwise 401 with HTML has been sent."""
        if way == "apps":
            user = self.simulator.sessions.user(self._cookie(sessions.COOKIE), now=self.simulator.clock.now())
        elif way == "cert":
            found = self.simulator.certificates.find(self._presented(), certificates.SYSTEM)
            user = None if found is None else certificates.application_of(found.box_id)
        elif way == "hspis":
            user = self._hosted()
        else:
            return self._person(way)
        if user is None:
            self._send_unauthorized("")
        return user

    def _hosted(self) -> User | None:
        """A hosted records service names the box instead of a user and gives no password."""
        named = self._basic()
        if named is None or not named[0] or named[1]:
            return None
        found = self.simulator.certificates.find(self._presented(), certificates.HOSTED, box_id=named[0])
        return None if found is None else certificates.application_of(found.box_id)

    def _person(self, way: str) -> User | None:
        """A person with a password, and with a certificate of their own where the path wants one."""
        named = self._basic()
        if named is None or (not way and self.simulator.accounts.second_steps(named[0]).sms):
            self._send_unauthorized("")
            return None
        try:
            user = self.simulator.accounts.log_in(*named, now=self.simulator.clock.now())
        except LoginError as failure:
            until = failure.blocked_until
            self._send_unauthorized("" if until is None else moment(until).strftime("%H:%M:%S"))
            return None
        if way and self.simulator.certificates.find(self._presented(), certificates.PERSONAL, login=user.login) is None:
            self._send_unauthorized("")
            return None
        return user

    def _basic(self) -> tuple[str, str] | None:
        scheme, _, packed = self.headers.get("Authorization", "").partition(" ")
        try:
            login, colon, password = base64.b64decode(packed, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return (login, password) if scheme.lower() == "basic" and colon else None

    def _presented(self) -> bytes | None:
        """The client certificate of the connection in DER, ``None`` without one or without TLS."""
        connection = self.connection
        return connection.getpeercert(binary_form=True) if isinstance(connection, ssl.SSLSocket) else None

    def _cookie(self, name: str) -> str:
        try:
            morsel = SimpleCookie(self.headers.get("Cookie", "")).get(name)
        except CookieError:
            return ""
        return "" if morsel is None else morsel.value

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
        self.send_whole(HTTPStatus.UNAUTHORIZED, "text/html; charset=iso-8859-1", page.encode("latin-1"), challenge)

    # -- services beside the boxes ---------------------------------------------------------------------------------

    def serve_password_change(self) -> None:
        """``/asws/changePassword``: Basic with the password, and the code of the SMS behind it."""
        named = self._basic()
        try:
            request = wire.read(b"".join(self.body_chunks(_PIECE)))
            if named is None:
                raise sessions.SecondStepError(sessions.BAD_LOGIN)
            answer = code_passwords.answer(self.simulator, request, *named)
        except BadContent as broken:
            self._send_broken(broken)
        except sessions.SecondStepError:
            self._send_unauthorized("")
        else:
            self.send_whole(HTTPStatus.OK, XML, answer)

    def serve_public_directory(self) -> None:
        """``/sds/ws/call``: whoever asks."""
        body = b"".join(self.body_chunks(_PIECE))
        try:
            answer = public_directory.answer(self.simulator.directory, body)
        except BadContent as broken:
            self._send_broken(broken)
        else:
            self.send_whole(HTTPStatus.OK, "application/xml; charset=utf-8", answer)

    def _send_broken(self, broken: BadContent) -> None:
        self.close_connection = True
        self.send_whole(HTTPStatus.BAD_REQUEST, XML, wire.fault("Client", str(broken)))

    # -- logins with a second step ---------------------------------------------------------------------------------

    def serve_login(self, path: str, query: dict[str, str]) -> None:
        """``/as/…``: codes by SMS, the mobile key, the end of a session."""
        for _ in self.body_chunks(_PIECE):
            pass
        if path == "/as/processLogin":
            self._process_login(query)
        elif path == "/as/processLogout":
            self.simulator.sessions.end(self._cookie(sessions.COOKIE))
            self.send_whole(HTTPStatus.OK, HTML, b"")
        elif path in {"/as/mepWsStateUpdate", "/as/mepWsStateUpdate2"}:
            self._mobile_state(as_json=path.endswith("2"))
        else:
            self.send_whole(HTTPStatus.NOT_FOUND, HTML, b"<html><body><h1>404 Not Found</h1></body></html>")

    def _process_login(self, query: dict[str, str]) -> None:
        kind, uri = query.get("type", ""), query.get("uri", "")
        wanted = "totpsendsms" if query.get("sendSms") == "true" else kind
        named = self._basic()
        if named is None or kind not in {"totp", "mep-ws"}:
            self._refuse_login(wanted, sessions.SecondStepError(sessions.BAD_LOGIN))
            return
        try:
            headers = self._second_step(kind, wanted, uri, named, query.get("applicationName", ""))
        except sessions.SecondStepError as refused:
            self._refuse_login(wanted, refused)
            return
        self.send_whole(HTTPStatus.FOUND, HTML, b"", headers)

    def _second_step(
        self, kind: str, wanted: str, uri: str, named: tuple[str, str], application: str
    ) -> dict[str, str]:
        """The headers of a step that succeeded."""
        now, steps = self.simulator.clock.now(), self.simulator.sessions
        secure = "; Secure" if isinstance(self.connection, ssl.SSLSocket) else ""
        if wanted == "totpsendsms":
            steps.send_code(*named, now=now)
            return _told(sessions.CODE_SENT) | {"Location": f"/as/processLogin?type=totp&uri={uri}"}
        if kind == "totp":
            cookie = steps.with_code(*named, now=now)
        elif self._cookie(sessions.WAITING_COOKIE):
            cookie = steps.with_mobile(*named, self._cookie(sessions.WAITING_COOKIE), now=now)
        else:
            waiting = steps.ask_mobile(*named, application, now=now)
            cookie_header = f"{sessions.WAITING_COOKIE}={waiting}; Path=/; HttpOnly{secure}"
            return {"Location": "/as/mepWsStateUpdate", "Set-Cookie": cookie_header}
        return {"Location": uri, "Set-Cookie": f"{sessions.COOKIE}={cookie}; Path=/; HttpOnly{secure}"}

    def _refuse_login(self, wanted: str, refused: sessions.SecondStepError) -> None:
        headers = {"WWW-Authenticate": wanted or "totp"} | _told((refused.code, refused.text))
        self.send_whole(HTTPStatus.UNAUTHORIZED, HTML, b"<html><body><h1>401 Unauthorized</h1></body></html>", headers)

    def _mobile_state(self, *, as_json: bool) -> None:
        waiting = self._cookie(sessions.WAITING_COOKIE)
        status = self.simulator.sessions.mobile_status(waiting, now=self.simulator.clock.now())
        body = json.dumps({"status": status}) if as_json else str(status)
        self.send_whole(HTTPStatus.OK, "application/json" if as_json else "text/plain", body.encode())


def _told(reason: tuple[str, str]) -> dict[str, str]:
    """The headers that explain a login to an application; the text by RFC 2047."""
    text = Header(reason[1], "utf-8", maxlinelen=75).encode(linesep="").replace("\n", "")
    return {"X-Response-message-code": reason[0], "X-Response-message-text": text}
