"""One HTTP exchange with ISDS: time-outs, size limits, no cookies, and the HTTP status judged before any XML."""

import ssl
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final, Protocol

import httpx

from egon.gateways.isds.environment import Environment, Login
from egon.gateways.isds.errors import SendingUnclear, login_error
from egon.gateways.isds.safe_xml import UnsafeXml, child, local_name, parse_untrusted, text_of
from egon.kernel.errors import GatewayError, Misconfigured, Refused, Retryable

_ERROR_PAGE_LIMIT: Final = 64 * 1024
_MAINTENANCE_DELAY: Final = timedelta(minutes=5)
_OUTAGE_DELAY: Final = timedelta(minutes=1)

UNCLEAR_SENDING: Final = (
    "Spojení s ISDS se při odesílání přerušilo dřív, než potvrdil přijetí. Zda zprávu přijal, se ověří v seznamu "
    "odeslaných zpráv; do té doby se neposílá znovu."
)


class RequestBody(Protocol):
    """What is sent: its exact length and its bytes in pieces, so that attachments are never copied as a whole."""

    @property
    def length(self) -> int: ...

    def __iter__(self) -> Iterator[bytes]: ...


class AnswerTooLarge(Retryable):
    """The answer grew over the limit and was thrown away."""

    code = "isds.answer_too_large"


class Transport:
    """Sends requests for one login. Safe to share between threads; ``close`` it when done."""

    def __init__(self, environment: Environment, login: Login) -> None:
        self._environment = environment
        self._login = login
        self._client = httpx.Client(
            timeout=httpx.Timeout(environment.read_timeout, connect=environment.connect_timeout),
            verify=_tls_context(environment, login),
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
            proxy=environment.proxy,
        )

    def close(self) -> None:
        self._client.close()

    def exchange(
        self, service: str, body: RequestBody, consume: Callable[[bytes], None], *, sending: bool = False
    ) -> None:
        """POST ``body`` and feed the answer (HTTP 200 only) to ``consume`` piece by piece.

        Raises ``Misconfigured`` (login, address, TLS), ``Retryable`` (outage, time-out, half an answer) and with
        ``sending`` :class:`SendingUnclear` for everything after which the request may have been accepted.
        """
        url = self._environment.url(service, self._login)
        headers = {
            **self._login.headers(),
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": '""',
            "Accept": "text/xml",
            "Accept-Encoding": "identity",
            "Content-Length": str(body.length),
        }
        try:
            with self._client.stream("POST", url, headers=headers, content=iter(body)) as response:
                if response.status_code != httpx.codes.OK:
                    raise self._status_error(response, sending=sending)
                self._feed(response, consume, sending=sending)
        except httpx.HTTPError as error:
            raise self._connection_error(error, sending=sending) from error

    def _feed(self, response: httpx.Response, consume: Callable[[bytes], None], *, sending: bool) -> None:
        started, size = time.monotonic(), 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > self._environment.max_answer:
                raise broken_answer(sending, f"více než {self._environment.max_answer} bajtů", AnswerTooLarge)
            if time.monotonic() - started > self._environment.total_timeout:
                raise broken_answer(sending, f"odpověď trvá déle než {self._environment.total_timeout:.0f} s")
            consume(piece)

    def _connection_error(self, error: httpx.HTTPError, *, sending: bool) -> GatewayError:
        detail = f"{type(error).__name__}: {error}"
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
        if status == httpx.codes.UNAUTHORIZED:
            return login_error(self._login.name, page.decode("utf-8", "replace"))
        if status == httpx.codes.TOO_MANY_REQUESTS:
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
    if fault is None or child(fault, "faultstring") is None:
        return ""
    return " ".join(text_of(fault, "faultstring").split())[:500]


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


def _tls_context(environment: Environment, login: Login) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(environment.ca_file) if environment.ca_file else None)
    if login.client_certificate:
        certificate, key = login.client_certificate
        context.load_cert_chain(str(certificate), str(key))
    return context
