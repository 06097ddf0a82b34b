"""Code lists of ISDS as tolerant values: a code we do not know yet is data, never an error.

Sources: WSDL 3.11 (``dmBaseTypes.xsd``, ``dbTypes.xsd``), operating rules and developer bulletins up to June 2026.
"""

from typing import ClassVar, Final, Self


class MessageState(int):
    """State of a data message (``dmMessageStatus``). Any number is accepted; unknown ones are labelled as such."""

    SUBMITTED: ClassVar["MessageState"]
    STAMPED: ClassVar["MessageState"]
    INFECTED: ClassVar["MessageState"]
    DELIVERED_TO_BOX: ClassVar["MessageState"]
    DELIVERED_BY_FICTION: ClassVar["MessageState"]
    DELIVERED_BY_LOGIN: ClassVar["MessageState"]
    READ: ClassVar["MessageState"]
    UNDELIVERABLE: ClassVar["MessageState"]
    ERASED: ClassVar["MessageState"]
    IN_VAULT: ClassVar["MessageState"]

    @property
    def label(self) -> str:
        """What the state is called on the screen."""
        return _STATE_LABELS.get(int(self), f"neznámý stav {int(self)}")

    @property
    def known(self) -> bool:
        return int(self) in _STATE_LABELS

    @property
    def is_delivered(self) -> bool:
        """Delivered in the legal sense (doručena); state 4 is only *dodána* and depends on the kind of box."""
        return int(self) in {5, 6, 7, 10}

    @property
    def filter_bit(self) -> int:
        """The bit of this state in ``dmStatusFilter``."""
        return 1 << int(self)


_STATE_LABELS: Final = {
    1: "podána",
    2: "opatřena časovým razítkem",
    3: "nedodána – obsahuje škodlivý kód",
    4: "dodána do schránky",
    5: "doručena fikcí",
    6: "doručena přihlášením",
    7: "přečtena",
    8: "nedoručitelná – schránka příjemce byla zpětně znepřístupněna",
    9: "obsah zprávy smazán",
    10: "uložena v Datovém trezoru",
}

MessageState.SUBMITTED = MessageState(1)
MessageState.STAMPED = MessageState(2)
MessageState.INFECTED = MessageState(3)
MessageState.DELIVERED_TO_BOX = MessageState(4)
MessageState.DELIVERED_BY_FICTION = MessageState(5)
MessageState.DELIVERED_BY_LOGIN = MessageState(6)
MessageState.READ = MessageState(7)
MessageState.UNDELIVERABLE = MessageState(8)
MessageState.ERASED = MessageState(9)
MessageState.IN_VAULT = MessageState(10)

ALL_STATES_FILTER: Final = -1
"""``dmStatusFilter`` that lets every state through."""


def status_filter(*states: int) -> int:
    """``dmStatusFilter`` for the given states (sum of 2^state); no state means all of them."""
    if not states:
        return ALL_STATES_FILTER
    return sum(1 << state for state in set(states))


class EventKind(str):
    """Prefix of an event description (``EV0``…). The text after it may change; the prefix decides."""

    __slots__ = ()

    SUBMITTED: ClassVar["EventKind"]
    PUT_IN_BOX: ClassVar["EventKind"]
    FICTION: ClassVar["EventKind"]
    UNDELIVERABLE: ClassVar["EventKind"]
    INFECTED: ClassVar["EventKind"]
    LOGIN_OLD: ClassVar["EventKind"]
    LOGIN_PRIMARY: ClassVar["EventKind"]
    LOGIN_ENTRUSTED: ClassVar["EventKind"]
    LOGIN_APPLICATION: ClassVar["EventKind"]

    @classmethod
    def of(cls, description: str) -> Self:
        """The kind of an event by its description; an empty kind when the description has no known shape."""
        prefix, colon, _ = description.partition(":")
        prefix = prefix.strip()
        return cls(prefix if colon and prefix.startswith("EV") and prefix[2:].isdigit() else "")

    @property
    def label(self) -> str:
        """What the event is called on the screen."""
        return _EVENT_LABELS.get(str(self), f"událost {self}" if self else "událost bez označení")

    @property
    def is_login(self) -> bool:
        """Delivery by login of somebody entitled to read (§ 17 odst. 3 zákona č. 300/2008 Sb.)."""
        return str(self) in {"EV1", "EV11", "EV12", "EV13"}


