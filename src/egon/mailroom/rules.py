"""Rules of the mailroom that need no database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import fields as fields_of
from datetime import date
from enum import StrEnum
from typing import Any, Final

from egon.records.rules.paper import PaperFacts, faults_of_paper

_POST_NUMBER = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_OF_LETTER = re.compile(r"(.+)-V(\d{1,18})")
# What a scanner set to an American keyboard types on a computer set to a Czech one.
_CZECH_KEYS: Final = str.maketrans("+ěščřžýáíé-=yzYZ", "1234567890/-zyZY")


def main_position(roles: Sequence[str]) -> int:
    """Which attachment becomes the main component: the one its sender marked, otherwise the first."""
    return roles.index("main") if "main" in roles else 0


def reply_mark(reference_number: str, file_mark: str) -> str:
    """How we name what a sender answers to, from the recipient's fields of an envelope; empty when there is nothing."""
    return ", ".join(part for part in (reference_number.strip(), file_mark.strip()) if part)


def clean_post_number(text: str) -> str:
    """A number of the post without spaces, in capitals: ``rr 123456785 cz`` becomes ``RR123456785CZ``."""
    return "".join(text.split()).upper()


def is_mistyped(post_number: str) -> bool:
    """Whether a number written as UPU S10 tells (``RR123456785CZ``) has a wrong check digit; others cannot be told."""
    found = _POST_NUMBER.fullmatch(post_number)
    if found is None:
        return False
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(found[1], _WEIGHTS, strict=True)) % 11
    return int(found[2]) != {10: 0, 11: 5}.get(rest, rest)


def readings_of_code(text: str) -> list[str]:
    """What a scanned or typed code may mean: as it came, and as it was before a Czech keyboard changed it.

    The code of an envelope (:func:`letter_code`) means its document, too.
    """
    came = text.strip()
    readings = [came, came.translate(_CZECH_KEYS)]
    readings += [found[1] for one in readings if (found := _OF_LETTER.fullmatch(one.upper()))]
    return list(dict.fromkeys(reading for one in readings for reading in (one, one.upper()) if reading))


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeFacts(PaperFacts):
    """What the clerk reads from a paper letter and its envelope (vyhláška 259/2012 Sb. § 3 odst. 3, § 5)."""

    kind: str
    post_number: str = ""
    posted_on: date | None = None
    to_hands: str = ""
    defects: str = ""
    envelope_kept: bool = False
    unopened: bool = False

    @property
    def paper(self) -> PaperFacts:
        """What of it belongs to the document itself."""
        return PaperFacts(**{field.name: getattr(self, field.name) for field in fields_of(PaperFacts)})

    @property
    def of_envelope(self) -> dict[str, Any]:
        """What of it belongs to the envelope alone."""
        known = asdict(self.paper)
        return {name: value for name, value in asdict(self).items() if name not in known}


def obstacles_to_envelope(facts: EnvelopeFacts, *, delivered_on: date) -> list[str]:
    """Everything that cannot be true about an envelope and what is in it."""
    found = faults_of_paper(facts, may_be_uncounted=facts.unopened)
    if facts.unopened and not facts.to_hands.strip():
        found.append("Napište, k rukám koho je neotevřená zásilka určena (vyhláška 259/2012 Sb., § 5 odst. 1).")
    if facts.posted_on and facts.posted_on > delivered_on:
        found.append("Zásilka nemohla být podána k přepravě až po doručení. Opravte jedno z dat.")
    if is_mistyped(clean_post_number(facts.post_number)):
        found.append(f"Podací číslo {facts.post_number} má překlep, nesouhlasí jeho kontrolní číslice.")
    if facts.kind == "own_hands" and not facts.envelope_kept:
        found.append("Obálka zásilky do vlastních rukou se ponechává u dokumentu. Zaškrtněte ponechání obálky.")
    return found


def person_meant(to_hands: str, people: Sequence[tuple[int, str, str]]) -> int | None:
    """Whom of (key, given name, family name) a name on an envelope means; None when nobody or more of them."""
    words = set(re.findall(r"\w+", to_hands.casefold()))
    found = [
        key
        for key, given_name, family_name in people
        if set(re.findall(r"\w+", f"{given_name} {family_name}".casefold())) <= words
    ]
    return found[0] if len(found) == 1 else None


