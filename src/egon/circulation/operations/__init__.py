"""Writes of circulation: one public function a use case."""

from egon.circulation.operations.agendas import HANDING, resume_agenda, start_agenda, stop_agenda
from egon.circulation.operations.files import hand_file, note_return
from egon.circulation.operations.handing import (
    approve,
    assign_to_unit,
    cancel_approval,
    distribute,
    give_to,
    hand_on,
    hand_to_named,
    recall,
    request_approval,
    return_for_rework,
    send_back,
    send_circular,
    take_over,
)
from egon.circulation.operations.paper import place_paper
from egon.circulation.operations.routes import (
    PlannedStep,
    add_step,
    answer_step,
    note_end,
    recall_route,
    return_route,
    return_to_previous,
    skip_step,
    start_route,
)
from egon.circulation.operations.stopping import resume_handovers, stop_handover_of_file, stop_handovers
from egon.circulation.operations.templates import delete_route_template, save_route_template

__all__ = [
    "HANDING",
    "PlannedStep",
    "add_step",
    "answer_step",
    "approve",
    "assign_to_unit",
    "cancel_approval",
    "delete_route_template",
    "distribute",
    "give_to",
    "hand_file",
    "hand_on",
    "hand_to_named",
    "note_end",
    "note_return",
    "place_paper",
    "recall",
    "recall_route",
    "request_approval",
    "resume_agenda",
    "resume_handovers",
    "return_for_rework",
    "return_route",
    "return_to_previous",
    "save_route_template",
    "send_back",
    "send_circular",
    "skip_step",
    "start_agenda",
    "start_route",
    "stop_agenda",
    "stop_handover_of_file",
    "stop_handovers",
    "take_over",
]
