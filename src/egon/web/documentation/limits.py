"""Numeric limits of the product and what its roles are for (NSESSS 10.1.1 f, q)."""

from collections.abc import Mapping
from typing import Final

from egon.kernel.actor import Role
from egon.records.operations.printing import MOST_COMPONENTS
from egon.records.rules.plan import LONGEST_CODE
from egon.web.formatting import write_file_size
from egon.web.records.forms import LARGEST_FILE

_UNLIMITED = "bez pevného omezení; mez dává velikost úložiště a databáze"

LIMITS: Final = (
    ("Dokumentů v celém systému za období", _UNLIMITED),
    ("Dokumentů v jednom spisu", f"bez pevného omezení; do jednoho PDF jde nejvýš {MOST_COMPONENTS} komponent"),
    ("Spisů v celém systému za období", _UNLIMITED),
    (
        "Velikost komponenty",
        f"{write_file_size(LARGEST_FILE)} při nahrání v prohlížeči; z datové schránky, kolik dovolí ISDS",
    ),
    ("Uživatelů", _UNLIMITED),
    ("Uživatelských a správcovských rolí", f"{len(Role)} základních rolí, přiděleny mohou být libovolněkrát"),
    ("Věcných skupin a jejich úrovní", f"bez pevného omezení; úplný spisový znak má nejvýš {LONGEST_CODE} znaků"),
    ("Skartačních režimů", _UNLIMITED),
)

ADMINISTRATORS: Final = (Role.ADMINISTRATOR, Role.RECORDS_KEEPER, Role.NODE_ADMINISTRATOR, Role.CENTRE_ADMINISTRATOR)

CHARACTERISTICS: Final[Mapping[Role, str]] = {
    Role.OFFICER: "Vyřizuje dokumenty a spisy, které má přidělené; zakládá vlastní dokumenty a spisy.",
    Role.HEAD: "Vidí dokumenty a spisy svého útvaru, přiděluje je, schvaluje.",
    Role.MAILROOM: "Přijímá a eviduje došlé dokumenty, odesílá schválené.",
    Role.SECRETARIAT: "Vede agendu útvaru za vedoucího: přebírá, přiděluje, rozesílá oběžníky.",
    Role.NODE_ADMINISTRATOR: "Spravuje spisový uzel: přebírá a předává dokumenty útvaru, ruší cizí úpravy souborů.",
    Role.RECORDS_KEEPER: "Posuzovatel skartační operace: vede spisový plán, spisovnu a skartační lhůty.",
    Role.ADMINISTRATOR: "Spravuje organizaci, osoby, role a nastavení; obsah dokumentů touto rolí nevidí.",
    Role.AUDITOR: "Nahlíží do transakčního protokolu a do všech dokumentů, nic nemění.",
    Role.CENTRE_ADMINISTRATOR: "Provozuje krajské centrum: organizace a stav jejich schránek, bez obsahu.",
}
