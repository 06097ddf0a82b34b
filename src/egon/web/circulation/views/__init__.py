"""Pages and steps of circulation."""

from egon.web.circulation.views.agendas import agenda, agendas, new_agenda, resume_agenda, stop_agenda
from egon.web.circulation.views.approvals import approve, cancel_approval, request_approval, return_for_rework
from egon.web.circulation.views.circulars import circular, circulars, new_circular
from egon.web.circulation.views.desk import desk
from egon.web.circulation.views.handovers import (
    assign,
    give,
    hand_file,
    hand_on,
    note_return,
    recall,
    send_back,
    take_over,
)
from egon.web.circulation.views.paper import place_paper, who_has
from egon.web.circulation.views.routes import (
    add_step,
    answer_step,
    compose_route,
    compose_route_of_file,
    note_end,
    note_step,
    recall_route,
    return_route,
    skip_step,
)
from egon.web.circulation.views.templates import (
    delete_route_template,
    new_route_template,
    route_template,
    route_templates,
)

__all__ = [
    "add_step",
    "agenda",
    "agendas",
    "answer_step",
    "approve",
    "assign",
    "cancel_approval",
    "circular",
    "circulars",
    "compose_route",
    "compose_route_of_file",
    "delete_route_template",
    "desk",
    "give",
    "hand_file",
    "hand_on",
    "new_agenda",
    "new_circular",
    "new_route_template",
    "note_end",
    "note_return",
    "note_step",
    "place_paper",
    "recall",
    "recall_route",
    "request_approval",
    "resume_agenda",
    "return_for_rework",
    "return_route",
    "route_template",
    "route_templates",
    "send_back",
    "skip_step",
    "stop_agenda",
    "take_over",
    "who_has",
]
