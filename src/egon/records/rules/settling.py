"""What stands in the way of settling a document (vyřízení, vyhláška 259/2012 § 12 odst. 1 a § 14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from egon.records.rules.labels import Labelled
from egon.records.rules.states import Direction, DocumentState, may_follow


class SettledHow(Labelled):
    """Ways of settling (vyhláška 259/2012 § 14 odst. 2)."""

    BY_DOCUMENT = "document", "dokumentem"
    BY_REFERRAL = "referral", "postoupením"
    BY_NOTING = "noting", "vzetím na vědomí"
    BY_RECORD = "record", "záznamem na dokumentu"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to the document, as far as settling cares."""

    reference_number: str
    state: DocumentState


@dataclass(frozen=True, slots=True)
class SettlingFacts:
    """What the rule needs to know of a document."""

    reference_number: str
    direction: Direction
    state: DocumentState
    registered_on: date
    file_mark: str | None
    has_sender: bool
    component_count: int
    replies: Sequence[Reply] = ()
    missing_own: Sequence[str] = ()


_FINISHED = frozenset({DocumentState.DISPATCHED, DocumentState.DELIVERED, DocumentState.SETTLED})


def obstacles_to_settling(facts: SettlingFacts, *, how: SettledHow, note: str, on: date) -> list[str]:
    """Every reason why the document cannot be settled this way on this day; empty when nothing stands in the way."""
    return [*_obstacles_of_state(facts), *_obstacles_of_record(facts, on), *_obstacles_of_manner(facts, how, note)]


def _obstacles_of_state(facts: SettlingFacts) -> list[str]:
    if facts.direction is Direction.OUTGOING:
        return ["Odesílaný dokument se nevyřizuje samostatně; vyřídí se odesláním spolu se spisem."]
    if not may_follow(facts.direction, facts.state, DocumentState.SETTLED):
        return [f"Dokument je ve stavu „{facts.state.label}“, vyřídit jde jen dokument, který se vyřizuje."]
    return []


def _obstacles_of_record(facts: SettlingFacts, on: date) -> list[str]:
    found = []
    if facts.file_mark is None:
        found.append("Dokument není zařazen ve spisu (vyhláška 259/2012 Sb., § 12 odst. 1). Zařaďte ho do spisu.")
    if facts.direction is Direction.RECEIVED and not facts.has_sender:
        found.append("U dokumentu chybí odesílatel z jmenného rejstříku (NSESSS 2.8.1).")
    if facts.component_count == 0:
        found.append("Dokument nemá žádnou komponentu (vyhláška 259/2012 Sb., § 10 odst. 2 písm. h).")
    found.extend(f"Není vyplněný povinný údaj „{name}“. Doplňte ho v údajích dokumentu." for name in facts.missing_own)
    if on < facts.registered_on:
        found.append("Datum vyřízení nemůže předcházet zaevidování dokumentu.")
    return found


def _obstacles_of_manner(facts: SettlingFacts, how: SettledHow, note: str) -> list[str]:
    found = []
    if how is SettledHow.BY_DOCUMENT and facts.direction is Direction.RECEIVED and not _is_answered(facts.replies):
        found.append(
            "Vyřízení dokumentem předpokládá odeslanou odpověď (vyhláška 259/2012 Sb., § 14 odst. 2 písm. a). "
            "Odpověď odešlete, nebo zvolte jiný způsob vyřízení."
        )
    if how in (SettledHow.BY_REFERRAL, SettledHow.BY_RECORD) and not note.strip():
        found.append(f"Při vyřízení {how.label} napište záznam: komu se postupuje, nebo jak byla věc vyřízena.")
    found.extend(
        f"Odpověď {reply.reference_number} ještě není odeslaná (je ve stavu „{reply.state.label}“)."
        for reply in facts.replies
        if reply.state not in _FINISHED and reply.state is not DocumentState.WITHDRAWN
    )
    return found


def _is_answered(replies: Sequence[Reply]) -> bool:
    return any(reply.state in _FINISHED for reply in replies)
