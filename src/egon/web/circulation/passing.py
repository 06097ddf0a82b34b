"""Hand-overs as the pages tell them."""

from typing import Any

from egon.circulation.models import Handover
from egon.circulation.rules import HANDOVER_STATE_NAMES, PURPOSE_NAMES, HandoverState, Purpose
from egon.web.formatting import write_date

_TONES = {
    HandoverState.WAITING: "warning",
    HandoverState.TAKEN: "success",
    HandoverState.RETURNED: "error",
    HandoverState.RECALLED: "neutral",
}


def passed(handover: Handover) -> dict[str, Any]:
    """An event for ``components/timeline.html``."""
    came_with_file = handover.purpose == Purpose.PROCESSING and handover.passed_on_from_id is not None
    state = HandoverState(handover.state)
    told = [
        f"{PURPOSE_NAMES[Purpose(handover.purpose)]}: {HANDOVER_STATE_NAMES[state]}",
        f"předáno {write_date(handover.created_at)}" if handover.file_id is not None else "",
        "přišel se spisem" if came_with_file else "",
        f"pokyn: {handover.note}" if handover.note else "",
        f"důvod: {handover.reason}" if handover.reason else "",
    ]
    if handover.decided_by and handover.decided_by != handover.to_person:
        told[0] += f" ({handover.decided_by})"
    return {
        "at": handover.decided_at or handover.created_at,
        "title": handover.addressee,
        "who": f"předal(a) {handover.from_person}" if handover.from_person else "",
        "text": "\n".join(filter(None, told)),
        "tone": _TONES[state],
    }
