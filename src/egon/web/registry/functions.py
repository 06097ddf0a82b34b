"""What of the product may be taken from a role or a person: operations by area, and pages."""

from egon.audit.operation import operations
from egon.kernel.actor import SEEING

AREAS = {
    "records": "Dokumenty, spisy a plán", "circulation": "Oběh", "mailroom": "Podatelna a výpravna",
    "databox": "Datové schránky", "parties": "Jmenný rejstřík", "registry": "Organizace",
}  # fmt: skip
PAGES = {
    "/dokumenty/": "Dokumenty", "/spisy/": "Spisy", "/hledat/": "Hledání", "/plan/": "Spisový plán",
    "/hlaseni/": "Hlášení", "/rejstrik/": "Jmenný rejstřík", "/schranky/": "Datové schránky",
    "/podatelna/": "Podatelna a výpravna", "/protokol/": "Transakční protokol", "/sprava/": "Správa",
}  # fmt: skip

type Groups = list[tuple[str, list[tuple[str, str]]]]


def operations_by_area() -> Groups:
    """Operations a person does, in groups by area; those of signing in and of the product itself are left out."""
    found: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for spec in operations():
        area = spec.code.partition(".")[0]
        if area in found and spec.function.__module__.startswith("egon."):
            found[area].append((spec.code, spec.title))
    return [(AREAS[area], sorted(codes, key=lambda one: one[1])) for area, codes in found.items()]


def rights_of_roles() -> Groups:
    """What an own role may lack: operations, and seeing documents by the role."""
    return [("Čtení", [(SEEING, "Vidět dokumenty a spisy podle role")]), *operations_by_area()]


def functions() -> Groups:
    """What a restriction may forbid: pages, whole areas, single operations."""
    areas = [(f"{area}.*", f"Všechny změny: {name}") for area, name in AREAS.items()]
    return [
        ("Stránky", list(PAGES.items())),
        ("Celé oblasti", [("*", "Všechny změny (zůstane jen čtení)"), *areas]),
        *operations_by_area(),
    ]


def names() -> dict[str, str]:
    """What each of them is called."""
    return {code: name for _, group in [*functions(), *rights_of_roles()] for code, name in group}
