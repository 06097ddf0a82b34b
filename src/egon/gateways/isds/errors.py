"""What may go wrong with ISDS, by what the caller should do about it."""

import re
from datetime import timedelta
from typing import Final

from egon.gateways.isds.codes import StatusCode
from egon.kernel.errors import Ambiguous, BadContent, GatewayError, Misconfigured, Refused, Retryable


class LoginRefused(Misconfigured):
    """ISDS did not let the login in (HTTP 401). ``blocked_until`` is the clock time ISDS gave, or empty."""

    code = "isds.login_refused"

    def __init__(self, message: str, *, blocked_until: str = "", detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.blocked_until = blocked_until


class SessionExpired(LoginRefused):
    """A session opened by an SMS code or the mobile key is over; a person has to log in again."""

    code = "isds.session_expired"


class ChangeUnclear(Ambiguous):
    """A change that must not be made twice was asked for, its answer did not come: look before repeating."""

    code = "isds.change_unclear"


class IsdsRefused(Refused):
    """ISDS understood the call and refused it. ``status`` is its code, ``text`` its own words."""

    code = "isds.refused"

    def __init__(self, status: str, text: str, *, message: str = "") -> None:
        super().__init__(message or _refusal_message(status, text), detail=f"{status} {text}".strip())
        self.status = StatusCode(status)
        self.text = text


class IsdsBusy(Retryable):
    """ISDS asks to try later (its own status code), nothing was done."""

    code = "isds.busy"

    def __init__(self, status: str, text: str, *, after: timedelta) -> None:
        super().__init__(_busy_message(status, text), detail=f"{status} {text}".strip(), after=after)
        self.status = StatusCode(status)
        self.text = text


class SendingUnclear(Ambiguous):
    """A message was handed over but ISDS did not confirm it: look into the list of sent messages before repeating."""

    code = "isds.sending_unclear"


class ZfoError(BadContent):
    """A file is not a usable ZFO."""

    code = "zfo"


class ZfoCutShort(ZfoError):
    """The end of the file is missing."""

    code = "zfo.cut_short"


class ZfoNotCms(ZfoError):
    """The file is not a CMS signed document at all."""

    code = "zfo.not_cms"


class ZfoNotIsds(ZfoError):
    """A signed document, but not a data message nor a delivery receipt."""

    code = "zfo.not_isds"


class ZfoTooLarge(ZfoError):
    """Over the size limit; the file was not read."""

    code = "zfo.too_large"


class ZfoAltered(ZfoError):
    """The content cannot be what ISDS sealed: a file is damaged or a forbidden construct is inside."""

    code = "zfo.altered"


_REFUSALS: Final = {
    "1004": "Přihlášený účet nemá k této operaci v datové schránce oprávnění. Doplňte je ve správě schránky.",
    "1007": "Identifikátor datové schránky má chybný tvar. Opravte ho a zkuste to znovu.",
    "2011": "Identifikátor datové schránky má chybný tvar. Opravte ho a zkuste to znovu.",
    "1101": "Pro vyhledání schránky je zadáno příliš málo údajů. Doplňte další údaj.",
    "1189": "Výsledků je příliš mnoho. Zpřesněte hledaný text.",
    "1201": "Vlastní datová schránka je znepřístupněná, zprávu z ní nelze odeslat. Zpráva zůstala připravená.",
    "1211": "Zpráva nepatří přihlášené datové schránce.",
    "1214": "ISDS odmítl přílohu (nepovolený typ nebo obsah). Zpráva nebyla odeslána; přílohu vyměňte.",
    "1219": "Obsah zprávy už byl v ISDS smazán, stáhnout ho nelze. K dispozici zůstává obálka a doručenka.",
    "1222": "Zpráva ještě nebyla doručena, její obsah zatím nelze stáhnout. Nejdříve načtěte seznam došlých zpráv.",
    "1233": "Odesílatel ani příjemce není orgánem veřejné moci. Zvolte poštovní datovou zprávu.",
    "1281": "Zpráva patří k jinému druhu (běžná / velkoobjemová) a musí se zpracovat jinou službou ISDS.",
    "2006": "ISDS tuto službu nezná. Zkontrolujte nastavené prostředí.",
    "2017": "ISDS nerozumí zadanému datu.",
    "2035": "U přílohy chybí typ obsahu (MIME). Zpráva nebyla odeslána.",
    "3022": "Stahování této zprávy zablokoval správce ISDS. Neopakujte je a obraťte se na provozovatele.",
    "1218": "Ke smazání zpráv z Datového trezoru nemá přihlášený účet oprávnění.",
    "1286": "Nahrané a zatím neodeslané přílohy překročily limit 5 GB. Počkejte dvě hodiny, ISDS je sám smaže.",
    "1288": "Otisk nahrané přílohy nesouhlasí. Zpráva nebyla odeslána; přílohu je třeba nahrát znovu.",
    "1289": "Otisk nahrané přílohy nesouhlasí. Zpráva nebyla odeslána; přílohu je třeba nahrát znovu.",
    "1293": "Nahraná příloha patří jiné schránce. Zpráva nebyla odeslána; přílohu je třeba nahrát znovu.",
    "1294": "Nahraná příloha už v ISDS není (po dvou hodinách se maže). Zpráva nebyla odeslána; nahrajte ji znovu.",
    "1295": "Přílohy vložené přímo do velkoobjemové zprávy mají přes 20 MB. Zpráva nebyla odeslána.",
    "1297": "Zpráva je na velkoobjemovou příliš malá. Nebyla odeslána; pošlete ji jako běžnou.",
    "1299": "Zpráva nemá přílohu s tímto pořadím.",
    "2205": "Poslední časové razítko dokumentu už vypršelo, prodloužit jeho ověřitelnost nelze.",
    "2206": "Na další archivní razítko je brzy, předchozí ještě dlouho platí.",
    "2209": "Archivní razítko lze přidat nejdříve 24 hodin po stažení zprávy.",
    "1066": "Nové heslo musí mít 8 až 32 znaků. Heslo zůstalo beze změny.",
    "1067": "Nové heslo je stejné jako dosavadní. Heslo zůstalo beze změny, zvolte jiné.",
    "1090": "Dosavadní heslo nesouhlasí. Heslo zůstalo beze změny.",
    "1091": "Toto heslo už bylo v minulosti použito. Heslo zůstalo beze změny, zvolte jiné.",
    "5001": "Datová schránka s tímto identifikátorem neexistuje.",
}

_RETRY_AFTER: Final = {
    "1229": timedelta(minutes=5),
    "2046": timedelta(minutes=5),
    "2207": timedelta(hours=1),
    "2210": timedelta(minutes=1),
    "2352": timedelta(minutes=1),
    "2301": timedelta(seconds=30),
    "2302": timedelta(minutes=1),
    "3005": timedelta(minutes=20),
    "3006": timedelta(seconds=30),
    "3008": timedelta(seconds=10),
    "3009": timedelta(seconds=10),
    "3013": timedelta(seconds=10),
    "9002": timedelta(minutes=2),
    "9005": timedelta(minutes=5),
    "9500": timedelta(minutes=5),
}

_UNSURE_WHEN_SENDING: Final = frozenset({"9005", "9500", "2046"})
"""Failures inside ISDS: whether the message was accepted before them is not known."""

_BLOCKED_UNTIL: Final = re.compile(r"Login blocked until:?\s*([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)", re.IGNORECASE)


def status_error(status: str, text: str, *, sending: bool = False) -> GatewayError:
    """The error for an unsuccessful status code. ``sending``: the call creates a message."""
    if sending and status in _UNSURE_WHEN_SENDING:
        return SendingUnclear(
            "ISDS při odesílání ohlásil vnitřní chybu. Zda zprávu přijal, se ověří v seznamu odeslaných zpráv; "
            "do té doby se neposílá znovu.",
            detail=f"{status} {text}".strip(),
            after=_RETRY_AFTER[status],
        )
    after = _RETRY_AFTER.get(status)
    return IsdsBusy(status, text, after=after) if after else IsdsRefused(status, text)


def change_unclear(error: SendingUnclear) -> ChangeUnclear:
    """The error of a lost answer to a change that is not the sending of a message."""
    return ChangeUnclear(
        "Spojení s ISDS se přerušilo dřív, než změnu potvrdil. Zda ji provedl, ověřte v nastavení schránky, "
        "než ji zadáte znovu.",
        detail=error.detail,
        after=error.after,
    )


def login_error(login_name: str, page: str) -> LoginRefused:
    """The error for HTTP 401, whose body is a HTML page made for people."""
    found = _BLOCKED_UNTIL.search(page)
    if found:
        until = found.group(1)
        message = (
            f"ISDS dočasně zablokoval přihlášení účtu {login_name} do {until} kvůli opakovaně chybnému heslu. "
            "Nic se nestáhlo ani neodeslalo; po uplynutí blokace opravte heslo v nastavení schránky."
        )
        return LoginRefused(message, blocked_until=until, detail="HTTP 401")
    return LoginRefused(
        f"ISDS odmítl přihlášení účtu {login_name}: jméno nebo heslo neplatí, případně je blokována adresa serveru. "
        "Nic se nestáhlo ani neodeslalo; opravte přihlašovací údaje v nastavení schránky.",
        detail="HTTP 401",
    )


def _refusal_message(status: str, text: str) -> str:
    return _REFUSALS.get(status) or f"ISDS požadavek odmítl: {text or 'bez vysvětlení'} (kód {status})."


def _busy_message(status: str, text: str) -> str:
    return f"ISDS teď požadavek nevyřídil: {text or 'bez vysvětlení'} (kód {status}). Zkusí se to znovu později."
