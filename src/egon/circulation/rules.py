"""Rules of circulation: states, lateness, who may be asked to approve. Pure functions."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum


class Purpose(StrEnum):
    """Why a document is handed over."""

    PROCESSING = "processing"
    INFORMATION = "information"


class HandoverState(StrEnum):
    """``waiting`` is the only state in which a hand-over can change."""

    WAITING = "waiting"
    TAKEN = "taken"
    RETURNED = "returned"
    RECALLED = "recalled"


class ApprovalState(StrEnum):
    """``waiting`` is the only state in which an approval can change."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    CANCELLED = "cancelled"


PURPOSE_NAMES = {Purpose.PROCESSING: "k vyřízení", Purpose.INFORMATION: "na vědomí"}
HANDOVER_STATE_NAMES = {
    HandoverState.WAITING: "čeká na převzetí",
    HandoverState.TAKEN: "převzato",
    HandoverState.RETURNED: "vráceno",
    HandoverState.RECALLED: "odvoláno",
}
APPROVAL_STATE_NAMES = {
    ApprovalState.WAITING: "čeká na schválení",
    ApprovalState.APPROVED: "schváleno",
    ApprovalState.RETURNED: "vráceno k přepracování",
    ApprovalState.CANCELLED: "odvoláno",
}


class UnitProgress(StrEnum):
    """How far one unit is with a distributed document."""

    WAITING = "waiting"  # nobody took it over
    TAKEN = "taken"  # the node's administrator has it
    HANDED_ON = "handed_on"  # somebody in the unit was asked and has not taken note yet
    DONE = "done"  # everybody asked took note


PROGRESS_NAMES = {
    UnitProgress.WAITING: "čeká na převzetí",
    UnitProgress.TAKEN: "převzal správce uzlu",
    UnitProgress.HANDED_ON: "předáno dál",
    UnitProgress.DONE: "vzato na vědomí",
}


def days_late(deadline: date | None, *, on: date) -> int:
    """Whole days after the deadline; 0 on time or without a deadline. The last day is still in time."""
    return max(0, (on - deadline).days) if deadline else 0


def progress_of(state: HandoverState, passed_on: Iterable[HandoverState]) -> UnitProgress:
    """Progress of a unit from the state of its hand-over and of those that were passed on inside it."""
    if state is not HandoverState.TAKEN:
        return UnitProgress.WAITING
    asked = [child for child in passed_on if child in (HandoverState.WAITING, HandoverState.TAKEN)]
    if not asked:
        return UnitProgress.TAKEN
    return UnitProgress.DONE if all(child is HandoverState.TAKEN for child in asked) else UnitProgress.HANDED_ON