_EVENT_LABELS: Final = {
    "EV0": "podání datové zprávy",
    "EV1": "doručení přihlášením",
    "EV2": "doručení fikcí",
    "EV3": "nedoručitelná datová zpráva",
    "EV4": "potvrzení doručení poštovní datové zprávy",
    "EV5": "dodání do datové schránky",
    "EV6": "doručení fikcí (bez uživatele)",
    "EV8": "nalezen škodlivý kód",
    "EV11": "doručení přihlášením oprávněné osoby",
    "EV12": "doručení přihlášením pověřené osoby",
    "EV13": "doručení přihlášením aplikace (systémový certifikát)",
}

EventKind.SUBMITTED = EventKind("EV0")
EventKind.PUT_IN_BOX = EventKind("EV5")
EventKind.FICTION = EventKind("EV2")
EventKind.UNDELIVERABLE = EventKind("EV3")
EventKind.INFECTED = EventKind("EV8")
EventKind.LOGIN_OLD = EventKind("EV1")
EventKind.LOGIN_PRIMARY = EventKind("EV11")
EventKind.LOGIN_ENTRUSTED = EventKind("EV12")
EventKind.LOGIN_APPLICATION = EventKind("EV13")


class BoxType(str):
    """Type of a data box by its name in the web services (``OVM``, ``PFO_ADVOK``…); unknown names pass through."""

    __slots__ = ()

    OVM: ClassVar["BoxType"]
    PO: ClassVar["BoxType"]
    PFO: ClassVar["BoxType"]
    FO: ClassVar["BoxType"]

    @classmethod
    def of(cls, raw: str | int) -> Self:
        """From a name or a number (``dmSenderType``): ``of("10") == of("OVM")``; unknown values stay as they came."""
        text = str(raw).strip()
        if text.lstrip("-").isdigit():
            return cls(_BOX_NAMES.get(int(text), text))
        return cls(text)

    @property
    def number(self) -> int | None:
        """The number of the type, ``None`` when it is not known."""
        if self.isdigit():
            return int(self)
        return _BOX_NUMBERS.get(str(self))

    @property
    def label(self) -> str:
        """What the type is called on the screen."""
        return _BOX_LABELS.get(str(self), f"schránka typu {self}" if self else "schránka neuvedeného typu")

    @property
    def is_public_authority(self) -> bool:
        """A box of a public authority (orgán veřejné moci): messages from and to it are not commercial ones."""
        number = self.number
        return number is not None and 10 <= number < 20


_BOX_NAMES: Final = {
    0: "SYSTEM",
    10: "OVM",
    11: "OVM_NOTAR",
    12: "OVM_EXEKUT",
    13: "OVM_REQ",
    14: "OVM_FO",
    15: "OVM_PFO",
    16: "OVM_PO",
    20: "PO",
    21: "PO_ZAK",
    22: "PO_REQ",
    30: "PFO",
    31: "PFO_ADVOK",
    32: "PFO_DANPOR",
    33: "PFO_INSSPR",
    34: "PFO_AUDITOR",
    35: "PFO_ZNALEC",
    36: "PFO_TLUMOCNIK",
    37: "PFO_ARCH",
    38: "PFO_AIAT",
    39: "PFO_AZI",
    40: "FO",
    50: "PFO_REQ",
}
_BOX_NUMBERS: Final = {name: number for number, name in _BOX_NAMES.items()}

