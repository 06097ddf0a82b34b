"""Refusals of circulation."""

from egon.circulation.models import Approval, Handover, Route, RouteStep
from egon.circulation.route_rules import ROUTE_STATE_NAMES, STEP_STATE_NAMES, RouteState, StepState
from egon.circulation.rules import APPROVAL_STATE_NAMES, HANDOVER_STATE_NAMES, ApprovalState, HandoverState
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import Conflict, DomainError
from egon.records.errors import Obstructed


class HandoverDecided(Conflict):
    """Somebody was faster: the hand-over no longer waits."""

    code = "circulation.handover.decided"

    def __init__(self, handover: Handover) -> None:
        what = HANDOVER_STATE_NAMES[HandoverState(handover.state)]
        super().__init__(
            f"O předání už je rozhodnuto ({what}): {_who_and_when(handover)}. "
            f"Nic se nezměnilo, podívejte se na současný stav {'dokumentu' if handover.file_id is None else 'spisu'}."
        )


class FileNotHandable(Obstructed):
    """A file cannot be handed or taken over as it stands; ``obstacles`` are all the reasons."""

    code = "circulation.file.not_handable"
    norm = "2.7.5"


class ApprovalDecided(Conflict):
    """Somebody was faster: the approval no longer waits."""

    code = "circulation.approval.decided"

    def __init__(self, approval: Approval) -> None:
        what = APPROVAL_STATE_NAMES[ApprovalState(approval.state)]
        super().__init__(f"O schválení už je rozhodnuto ({what}): {_who_and_when(approval)}. Nic se nezměnilo.")


class ReasonMissing(DomainError):
    """A return without a reason helps nobody; nor does any other turn that others have to understand."""

    code = "circulation.reason_missing"

    def __init__(
        self, message: str = "Napište důvod, proč dokument vracíte; dostane ho ten, komu se dokument vrací."
    ) -> None:
        super().__init__(message)


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


class RouteNotStartable(Obstructed):
    """The steps, or the state of the document, make the route impossible; ``obstacles`` are all the reasons."""

    code = "circulation.route.not_startable"
    norm = "2.7.6"


class StepDecided(Conflict):
    """The step does not wait (any more)."""

    code = "circulation.step.decided"

    def __init__(self, step: RouteStep) -> None:
        what = STEP_STATE_NAMES[StepState(step.state)]
        who = f": {_who_and_when(step)}" if step.decided_at else ""
        super().__init__(
            f"Na tento krok se teď neodpovídá ({what}){who}. Nic se nezměnilo, podívejte se na současný stav oběhu."
        )


class RouteEnded(Conflict):
    """The route does not run any more."""

    code = "circulation.route.ended"

    def __init__(self, route: Route) -> None:
        super().__init__(
            f"Oběh už neběží ({ROUTE_STATE_NAMES[RouteState(route.state)]}). Nic se nezměnilo, "
            f"podívejte se na současný stav {'spisu' if route.document_id is None else 'dokumentu'}."
        )


class RouteRuns(Conflict):
    """The route has not ended yet."""

    code = "circulation.route.runs"

    def __init__(self) -> None:
        super().__init__("Oběh ještě běží. Na vědomí se bere, až skončí; zastavit ho můžete odvoláním.")


class CannotAnswer(DomainError):
    """The answer does not fit what was asked, or lacks its words."""

    code = "circulation.step.cannot_answer"


class AgendaNotStartable(Obstructed):
    """Nothing to hand over, or nobody to hand it to; ``obstacles`` are all the reasons."""

    code = "circulation.agenda.not_startable"


class PaperNotPlaced(Obstructed):
    """The place of paper cannot be recorded; ``obstacles`` are all the reasons."""

    code = "circulation.paper.not_placed"
    norm = "2.7.5"


class TemplateNotSavable(Obstructed):
    """A template lacks its name or steps, or its name is taken; ``obstacles`` are all the reasons."""

    code = "circulation.template.not_savable"


def _who_and_when(decision: Handover | Approval | RouteStep) -> str:
    who = str(decision.decided_by or "systém")
    if decision.decided_at is None:
        return who
    at = decision.decided_at.astimezone(PRAGUE)
    return f"{who}, {at.day}. {at.month}. {at.year} v {at:%H:%M:%S}"
