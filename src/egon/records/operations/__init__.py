"""Writes of records: one public function a use case."""

from egon.records.operations.approving import (
    mark_approved,
    mark_delivered,
    mark_dispatched,
    mark_in_approval,
    mark_undelivered,
    return_to_draft,
)
from egon.records.operations.bulk_printing import (
    PRINTING,
    Pieces,
    discard_printing,
    keep_result,
    resume_printing,
    start_printing,
    stop_printing,
)
from egon.records.operations.checkouts import cancel_check_out, check_in, check_out, take_over
from egon.records.operations.classes import (
    change_regime,
    close_class,
    delete_class,
    describe_class,
    save_class,
    set_class_flags,
)
from egon.records.operations.components import NewFile, add_component, add_version, describe_component, remove_component
from egon.records.operations.converting import (
    fail_conversion,
    keep_format,
    start_conversion,
    stop_conversion,
    store_conversion,
)
from egon.records.operations.destroying import destroy_expired, destroy_party, review_unlinked
from egon.records.operations.destruction import (
    DESTROYING,
    configure_removal,
    destroy_document,
    destroy_expired_withdrawn,
    destroy_file,
    destroy_under_consent,
    destroy_withdrawn,
    resume_destruction,
    stop_destruction,
)
from egon.records.operations.destruction import (
    MOST_AT_ONCE as MOST_DESTROYED,
)
from egon.records.operations.drafting import (
    NewAddressee,
    create_document,
    draft_reply,
    edit_draft,
    edit_metadata,
    set_addressees,
)
from egon.records.operations.editing import (
    close_editing_links,
    open_editing_link,
    save_working_copy,
    set_program_lock,
)
from egon.records.operations.exporting import export_documents, export_files
from egon.records.operations.filing import (
    close_file,
    edit_file,
    open_file,
    put_in_file,
    reopen_file,
    settle_file,
    take_out_of_file,
)
from egon.records.operations.granting import (
    confirm_access,
    end_access,
    grant_access,
    refuse_access,
    release_file,
    restrict_file,
    show_file,
    withdraw_access,
)
from egon.records.operations.holds import lift_hold, place_hold
from egon.records.operations.joining import bring_together, join_files
from egon.records.operations.kinds import delete_kind, save_kind
from egon.records.operations.linking import link_party, unlink_party
from egon.records.operations.merging import merge_parties, undo_merge
from egon.records.operations.numbering import remove_period, set_period
from egon.records.operations.opening import open_entity, set_disclosure
from egon.records.operations.own_metadata import (
    add_own_field,
    delete_own_field,
    delete_own_list,
    edit_own_field,
    move_own_field,
    restore_own_field,
    save_own_list,
    withdraw_own_field,
)
from egon.records.operations.paper import describe_paper
from egon.records.operations.persons import describe_party
from egon.records.operations.placing import place_file, place_in_unit, return_to_sender, share
from egon.records.operations.plans import copy_plan, discard_plan, import_plan, put_plan_in_force, save_plan
from egon.records.operations.printing import (
    DocumentPrint,
    FilePrint,
    PrintedDocument,
    print_document,
    print_file,
    print_files,
    print_typed_file,
    print_whole_file,
)
from egon.records.operations.reading import note_reading
from egon.records.operations.referring import make_reference, remove_reference
from egon.records.operations.regimes import delete_regime, save_regime, withdraw_regime
from egon.records.operations.registering import register_received
from egon.records.operations.reminders import change_reminder, delete_reminder, finish_reminder, set_reminder
from egon.records.operations.reports import count_report
from egon.records.operations.resorting import resort_file, start_resorting
from egon.records.operations.resorting_runs import RESORTING, resume_resorting, stop_resorting
from egon.records.operations.search_exporting import (
    SEARCH_EXPORTING,
    MonthFound,
    discard_search_export,
    resume_search_export,
    start_search_export,
    stop_search_export,
    take_search_export,
)
from egon.records.operations.searches import delete_search, restore_search, save_search
from egon.records.operations.settings import configure_numbering
from egon.records.operations.settling import cancel_settling, settle_document
from egon.records.operations.storing import (
    delete_place,
    note_to_file,
    save_place,
    store_paper,
    store_volume,
    take_note_back,
)
from egon.records.operations.templates import disable_template, enable_template, restore_template, save_template
from egon.records.operations.texts import read_again, store_texts
from egon.records.operations.triggers import (
    postpone_trigger_check,
    record_section_trigger_year,
    record_trigger_year,
)
from egon.records.operations.typed.carrying import start_typed_resorting
from egon.records.operations.typed.closing import (
    close_section,
    close_typed_file,
    reopen_section,
    reopen_typed_file,
)
from egon.records.operations.typed.describing import edit_section, edit_volume
from egon.records.operations.typed.filling import put_file_in_section
from egon.records.operations.typed.founding import edit_typed_file, open_typed_file
from egon.records.operations.typed.templates import (
    SectionDraft,
    change_template,
    define_template,
    describe_section,
    map_templates,
)
from egon.records.operations.typed.volumes import roll_volume
from egon.records.operations.withdrawing import restore_document, restore_file, withdraw_document, withdraw_file

