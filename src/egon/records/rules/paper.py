"""What is written down of the analogue part of a document. Vyhláška 259/2012 § 3 odst. 3 písm. d) to f). Pure."""

from dataclasses import asdict, dataclass
from typing import Final

from egon.records.rules.labels import Labelled

MOST_SHEETS: Final = 100_000
LONGEST_ANNEXES: Final = 255


class Carrier(Labelled):
    """What the analogue part is made of."""

    PAPER = "paper", "listiny"
    PLAN = "plan", "výkresy nebo mapy"
    PHOTO = "photo", "fotografie"
    FILM = "film", "film nebo mikrofilm"
    TAPE = "tape", "zvuková nebo obrazová páska"
    OBJECT = "object", "předmět"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """The analogue part: ``sheets`` without those of annexes, annexes on paper, bound volumes, other annexes."""

    carrier: str = Carrier.PAPER.value
    sheets: int = 0
    annexes: int = 0
    bundles: int = 0
    other_annexes: int = 0
    other_annexes_note: str = ""

    @property
    def is_uncounted(self) -> bool:
        """Whether nothing is said of how much there is."""
        return not (self.sheets or self.annexes or self.bundles or self.other_annexes)

    @property
    def told(self) -> dict[str, int | str]:
        """As a history reads: the carrier by its name, nothing where none was counted."""
        counted = {name: value or "" for name, value in asdict(self).items()}
        return counted | {"carrier": Carrier(self.carrier).label}


def faults_of_paper(facts: PaperFacts, *, may_be_uncounted: bool = False) -> list[str]:
    """Everything that cannot be true about an analogue part; of an unopened letter nothing is counted."""
    faults = []
    if facts.is_uncounted and not may_be_uncounted:
        faults.append("Není zapsán žádný list, svazek ani příloha. Zapište alespoň jedno.")
    if facts.other_annexes and not facts.other_annexes_note.strip():
        faults.append("Popište nelistinné přílohy, například „CD s výkresy“.")
    if facts.other_annexes_note.strip() and not facts.other_annexes:
        faults.append("Zapište, kolik je nelistinných příloh, nebo smažte jejich popis.")
    if len(facts.other_annexes_note) > LONGEST_ANNEXES:
        faults.append(f"Popis nelistinných příloh může mít nejvýše {LONGEST_ANNEXES} znaků.")
    return faults
