"""Rules of reorganisations. Pure functions."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FURTHEST = timedelta(days=366)


class Kind(StrEnum):
    """Whether everything goes and the unit ends, or some posts go with what their people hold."""

    MERGE = "merge"
    SPLIT = "split"


KIND_NAMES = {
    Kind.MERGE: "sloučení nebo zrušení: přejde všechno a útvar skončí",
    Kind.SPLIT: "vyčlenění: přejdou vybraná místa a to, co jejich lidé mají",
}
KIND_WORDS = {Kind.MERGE: "sloučení", Kind.SPLIT: "vyčlenění"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules know of a reorganisation that is to start."""

    kind: Kind
    on: date
    today: date
    reason: str
    same_unit: bool
    begins: date  # the unit
    has_successor: bool
    holds_records: bool
    successor_is_node: bool
    successor_begins: date
    successor_ends: date | None
    positions: int
    under_way: str = ""  # another reorganisation of either unit, by its name


def obstacles(facts: Facts) -> list[str]:
    """Everything that speaks against it, in Czech."""
    found = [] if facts.reason.strip() else ["Napište důvod, například rozhodnutí o změně organizačního řádu."]
    if facts.same_unit:
        found.append("Vyberte jiný útvar, než který se mění.")
    if facts.under_way:
        found.append(f"Už se připravuje nebo probíhá {facts.under_way}. Počkejte, až skončí, nebo ji zrušte.")
    if facts.kind is Kind.SPLIT and not facts.positions:
        found.append("Vyberte aspoň jedno funkční místo, které přejde.")
    return [*found, *_against_days(facts), *_against_successor(facts)]


def last_day(on: date) -> date:
    """The last day of a unit whose work passes to another on ``on``."""
    return on - timedelta(days=1)


def _against_days(facts: Facts) -> list[str]:
    found = []
    if facts.kind is Kind.MERGE and not facts.has_successor and last_day(facts.on) < facts.begins:
        found.append("Útvar by skončil dřív, než začal. Zvolte pozdější den účinnosti.")
    if facts.on > facts.today + FURTHEST:
        found.append("Reorganizaci jde naplánovat nejvýš na rok dopředu.")
    return found


def _against_successor(facts: Facts) -> list[str]:
    found = []
    if facts.successor_begins > facts.on or (facts.successor_ends is not None and facts.successor_ends < facts.on):
        found.append("Přebírající útvar v den účinnosti neplatí. Změňte jeho platnost, nebo vyberte jiný.")
    if facts.holds_records and not facts.successor_is_node:
        found.append("Přebírající útvar není spisový uzel a dokumenty ani spisy převzít nemůže.")
    return found
