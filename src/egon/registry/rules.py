"""Pure rules of the organisation: periods, the tree of units, keys of order."""

from collections.abc import Mapping
from datetime import date

from egon.kernel import czech

LONGEST_SUBSTITUTION_DAYS = 366
LONGEST_DAYS_OFF = 62


def full_name(before: str | None, given: str | None, family: str | None, after: str | None) -> str:
    """The whole name with titles, as it stands on letters: „Ing. Jana Nováková, Ph.D.“; empty for nobody."""
    plain = " ".join(part for part in (before, given, family) if part)
    return f"{plain}, {after}" if after else plain


def person_sort_key(family_name: str, given_name: str) -> str:
    """Czech alphabetical order by family name, then given name."""
    return czech.sort_key(f"{family_name} {given_name}".strip())[:400]


def person_search_key(family_name: str, given_name: str) -> str:
    """What a search without diacritics looks in."""
    return czech.without_diacritics(f"{family_name} {given_name}").casefold().strip()[:200]


def obstacles_to_period(valid_from: date, valid_to: date | None) -> list[str]:
    """A period must not end before it begins."""
    if valid_to is not None and valid_to < valid_from:
        return ["Konec platnosti je dřív než její začátek."]
    return []


def closes_circle(unit_id: int, parent_id: int | None, parents: Mapping[int, int | None]) -> bool:
    """Whether putting the unit under ``parent_id`` would make it stand under itself."""
    seen: set[int] = set()
    here = parent_id
    while here is not None and here not in seen:
        if here == unit_id:
            return True
        seen.add(here)
        here = parents.get(here)
    return False


def obstacles_to_days_off(first: date, last: date, *, today: date) -> list[str]:
    """Days off are told ahead, because deadlines were counted by the calendar as it was."""
    obstacles = obstacles_to_period(first, last)
    if first <= today:
        obstacles.append("Volné dny se zapisují dopředu, nejdřív na zítřek.")
    if (last - first).days >= LONGEST_DAYS_OFF:
        obstacles.append("Najednou jde zapsat nejvýš dva měsíce volna.")
    return obstacles


def obstacles_to_substitution(
    *, same_person: bool, substitute_active: bool, valid_from: date, valid_to: date, today: date
) -> list[str]:
    """What speaks against a substitution, in Czech, all together."""
    obstacles = obstacles_to_period(valid_from, valid_to)
    if same_person:
        obstacles.append("Nikdo nemůže zastupovat sám sebe.")
    if not substitute_active:
        obstacles.append("Zastupující osoba v organizaci už nepracuje.")
    if valid_to < today:
        obstacles.append("Zástup nejde zapsat zpětně: skončil by dřív než dnes.")
    if (valid_to - valid_from).days >= LONGEST_SUBSTITUTION_DAYS:
        obstacles.append("Zástup smí trvat nejvýše rok. Na delší dobu přidělte role.")
    return obstacles
