"""One HTTP exchange with ISDS: time-outs, size limits, no cookies, and the HTTP status judged before any XML."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final, Protocol

import httpx

from egon.gateways.isds.certificates import ClientCertificate, in_order_of_use
from egon.gateways.isds.environment import Environment
from egon.gateways.isds.errors import LoginRefused, SendingUnclear, SessionExpired, login_error
from egon.gateways.isds.limiter import Limiter
from egon.gateways.isds.logins import Access, Login
from egon.gateways.isds.namespaces import BIG_SERVICES
from egon.gateways.isds.safe_xml import UnsafeXml, child, local_name, parse_untrusted, text_of
from egon.kernel import clock
from egon.kernel.errors import GatewayError, Misconfigured, Refused, Retryable

_ERROR_PAGE_LIMIT: Final = 64 * 1024
_MAINTENANCE_DELAY: Final = timedelta(minutes=5)
_OUTAGE_DELAY: Final = timedelta(minutes=1)
_ACCEPT_BIG: Final = "multipart/related, application/xop+xml, application/soap+xml, text/xml"

UNCLEAR_SENDING: Final = (
    "Spojení s ISDS se při odesílání přerušilo dřív, než potvrdil přijetí. Zda zprávu přijal, se ověří v seznamu "
    "odeslaných zpráv; do té doby se neposílá znovu."
)


class RequestBody(Protocol):
    """What is sent: its exact length and its bytes in pieces, so that attachments are never copied as a whole."""

    @property
    def length(self) -> int: ...

    @property
    def content_type(self) -> str: ...

    def __iter__(self) -> Iterator[bytes]: ...


class AnswerTooLarge(Retryable):
    """The answer grew over the limit and was thrown away."""

    code = "isds.answer_too_large"


class Transport:
    """Sends requests for one login. Safe to share between threads; ``close`` it when done.

    A login with several certificates (while they are being rotated) starts with the one issued last and goes to the
    next when ISDS does not accept it; the one that worked is used from then on.
    """

    def __init__(self, environment: Environment, login: Login, limiter: Limiter | None = None) -> None:
        self._environment = environment
        self._login = login
        self._limiter = limiter
        self._clients = [self._open_client(certificate) for certificate in self._certificates()]

    def _certificates(self) -> list[ClientCertificate] | list[None]:
        if not self._login.certificates:
            return [None]
        return in_order_of_use(self._login.certificates, clock.now())

    def _open_client(self, certificate: ClientCertificate | None) -> httpx.Client:
        return httpx.Client(
            timeout=httpx.Timeout(self._environment.read_timeout, connect=self._environment.connect_timeout),
            verify=tls_context(self._environment, certificate),
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
            proxy=self._environment.proxy,
        )

    def close(self) -> None:
        for client in self._clients:
            client.close()

    def exchange(
        self,
        service: str,
        body: RequestBody,
        consume: Callable[[bytes], None],
        *,
        sending: bool = False,
        started: Callable[[httpx.Headers], None] | None = None,
    ) -> None:
        """POST ``body`` and feed the answer (HTTP 200 only) to ``consume`` piece by piece.

        With ``started``, which gets the headers first, the answer may be large (``max_stream``).
        Raises ``Misconfigured`` (login, address, TLS), ``Retryable`` (outage, time-out, half an answer) and with
        ``sending`` :class:`SendingUnclear` for everything after which the request may have been accepted.
        """
        clients = list(self._clients)
        for client in clients:
            try:
                with self._turn():
                    self._exchange(client, service, body, consume, sending=sending, started=started)
            except LoginRefused:
                if client is clients[-1]:
                    raise
            else:
                if client is not clients[0]:
                    self._clients = [client, *(other for other in clients if other is not client)]
                return

    def slow_down(self) -> None:
        """ISDS asked for a pause: let no other call of this login begin before it is over."""
        if self._limiter is not None:
            self._limiter.pause(self._login.name)

    def _turn(self) -> AbstractContextManager[None]:
        return self._limiter.turn(self._login.name) if self._limiter is not None else nullcontext()

    def _exchange(
        self,
        client: httpx.Client,
        service: str,
        body: RequestBody,
        consume: Callable[[bytes], None],
        *,
        sending: bool,
        started: Callable[[httpx.Headers], None] | None,
    ) -> None:
        url = self._environment.url(service, self._login)
        headers = {
            **self._login.headers(),
            "Content-Type": body.content_type,
            "SOAPAction": '""',
            "Accept": _ACCEPT_BIG if service in BIG_SERVICES else "text/xml",
            "Accept-Encoding": "identity",
            "Content-Length": str(body.length),
        }
        limit = self._environment.max_stream if started else self._environment.max_answer
        try:
            with client.stream("POST", url, headers=headers, content=iter(body)) as response:
                if response.status_code != httpx.codes.OK:
                    raise self._status_error(response, sending=sending)
                if started is not None:
                    started(response.headers)
                self._feed(response, consume, limit=limit, sending=sending)
        except httpx.HTTPError as error:
            raise self._connection_error(error, sending=sending) from error

    def _feed(self, response: httpx.Response, consume: Callable[[bytes], None], *, limit: int, sending: bool) -> None:
        began, size = time.monotonic(), 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > limit:
                raise broken_answer(sending, f"více než {limit} bajtů", AnswerTooLarge)
            if time.monotonic() - began > self._environment.total_timeout:
                raise broken_answer(sending, f"odpověď trvá déle než {self._environment.total_timeout:.0f} s")
            consume(piece)

    def _connection_error(self, error: httpx.HTTPError, *, sending: bool) -> GatewayError:
        detail = f"{type(error).__name__}: {error}"
        if self._login.certificates and _is_refused_certificate(error):
            return LoginRefused(
                f"ISDS nepřijal přihlašovací certifikát ({self._login.name}). Nic se nestáhlo ani neodeslalo; "
                "zkontrolujte, zda platí a zda je zaregistrován v nastavení schránky.",
                detail=detail,
            )
        if isinstance(error, httpx.ConnectError) and _is_certificate_failure(error):
            return Misconfigured(
                f"Totožnost serveru ISDS ({self._environment.label}) se nepodařilo ověřit, spojení bylo ukončeno. "
                "Nic se nestáhlo ani neodeslalo; zkontrolujte adresu a důvěryhodné certifikáty.",
                detail=detail,
            )
        if isinstance(error, httpx.UnsupportedProtocol):
            return Misconfigured("Adresa ISDS v nastavení není platná. Opravte ji.", detail=detail)
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
            return Retryable(
                f"S ISDS ({self._environment.label}) se nepodařilo spojit. Nic se nestáhlo ani neodeslalo; "
                "zkusí se to znovu později.",
                detail=detail,
            )
        return broken_answer(sending, detail)

    def _status_error(self, response: httpx.Response, *, sending: bool) -> GatewayError:
        status, page = response.status_code, _error_page(response)
        if self._login.access is Access.SESSION and (300 <= status < 400 or status == httpx.codes.UNAUTHORIZED):
            return SessionExpired(
                f"Přihlášení účtu {self._login.name} k ISDS skončilo. Nic se nestáhlo ani neodeslalo; "
                "přihlaste se znovu.",
                detail=f"HTTP {status}",
            )
        if status == httpx.codes.UNAUTHORIZED:
            return login_error(self._login.name, page.decode("utf-8", "replace"))
        if status == httpx.codes.TOO_MANY_REQUESTS:
            self.slow_down()
            return Retryable("ISDS omezuje počet požadavků. Zkusí se to znovu později.", detail=f"HTTP {status}")
        if status >= 500 or status == httpx.codes.REQUEST_TIMEOUT:
            return _outage(status, page, sending=sending)
        if status in {403, 404, 405} or 300 <= status < 400 or status < 300:
            return Misconfigured(
                f"Na nastavené adrese není služba ISDS ({self._environment.label}). Nic se nestáhlo ani neodeslalo; "
                "zkontrolujte adresu a způsob přihlášení.",
                detail=f"HTTP {status}",
            )
        return Refused("ISDS požadavek odmítl jako neplatný.", detail=f"HTTP {status}")


def broken_answer(sending: bool, detail: str, kind: type[Retryable] = Retryable) -> Retryable:
    """The error for an answer that cannot be read: unclear when it should have confirmed a sent message."""
    if sending:
        return SendingUnclear(UNCLEAR_SENDING, detail=detail, after=_OUTAGE_DELAY)
    return kind("Odpověď ISDS nedorazila celá nebo je nečitelná. Nic se neuložilo; zkusí se to znovu.", detail=detail)


def _outage(status: int, page: bytes, *, sending: bool) -> Retryable:
    reason = _fault_reason(page)
    detail = f"HTTP {status} {reason}".strip()
    if sending:
        return SendingUnclear(UNCLEAR_SENDING, detail=detail, after=_OUTAGE_DELAY)
    if reason:
        return Retryable(f"ISDS je teď mimo provoz: {reason}", detail=detail, after=_MAINTENANCE_DELAY)
    return Retryable("ISDS teď neodpovídá správně. Zkusí se to znovu později.", detail=detail, after=_OUTAGE_DELAY)


def _fault_reason(page: bytes) -> str:
    """The sentence of a SOAP fault, in whichever of its two elements people wrote it; empty when there is none."""
    try:
        envelope = parse_untrusted(page)
    except UnsafeXml:
        return ""
    fault = next((item for item in envelope.iter() if local_name(item) == "Fault"), None)
    if fault is None:
        return ""
    return " ".join((text_of(fault, "faultstring") or text_of(child(fault, "Reason"), "Text")).split())[:500]


def _error_page(response: httpx.Response) -> bytes:
    page = bytearray()
    try:
        for piece in response.iter_bytes():
            page += piece
            if len(page) >= _ERROR_PAGE_LIMIT:
                break
    except httpx.HTTPError:
        pass  # the status alone decides; the page only adds words
    return bytes(page[:_ERROR_PAGE_LIMIT])


def _is_certificate_failure(error: httpx.ConnectError) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _is_refused_certificate(error: httpx.HTTPError) -> bool:
    """Whether TLS ended because the other side does not want our certificate (with TLS 1.3 only when reading)."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLCertVerificationError):
            return "ALERT" in (cause.reason or "") or "alert" in str(cause)
        cause = cause.__cause__ or cause.__context__
    # httpx keeps only the text of an error that came while reading
    return "alert" in str(error) and "SSL" in str(error)


def tls_context(environment: Environment, certificate: ClientCertificate | None = None) -> ssl.SSLContext:
    """TLS 1.2 or newer, roots pinned by the environment, a client certificate where the login has one."""
    context = ssl.create_default_context(cafile=str(environment.ca_file) if environment.ca_file else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate is not None:
        certificate.load_into(context)
    return context
