"""Own metadata (vlastní údaje): what an originator records beyond příloha 8, and of which form (NSESSS 9.1, 4.2.3).

A value is kept as text of one form for each type, so that it can be read, compared and found without its definition:
a day as ``2026-11-24``, a moment in UTC, a number without needless zeroes, yes and no as ``ano`` and ``ne``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from egon.kernel.clock import PRAGUE
from egon.records.rules.labels import Labelled

LONGEST_VALUE: Final = 250
LONGEST_NAME: Final = 80
MOST_ITEMS: Final = 500
_ALSO_LETTERS: Final = frozenset(" -–.,'’/()&")
_GREATEST: Final = Decimal(10) ** 15
_DECIMALS: Final = 4


class ValueType(Labelled):
    """Forms of a value (NSESSS 9.1.2)."""

    LETTERS = "letters", "text bez číslic"
    TEXT = "text", "text s číslicemi"
    NUMBER = "number", "číslo"
    DAY = "day", "datum"
    MOMENT = "moment", "datum a čas"
    YES_NO = "yes_no", "ano/ne"


class OwnEntity(Labelled):
    """What own metadata belong to."""

    DOCUMENT = "document", "dokument"
    FILE = "file", "spis"
    CLASS = "class", "věcná skupina"
    TYPED_FILE = "typed", "typový spis"
    SECTION = "section", "součást typového spisu"
    VOLUME = "volume", "díl typového spisu"
    COMPONENT = "component", "komponenta"
    PARTY = "party", "osoba jmenného rejstříku"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One own field: what it is called and what may stand in it; ``items`` is None when it is written by hand."""

    key: str
    name: str
    type: ValueType
    required: bool = False
    items: tuple[str, ...] | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """Values as they are kept, and what is wrong by the key of its field."""

    values: dict[str, str]
    faults: dict[str, str]


def check(specs: Sequence[FieldSpec], given: Mapping[str, Any], present: Mapping[str, str]) -> Checked:
    """What becomes of ``present`` values when others are ``given``; a key that is not given keeps its value.

    A withdrawn field keeps what was filled in. What belongs to no field of ``specs`` (another kind's) goes.
    """
    values: dict[str, str] = {}
    faults: dict[str, str] = {}
    for spec in specs:
        kept = present.get(spec.key, "")
        is_given = spec.key in given and not spec.withdrawn
        try:
            value = kept_form(spec, given[spec.key], present=kept) if is_given else kept
        except ValueError as fault:
            faults[spec.key] = f"{spec.name}: {fault}"
            continue
        if value:
            values[spec.key] = value
        elif spec.required and not spec.withdrawn:
            faults[spec.key] = f"{spec.name}: údaj je povinný, vyplňte ho."
    return Checked(values, faults)


def missing(specs: Sequence[FieldSpec], present: Mapping[str, str]) -> list[str]:
    """Names of required fields without a value."""
    return [spec.name for spec in specs if spec.required and not spec.withdrawn and not present.get(spec.key)]


