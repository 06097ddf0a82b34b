"""Metadata of disposal regimes, classes, sections in templates of typed files, and plans."""

from operator import attrgetter
from typing import Final

from egon.documentation.annex.entries import Entry, Value, stored
from egon.records.models import DisposalRegime, FilingPlan, RecordClass, TemplateSection
from egon.records.rules.retention import DisposalMark

OF_REGIME: Final[tuple[Entry, ...]] = (
    stored("Jednoznačný identifikátor", attrgetter("identifier"), header=True),
    stored("Skartační lhůta", attrgetter("years"), header=True),
    stored("Typ skartační operace", lambda regime: DisposalMark(regime.mark).label, header=True),
    stored("Spouštěcí událost", attrgetter("runs_from"), header=True),
    stored("Lhůta pro kontrolu", attrgetter("check_years")),
    stored("Datum znepřístupnění", attrgetter("withdrawn_on")),
)


def _template(record_class: RecordClass) -> list[str]:
    sections = TemplateSection.objects.filter(record_class=record_class).order_by("sort_key")
    return [f"{one.code} {one.name}" for one in sections] if record_class.for_typed_files else []


OF_CLASS: Final[tuple[Entry, ...]] = (
    stored("Jednoznačný identifikátor", attrgetter("identifier"), header=True),
    stored("Spisový znak", attrgetter("code"), header=True),
    stored(
        "Jednoznačný identifikátor nadřazené věcné skupiny",
        lambda one: one.parent.identifier if one.parent else None,
        header=True,
    ),
    stored("Obsah – slovní popis", attrgetter("name"), header=True),
    stored("Datum otevření", attrgetter("valid_from"), header=True),
    stored("Datum uzavření", attrgetter("valid_to"), header=True),
    stored("Odkaz na skartační režim", lambda one: _regime(one.disposal_regime), header=True),
    stored("Příznak, že věcná skupina je určena pro typové spisy", attrgetter("for_typed_files"), header=True),
    stored("Šablona typového spisu", _template, header=True),
)


def _numbering(section: TemplateSection) -> Value:
    if not section.is_leaf:
        return None
    return "ze spisové značky a pořadí ve spisu" if section.numbers_by_file else "průběžně v období"


OF_TEMPLATE_SECTION: Final[tuple[Entry, ...]] = (
    stored("Jednoznačný identifikátor", attrgetter("identifier"), header=True),
    stored("Spisový znak", attrgetter("code"), header=True),
    stored(
        "Jednoznačný identifikátor nadřazené součásti typového spisu v šabloně",
        lambda one: one.parent.identifier if one.parent else None,
        header=True,
    ),
    stored("Odkaz na skartační režim", lambda one: _regime(one.disposal_regime), header=True),
    stored("Časové období dílu typového spisu", lambda one: one.written_period if one.is_leaf else None),
    stored("Způsob přidělování čísla jednacího", _numbering),
    stored("Příznak, že je vydán trvalý skartační souhlas", attrgetter("standing_consent")),
    stored(
        "Příznak, že má být realizován požadavek",
        lambda one: one.converts_formats if one.standing_consent else None,
        shown="Při trvalém souhlasu se formáty převádějí",
    ),
)


def _classes(plan: FilingPlan) -> list[str]:
    return list(RecordClass.objects.filter(plan=plan).order_by("sort_key").values_list("identifier", flat=True))


OF_PLAN: Final[tuple[Entry, ...]] = (
    stored("Jednoznačný identifikátor", attrgetter("identifier"), header=True),
    stored("Název spisového a skartačního plánu", attrgetter("name"), header=True),
    stored("Popis spisového a skartačního plánu", attrgetter("description")),
    stored("Odkaz na věcné skupiny", _classes, header=True, listed=True),
    stored("Platnost od", attrgetter("valid_from"), header=True),
    stored("Platnost do", attrgetter("valid_to"), header=True),
)


def _regime(regime: DisposalRegime | None) -> Value:
    return f"{regime.written}, {regime.identifier}" if regime else None
