"""Pages and steps of circulation."""

from egon.web.circulation.views.approvals import approve, cancel_approval, request_approval, return_for_rework
from egon.web.circulation.views.circulars import circular, circulars, new_circular
from egon.web.circulation.views.desk import desk
from egon.web.circulation.views.handovers import assign, give, hand_on, recall, send_back, take_over
from egon.web.circulation.views.routes import answer_step, compose_route, note_step, recall_route, return_route

__all__ = [
    "answer_step",
    "approve",
    "assign",
    "cancel_approval",
    "circular",
    "circulars",
    "compose_route",
    "desk",
    "give",
    "hand_on",
    "new_circular",
    "note_step",
    "recall",
    "recall_route",
    "request_approval",
    "return_for_rework",
    "return_route",
    "send_back",
    "take_over",
]
