"""People of the organisation as a table: what an administrator exports from the personnel system and brings here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet

from egon.gateways.tables import read_table
from egon.identity.rules import login_of, obstacles_to_login
from egon.kernel.czech import without_diacritics
from egon.registry.change_rules import Row
from egon.registry.errors import RegistryRefused
from egon.registry.models import Person, Position
from egon.registry.rules import full_name

COLUMNS: Final[Mapping[str, str]] = {
    "personal_number": "osobní číslo",
    "title_before": "titul před",
    "given_name": "jméno",
    "family_name": "příjmení",
    "title_after": "titul za",
    "email": "e-mail",
    "login": "přihlašovací jméno",
    "unit": "útvar",
    "position": "místo",
    "is_head": "vedoucí",
}
_NEEDED: Final = ("personal_number", "given_name", "family_name")
_LONGEST: Final[Mapping[str, int]] = {
    "personal_number": 60, "title_before": 40, "given_name": 60, "family_name": 80, "title_after": 40, "email": 254,
    "login": 60, "unit": 20, "position": 160, "is_head": 3,
}  # fmt: skip
_PLACE: Final = ("unit", "position", "is_head")
_YES: Final = {"ano", "a", "1", "x", "yes"}


def read_people(content: bytes, *, unit_codes: Iterable[str]) -> list[Row]:
    """People in a CSV or XLSX file, known by their personal numbers; only the columns that are there are compared.

    Raises :class:`RegistryRefused` with every fault and its line, :class:`TableUnreadable` for what is no table.
    """
    lines = read_table(content)
    if not lines:
        raise RegistryRefused(["Tabulka je prázdná."])
    columns = _columns(lines[0][1])
    records = [
        (line, {name: cells[at] if at < len(cells) else "" for name, at in columns.items()})
        for line, cells in lines[1:]
    ]
    return rows_of(records, unit_codes=unit_codes)


def rows_of(records: Sequence[tuple[int, dict[str, str]]], *, unit_codes: Iterable[str]) -> list[Row]:
    """Rows to be compared. Raises :class:`RegistryRefused` with every fault and its line."""
    known = {code.upper() for code in unit_codes}
    faults: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for line, record in records:
        faults += [f"Řádek {line}: {fault}" for fault in _faults(record, known)]
        for name in ("personal_number", "login"):
            value = record.get(name, "").casefold()
            if value and (first := seen.setdefault((name, value), line)) != line:
                faults.append(f"Řádek {line}: {COLUMNS[name]} „{record[name]}“ už má řádek {first}.")
    if faults:
        raise RegistryRefused(faults)
    return [row_of(record, line) for line, record in records]


def row_of(record: Mapping[str, str], line: int = 0) -> Row:
    """One person of a source; an empty e-mail, login or place means that the source does not tell."""
    values: dict[str, Any] = {name: value for name, value in record.items() if name not in (*_PLACE, "login", "email")}
    if record.get("email"):
        values["email"] = record["email"]
    if record.get("unit"):
        values["unit"], values["position"] = record["unit"].upper(), record["position"]
        if "is_head" in record:
            values["is_head"] = record["is_head"].casefold() in _YES
    if record.get("login"):
        values["login"] = login_of(record["login"])
    name = full_name(*(record.get(part, "") for part in ("title_before", "given_name", "family_name", "title_after")))
    return Row(key=record["personal_number"], label=name, values=values, line=line)


def _columns(header: Sequence[str]) -> dict[str, int]:
    written = {_plain(cell): at for at, cell in enumerate(header)}
    found = {name: written[_plain(title)] for name, title in COLUMNS.items() if _plain(title) in written}
    missing = [COLUMNS[name] for name in _NEEDED if name not in found]
    if ("position" in found) != ("unit" in found):
        missing.append(COLUMNS["unit"] if "position" in found else COLUMNS["position"])
    if missing:
        raise RegistryRefused([f"V prvním řádku tabulky chybí sloupce: {', '.join(missing)}."])
    return found


def _faults(record: Mapping[str, str], unit_codes: set[str]) -> list[str]:
    faults = [f"chybí {COLUMNS[name]}." for name in _NEEDED if not record[name]]
    too_long = [name for name, value in record.items() if len(value) > _LONGEST[name]]
    faults += [f"{COLUMNS[name]} má víc než {_LONGEST[name]} znaků." for name in too_long]
    if record.get("email"):
        try:
            validate_email(record["email"])
        except ValidationError:
            faults.append(f"„{record['email']}“ není e-mail.")
    if record.get("login") and obstacles_to_login(login_of(record["login"])):
        faults.append(f"„{record['login']}“ nemůže být přihlašovací jméno.")
    if record.get("unit") and record["unit"].upper() not in unit_codes:
        faults.append(f"útvar se zkratkou „{record['unit']}“ tu není. Založte ho, nebo zkratku opravte.")
    if bool(record.get("unit")) != bool(record.get("position")):
        faults.append("útvar a místo patří k sobě, vyplňte obojí, nebo nic.")
    return faults


def _plain(title: str) -> str:
    return "".join(c for c in without_diacritics(title).casefold() if c.isalnum())


def tell_people(people: QuerySet[Person]) -> list[list[Any]]:
    """People in the columns an import reads; of several places the one that leads comes first and is told."""
    places: dict[int, Position] = {}
    for position in Position.objects.filter(person__in=people).select_related("unit").order_by("-is_head", "pk"):
        places.setdefault(position.person_id or 0, position)
    return [_told(person, places.get(person.pk)) for person in people]


def _told(person: Person, place: Position | None) -> list[Any]:
    return [
        person.personal_number,
        person.title_before,
        person.given_name,
        person.family_name,
        person.title_after,
        person.email,
        person.account.login if person.account else "",
        place.unit.code if place else "",
        place.name if place else "",
        "ano" if place and place.is_head else "",
    ]
