"""Writing a filing plan by příloha 5."""

from collections.abc import Iterable
from datetime import date

from lxml import etree

from egon.gateways.nsesss.plan import NAMESPACE, PERIOD, ClassData, PlanData, RegimeData

Element = etree._Element


def write_plan(plan: PlanData, *, source: str) -> bytes:
    """The plan as XML in UTF-8; ``source`` names the system that gave the identifiers.

    The plan needs its identifier, publisher and first day, each class its identifier and opening day: without them
    ``ValueError``, because the schema would refuse the result.
    """
    if not plan.identifier or plan.publisher is None or plan.valid_from is None or not plan.classes:
        raise ValueError("a plan without identifier, publisher, first day or classes")
    root = etree.Element(f"{{{NAMESPACE}}}SpisovyPlan", ID="plan", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _identifier(root, plan.identifier, source)
    _text(root, "Nazev", plan.name)
    if plan.description:
        _text(root, "Komentar", plan.description)
    _days(_add(root, "Manipulace"), plan.valid_from, plan.valid_to)
    subject = _add(_add(root, "Vydavatel"), "Subjekt")
    _text(subject, "IdentifikatorOrganizace", plan.publisher.ic).set("zdroj", "IČO")
    _text(subject, "NazevOrganizace", plan.publisher.name)
    _text(subject, "SidloOrganizace", plan.publisher.address)
    _classes(root, plan, source)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _classes(root: Element, plan: PlanData, source: str) -> None:
    made: list[Element] = []
    for number, one in enumerate(plan.classes, start=1):
        above = root if one.parent is None else made[one.parent]
        element = _add(above, "PlanSoucast" if one.is_section else "PlanVecnaSkupina")
        element.set("ID", f"s{number}" if one.is_section else f"vs{number}")
        _evidence(_add(element, "EvidencniUdaje"), one, plan, source)
        made.append(element)


def _evidence(evidence: Element, one: ClassData, plan: PlanData, source: str) -> None:
    if not one.identifier or one.opened_on is None:
        raise ValueError(f"class {one.code} without identifier or opening day")
    _identifier(_add(evidence, "Identifikace"), one.identifier, source)
    description = _add(evidence, "Popis")
    _text(description, "Nazev", one.name)
    if note := PERIOD + one.period if one.period else one.note:
        _text(description, "Komentar", note)
    _text(_add(evidence, "Puvod"), "DatumVytvoreni", one.opened_on.isoformat())
    filing = _add(evidence, "Trideni")
    _text(filing, "JednoduchySpisovyZnak", _simple(one, plan))
    _text(filing, "PlneUrcenySpisovyZnak", one.code)
    disposal = _add(evidence, "Vyrazovani")
    if one.regime:
        _regime(_add(disposal, "SkartacniRezim"), one.regime, source)
    _days(_add(evidence, "Manipulace"), one.opened_on, one.closed_on)
    if one.for_typed_files:
        _text(evidence, "UrcenoProTypoveSpisy", "ano")
    if one.regime:
        _text(evidence, "ZpusobVedeni", "SbernyArch" if one.numbers_by_file else "Priorace")
        _text(evidence, "TrvalySkartacniSouhlas", "ano" if one.standing_consent else "ne")


def _simple(one: ClassData, plan: PlanData) -> str:
    above = "" if one.parent is None else plan.classes[one.parent].code + plan.separator
    return one.code.removeprefix(above)


def _regime(element: Element, regime: RegimeData, source: str) -> None:
    _identifier(element, regime.identifier, source)
    _text(element, "Nazev", regime.name or f"{regime.mark}/{regime.years}")
    if regime.reason:
        _text(element, "Oduvodneni", regime.reason)
    _text(element, "SkartacniZnak", regime.mark)
    _text(element, "SkartacniLhuta", str(regime.years))
    _text(element, "SpousteciUdalost", regime.trigger)
    if regime.check_years is not None:
        _text(element, "KontrolaLhuta", str(regime.check_years))


def _days(element: Element, opened: date, closed: date | None) -> None:
    days: Iterable[tuple[str, date | None]] = (("DatumOtevreni", opened), ("DatumUzavreni", closed))
    for name, day in days:
        if day is not None:
            _text(element, name, day.isoformat())


def _identifier(parent: Element, value: str, source: str) -> None:
    _text(parent, "Identifikator", value).set("zdroj", source)


def _add(parent: Element, name: str) -> Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _text(parent: Element, name: str, text: str) -> Element:
    element = _add(parent, name)
    element.text = text
    return element
