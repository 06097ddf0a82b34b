"""Pages of the mailroom."""

from egon.web.mailroom.views.arriving import fetch, inbox, upload
from egon.web.mailroom.views.attachments import download, preview, zfo
from egon.web.mailroom.views.book import book
from egon.web.mailroom.views.dispatching import cancel, dispatch_detail, dispatch_history, dispatch_list, hand_over
from egon.web.mailroom.views.letters import code, envelope, labels, letter_done, new_letter
from egon.web.mailroom.views.lists import handover_list, handover_lists, take_over
from egon.web.mailroom.views.posting import envelopes, post, prepare, sheet, sheets
from egon.web.mailroom.views.registering import attach, done, duplicate, item, reject
from egon.web.mailroom.views.sending import dispatch_many, dispatch_one
from egon.web.mailroom.views.slips import slip, slips

__all__ = [
    "attach",
    "book",
    "cancel",
    "code",
    "dispatch_detail",
    "dispatch_history",
    "dispatch_list",
    "dispatch_many",
    "dispatch_one",
    "done",
    "download",
    "duplicate",
    "envelope",
    "envelopes",
    "fetch",
    "hand_over",
    "handover_list",
    "handover_lists",
    "inbox",
    "item",
    "labels",
    "letter_done",
    "new_letter",
    "post",
    "prepare",
    "preview",
    "reject",
    "sheet",
    "sheets",
    "slip",
    "slips",
    "take_over",
    "upload",
    "zfo",
]
