"""Where everything that can be set stands: found by words, shown with its present value, one click from its change.

NSESSS 7.1.11. A new page of settings adds a :class:`Place`; what is kept in tables is searched in them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from egon.databox.models import Box
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.kernel.czech import without_diacritics
from egon.numbering.models import Period
from egon.numbering.queries import periods
from egon.records.models import DisposalRegime, DocumentKind, RecordClass, RecordsSettings, TemplateSection
from egon.records.queries import current_plan, settings_of_originator
from egon.registry.models import CodeListItem, Unit
from egon.web.formatting import write_date

MOST_OF_KIND = 20
MOST_READ = 5000
ADMINISTRATOR = (Role.ADMINISTRATOR,)
KEEPERS = (Role.ADMINISTRATOR, Role.RECORDS_KEEPER)


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that can be set: its name, the area it belongs to, its page, other words for it, who may open it."""

    title: str
    area: str
    url: str
    words: str = ""
    roles: Sequence[Role] = ADMINISTRATOR
    value: str = ""

    @property
    def text(self) -> str:
        """What is searched in."""
        return plain(f"{self.title} {self.area} {self.words} {self.value}")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one area, and whether there is more of it than is shown."""

    area: str
    places: list[Place]
    more: bool = False


def find_settings(actor: Actor, text: str) -> list[Found]:
    """What the actor may set and all words of ``text`` speak of, area by area; without words the map of all pages."""
    words = plain(text).split()
    places = [place for place in (*_pages(), *_values()) if actor.has(*place.roles)]
    chosen = [place for place in places if all(word in place.text for word in words)]
    areas: dict[str, list[Place]] = {}
    for place in chosen:
        areas.setdefault(place.area, []).append(place)
    found = [Found(area, held) for area, held in areas.items()]
    return [*found, *_in_tables(actor, words)] if words else found


def plain(text: str) -> str:
    """Lower case without diacritics, as words are compared."""
    return without_diacritics(text).casefold()


# Area, title, name of the page, other words for it, who may open it.
_PAGES: tuple[tuple[str, str, str, str, Sequence[Role]], ...] = (
    ("Organizace", "Údaje organizace", "registry-facts", "adresa telefon web záhlaví dopisu hlavička", ADMINISTRATOR),
    ("Organizace", "Organizační části", "registry-units", "útvary odbory spisové uzly strom struktura", ADMINISTRATOR),
    ("Organizace", "Osoby a účty", "registry-people", "uživatelé přihlášení hesla odblokovat role", ADMINISTRATOR),
    ("Organizace", "Nahrání osob z tabulky", "registry-people-import", "import CSV XLSX personální", ADMINISTRATOR),
    ("Organizace", "Pozvánky", "registry-invitations", "odkaz heslo první přihlášení noví lidé", ADMINISTRATOR),
    ("Organizace", "Adresář osob", "registry-directory", "LDAP Active Directory AD synchronizace", ADMINISTRATOR),
    ("Organizace", "Návrhy změn", "registry-changes", "import porovnání potvrzení", ADMINISTRATOR),
    ("Organizace", "Zástupy", "registry-substitutions", "zastupování dovolená nepřítomnost", ADMINISTRATOR),
    ("Organizace", "Vlastní role", "registry-own-roles", "oprávnění role práva", ADMINISTRATOR),
    ("Organizace", "Omezení přístupu", "registry-restrictions", "zákaz do od data", ADMINISTRATOR),
    ("Organizace", "Co se dozví nepovolaný", "records:disclosure_settings", "přístup odkaz číslo existence", KEEPERS),
    ("Organizace", "Vyhrazené spisy", "records:restricted_files", "jmenovaní lidé čtení", KEEPERS),
    ("Organizace", "Kdo co smí", "audit-matrix", "oprávnění role práva matice", KEEPERS),
    ("Organizace", "Předání agend", "circulation:agendas", "odchod zaměstnance převod práce", ADMINISTRATOR),
    (
        "Organizace",
        "Reorganizace",
        "registry-reorganisations",
        "sloučení zrušení vyčlenění odboru",
        ADMINISTRATOR,
    ),
    ("Organizace", "Změny nastavení", "registry-settings-log", "historie kdo kdy změnil protokol", KEEPERS),
    ("Organizace", "Dokumentace provozu", "documentation", "provozní dokumentace dodavatel verze", ADMINISTRATOR),
    ("Organizace", "Tisk konfigurace", "registry-configuration", "výpis nastavení kontrola PDF", ADMINISTRATOR),
    ("Evidence", "Číselníky", "registry-code-lists", "položky platnost od do příloha 7", ADMINISTRATOR),
    ("Evidence", "Nahrání číselníku", "registry-codes-import", "import XML příloha 7", ADMINISTRATOR),
    ("Evidence", "Číslování", "registry-numbering", "tvar čísla jednacího spisové značky řada", KEEPERS),
    ("Evidence", "Období číslování", "registry-numbering", "školní rok určené časové období", KEEPERS),
    ("Evidence", "Druhy dokumentů", "records:kinds", "číselník žádost stížnost faktura", KEEPERS),
    ("Evidence", "Šablony dopisů", "records:templates", "text zástupné údaje verze", KEEPERS),
    ("Evidence", "Místa uložení", "records:places", "regál místnost listinné", KEEPERS),
    ("Evidence", "Vlastní údaje", "records:own_fields", "metadata pole dokumentu spisu", KEEPERS),
    ("Evidence", "Číselníky údajů", "records:own_lists", "hodnoty výběr vlastní metadata", KEEPERS),
    ("Evidence", "Co se dozví neoprávněný", "records:disclosure_settings", "přístup úrovně", KEEPERS),
    ("Evidence", "Znepřístupnění a ničení", "records:removal_settings", "storno lhůta hlavička", ADMINISTRATOR),
    ("Evidence", "Šablony oběhu", "circulation:route_templates", "kroky schvalování postup", ADMINISTRATOR),
    ("Spisový plán", "Platný spisový plán", "records:plan", "věcné skupiny otevření uzavření znaky", KEEPERS),
    ("Spisový plán", "Verze a import plánu", "records:plan_versions", "nový plán příloha 5 vzor", KEEPERS),
    ("Spisový plán", "Skartační režimy", "records:regimes", "skartační znak lhůta spouštěcí událost", KEEPERS),
    ("Spisový plán", "Přetřídění", "records:resortings", "hromadné přesun spisů", KEEPERS),
    ("Spisový plán", "Uzavírání spisů", "records:closing_settings", "vyřízení spojené spisy pevný odkaz", KEEPERS),
    ("Jmenný rejstřík", "Lhůty jmenného rejstříku", "party-retention", "uchování výmaz osob", ADMINISTRATOR),
    ("Jmenný rejstřík", "Práva k jmennému rejstříku", "party-rights", "čtení zápis správa role", ADMINISTRATOR),
    ("Datové schránky", "Schránky", "databox:boxes", "přihlášení heslo certifikát stahování ISDS", ADMINISTRATOR),
    ("Datové schránky", "Nová schránka", "databox:add", "přidat ISDS", ADMINISTRATOR),
)


def _pages() -> Iterator[Place]:
    for area, title, page, words, roles in _PAGES:
        yield Place(title, area, reverse(page), words, roles)


# Each setting of records stands on a page of its own.
_PAGE_OF_FIELD = {
    "reference_format": "registry-numbering",
    "file_mark_format": "registry-numbering",
    "settled_by_closing": "records:closing_settings",
    "joined_into": "records:closing_settings",
    "disclosed_by_address": "records:disclosure_settings",
    "disclosed_by_reference": "records:disclosure_settings",
    "disclosed_by_listing": "records:disclosure_settings",
    "disclosed_by_number": "records:disclosure_settings",
    "address": "registry-facts",
    "phone": "registry-facts",
    "email": "registry-facts",
    "web": "registry-facts",
    "databox_id": "registry-facts",
}


def _values() -> Iterator[Place]:
    """Single settings with what they hold now."""
    held = settings_of_originator()
    for name, page in _PAGE_OF_FIELD.items():
        field: Any = RecordsSettings._meta.get_field(name)
        shown: Callable[[], str] | None = getattr(held, f"get_{name}_display", None)
        value = shown() if shown else getattr(held, name)
        told = "ano" if value is True else "ne" if value is False else str(value)
        title = str(field.verbose_name)
        roles = ADMINISTRATOR if page == "registry-facts" else KEEPERS
        yield Place(title[:1].upper() + title[1:], "Jednotlivá nastavení", reverse(page), roles=roles, value=told)


def _in_tables(actor: Actor, words: Sequence[str]) -> Iterator[Found]:
    """What is kept in tables; at most :data:`MOST_OF_KIND` of each are told."""
    for table in _tables():
        if not actor.has(*table.roles):
            continue
        places = [table.place(one) for one in table.rows[:MOST_READ]]
        chosen = [place for place in places if all(word in place.text for word in words)]
        if chosen:
            yield Found(table.area, chosen[:MOST_OF_KIND], more=len(chosen) > MOST_OF_KIND)


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows of a table of settings; what they are called and hold, and the page of each (or of all)."""

    area: str
    roles: Sequence[Role]
    rows: QuerySet[Any]
    page: str
    told: Callable[[Any], tuple[str, str]]
    one_page: bool = False

    def place(self, row: Any) -> Place:
        title, value = self.told(row)
        return Place(title, self.area, reverse(self.page, args=[] if self.one_page else [row.pk]), value=value)


