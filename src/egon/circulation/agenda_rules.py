"""Rules of handing a whole agenda over: what belongs to it, what stands in the way of one item. Pure functions."""

from dataclasses import dataclass
from enum import StrEnum


class AgendaKind(StrEnum):
    """What a person may have, in the order in which it is handed over: typed files are locked before files in them."""

    TYPED = "typed"
    DOCUMENT = "document"
    FILE = "file"
    HANDOVER = "handover"
    APPROVAL = "approval"
    STEP = "step"


KIND_NAMES = {
    AgendaKind.TYPED: "typové spisy",
    AgendaKind.DOCUMENT: "dokumenty",
    AgendaKind.FILE: "spisy",
    AgendaKind.HANDOVER: "oběžníky k seznámení a spisy k převzetí",
    AgendaKind.APPROVAL: "žádosti o schválení",
    AgendaKind.STEP: "kroky oběhu",
}


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What the rules know of one item at the moment its turn comes."""

    is_theirs: bool
    is_open: bool
    asks_approval: bool = False
    heir_approves: bool = True
    heir_is_author: bool = False


def obstacle_to_handing(facts: ItemFacts) -> str:
    """Why one item cannot be handed over; empty when it can."""
    if not facts.is_open:
        return "Mezitím se vyřídilo nebo uzavřelo, není co předávat."
    if not facts.is_theirs:
        return "Mezitím to převzal někdo jiný."
    if facts.asks_approval and facts.heir_is_author:
        return "Přebírající je autor, vlastní dokument neschválí. Určete jiného schvalovatele."
    if facts.asks_approval and not facts.heir_approves:
        return "Přebírající neschvaluje dokumenty. Určete jiného schvalovatele."
    return ""