_BOX_LABELS: Final = {
    "SYSTEM": "systémová schránka ISDS",
    "OVM": "orgán veřejné moci",
    "OVM_NOTAR": "notář",
    "OVM_EXEKUT": "soudní exekutor",
    "OVM_REQ": "orgán veřejné moci (na žádost)",
    "OVM_FO": "orgán veřejné moci – fyzická osoba",
    "OVM_PFO": "orgán veřejné moci – podnikající fyzická osoba",
    "OVM_PO": "orgán veřejné moci – právnická osoba",
    "PO": "právnická osoba",
    "PO_ZAK": "právnická osoba zřízená zákonem",
    "PO_REQ": "právnická osoba (na žádost)",
    "PFO": "podnikající fyzická osoba",
    "PFO_ADVOK": "advokát",
    "PFO_DANPOR": "daňový poradce",
    "PFO_INSSPR": "insolvenční správce",
    "PFO_AUDITOR": "statutární auditor",
    "PFO_ZNALEC": "znalec",
    "PFO_TLUMOCNIK": "soudní tlumočník",
    "PFO_ARCH": "architekt",
    "PFO_AIAT": "autorizovaný inženýr nebo technik",
    "PFO_AZI": "autorizovaný zeměměřický inženýr",
    "FO": "fyzická osoba",
    "PFO_REQ": "podnikající fyzická osoba (na žádost)",
}

BoxType.OVM = BoxType("OVM")
BoxType.PO = BoxType("PO")
BoxType.PFO = BoxType("PFO")
BoxType.FO = BoxType("FO")


class BoxState(int):
    """State of a box (``dbState``). Only an accessible box takes messages."""

    ACCESSIBLE: ClassVar["BoxState"]
    TEMPORARILY_CLOSED: ClassVar["BoxState"]
    NOT_YET_ACCESSIBLE: ClassVar["BoxState"]
    PERMANENTLY_CLOSED: ClassVar["BoxState"]
    DELETED: ClassVar["BoxState"]
    CLOSED_BY_LAW: ClassVar["BoxState"]

    @property
    def label(self) -> str:
        """What the state is called on the screen."""
        return _BOX_STATE_LABELS.get(int(self), f"neznámý stav {int(self)}")

    @property
    def takes_messages(self) -> bool:
        return int(self) == 1


_BOX_STATE_LABELS: Final = {
    1: "přístupná",
    2: "dočasně znepřístupněná",
    3: "dosud nezpřístupněná",
    4: "trvale znepřístupněná",
    5: "smazaná",
    6: "dočasně znepřístupněná ze zákona",
}

BoxState.ACCESSIBLE = BoxState(1)
BoxState.TEMPORARILY_CLOSED = BoxState(2)
BoxState.NOT_YET_ACCESSIBLE = BoxState(3)
BoxState.PERMANENTLY_CLOSED = BoxState(4)
BoxState.DELETED = BoxState(5)
BoxState.CLOSED_BY_LAW = BoxState(6)

SYSTEM_BOX: Final = "aaaaaaa"
"""Sender of messages the system itself writes (virus found, undeliverable)."""
OPERATOR_BOX: Final = "zzzzzzq"


