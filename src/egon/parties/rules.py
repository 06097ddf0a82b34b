"""Pure rules of the jmenný rejstřík: identifiers and their check digits, what each kind of party must have."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from egon.kernel.clock import PRAGUE
from egon.kernel.czech import without_diacritics

_BOX_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
OLDEST_PERSON_YEARS = 120
LONGEST_PERIOD_DAYS = 36_525  # a hundred years

NATURAL, ENTREPRENEUR = "natural", "entrepreneur"


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What the rules look at, already cleaned by :func:`clean_ic` and the like."""

    kind: str
    name: str
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    ic: str = ""
    legal_form: str = ""
    databox_id: str = ""
    postal_code: str = ""
    country: str = "CZ"
    address: str = ""


def words_of_own(value: str) -> list[str]:
    """Forms in which people seek a value of own metadata: as kept, and days and numbers as Czech writes them.

    A day is sought with spaces and without; yes and no are words of too many records (NSESSS 9.1.1).
    """
    if value in ("ano", "ne"):
        return []
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", value):
        return [value, value.replace(".", ",")]
    day = _day_in(value)
    if day is None:
        return [value]
    return [value, f"{day.day}. {day.month}. {day.year}", f"{day.day}.{day.month}.{day.year}"]


def _day_in(value: str) -> date | None:
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T|$)", value):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(PRAGUE).date() if "T" in value else date.fromisoformat(value)
    except ValueError:
        return None


def is_valid_ic(ic: str) -> bool:
    """Whether eight digits are an IČO: the last one is a check digit modulo 11 over weights 8 to 2."""
    if not re.fullmatch(r"[0-9]{8}", ic):
        return False
    remainder = sum(int(digit) * weight for digit, weight in zip(ic, range(8, 1, -1), strict=False)) % 11
    return int(ic[7]) == (11 - remainder) % 10


def clean_ic(text: str) -> str:
    """An IČO as people write it (spaces, missing leading zeros) → eight digits; anything else stays for the check."""
    digits = re.sub(r"\s", "", text)
    return digits.rjust(8, "0") if digits.isdecimal() and digits.isascii() else digits


def is_valid_databox_id(box_id: str) -> bool:
    """Seven characters without ``l``, ``o``, ``0``, ``1``; the last is a check character (Luhn modulo 32)."""
    if len(box_id) != 7 or any(character not in _BOX_ALPHABET for character in box_id):
        return False
    total = 0
    for position, character in enumerate(box_id[:6]):
        value = _BOX_ALPHABET.index(character) * (2 if position % 2 else 1)
        total += value // 32 + value % 32
    return _BOX_ALPHABET[-total % 32] == box_id[6]


def full_name(kind: str, name: str, given_name: str, family_name: str) -> str:
    """The name a party is shown under. A natural person's is composed; an entrepreneur may add a trade name."""
    person = f"{given_name} {family_name}".strip()
    if kind == NATURAL or not name:
        return person or name
    return name


def obstacles_to_party(facts: PartyFacts, *, today: date, from_isds: bool = False) -> list[str]:
    """Everything wrong with the facts, in Czech. Identifiers that ISDS itself told are not doubted."""
    obstacles = []
    if not facts.name:
        person = facts.kind in (NATURAL, ENTREPRENEUR)
        obstacles.append("Chybí jméno a příjmení." if person else "Chybí název.")
    if facts.kind == NATURAL and facts.ic:
        obstacles.append("Fyzická osoba IČO nemá. Podniká-li, zvolte druh „podnikající fyzická osoba“.")
    if facts.ic and not is_valid_ic(facts.ic) and not from_isds:
        obstacles.append(f"IČO {facts.ic} nemůže být správně: nesouhlasí kontrolní číslice.")
    if facts.databox_id and not is_valid_databox_id(facts.databox_id) and not from_isds:
        obstacles.append(f"Schránka „{facts.databox_id}“ nemůže existovat: identifikátor má 7 znaků a kontrolní znak.")
    if facts.country == "CZ" and facts.postal_code and not re.fullmatch(r"[1-7][0-9]{4}", facts.postal_code):
        obstacles.append("PSČ má mít pět číslic.")
    return obstacles + _obstacles_to_birth(facts, today)


def _obstacles_to_birth(facts: PartyFacts, today: date) -> list[str]:
    if facts.birth_date is None:
        return []
    if facts.kind not in (NATURAL, ENTREPRENEUR):
        return ["Datum narození patří jen k fyzické osobě."]
    if facts.birth_date > today:
        return ["Datum narození je v budoucnosti."]
    if today.year - facts.birth_date.year > OLDEST_PERSON_YEARS:
        return [f"Datum narození je víc než {OLDEST_PERSON_YEARS} let zpátky."]
    return []


class Right(StrEnum):
    """What a role may do with the register as a whole (NSESSS 2.8.19)."""

    READ = "read"  # natural persons without any link to what the reader sees; companies are read by every role
    WRITE = "write"
    EDIT = "edit"
    MANAGE = "manage"