def kept_form(spec: FieldSpec, given: Any, *, present: str = "") -> str:
    """The form in which a value is kept; empty for none. Raises ``ValueError`` that says in Czech what is wrong."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return ""
    if spec.items is not None:
        return _chosen(spec.items, str(given).strip(), present)
    match spec.type:
        case ValueType.NUMBER:
            return _number(given)
        case ValueType.DAY:
            return _day(given)
        case ValueType.MOMENT:
            return _moment(given)
        case ValueType.YES_NO:
            return _yes_no(given)
        case _:
            return _text(str(given), letters_only=spec.type is ValueType.LETTERS)


def written(type_: ValueType, value: str) -> str:
    """A kept value as people read it."""
    if not value:
        return ""
    match type_:
        case ValueType.DAY:
            return _czech_day(date.fromisoformat(value))
        case ValueType.MOMENT:
            local = datetime.fromisoformat(value).astimezone(PRAGUE)
            return f"{_czech_day(local.date())} {local:%H:%M:%S}"
        case ValueType.NUMBER:
            return value.replace(".", ",")
        case _:
            return value


def comparable(type_: ValueType, value: str) -> str:
    """A kept value as text that sorts and compares as the value does, for the index.

    Numbers are moved above zero and written with all their digits, words lose their case.
    """
    if type_ is ValueType.NUMBER:
        return f"{int((Decimal(value) + _GREATEST) * 10**_DECIMALS):021d}"
    return value.casefold()


def faults_of_field(
    *,
    name: str,
    name_is_taken: bool,
    entity: OwnEntity,
    type_: ValueType,
    has_list: bool,
    has_kind: bool,
) -> list[str]:
    """Everything that keeps a field from being saved."""
    faults = []
    if not name.strip():
        faults.append("Vyplňte název údaje.")
    if name_is_taken:
        faults.append(f"Údaj „{name.strip()}“ už tu je. Zvolte jiný název.")
    if has_list and type_ not in (ValueType.TEXT, ValueType.LETTERS):
        faults.append("Z číselníku se vybírá text; číslo, datum a ano/ne se vyplňují ručně.")
    if has_kind and entity is not OwnEntity.DOCUMENT:
        faults.append("Druh mají jen dokumenty; údaj něčeho jiného ke druhu nepatří.")
    return faults


def faults_of_list(*, name: str, name_is_taken: bool, items: Sequence[str]) -> list[str]:
    """Everything that keeps a code list from being saved."""
    faults = []
    if not name.strip():
        faults.append("Vyplňte název číselníku.")
    if name_is_taken:
        faults.append(f"Číselník „{name.strip()}“ už tu je. Zvolte jiný název.")
    if not items:
        faults.append("Číselník nemá žádnou položku. Napište každou na vlastní řádek.")
    if len(items) > MOST_ITEMS:
        faults.append(f"Číselník má {len(items)} položek, nejvýše jich může být {MOST_ITEMS}.")
    faults += [
        f"Položka „{item[:40]}…“ má víc než {LONGEST_VALUE} znaků." for item in items if len(item) > LONGEST_VALUE
    ]
    repeated = sorted({item for item in items if items.count(item) > 1})
    return faults + [f"Položka „{item}“ je v číselníku dvakrát." for item in repeated]


def _chosen(items: Sequence[str], value: str, present: str) -> str:
    # What was chosen before stays good also after the item left the list.
    if value not in items and value != present:
        raise ValueError(f"položka „{value}“ v číselníku není. Vyberte některou z nabídky.")
    return value


def _text(value: str, *, letters_only: bool) -> str:
    value = " ".join(value.split())
    if len(value) > LONGEST_VALUE:
        raise ValueError(f"text má {len(value)} znaků, nejvýše jich může být {LONGEST_VALUE}.")
    if letters_only and any(not (one.isalpha() or one in _ALSO_LETTERS) for one in value):
        raise ValueError("smí tu být jen písmena, mezery a běžná interpunkce.")
    return value


def _number(value: Any) -> str:
    typed = "".join(str(value).split()).replace(",", ".")
    try:
        number = Decimal(typed)
    except InvalidOperation as wrong:
        raise ValueError(f"„{value}“ není číslo. Napište ho například 1250,50.") from wrong
    if not number.is_finite() or abs(number) >= _GREATEST or round(number, _DECIMALS) != number:
        raise ValueError(f"číslo může mít nejvýše 15 číslic a {_DECIMALS} desetinná místa.")
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain


def _day(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        pass
    try:
        day, month, year = (int(part) for part in str(value).split("."))
        return date(year, month, day).isoformat()
    except ValueError as wrong:
        raise ValueError(f"„{value}“ není datum. Napište ho například 24. 11. 2026.") from wrong


def _moment(value: Any) -> str:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError as wrong:
        raise ValueError(f"„{value}“ není datum a čas. Napište ho například 2026-11-24T13:45.") from wrong
    return (moment if moment.tzinfo else moment.replace(tzinfo=PRAGUE)).astimezone(UTC).isoformat(timespec="seconds")


def _yes_no(value: Any) -> str:
    told = {True: "ano", False: "ne"}.get(value) if isinstance(value, bool) else str(value).strip().casefold()
    if told not in ("ano", "ne"):
        raise ValueError("vyberte ano, nebo ne.")
    return told


def _czech_day(day: date) -> str:
    return f"{day.day}. {day.month}. {day.year}"
