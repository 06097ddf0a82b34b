"""Who has a file, for whom it waits, and what this person may do about it (NSESSS 2.7.5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from egon.audit.operation import may
from egon.circulation import operations, paper_queries, queries
from egon.circulation.models import Handover
from egon.circulation.rules import HandoverState
from egon.kernel.actor import Actor
from egon.records.models import CaseFile
from egon.records.rules.states import UNCLOSED
from egon.web.circulation.passing import passed


@dataclass(frozen=True, slots=True)
class FilePanel:
    """What ``circulation/file_panel.html`` shows; what is None or False is not offered to this person."""

    file: CaseFile
    since: datetime | None  # None: since it was opened
    waiting: Handover | None
    path: list[dict[str, Any]]
    papers: list[tuple[str, int]]
    take: Handover | None
    send_back: Handover | None
    recall: Handover | None
    returned: Handover | None
    may_hand: bool


def panel(actor: Actor, file: CaseFile) -> FilePanel:
    """The hand-overs of a file as this person sees them."""
    handovers = list(queries.handovers_of_file(file))
    last = handovers[-1] if handovers else None
    waiting = last if last and last.state == HandoverState.WAITING else None
    theirs = waiting if waiting and may(operations.take_over, actor=actor, handover=waiting) else None
    taken = [one.decided_at for one in handovers if one.state == HandoverState.TAKEN]
    return FilePanel(
        file=file,
        since=taken[-1] if taken else None,
        waiting=waiting,
        path=[passed(one) for one in reversed(handovers)],
        papers=paper_queries.papers_in(file),
        take=theirs,
        send_back=theirs,
        recall=waiting if waiting and may(operations.recall, actor=actor, handover=waiting) else None,
        returned=last if last and _is_to_note(actor, last) else None,
        may_hand=waiting is None and file.state in UNCLOSED and bool(may(operations.hand_file, actor=actor, file=file)),
    )


def _is_to_note(actor: Actor, last: Handover) -> bool:
    is_back = last.state == HandoverState.RETURNED and last.noted_at is None
    return is_back and bool(may(operations.note_return, actor=actor, handover=last))
