"""What stands in the way of withdrawing and of destroying (NSESSS 7.2), always all of it at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from egon.records.rules.states import FileState


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalFacts:
    """What is known of a document or a file that somebody wants to withdraw."""

    allowed_here: bool  # by the settings of the originator (NSESSS 7.2.11)
    reason: str
    file_mark: str | None = None  # the file that holds the document
    file_state: FileState = FileState.OPEN
    held: str | None = None  # the reason of a hold of disposal
    edited: Sequence[str] = ()
    elsewhere: Sequence[str] = ()  # what other domains have against it: a letter on its way
    documents: int = 0  # in the file to be withdrawn
    joined: bool = False


def obstacles_to_withdrawing(facts: WithdrawalFacts) -> list[str]:
    """Why it cannot be withdrawn: settings, reason, a closed file, a hold, somebody editing, documents inside."""
    found = [*facts.edited, *facts.elsewhere]
    if not facts.allowed_here:
        found.append("Znepřístupňování je v nastavení vypnuté (NSESSS 7.2.11).")
    if not facts.reason.strip():
        found.append("Napište důvod stornování (NSESSS 7.2.12).")
    if facts.file_state is not FileState.OPEN:
        found.append(f"Spis {facts.file_mark} je {facts.file_state.label}, nic se z něj nevyjímá (NSESSS 3.4.6).")
    if facts.held is not None:
        found.append(f"Na spisu {facts.file_mark} je pozastavená skartační operace ({facts.held}; NSESSS 6.1.15).")
    if facts.documents:
        found.append(f"Ve spisu jsou dokumenty ({facts.documents}). Nejdřív je vyjměte nebo přeřaďte (NSESSS 7.2.12).")
    if facts.joined:
        found.append("Spis je pevně spojený s jiným. Nejdřív spojení zrušte.")
    return found