class RefusedBecause(StrEnum):
    """Why a component is not stored and its sender is asked to mend it (vyhláška 259/2012 § 4, NSESSS 2.1.7)."""

    FORMAT = "format"
    SIZE = "size"
    DEFECT = "defect"

    @property
    def label(self) -> str:
        """In Czech."""
        return _REFUSALS[self]


_REFUSALS: Final = {
    RefusedBecause.FORMAT: "nepřijímaný datový formát",
    RefusedBecause.SIZE: "nepřijímaná velikost",
    RefusedBecause.DEFECT: "jiná vada",
}


def obstacles_to_refusals(refused: Mapping[str, RefusedBecause], note: str) -> list[str]:
    """What is missing when components (by name) are not stored: a defect has to be described."""
    return [
        f"Popište vadu souboru „{name}“, aby ji odesílatel mohl odstranit."
        for name, because in refused.items()
        if because is RefusedBecause.DEFECT and not note.strip()
    ]


NUMBERED: Final = frozenset({"recorded", "with_receipt", "own_hands", "only_hands", "parcel"})
"""Services of the post that give each letter a number."""

WITH_SLIP: Final = frozenset({"with_receipt", "own_hands", "only_hands"})
"""Services of the post after which a delivery slip (doručenka, dodejka) comes back."""

LIST_CODE: Final = "PP-"
"""What the code of a hand-over list begins with; its number follows."""

HEAVIEST: Final = 50_000
"""Grams of the heaviest parcel the post takes."""


def letter_code(identifier: str, dispatch_id: int) -> str:
    """What the code of an envelope and its slip carries: the document and to which addressee it goes."""
    return f"{identifier}-V{dispatch_id}"


def dispatch_of_code(code: str) -> int | None:
    """The dispatch that :func:`letter_code` named, None for other codes."""
    found = [match for one in readings_of_code(code) if (match := _OF_LETTER.fullmatch(one.upper()))]
    return int(found[0][2]) if found else None


def obstacles_to_posting(letters: Sequence[tuple[str, str, str]]) -> list[str]:
    """What of (name of the addressee, service, number of the post) keeps letters from being given to the post."""
    found = [] if letters else ["Není vybraný žádný dopis."]
    for name, service, number in letters:
        if service in NUMBERED and not number:
            found.append(f"{name}: chybí podací číslo.")
    return found + obstacles_to_numbers([(name, number) for name, _, number in letters])


def obstacles_to_numbers(numbers: Sequence[tuple[str, str]]) -> list[str]:
    """Mistyped and repeated numbers of the post among (name of the addressee, number)."""
    found = [f"{name}: podací číslo {number} má překlep." for name, number in numbers if is_mistyped(number)]
    given = [number for _, number in numbers if number]
    repeated = sorted({number for number in given if given.count(number) > 1})
    return found + [f"Podací číslo {number} je u více dopisů." for number in repeated]


class SlipOutcome(StrEnum):
    """What a delivery slip, a returned envelope or a signature tells."""

    DELIVERED = "delivered"
    BY_STORING = "by_storing"  # the time of storing passed and the letter counts as delivered (správní řád § 24)
    NOT_COLLECTED = "not_collected"
    UNKNOWN = "unknown"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """In Czech."""
        return _OUTCOMES[self]

    @property
    def is_delivery(self) -> bool:
        """Whether the addressee has the letter, or counts as having it."""
        return self in (SlipOutcome.DELIVERED, SlipOutcome.BY_STORING)


_OUTCOMES: Final = {
    SlipOutcome.DELIVERED: "doručeno",
    SlipOutcome.BY_STORING: "doručeno fikcí po uložení",
    SlipOutcome.NOT_COLLECTED: "vráceno: nevyzvednuto",
    SlipOutcome.UNKNOWN: "vráceno: adresát je na adrese neznámý",
    SlipOutcome.REFUSED: "vráceno: převzetí odepřeno",
}


def obstacles_to_slip(*, on: date, sent_on: date | None, today: date) -> list[str]:
    """Everything that cannot be true about the day on a delivery slip."""
    found = []
    if on > today:
        found.append("Datum na doručence je v budoucnosti.")
    if sent_on and on < sent_on:
        found.append(f"Datum na doručence je před odesláním ({sent_on.day}. {sent_on.month}. {sent_on.year}).")
    return found
