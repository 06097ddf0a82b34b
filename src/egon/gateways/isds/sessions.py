"""Logging in with a person at hand: SMS code and mobile key. Each ends in a :class:`SessionLogin`.

Sources: "Podpora OTP autentizace v ISDS" 1.8, "Podpora autentizace Mobilním klíčem" 1.1 and 1.3. For a person who sits
at the screen; a records system that works by itself uses a certificate.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from email.header import decode_header, make_header
from enum import IntEnum
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

import httpx

from egon.gateways.isds.environment import Environment
from egon.gateways.isds.errors import LoginRefused, login_error
from egon.gateways.isds.logins import SessionLogin, basic
from egon.gateways.isds.transport import tls_context
from egon.kernel.errors import GatewayError, Misconfigured, Refused, Retryable

_COOKIE: Final = "IPCZ-X-COOKIE"
_PENDING_COOKIE: Final = "S-COOKIE"
_WAIT_SECONDS: Final = 240.0
"""How long ISDS keeps an unconfirmed request of the mobile key."""

_REFUSALS: Final = {
    "authentication.error.userIsNotAuthenticated": "jméno, heslo nebo jednorázový kód neplatí",
    "authentication.error.intruderDetected": "přístup je na 60 minut zablokován po opakovaných chybách",
    "authentication.error.paswordExpired": "platnost hesla skončila, změňte je v portálu datových schránek",
    "authentication.error.passwordExpired": "platnost hesla skončila, změňte je v portálu datových schránek",
    "authentication.error.badRole": "účet nemá k této službě oprávnění",
}
_WAITS: Final = {
    "authentication.info.cannotSendQuickly": "jednorázový kód lze poslat jednou za 30 sekund",
    "authentication.info.totpNotSended": "jednorázový kód se nepodařilo odeslat",
}


class MobileKeyState(IntEnum):
    """What the mobile key says about a request (``mepWsStateUpdate2``); numbers not listed count as waiting."""

    UNKNOWN_REQUEST = -1
    WAITING = 1
    CONFIRMED = 2
    REFUSED_OR_EXPIRED = 3
    NOT_DELIVERED = 19


class _Portal:
    """Requests to the portal's login address; cookies are taken out by hand, none is kept."""

    def __init__(self, environment: Environment, user: str) -> None:
        self._environment = environment
        self._user = user
        self._client = httpx.Client(
            timeout=httpx.Timeout(30.0, connect=environment.connect_timeout),
            verify=tls_context(environment),
            follow_redirects=False,
            trust_env=False,
            proxy=environment.proxy,
            headers={"User-Agent": "eGON Centrum"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop open connections."""
        self._client.close()

    def _login_url(self, query: str) -> str:
        target = self._environment.portal("apps/DS/dz")
        return self._environment.portal(f"as/processLogin?{query}&uri={quote(target, safe=':/')}")

    def _request(self, method: str, url: str, headers: Mapping[str, str]) -> httpx.Response:
        self._client.cookies.clear()
        try:
            return self._client.request(method, url, headers=dict(headers))
        except httpx.HTTPError as error:
            raise Retryable(
                f"S přihlašovací stránkou ISDS ({self._environment.label}) se nepodařilo spojit. Zkuste to znovu.",
                detail=f"{type(error).__name__}: {error}",
            ) from error

    def _log_in(self, query: str, password: str, cookies: str = "") -> httpx.Response:
        headers = basic(self._user, password) | ({"Cookie": cookies} if cookies else {})
        response = self._request("POST", self._login_url(query), headers)
        if response.status_code != httpx.codes.FOUND:
            raise self._refusal(response)
        return response

    def _session(self, response: httpx.Response) -> SessionLogin:
        return SessionLogin(self._user, self._cookie(response, _COOKIE))

    def _cookie(self, response: httpx.Response, name: str) -> str:
        for header in response.headers.get_list("Set-Cookie"):
            found = re.match(rf"\s*{re.escape(name)}=([!-:<-~]+)", header)
            if found:
                return found.group(1)
        raise Retryable("ISDS přihlášení nedokončil. Zkuste se přihlásit znovu.", detail=f"chybí cookie {name}")

    def _refusal(self, response: httpx.Response) -> GatewayError:
        code = response.headers.get("X-Response-message-code", "")
        said = _decoded(response.headers.get("X-Response-message-text", ""))
        if code in _WAITS:
            return Retryable(f"{_sentence(_WAITS[code])} Zkuste to za chvíli znovu.", detail=said or code)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            if not code:
                return login_error(self._user, response.text[:20_000])
            reason = _REFUSALS.get(code) or said or code
            return LoginRefused(f"ISDS odmítl přihlášení účtu {self._user}: {reason}.", detail=code)
        if response.status_code >= 500:
            return Retryable(
                "Přihlašování do ISDS je teď mimo provoz. Zkuste to později.", detail=f"HTTP {response.status_code}"
            )
        return Misconfigured(
            f"Na nastavené adrese není přihlašování ISDS ({self._environment.label}). Zkontrolujte adresu.",
            detail=f"HTTP {response.status_code}",
        )


class SmsCodeLogin(_Portal):
    """Name, password and a code from a text message (TOTP): :meth:`request_code`, then :meth:`confirm`."""

    def __init__(self, environment: Environment, user: str, password: str) -> None:
        super().__init__(environment, user)
        self._password = password

    def request_code(self) -> None:
        """Have the code sent to the user's phone (a paid message, once in 30 seconds)."""
        self._log_in("type=totp&sendSms=true", self._password)

    def confirm(self, code: str) -> SessionLogin:
        """Open a session by the code. Raises ``LoginRefused``."""
        return self._session(self._log_in("type=totp", self._password + code.strip()))


class SecurityCodeLogin(_Portal):
    """Name, password and a code of a security application (HOTP); only for accounts set up before 2019."""

    def confirm(self, password: str, code: str) -> SessionLogin:
        """Open a session by the code. Raises ``LoginRefused``."""
        return self._session(self._log_in("type=hotp", password + code.strip()))


class MobileKeyLogin(_Portal):
    """Name and communication code, confirmed in the mobile key: :meth:`start`, :meth:`state`, :meth:`finish`.

    ``application`` is what the person reads in the phone: who asks for access.
    """

    def __init__(self, environment: Environment, user: str, code: str, application: str = "eGON Centrum") -> None:
        super().__init__(environment, user)
        self._code = code
        self._query = f"type=mep-ws&applicationName={quote(application)}"
        self._pending = ""

    def start(self) -> None:
        """Send the request to the phone."""
        self._pending = self._cookie(self._log_in(self._query, self._code), _PENDING_COOKIE)

    def state(self) -> MobileKeyState:
        """Ask whether the person has decided."""
        url = self._environment.portal("as/mepWsStateUpdate2")
        response = self._request("GET", url, {"Cookie": f"{_PENDING_COOKIE}={self._pending}"})
        if response.status_code != httpx.codes.OK:
            raise self._refusal(response)
        number = _state_number(response.text)
        return MobileKeyState(number) if number in set(MobileKeyState) else MobileKeyState.WAITING

    def finish(self) -> SessionLogin:
        """Open a session after the person confirmed."""
        response = self._log_in(self._query, self._code, f"{_PENDING_COOKIE}={self._pending}")
        return self._session(response)

    def wait(
        self,
        seconds: float = _WAIT_SECONDS,
        *,
        pause: float = 1.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> SessionLogin:
        """Wait for the person's decision and open the session. Raises ``Refused`` when refused or too late."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            match self.state():
                case MobileKeyState.CONFIRMED:
                    return self.finish()
                case MobileKeyState.REFUSED_OR_EXPIRED:
                    raise Refused("Přihlášení mobilním klíčem bylo zamítnuto nebo nebylo včas potvrzeno.")
                case MobileKeyState.UNKNOWN_REQUEST:
                    raise Refused("ISDS požadavek na přihlášení mobilním klíčem nezná. Začněte znovu.")
                case MobileKeyState.NOT_DELIVERED:
                    raise Refused("Požadavek se do mobilního klíče nepodařilo doručit. Začněte znovu.")
            sleep(pause)
        raise Refused("Přihlášení nebylo v mobilním klíči včas potvrzeno. Začněte znovu.")


def log_out(environment: Environment, session: SessionLogin) -> None:
    """End a session at ISDS, so that its cookie is worth nothing."""
    with _Portal(environment, session.user) as portal:
        target = quote(environment.portal("apps/DS/dz"), safe=":/")
        portal._request("GET", environment.portal(f"as/processLogout?uri={target}"), session.headers())


def _state_number(text: str) -> int:
    """From ``{"status": 2, …}`` of the newer service or the bare number of the older one."""
    try:
        found = json.loads(text)
    except ValueError:
        return MobileKeyState.UNKNOWN_REQUEST
    value = found.get("status") if isinstance(found, dict) else found
    try:
        return int(str(value))
    except ValueError:
        return MobileKeyState.UNKNOWN_REQUEST


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError):
        return text


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
