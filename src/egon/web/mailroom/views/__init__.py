"""Pages of the mailroom."""

from egon.web.mailroom.views.arriving import fetch, inbox, upload
from egon.web.mailroom.views.attachments import download, preview, zfo
from egon.web.mailroom.views.dispatching import cancel, dispatch_history, dispatch_list, dispatch_one, hand_over
from egon.web.mailroom.views.registering import attach, done, duplicate, item, reject

__all__ = [
    "attach",
    "cancel",
    "dispatch_history",
    "dispatch_list",
    "dispatch_one",
    "done",
    "download",
    "duplicate",
    "fetch",
    "hand_over",
    "inbox",
    "item",
    "preview",
    "reject",
    "upload",
    "zfo",
]