def obstacles_to_rights(rights: Iterable[Collection[str]]) -> list[str]:
    """What is wrong with rights of roles, in Czech: somebody has to write and to manage, or the register would die."""
    given = {right for of_role in rights for right in of_role}
    needed = ((Right.WRITE, "zapisovat"), (Right.EDIT, "měnit údaje"), (Right.MANAGE, "spravovat rejstřík"))
    return [f"Alespoň jedna role musí smět {what}." for right, what in needed if right not in given]


class Key(StrEnum):
    """Facts by which a source of data may be asked for one person, in the order of NSESSS 2.8.8."""

    NATURAL = "natural"
    ENTREPRENEUR = "entrepreneur"
    LEGAL = "legal"
    IC = "ic"
    DATABOX = "databox"


_OF_KEY = {
    Key.NATURAL: {
        "given_name": "jméno",
        "family_name": "příjmení",
        "birth_date": "datum narození",
        "address": "adresa",
    },
    Key.ENTREPRENEUR: {
        "given_name": "jméno",
        "family_name": "příjmení",
        "birth_date": "datum narození",
        "address": "adresa sídla",
        "legal_form": "právní forma",
    },
    Key.LEGAL: {"name": "název", "legal_form": "právní forma"},
    Key.IC: {"ic": "IČO"},
    Key.DATABOX: {"databox_id": "datová schránka"},
}


def keys_of(facts: PartyFacts) -> list[Key]:
    """By what the party can be identified; empty when the facts do not suffice. NSESSS 2.8.8."""
    return [key for key in _keys_for(facts.kind) if all(getattr(facts, name) for name in _OF_KEY[key])]


def missing_to_identify(facts: PartyFacts) -> list[str]:
    """What would have to be filled in, in Czech: one sentence a way to identify; empty when one is open already."""
    if keys_of(facts):
        return []
    return [
        "Doplňte: " + ", ".join(label for name, label in _OF_KEY[key].items() if not getattr(facts, name)) + "."
        for key in _keys_for(facts.kind)
    ]


def _keys_for(kind: str) -> list[Key]:
    if kind == NATURAL:
        return [Key.NATURAL, Key.DATABOX]
    return [Key.ENTREPRENEUR if kind == ENTREPRENEUR else Key.LEGAL, Key.IC, Key.DATABOX]


@dataclass(frozen=True, slots=True)
class Periods:
    """Days after which a record without any link is destroyed; ``None``: never. NSESSS 2.8.15."""

    natural_days: int | None = None
    legal_days: int | None = None

    def days_of(self, kind: str) -> int | None:
        """The period of a kind of party."""
        return self.natural_days if kind in (NATURAL, ENTREPRENEUR) else self.legal_days


def destroyed_on(kind: str, unlinked_since: date | None, periods: Periods) -> date | None:
    """The day on which a record without any link is to be destroyed, ``None`` when no period runs. NSESSS 2.8.17."""
    days = periods.days_of(kind)
    if unlinked_since is None or days is None:
        return None
    return unlinked_since + timedelta(days=days)


def obstacles_to_periods(periods: Periods) -> list[str]:
    """What is wrong with periods, in Czech."""
    told = (("fyzické osoby", periods.natural_days), ("právnické osoby", periods.legal_days))
    return [
        f"Lhůta pro {whom} má být od 1 do {LONGEST_PERIOD_DAYS} dnů, nebo prázdná."
        for whom, days in told
        if days is not None and not 1 <= days <= LONGEST_PERIOD_DAYS
    ]


def why_the_same(one: PartyFacts, other: PartyFacts) -> list[str]:
    """Why two records may be of one person, in Czech; empty when nothing says so. NSESSS 2.8.14, by the items of 2.8.8.

    A natural person is known by name and birth date, or by name and address; others by the name, all by IČO and box.
    """
    reasons = []
    if one.databox_id and one.databox_id == other.databox_id:
        reasons.append("stejná datová schránka")
    if one.ic and one.ic == other.ic:
        reasons.append("stejné IČO")
    if _plain(one.name) != _plain(other.name) or _contradict(one, other):
        return reasons
    persons = (NATURAL, ENTREPRENEUR)
    if one.kind not in persons and other.kind not in persons:
        reasons.append("stejný název")
    elif one.birth_date and one.birth_date == other.birth_date:
        reasons.append("stejné jméno a datum narození")
    elif one.address and _plain(one.address) == _plain(other.address):
        reasons.append("stejné jméno a adresa")
    return reasons


def _contradict(one: PartyFacts, other: PartyFacts) -> bool:
    """Two different birth dates or IČO: namesakes, not one person."""
    births = bool(one.birth_date and other.birth_date and one.birth_date != other.birth_date)
    return births or bool(one.ic and other.ic and one.ic != other.ic)


def _plain(text: str) -> str:
    return " ".join(without_diacritics(text).casefold().split())
