"""Metadata of typed files, their sections and volumes."""

from operator import attrgetter
from typing import Final

from egon.documentation.annex.entries import ARCHIVE, TRANSFER, TYPED_END, Entry, Value, coming, stored
from egon.records.models import CaseFile, TypedFile, TypedSection, Volume

NO_DECISION = "prázdný díl zaniká sám (NSESSS 3.3.14), zničení na základě dokumentu přijde s vyřazováním dílů (6.3)"


def _sections(typed: TypedFile) -> list[str]:
    found = TypedSection.objects.filter(typed_file=typed).order_by("template__sort_key")
    return list(found.values_list("identifier", flat=True))


OF_TYPED_FILE: Final[tuple[Entry, ...]] = (
    stored("Jednoznačný Identifikátor", attrgetter("identifier"), shown="Identifikátor", header=True),
    stored("Název typového spisu", attrgetter("name"), shown="Název"),
    stored("Datum založení typového spisu", attrgetter("opened_on"), shown="Založen"),
    stored("Datum uzavření typového spisu", attrgetter("closed_on"), shown="Uzavřen"),
    stored("Spisový znak", attrgetter("class_code")),
    stored(
        "Jednoznačný identifikátor nadřazené věcné skupiny",
        attrgetter("record_class.identifier"),
        shown="Identifikátor věcné skupiny",
    ),
    stored("Odkazy na součásti typového spisu", _sections, listed=True),
    coming("Datum přenosu nebo zničení", TYPED_END, header=True),
    coming("Důvod zničení nebo přenosu", TYPED_END, header=True),
)


def _above(section: TypedSection) -> Value:
    above = section.parent or section.typed_file.record_class
    return str(above.identifier)


def _inside(section: TypedSection) -> list[str]:
    if section.template.is_leaf:
        return list(Volume.objects.filter(section=section).order_by("number").values_list("identifier", flat=True))
    found = TypedSection.objects.filter(parent=section).order_by("template__sort_key")
    return list(found.values_list("identifier", flat=True))


OF_SECTION: Final[tuple[Entry, ...]] = (
    stored("Jednoznačný identifikátor", attrgetter("identifier"), shown="Identifikátor", header=True),
    stored(
        "Odkaz na šablonu typového spisu",
        lambda one: f"{one.template.record_class.code}, {one.template.identifier}",
        shown="Šablona a její součást",
    ),
    stored("Obsah – slovní popis", attrgetter("template.name"), shown="Součást"),
    stored("Datum vytvoření součásti typového spisu", attrgetter("opened_on"), shown="Vytvořena"),
    stored("Datum uzavření součásti typového spisu", attrgetter("closed_on"), shown="Uzavřena"),
    stored("Spisový znak", attrgetter("template.code")),
    stored("Jednoznačný identifikátor nadřazené věcné skupiny nebo", _above, shown="Identifikátor nadřazené entity"),
    stored("Skartační režim", lambda one: one.template.regime if one.template.is_leaf else None),
    stored("Odkazy na díly případně součásti", _inside, listed=True),
    coming("Datum přenosu nebo zničení", TYPED_END, header=True),
    coming("Důvod zničení nebo přenosu", TYPED_END, header=True),
)


def _files(volume: Volume) -> list[str]:
    return list(CaseFile.objects.filter(volume=volume).order_by("pk").values_list("identifier", flat=True))


OF_VOLUME: Final[tuple[Entry, ...]] = (
    stored("Jednoznačný Identifikátor", attrgetter("identifier"), shown="Identifikátor", header=True),
    stored("Datum založení dílu typového spisu", attrgetter("opened_on"), shown="Založen"),
    stored("Datum uzavření dílu typového spisu", attrgetter("closed_on"), shown="Uzavřen"),
    stored("Skartační režim", attrgetter("regime")),
    stored("Spisový znak", attrgetter("section.template.code")),
    stored(
        "Jednoznačný identifikátor nadřazené věcné skupiny",
        attrgetter("section.identifier"),
        shown="Identifikátor součásti",
    ),
    stored("Odkazy na spisy dílu typového spisu", _files, listed=True),
    stored("Datum přenosu nebo zničení", attrgetter("destroyed_on"), shown="Zničen", header=True),
    coming("Datum přenosu do digitálního archivu", TRANSFER, header=True),
    stored("Důvod zničení nebo přenosu", attrgetter("destroyed_why"), shown="Důvod zničení", header=True),
    coming("Identifikace dokumentu, na základě", NO_DECISION, header=True),
    coming("Vybrán za archiválii", ARCHIVE, header=True),
    stored("Rok vyřazení", attrgetter("disposal_year")),
)
