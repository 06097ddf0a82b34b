"""``/asws/changePassword``: a new password for accounts with codes by SMS (OTP autentizace 1.8, chapter 3)."""

from typing import Final

from egon.gateways.isds.namespaces import ISDS_PASSWORDS
from egon.gateways.isds.simulator import sessions
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.sessions import SecondStepError
from egon.gateways.isds.simulator.soap import router, wire

UNEXPECTED: Final = "2300"
_NOT_SENT: Final = {sessions.TOO_QUICKLY[0]: "2301", sessions.NOT_SENT[0]: "2302"}
_TOLD_AS_TRIVIAL: Final = frozenset({"1079", "1080", "1081"})
"""Rules of passwords that have a code of their own in ChangeISDSPassword only."""


def answer(simulator: Simulator, request: wire.Request, login: str, password: str) -> bytes:
    """Perform an operation; raises :class:`SecondStepError` for a bad password or code."""
    operation = router.operation_of(request)
    try:
        if operation == "SendSMSCode":
            _send_code(simulator, login, password)
        elif operation == "ChangePasswordOTP":
            _change(simulator, request, login, password)
        else:
            raise Refusal("2006", f"Unknown operation: {operation}")
    except Refusal as refusal:
        return _told(operation, refusal.status, refusal.message)
    return _told(operation, wire.OK, wire.OK_TEXT)


def _send_code(simulator: Simulator, login: str, password: str) -> None:
    try:
        simulator.sessions.send_code(login, password, now=simulator.clock.now())
    except SecondStepError as failure:
        if failure.code not in _NOT_SENT:
            raise
        raise Refusal(_NOT_SENT[failure.code], failure.text) from failure


def _change(simulator: Simulator, request: wire.Request, login: str, password: str) -> None:
    user = simulator.sessions.by_code(login, password, now=simulator.clock.now())
    if wire.text(request, "dbOTPType") != "TOTP":
        raise Refusal(UNEXPECTED, "Neočekávaná chyba: neznámý způsob autentizace.")
    old, new = (wire.child(request, name) for name in ("dbOldPassword", "dbNewPassword"))
    try:
        simulator.accounts.change_password(user.login, _whole(old), _whole(new))
    except Refusal as refusal:
        if refusal.status not in _TOLD_AS_TRIVIAL:
            raise
        raise Refusal("1083", refusal.message) from refusal


def _whole(given: wire.Request | None) -> str:
    """A password may contain spaces, so nothing is cut off."""
    return "" if given is None or given.text is None else given.text


def _told(operation: str, status: str, message: str) -> bytes:
    return wire.answer(operation, "", status=status, message=message, kind="db", namespace=ISDS_PASSWORDS)
