"""A new password for an account that logs in with a code: ``/asws/changePassword`` (ChangePassword.wsdl 2.31).

``ChangeISDSPassword`` does not serve such accounts (OTP autentizace 1.8, chapter 3).
"""

from typing import Final

from egon.gateways.isds.environment import Environment
from egon.gateways.isds.errors import SendingUnclear, change_unclear
from egon.gateways.isds.logins import PasswordChangeLogin
from egon.gateways.isds.namespaces import ISDS_PASSWORDS
from egon.gateways.isds.soap import answer_of, element, request
from egon.gateways.isds.transport import Transport

_SERVICE: Final = "changePassword"
TOTP: Final = "TOTP"
"""``dbOTPType`` of codes by SMS; codes of a security application (``HOTP``) are not given out any more."""


class PasswordChange:
    """Changing the password of one account: :meth:`request_code`, then :meth:`change`."""

    def __init__(self, environment: Environment, user: str, password: str) -> None:
        self._environment = environment
        self._user = user
        self._password = password

    def request_code(self) -> None:
        """SendSMSCode: have a code sent to the user's phone (a paid message); ``IsdsBusy`` 2301 within 30 seconds."""
        self._ask("SendSMSCode", code="", changes=False)

    def change(self, new: str, code: str) -> None:
        """ChangePasswordOTP. Raises ``IsdsRefused`` (rules), ``LoginRefused`` (code), ``ChangeUnclear``."""
        content = (
            element("dbOldPassword", self._password),
            element("dbNewPassword", new),
            element("dbOTPType", TOTP),
        )
        try:
            self._ask("ChangePasswordOTP", *content, code=code.strip(), changes=True)
        except SendingUnclear as error:
            raise change_unclear(error) from error

    def _ask(self, operation: str, *content: str, code: str, changes: bool) -> None:
        answer = bytearray()
        transport = Transport(self._environment, PasswordChangeLogin(self._user, self._password, code))
        try:
            body = request(operation, *content, namespace=ISDS_PASSWORDS)
            transport.exchange(_SERVICE, body, answer.extend, sending=changes)
        finally:
            transport.close()
        answer_of(bytes(answer), operation, sending=changes)
