"""Pages and steps of circulation."""

from egon.web.circulation.views.approvals import approve, cancel_approval, request_approval, return_for_rework
from egon.web.circulation.views.circulars import circular, circulars, new_circular
from egon.web.circulation.views.desk import desk
from egon.web.circulation.views.handovers import assign, give, hand_on, recall, send_back, take_over

__all__ = [
    "approve",
    "assign",
    "cancel_approval",
    "circular",
    "circulars",
    "desk",
    "give",
    "hand_on",
    "new_circular",
    "recall",
    "request_approval",
    "return_for_rework",
    "send_back",
    "take_over",
]
