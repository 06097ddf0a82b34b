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
NO_RIGHT: Final = str(StatusCode.NO_RIGHT)
NO_COMMERCIAL_MESSAGES: Final = "0009"
MALFORMED_BOX_ID: Final = "2011"
NOT_AUTHENTIC: Final = "2201"
ASYNC_UNKNOWN: Final = "2351"
ASYNC_NOT_READY: Final = "2352"
NO_USER_RECORD: Final = "2102"
UNKNOWN_USER: Final = "2103"
UPLOAD_QUOTA: Final = "1286"
HASH_1_DIFFERS: Final = "1288"
HASH_2_DIFFERS: Final = "1289"
FOREIGN_ATTACHMENT: Final = "1293"
UNKNOWN_ATTACHMENT: Final = "1294"
INLINE_TOO_BIG: Final = "1295"
TOO_SMALL: Final = "1297"
NO_SUCH_INDEX: Final = "1299"


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


def downloaded_too_often() -> Refusal:
    return Refusal("3005", "Překročen počet stažení zprávy bez časového razítka, opakujte požadavek za 20 minut.")


def no_time_stamp() -> Refusal:
    return Refusal("2207", "Časové razítko se nepodařilo včas získat, opakujte požadavek později.")


def bad_time(value: str) -> Refusal:
    return Refusal(StatusCode.BAD_DATE, f"Chybný zápis data a času: {value[:40]}")


def bad_envelope(why: str) -> Refusal:
    return Refusal(BAD_ENVELOPE, f"Chybná obálka datové zprávy: {why}")


def download_blocked() -> Refusal:
    return Refusal(
        StatusCode.DOWNLOAD_BLOCKED, "Stahování zpráv z této schránky zablokoval správce ISDS. Neopakujte požadavek."
    )


def wrong_service(*, big: bool) -> Refusal:
    """``big`` tells what the message is, and thus which service it belongs to."""
    kind = "velkoobjemovou zprávu, použijte služby VoDZ" if big else "běžnou zprávu, použijte služby běžných zpráv"
    return Refusal(StatusCode.WRONG_SERVICE, f"Touto službou nelze získat {kind}.")


def broken_document() -> Refusal:
    return Refusal("2200", "Dokument je poškozený, není to datová zpráva ani doručenka.")


def not_authentic() -> Refusal:
    return Refusal(NOT_AUTHENTIC, "Dokument není z pohledu ISDS autentický.")
