"""Refusals of circulation."""

from egon.circulation.models import Approval, Handover
from egon.circulation.rules import APPROVAL_STATE_NAMES, HANDOVER_STATE_NAMES, ApprovalState, HandoverState
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import Conflict, DomainError


class HandoverDecided(Conflict):
    """Somebody was faster: the hand-over no longer waits."""

    code = "circulation.handover.decided"

    def __init__(self, handover: Handover) -> None:
        what = HANDOVER_STATE_NAMES[HandoverState(handover.state)]
        super().__init__(
            f"O předání už je rozhodnuto ({what}): {_who_and_when(handover)}. "
            "Nic se nezměnilo, podívejte se na současný stav dokumentu."
        )


class ApprovalDecided(Conflict):
    """Somebody was faster: the approval no longer waits."""

    code = "circulation.approval.decided"

    def __init__(self, approval: Approval) -> None:
        what = APPROVAL_STATE_NAMES[ApprovalState(approval.state)]
        super().__init__(f"O schválení už je rozhodnuto ({what}): {_who_and_when(approval)}. Nic se nezměnilo.")


class ReasonMissing(DomainError):
    """A return without a reason helps nobody."""

    code = "circulation.reason_missing"

    def __init__(self) -> None:
        super().__init__("Napište důvod, proč dokument vracíte; dostane ho ten, komu se dokument vrací.")


class CannotHandOver(DomainError):
    """The addressee, or the state of the document, makes the hand-over impossible."""

    code = "circulation.cannot_hand_over"


class CannotRequestApproval(DomainError):
    """Nobody to approve, or the one who asks would approve their own work."""

    code = "circulation.cannot_request_approval"


class NoUnits(DomainError):
    """A distribution needs at least one unit."""

    code = "circulation.no_units"

    def __init__(self) -> None:
        super().__init__("Vyberte aspoň jeden útvar, kterému se má oběžník rozeslat.")


def _who_and_when(decision: Handover | Approval) -> str:
    who = str(decision.decided_by or "systém")
    if decision.decided_at is None:
        return who
    at = decision.decided_at.astimezone(PRAGUE)
    return f"{who}, {at.day}. {at.month}. {at.year} v {at:%H:%M:%S}"
