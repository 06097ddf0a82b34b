"""Logins with a second step: a code by SMS and the mobile key, and the cookies they end with.

Sources: OTP autentizace 1.8, Podpora autentizace Mobilním klíčem 1.3. Sessions live in memory, 30 minutes idle.
"""

import secrets
import threading
from dataclasses import dataclass
from typing import Any, Final

from egon.gateways.isds.simulator.accounts import Accounts, LoginError
from egon.gateways.isds.simulator.boxes import User

COOKIE: Final = "IPCZ-X-COOKIE"
WAITING_COOKIE: Final = "S-COOKIE"
IDLE_MS: Final = 30 * 60 * 1000
SMS_GAP_MS: Final = 30 * 1000
SMS_VALID_MS: Final = 10 * 60 * 1000
CODE_LENGTH: Final = 6
MOBILE_MS: Final = 240 * 1000
WAITING, CONFIRMED, REFUSED, UNKNOWN = 1, 2, 3, -1
MAX_SESSIONS: Final = 5000

BAD_LOGIN: Final = ("authentication.error.userIsNotAuthenticated", "Chyba přihlášení, znovu zadejte údaje.")
INTRUDER: Final = ("authentication.error.intruderDetected", "Váš přístup byl na 60 minut zablokován.")
EXPIRED: Final = ("authentication.error.paswordExpired", "Platnost Vašeho hesla skončila.")
TOO_QUICKLY: Final = ("authentication.info.cannotSendQuickly", "Jednorázový kód lze poslat jednou za 30 sekund.")
NOT_SENT: Final = (
    "authentication.info.totpNotSended",
    "Jednorázový kód nemohl být zaslán. Zkuste to, prosím, později.",
)
CODE_SENT: Final = ("authentication.info.totpSended", "Jednorázový kód odeslán.")


class SecondStepError(Exception):
    """A login was refused; ``code`` and ``text`` go to the ``X-Response-message`` headers."""

    def __init__(self, reason: tuple[str, str]) -> None:
        super().__init__(reason[1])
        self.code, self.text = reason


@dataclass(slots=True)
class _Waiting:
    login: str
    application: str
    since: int
    status: int = WAITING


class Sessions:
    """Codes sent, confirmations awaited and cookies given out. All times in ms of the simulator's clock."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._lock = threading.Lock()
        self._codes: dict[str, tuple[str, int]] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._cookies: dict[str, tuple[str, int]] = {}

    def send_code(self, login: str, password: str, *, now: int) -> None:
        """Check the password and send a code by SMS; the code is shown by the simulator."""
        user = self._check(login, password, now)
        if not self._accounts.second_steps(user.login).sms:
            raise SecondStepError(NOT_SENT)
        with self._lock:
            _, sent = self._codes.get(login, ("", -SMS_GAP_MS))
            if now - sent < SMS_GAP_MS:
                raise SecondStepError(TOO_QUICKLY)
            self._codes[login] = (f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}", now)

    def with_code(self, login: str, together: str, *, now: int) -> str:
        """A cookie for a password followed by the code of the SMS."""
        return self._new_cookie(self.by_code(login, together, now=now).login, now)

    def by_code(self, login: str, together: str, *, now: int) -> User:
        """Who gave a password followed by the code of the SMS, which is used up by it."""
        user = self._check(login, together[:-CODE_LENGTH], now)
        with self._lock:
            code, sent = self._codes.get(login, ("", 0))
            sound = code and now - sent <= SMS_VALID_MS and secrets.compare_digest(code, together[-CODE_LENGTH:])
            if sound:
                del self._codes[login]
        if not sound:
            raise SecondStepError(BAD_LOGIN)
        return user

    def ask_mobile(self, login: str, code: str, application: str, *, now: int) -> str:
        """Check the communication code and wait for the mobile key; the waiting cookie."""
        known = self._accounts.second_steps(login).mobile_code
        if not known or not secrets.compare_digest(known.encode(), code.encode()):
            raise SecondStepError(BAD_LOGIN)
        waiting = secrets.token_hex(16)
        with self._lock:
            self._waiting[waiting] = _Waiting(login, application, now)
        return waiting

    def mobile_status(self, waiting: str, *, now: int) -> int:
        """What became of a confirmation: -1 unknown, 1 waiting, 2 confirmed, 3 refused or expired."""
        with self._lock:
            found = self._waiting.get(waiting)
            if found is None:
                return UNKNOWN
            if found.status == WAITING and now - found.since > MOBILE_MS:
                found.status = REFUSED
            return found.status

    def with_mobile(self, login: str, code: str, waiting: str, *, now: int) -> str:
        """A cookie for a confirmed login."""
        status = self.mobile_status(waiting, now=now)
        known = self._accounts.second_steps(login).mobile_code
        with self._lock:
            found = self._waiting.get(waiting)
            sound = found is not None and status == CONFIRMED and found.login == login
            if not sound or not secrets.compare_digest(known.encode(), code.encode()):
                raise SecondStepError(BAD_LOGIN)
            del self._waiting[waiting]
        return self._new_cookie(login, now)

    def user(self, cookie: str, *, now: int) -> User | None:
        """Who a cookie stands for; using it keeps it alive."""
        with self._lock:
            login, used = self._cookies.get(cookie, ("", 0))
            if not login or now - used > IDLE_MS:
                self._cookies.pop(cookie, None)
                return None
            self._cookies[cookie] = (login, now)
        return self._accounts.find(login)

    def end(self, cookie: str) -> None:
        """Make a cookie void."""
        with self._lock:
            self._cookies.pop(cookie, None)

    # -- the simulator's side of the telephone ---------------------------------------------------------------------

    def shown(self) -> dict[str, Any]:
        """What came to telephones: codes by SMS, and logins waiting for the mobile key."""
        with self._lock:
            return {
                "sms": [{"login": login, "code": code} for login, (code, _) in self._codes.items()],
                "mobile_key": [
                    {"login": one.login, "application": one.application}
                    for one in self._waiting.values()
                    if one.status == WAITING
                ],
            }

    def decide(self, login: str, *, accept: bool) -> int:
        """Confirm or refuse all logins of a person that wait for the mobile key; how many they were."""
        with self._lock:
            found = [one for one in self._waiting.values() if one.login == login and one.status == WAITING]
            for one in found:
                one.status = CONFIRMED if accept else REFUSED
        return len(found)

    def _check(self, login: str, password: str, now: int) -> User:
        try:
            return self._accounts.log_in(login, password, now=now)
        except LoginError as failure:
            expires = self._accounts.password_expires(login)
            if expires is not None and expires <= now:
                raise SecondStepError(EXPIRED) from failure
            raise SecondStepError(BAD_LOGIN if failure.blocked_until is None else INTRUDER) from failure

    def _new_cookie(self, login: str, now: int) -> str:
        cookie = f"01-{secrets.token_hex(16)}"
        with self._lock:
            if len(self._cookies) >= MAX_SESSIONS:
                self._cookies.pop(next(iter(self._cookies)))
            self._cookies[cookie] = (login, now)
        return cookie
