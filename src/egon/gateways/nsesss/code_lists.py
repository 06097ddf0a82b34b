"""Code lists (číselníky) by příloha 7 of NSESSS: the element Export/Ciselnik, written and read (2.7.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from lxml import etree

from egon.gateways.isds.safe_xml import UnsafeXml, parse_untrusted

NAMESPACE: Final = "http://www.mvcr.cz/nsesss/2024/api"
LONGEST_CODE: Final = 40
LONGEST_TEXT: Final = 255
_LONGEST_SOURCE = 10
_NS: Final = {"n": NAMESPACE}

Element = etree._Element


class CodeListUnreadable(Exception):
    """The file is no code list, or says something that cannot be; ``faults`` are all of them, in Czech."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class CodeData:
    """One item: its code, text, description, the first and the last day of its use; ``line`` in the source."""

    code: str
    text: str
    valid_from: date | None = None
    valid_to: date | None = None
    active: bool = True
    description: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class CodeListData:
    """A whole code list."""

    identifier: str
    name: str
    items: Sequence[CodeData]


def write_code_list(codes: CodeListData, *, source: str, author: str, at: datetime) -> bytes:
    """The code list as XML in UTF-8; ``source`` (at most 10 characters) names our system, ``author`` who exports it."""
    root = etree.Element(f"{{{NAMESPACE}}}Export", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    root.set("Zdroj", source[:_LONGEST_SOURCE])
    root.set("PoradiVDavce", "1")
    listed = _add(root, "Ciselnik")
    _text(listed, "IdCiselniku", codes.identifier)
    _text(listed, "NazevCiselniku", codes.name)
    items = _add(listed, "Polozky")
    for one in codes.items:
        _item(_add(items, "Polozka"), one)
    authorised = _add(root, "Autorizace")
    _text(authorised, "provedlKdo", author[:50])
    _text(authorised, "provedlKdy", at.isoformat(timespec="seconds"))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def read_code_list(content: bytes) -> CodeListData:
    """The code list in ``content``. Raises :class:`CodeListUnreadable` with every fault and its line."""
    listed = _parsed(content)
    identifier = _found(listed, "IdCiselniku")
    faults = [] if identifier else ["Číselník nemá identifikátor (element IdCiselniku)."]
    items = []
    seen: set[str] = set()
    for element in listed.findall("n:Polozky/n:Polozka", _NS):
        item = _read(element, faults)
        if item.code in seen:
            faults.append(f"Řádek {item.line}: kód {item.code} je v souboru podruhé.")
        seen.add(item.code)
        items.append(item)
    if faults:
        raise CodeListUnreadable(faults)
    return CodeListData(identifier, _found(listed, "NazevCiselniku"), items)


def _item(element: Element, one: CodeData) -> None:
    _text(element, "IdPolozky", one.code)
    _text(element, "Text", one.text[:LONGEST_TEXT])
    if one.description:
        _text(element, "Popis", one.description[:LONGEST_TEXT])
    _text(element, "StavPolozky", "Aktivni" if one.active else "Neaktivni")
    for name, day in (("PlatnaOd", one.valid_from), ("PlatnaDo", one.valid_to)):
        if day is not None:
            _text(element, name, day.isoformat())


def _parsed(content: bytes) -> Element:
    try:
        root = parse_untrusted(content)
    except UnsafeXml as error:
        raise CodeListUnreadable([f"Soubor není čitelné XML: {error}."]) from error
    listed = root.find("n:Ciselnik", _NS)
    if root.tag != f"{{{NAMESPACE}}}Export" or listed is None:
        raise CodeListUnreadable([f"Soubor není číselník podle přílohy č. 7 NSESSS: kořen je „{root.tag}“."])
    return listed


def _read(element: Element, faults: list[str]) -> CodeData:
    line = int(str(element.sourceline))  # the stubs do not know that it is a number
    code, text = _found(element, "IdPolozky"), _found(element, "Text")
    if not code or len(code) > LONGEST_CODE:
        faults.append(f"Řádek {line}: položka má mít kód (IdPolozky) do {LONGEST_CODE} znaků.")
    if not text or len(text) > LONGEST_TEXT:
        faults.append(f"Řádek {line}: položka má mít text do {LONGEST_TEXT} znaků.")
    return CodeData(
        code=code,
        text=text,
        valid_from=_day(element, "PlatnaOd", line, faults),
        valid_to=_day(element, "PlatnaDo", line, faults),
        active=_found(element, "StavPolozky") != "Neaktivni",
        description=_found(element, "Popis"),
        line=line,
    )


def _day(element: Element, name: str, line: int, faults: list[str]) -> date | None:
    text = _found(element, name)
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        faults.append(f"Řádek {line}: „{text}“ není datum ({name}).")
        return None


def _found(element: Element, name: str) -> str:
    return " ".join((element.findtext(f"n:{name}", default="", namespaces=_NS) or "").split())


def _add(parent: Element, name: str) -> Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _text(parent: Element, name: str, text: str) -> None:
    _add(parent, name).text = text
