"""Writes of the jmenný rejstřík: one public function a use case."""

from egon.parties.operations.duplicates import (
    absorbed_by,
    find_duplicates,
    keep_apart,
    note_likenesses,
    record_merge,
    record_unmerge,
    remember_moved,
    sides_of,
    suspect_duplicate,
)
from egon.parties.operations.notifications import remember_marker, set_notifications
from egon.parties.operations.retention import erase, set_retention, stop_period
from egon.parties.operations.rights import set_rights
from egon.parties.operations.writing import (
    PartyDetails,
    confirm_party,
    edit_party,
    identify_party,
    lock_party,
    obstacles_to,
    register_party,
    renew_words,
    would_change,
)

__all__ = [
    "PartyDetails",
    "absorbed_by",
    "confirm_party",
    "edit_party",
    "erase",
    "find_duplicates",
    "identify_party",
    "keep_apart",
    "lock_party",
    "note_likenesses",
    "obstacles_to",
    "record_merge",
    "record_unmerge",
    "register_party",
    "remember_marker",
    "remember_moved",
    "renew_words",
    "set_notifications",
    "set_retention",
    "set_rights",
    "sides_of",
    "stop_period",
    "suspect_duplicate",
    "would_change",
]