def _tables() -> Iterator[_Table]:
    classes = RecordClass.objects.filter(plan=current_plan(on=clock.today())).select_related("disposal_regime")
    yield _Table("Věcné skupiny platného plánu", KEEPERS, classes.order_by("sort_key"), "records:class", _class)
    yield _Table(
        "Skartační režimy v číselníku", KEEPERS, DisposalRegime.objects.order_by("pk"), "records:regime", _regime
    )
    yield _Table(
        "Položky číselníků", ADMINISTRATOR, CodeListItem.objects.order_by("code_list", "code"), "registry-code", _code
    )
    sections = TemplateSection.objects.select_related("record_class", "disposal_regime").order_by("pk")
    yield _Table("Součásti šablon typových spisů", KEEPERS, sections, "records:describe_section", _section)
    yield _Table("Druhy dokumentů v číselníku", KEEPERS, DocumentKind.objects.order_by("name"), "records:kind", _dated)
    yield _Table("Stanovená období číslování", KEEPERS, periods(), "registry-numbering", _numbering, one_page=True)
    yield _Table("Jednotlivé organizační části", ADMINISTRATOR, Unit.objects.order_by("code"), "registry-unit", _dated)
    yield _Table("Jednotlivé schránky", ADMINISTRATOR, Box.objects.order_by("name"), "databox:edit", _box)