class StatusCode(str):
    """Outcome of a call (``dmStatusCode``, ``dbStatusCode``). Codes ``00xx`` mean success."""

    __slots__ = ()

    OK: ClassVar["StatusCode"]
    NOTHING_FOUND: ClassVar["StatusCode"]
    TOO_MANY_FOUND: ClassVar["StatusCode"]
    SOME_RECIPIENTS_FAILED: ClassVar["StatusCode"]
    SIGNED_WITHOUT_TIMESTAMP: ClassVar["StatusCode"]
    NO_RIGHT: ClassVar["StatusCode"]
    BAD_BOX_ID: ClassVar["StatusCode"]
    TOO_FEW_CRITERIA: ClassVar["StatusCode"]
    BAD_SEARCH_PAGE: ClassVar["StatusCode"]
    SENDER_BOX_CLOSED: ClassVar["StatusCode"]
    FOREIGN_MESSAGE: ClassVar["StatusCode"]
    ATTACHMENT_REFUSED: ClassVar["StatusCode"]
    CONTENT_ERASED: ClassVar["StatusCode"]
    NOT_DELIVERED_YET: ClassVar["StatusCode"]
    SENT_NOT_DELIVERED_YET: ClassVar["StatusCode"]
    NO_PUBLIC_AUTHORITY: ClassVar["StatusCode"]
    WRONG_SERVICE: ClassVar["StatusCode"]
    UNKNOWN_OPERATION: ClassVar["StatusCode"]
    BAD_DATE: ClassVar["StatusCode"]
    MIME_MISSING: ClassVar["StatusCode"]
    DELIVERY_TAKES_TOO_LONG: ClassVar["StatusCode"]
    THROTTLED: ClassVar["StatusCode"]
    TOO_MANY_CONNECTIONS: ClassVar["StatusCode"]
    DOWNLOAD_BLOCKED: ClassVar["StatusCode"]
    BOX_UNKNOWN: ClassVar["StatusCode"]
    SEARCH_ENGINE_DOWN: ClassVar["StatusCode"]
    INTERNAL_ERROR: ClassVar["StatusCode"]

    @property
    def is_success(self) -> bool:
        return len(self) == 4 and self.startswith("00")


StatusCode.OK = StatusCode("0000")
StatusCode.NOTHING_FOUND = StatusCode("0002")
StatusCode.TOO_MANY_FOUND = StatusCode("0003")
StatusCode.SOME_RECIPIENTS_FAILED = StatusCode("0004")
StatusCode.SIGNED_WITHOUT_TIMESTAMP = StatusCode("0005")
StatusCode.NO_RIGHT = StatusCode("1004")
StatusCode.BAD_BOX_ID = StatusCode("1007")
StatusCode.TOO_FEW_CRITERIA = StatusCode("1101")
StatusCode.BAD_SEARCH_PAGE = StatusCode("1189")
StatusCode.SENDER_BOX_CLOSED = StatusCode("1201")
StatusCode.FOREIGN_MESSAGE = StatusCode("1211")
StatusCode.ATTACHMENT_REFUSED = StatusCode("1214")
StatusCode.CONTENT_ERASED = StatusCode("1219")
StatusCode.NOT_DELIVERED_YET = StatusCode("1222")
StatusCode.SENT_NOT_DELIVERED_YET = StatusCode("1229")
StatusCode.NO_PUBLIC_AUTHORITY = StatusCode("1233")
StatusCode.WRONG_SERVICE = StatusCode("1281")
StatusCode.UNKNOWN_OPERATION = StatusCode("2006")
StatusCode.BAD_DATE = StatusCode("2017")
StatusCode.MIME_MISSING = StatusCode("2035")
StatusCode.DELIVERY_TAKES_TOO_LONG = StatusCode("3006")
StatusCode.THROTTLED = StatusCode("3008")
StatusCode.TOO_MANY_CONNECTIONS = StatusCode("3009")
StatusCode.DOWNLOAD_BLOCKED = StatusCode("3022")
StatusCode.BOX_UNKNOWN = StatusCode("5001")
StatusCode.SEARCH_ENGINE_DOWN = StatusCode("9002")
StatusCode.INTERNAL_ERROR = StatusCode("9005")


class SendOptions(str):
    """What may be sent to a box found by ISDSSearch3 (``dbSendOptions``)."""

    __slots__ = ()

    @property
    def label(self) -> str:
        """What the option is called on the screen."""
        return _SEND_LABELS.get(str(self), f"neznámá možnost {self}")


_SEND_LABELS: Final = {
    "DZ": "veřejná datová zpráva",
    "ALL": "veřejná i poštovní datová zpráva",
    "PDZ": "pouze poštovní datová zpráva",
    "NONE": "nelze odeslat",
    "DISABLED": "schránka nepřijímá zprávy",
}
