"""What ISDS answers when it refuses: a status code and a Czech text inside an ordinary answer."""

from typing import Final

from egon.gateways.isds.codes import StatusCode
from egon.kernel.errors import DomainError

# The official list of codes is not public. These four numbers are the simulator's own choice, named in README.md.
RECIPIENT_BOX_CLOSED: Final = "1202"
OWN_BOX: Final = "1203"
TOO_MANY_RECIPIENTS: Final = "1204"
BAD_ENVELOPE: Final = "2001"

AMBIGUOUS_SEARCH: Final = "1109"
NO_COMMERCIAL_MESSAGES: Final = "0009"
MALFORMED_BOX_ID: Final = "2011"
NOT_AUTHENTIC: Final = "2201"


class Refusal(DomainError):
    """The simulator refuses a call the way ISDS does. ``status`` goes to ``dmStatusCode`` or ``dbStatusCode``."""

    code = "isds.refused"

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


def no_right() -> Refusal:
    return Refusal(StatusCode.NO_RIGHT, "Nemáte právo provést tuto akci.")


def foreign_message() -> Refusal:
    """Also for numbers that were never given out, so that nobody learns which ones exist."""
    return Refusal(StatusCode.FOREIGN_MESSAGE, "Zpráva neexistuje nebo nepatří k této datové schránce.")


def not_delivered_yet() -> Refusal:
    return Refusal(StatusCode.NOT_DELIVERED_YET, "Datová zpráva dosud nebyla doručena přihlášením.")


def sent_not_delivered_yet() -> Refusal:
    return Refusal(StatusCode.SENT_NOT_DELIVERED_YET, "Odeslaná datová zpráva dosud nebyla dodána příjemci.")


def erased() -> Refusal:
    return Refusal(StatusCode.CONTENT_ERASED, "Obsah datové zprávy byl smazán po uplynutí doby uložení.")


def attachment_refused(why: str) -> Refusal:
    return Refusal(StatusCode.ATTACHMENT_REFUSED, f"Písemnost není přípustná: {why}")


def bad_time(value: str) -> Refusal:
    return Refusal(StatusCode.BAD_DATE, f"Chybný zápis data a času: {value[:40]}")


def bad_envelope(why: str) -> Refusal:
    return Refusal(BAD_ENVELOPE, f"Chybná obálka datové zprávy: {why}")