__all__ = [
    "DESTROYING",
    "MOST_DESTROYED",
    "PRINTING",
    "RESORTING",
    "SEARCH_EXPORTING",
    "DocumentPrint",
    "FilePrint",
    "MonthFound",
    "NewAddressee",
    "NewFile",
    "Pieces",
    "PrintedDocument",
    "SectionDraft",
    "add_component",
    "add_own_field",
    "add_version",
    "bring_together",
    "cancel_check_out",
    "cancel_settling",
    "change_regime",
    "change_reminder",
    "change_template",
    "check_in",
    "check_out",
    "close_class",
    "close_editing_links",
    "close_file",
    "close_section",
    "close_typed_file",
    "configure_numbering",
    "configure_removal",
    "confirm_access",
    "copy_plan",
    "count_report",
    "create_document",
    "define_template",
    "delete_class",
    "delete_kind",
    "delete_own_field",
    "delete_own_list",
    "delete_place",
    "delete_regime",
    "delete_reminder",
    "delete_search",
    "describe_class",
    "describe_component",
    "describe_paper",
    "describe_party",
    "describe_section",
    "destroy_document",
    "destroy_expired",
    "destroy_expired_withdrawn",
    "destroy_file",
    "destroy_party",
    "destroy_under_consent",
    "destroy_withdrawn",
    "disable_template",
    "discard_plan",
    "discard_printing",
    "discard_search_export",
    "draft_reply",
    "edit_draft",
    "edit_file",
    "edit_metadata",
    "edit_own_field",
    "edit_section",
    "edit_typed_file",
    "edit_volume",
    "enable_template",
    "end_access",
    "export_documents",
    "export_files",
    "fail_conversion",
    "finish_reminder",
    "grant_access",
    "import_plan",
    "join_files",
    "keep_format",
    "keep_result",
    "lift_hold",
    "link_party",
    "make_reference",
    "map_templates",
    "mark_approved",
    "mark_delivered",
    "mark_dispatched",
    "mark_in_approval",
    "mark_undelivered",
    "merge_parties",
    "move_own_field",
    "note_reading",
    "note_to_file",
    "open_editing_link",
    "open_entity",
    "open_file",
    "open_typed_file",
    "place_file",
    "place_hold",
    "place_in_unit",
    "postpone_trigger_check",
    "print_document",
    "print_file",
    "print_files",
    "print_typed_file",
    "print_whole_file",
    "put_file_in_section",
    "put_in_file",
    "put_plan_in_force",
    "read_again",
    "record_section_trigger_year",
    "record_trigger_year",
    "refuse_access",
    "register_received",
    "release_file",
    "remove_component",
    "remove_period",
    "remove_reference",
    "reopen_file",
    "reopen_section",
    "reopen_typed_file",
    "resort_file",
    "restore_document",
    "restore_file",
    "restore_own_field",
    "restore_search",
    "restore_template",
    "restrict_file",
    "resume_destruction",
    "resume_printing",
    "resume_resorting",
    "resume_search_export",
    "return_to_draft",
    "return_to_sender",
    "review_unlinked",
    "roll_volume",
    "save_class",
    "save_kind",
    "save_own_list",
    "save_place",
    "save_plan",
    "save_regime",
    "save_search",
    "save_template",
    "save_working_copy",
    "set_addressees",
    "set_class_flags",
    "set_disclosure",
    "set_period",
    "set_program_lock",
    "set_reminder",
    "settle_document",
    "settle_file",
    "share",
    "show_file",
    "start_conversion",
    "start_printing",
    "start_resorting",
    "start_search_export",
    "start_typed_resorting",
    "stop_conversion",
    "stop_destruction",
    "stop_printing",
    "stop_resorting",
    "stop_search_export",
    "store_conversion",
    "store_paper",
    "store_texts",
    "store_volume",
    "take_note_back",
    "take_out_of_file",
    "take_over",
    "take_search_export",
    "undo_merge",
    "unlink_party",
    "withdraw_access",
    "withdraw_document",
    "withdraw_file",
    "withdraw_own_field",
    "withdraw_regime",
]
