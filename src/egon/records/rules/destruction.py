"""In which cases records may be destroyed, and what stands in the way (NSESSS 7.2.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from egon.records.rules.labels import Labelled
from egon.records.rules.retention import DisposalMark


class Ground(Labelled):
    """The cases in which the standard lets a record be destroyed, in the order of 7.2.1."""

    PROCEDURE = "procedure", "skartační řízení"
    CONSENT = "consent", "trvalý skartační souhlas"
    TRANSFER = "transfer", "dokončený přenos"
    REGISTER = "register", "evidenční převedení"
    WITHDRAWN = "withdrawn", "znepřístupnění"
    CONTAINER = "container", "vyjmutý kontejner"
    EMPTY_VOLUME = "empty_volume", "prázdný díl"


# What the product can prove now; the others come with disposal procedures, transfers, containers and typed files.
PROVED = frozenset({Ground.CONSENT, Ground.WITHDRAWN})

# Grounds that the report of 7.3.8 tells of.
REPORTED = (Ground.PROCEDURE, Ground.CONSENT, Ground.TRANSFER, Ground.REGISTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionFacts:
    """What is known of a document or a file that is to be destroyed."""

    ground: Ground
    reference: str = ""  # of the decision that permits it (NSESSS 7.2.4)
    is_withdrawn: bool = False
    is_closed: bool = False
    has_consent: bool = False  # its class is under a standing consent
    mark: str = ""
    disposal_year: int | None = None
    present_year: int
    held: str | None = None
    joined: Sequence[str] = ()  # files joined to it that are not ready for the same


def obstacles_to_destroying(facts: DestructionFacts) -> list[str]:
    """Why it must not be destroyed; empty when the ground holds (NSESSS 7.2.1)."""
    if facts.ground not in PROVED:
        return [f"Ničit z důvodu „{facts.ground.label}“ zatím nejde: chybí k tomu doklad (NSESSS 7.2.1)."]
    found = [f"Je pozastavená skartační operace: {facts.held} (NSESSS 6.1.13)."] if facts.held is not None else []
    if facts.ground is Ground.WITHDRAWN:
        return found if facts.is_withdrawn else [*found, "Není mezi znepřístupněnými."]
    return [*found, *_obstacles_under_consent(facts)]


def _obstacles_under_consent(facts: DestructionFacts) -> list[str]:
    found = []
    if not facts.reference.strip():
        found.append("Chybí identifikátor nebo číslo jednací rozhodnutí o trvalém souhlasu (NSESSS 7.2.4).")
    if not facts.is_closed:
        found.append("Spis není uzavřený.")
    if not facts.has_consent:
        found.append("Věcná skupina nemá trvalý skartační souhlas.")
    if facts.mark != DisposalMark.SHRED:
        found.append(f"Skartační znak je {facts.mark}, podle trvalého souhlasu se ničí jen S.")
    if facts.disposal_year is None:
        found.append("Rok vyřazení zatím není znám.")
    elif facts.disposal_year > facts.present_year:
        found.append(f"Skartační lhůta ještě běží, rok vyřazení je {facts.disposal_year}.")
    found += [f"Pevně spojený spis {other} ještě vyřadit nejde." for other in facts.joined]
    return found
