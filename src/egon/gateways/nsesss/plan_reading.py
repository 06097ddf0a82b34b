"""Reading a filing plan written by příloha 5, also by another system. All faults come at once."""

from datetime import date
from typing import Final

from lxml import etree

from egon.gateways.isds.safe_xml import UnsafeXml, parse_untrusted
from egon.gateways.nsesss.plan import NAMESPACE, PERIOD, ClassData, PlanData, PlanUnreadable, Publisher, RegimeData

Element = etree._Element

_NS: Final = {"n": NAMESPACE}


def read_plan(content: bytes) -> PlanData:
    """The plan in ``content``. Raises :class:`PlanUnreadable` with every fault, each saying of which class it is.

    What příloha 5 allows and we do not keep (keywords, cross-references) is left out. The period of volumes has no
    element there; it is read from the comment of a section, where :mod:`plan_writing` puts it.
    """
    root = _parsed(content)
    reading = _Reading()
    for element in root.findall("n:PlanVecnaSkupina", _NS):
        reading.take(element, None)
    name = _text(root, "n:Nazev")
    if not name:
        reading.faults.append("Plán nemá název (element Nazev).")
    if not reading.classes:
        reading.faults.append("V plánu není žádná věcná skupina (element PlanVecnaSkupina).")
    valid_from = reading.day(root, "n:Manipulace/n:DatumOtevreni", "plán")
    valid_to = reading.day(root, "n:Manipulace/n:DatumUzavreni", "plán")
    if reading.faults:
        raise PlanUnreadable(reading.faults)
    return PlanData(
        name=name,
        separator=reading.separator or ".",
        classes=reading.classes,
        description=_text(root, "n:Komentar"),
        valid_from=valid_from,
        valid_to=valid_to,
        identifier=_text(root, "n:Identifikator"),
        publisher=_publisher(root),
    )


def _parsed(content: bytes) -> Element:
    try:
        root = parse_untrusted(content)
    except UnsafeXml as error:
        raise PlanUnreadable([f"Soubor není čitelné XML: {error}."]) from error
    if root.tag != f"{{{NAMESPACE}}}SpisovyPlan":
        raise PlanUnreadable([f"Soubor není spisový plán podle přílohy č. 5 NSESSS: kořen je „{root.tag}“."])
    return root


class _Reading:
    """What has been read so far."""

    def __init__(self) -> None:
        self.classes: list[ClassData] = []
        self.faults: list[str] = []
        self.separator = ""

    def take(self, element: Element, parent: int | None) -> None:
        """One class and all below it."""
        code = _text(element, "n:EvidencniUdaje/n:Trideni/n:PlneUrcenySpisovyZnak")
        simple = _text(element, "n:EvidencniUdaje/n:Trideni/n:JednoduchySpisovyZnak")
        kind = "součást" if element.tag == f"{{{NAMESPACE}}}PlanSoucast" else "skupina"
        where = f"{kind} {code or simple or f'na řádku {element.sourceline}'}"
        self._learn_separator(code, simple, parent)
        position = len(self.classes)
        self.classes.append(self._class(element, code or simple, where, parent))
        for below in (*element.findall("n:PlanVecnaSkupina", _NS), *element.findall("n:PlanSoucast", _NS)):
            self.take(below, position)

    def day(self, element: Element, path: str, where: str) -> date | None:
        """A day, or None when it is not there."""
        text = _text(element, path)
        try:
            return date.fromisoformat(text[:10]) if text else None
        except ValueError:
            self.faults.append(f"{where}: „{text}“ není datum.")
            return None

    def _learn_separator(self, code: str, simple: str, parent: int | None) -> None:
        if parent is None or self.separator or not simple:
            return
        rest = code.removeprefix(self.classes[parent].code)
        if rest.endswith(simple) and len(rest) == len(simple) + 1:
            self.separator = rest[0]

    def _class(self, element: Element, code: str, where: str, parent: int | None) -> ClassData:
        evidence = element.find("n:EvidencniUdaje", _NS)
        if evidence is None:
            self.faults.append(f"{where}: chybí EvidencniUdaje.")
            return ClassData(code=code, name="?", parent=parent, where=where)
        is_section = element.tag == f"{{{NAMESPACE}}}PlanSoucast"
        note = _text(evidence, "n:Popis/n:Komentar")
        return ClassData(
            code=code,
            name=_text(evidence, "n:Popis/n:Nazev"),
            note="" if is_section else note,
            is_section=is_section,
            period=note.partition(PERIOD)[2] if is_section else "",
            parent=parent,
            regime=self._regime(evidence.find("n:Vyrazovani/n:SkartacniRezim", _NS), where),
            for_typed_files=_text(evidence, "n:UrcenoProTypoveSpisy") == "ano",
            numbers_by_file=_text(evidence, "n:ZpusobVedeni") == "SbernyArch",
            standing_consent=_text(evidence, "n:TrvalySkartacniSouhlas") == "ano",
            opened_on=self.day(evidence, "n:Manipulace/n:DatumOtevreni", where),
            closed_on=self.day(evidence, "n:Manipulace/n:DatumUzavreni", where),
            identifier=_text(evidence, "n:Identifikace/n:Identifikator"),
            where=where,
        )

    def _regime(self, element: Element | None, where: str) -> RegimeData | None:
        if element is None:
            return None
        years = self._number(element, "n:SkartacniLhuta", where)
        if years is None:
            self.faults.append(f"{where}: skartační režim nemá skartační lhůtu v letech.")
        return RegimeData(
            mark=_text(element, "n:SkartacniZnak"),
            years=years or 0,
            trigger=_text(element, "n:SpousteciUdalost"),
            check_years=self._number(element, "n:KontrolaLhuta", where),
            identifier=_text(element, "n:Identifikator"),
            name=_text(element, "n:Nazev"),
            reason=_text(element, "n:Oduvodneni"),
        )

    def _number(self, element: Element, path: str, where: str) -> int | None:
        text = _text(element, path)
        if text and not text.isdecimal():
            self.faults.append(f"{where}: „{text}“ není počet let.")
        return int(text) if text.isdecimal() else None


def _publisher(root: Element) -> Publisher | None:
    subject = root.find("n:Vydavatel/n:Subjekt", _NS)
    if subject is None:
        return None
    return Publisher(
        name=_text(subject, "n:NazevOrganizace") or _text(subject, "n:NazevFyzickeOsoby"),
        ic=_text(subject, "n:IdentifikatorOrganizace"),
        address=_text(subject, "n:SidloOrganizace") or _text(subject, "n:PostovniAdresa"),
    )


def _text(element: Element, path: str) -> str:
    return " ".join((element.findtext(path, default="", namespaces=_NS) or "").split())
