"""Pages of records: documents, files, the plan, search."""

from egon.web.records.views.components import (
    add_annexes,
    describe_component,
    download,
    preview,
    read_again,
    remove_component,
)
from egon.web.records.views.document import describe_paper, document_page, edit_metadata
from egon.web.records.views.file import close_file, edit_file, file_cover, file_page, reopen_file, settle_file
from egon.web.records.views.filing import new_file, put_in_file, take_out_of_file
from egon.web.records.views.lists import document_list, file_list
from egon.web.records.views.persons import link_to_document, link_to_file, unlink
from egon.web.records.views.plan import class_codes, filing_plan
from egon.web.records.views.searching import search_page
from egon.web.records.views.settling import cancel_settling, settle
from egon.web.records.views.writing import change_addressee, new_document, reply, write_text

__all__ = [
    "add_annexes",
    "cancel_settling",
    "change_addressee",
    "class_codes",
    "close_file",
    "describe_component",
    "describe_paper",
    "document_list",
    "document_page",
    "download",
    "edit_file",
    "edit_metadata",
    "file_cover",
    "file_list",
    "file_page",
    "filing_plan",
    "link_to_document",
    "link_to_file",
    "new_document",
    "new_file",
    "preview",
    "put_in_file",
    "read_again",
    "remove_component",
    "reopen_file",
    "reply",
    "search_page",
    "settle",
    "settle_file",
    "take_out_of_file",
    "unlink",
    "write_text",
]