def _class(one: RecordClass) -> tuple[str, str]:
    closed = f", uzavřena {write_date(one.valid_to)}" if one.valid_to else ""
    return (
        f"{one.code} {one.name}",
        f"{one.disposal_regime or 'bez režimu'}, otevřena od {write_date(one.valid_from)}{closed}",
    )


def _section(one: TemplateSection) -> tuple[str, str]:
    regime = f"{one.regime}, období dílu: {one.written_period}" if one.is_leaf else "obsahuje jiné součásti"
    return str(one), f"šablona skupiny {one.record_class}, {regime}"


def _regime(one: DisposalRegime) -> tuple[str, str]:
    withdrawn = ", znepřístupněný" if one.withdrawn_on else ""
    return f"{one.mark}/{one.years} {one.name}", f"{one.get_trigger_display()}{withdrawn}"


def _code(one: CodeListItem) -> tuple[str, str]:
    return f"{one.code_list}: {one.code} {one.name}", _days(one.valid_from, one.valid_to)


def _dated(one: DocumentKind | Unit) -> tuple[str, str]:
    return str(one), _days(one.valid_from, one.valid_to)


def _numbering(one: Period) -> tuple[str, str]:
    return one.label, _days(one.starts_on, one.ends_on)


def _box(one: Box) -> tuple[str, str]:
    return one.name, one.box_id


def _days(first: date, last: date | None) -> str:
    return f"od {write_date(first)}" + (f" do {write_date(last)}" if last else "")
