"""Writes of records: one public function a use case."""

from egon.records.operations.approving import (
    mark_approved,
    mark_delivered,
    mark_dispatched,
    mark_in_approval,
    mark_undelivered,
    return_to_draft,
)
from egon.records.operations.components import NewFile, add_component, add_version, remove_component
from egon.records.operations.drafting import (
    NewAddressee,
    create_document,
    draft_reply,
    edit_draft,
    edit_metadata,
    set_addressees,
)
from egon.records.operations.filing import (
    close_file,
    edit_file,
    open_file,
    put_in_file,
    reopen_file,
    settle_file,
    take_out_of_file,
)
from egon.records.operations.placing import place_in_unit, return_to_sender, share
from egon.records.operations.registering import register_received
from egon.records.operations.settings import (
    configure_numbering,
    save_class,
    save_kind,
    save_plan,
    save_template,
)
from egon.records.operations.settling import cancel_settling, settle_document, withdraw_document

__all__ = [
    "NewAddressee",
    "NewFile",
    "add_component",
    "add_version",
    "cancel_settling",
    "close_file",
    "configure_numbering",
    "create_document",
    "draft_reply",
    "edit_draft",
    "edit_file",
    "edit_metadata",
    "mark_approved",
    "mark_delivered",
    "mark_dispatched",
    "mark_in_approval",
    "mark_undelivered",
    "open_file",
    "place_in_unit",
    "put_in_file",
    "register_received",
    "remove_component",
    "reopen_file",
    "return_to_draft",
    "return_to_sender",
    "save_class",
    "save_kind",
    "save_plan",
    "save_template",
    "set_addressees",
    "settle_document",
    "settle_file",
    "share",
    "take_out_of_file",
    "withdraw_document",
]
