"""Writes of the mailroom: intake and dispatch."""

from egon.mailroom.operations.book import print_book
from egon.mailroom.operations.bulk import (
    REGISTERING,
    bring_table,
    discard_table,
    map_columns,
    resume_bulk,
    start_bulk,
    stop_bulk,
)
from egon.mailroom.operations.dispatching import (
    advise_on_return,
    cancel_dispatch,
    dispatch_document,
    dispatch_to_many,
    hand_over,
    record_dispatch_state,
)
from egon.mailroom.operations.intake import (
    attach_receipt,
    bring_in,
    file_under_document,
    mark_duplicate,
    receive_items,
    register_intake,
    reject_intake,
)
from egon.mailroom.operations.letters import correct_envelope, register_letter
from egon.mailroom.operations.lists import make_handover_list, take_over_list
from egon.mailroom.operations.posting import number_letters, post_letters, prepare_letter, take_back_letter
from egon.mailroom.operations.slips import record_slip

__all__ = [
    "REGISTERING",
    "advise_on_return",
    "attach_receipt",
    "bring_in",
    "bring_table",
    "cancel_dispatch",
    "correct_envelope",
    "discard_table",
    "dispatch_document",
    "dispatch_to_many",
    "file_under_document",
    "hand_over",
    "make_handover_list",
    "map_columns",
    "mark_duplicate",
    "number_letters",
    "post_letters",
    "prepare_letter",
    "print_book",
    "receive_items",
    "record_dispatch_state",
    "record_slip",
    "register_intake",
    "register_letter",
    "reject_intake",
    "resume_bulk",
    "start_bulk",
    "stop_bulk",
    "take_back_letter",
    "take_over_list",
]
