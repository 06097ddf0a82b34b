"""Printing files and lists of them is written down: it carries names and subjects out of the product."""

from enum import StrEnum
from typing import Final

from django.db.models import QuerySet

from egon.audit import log
from egon.audit.operation import anyone, operation
from egon.kernel.actor import Actor
from egon.records import permissions, queries
from egon.records.errors import ListTooLong
from egon.records.models import CaseFile

LONGEST_LIST: Final = 3000
"""Files in one print of a list."""


class FilePrint(StrEnum):
    """What is printed of a file; the value is what the log says."""

    COVER = "spisový obal"
    DOCUMENTS = "seznam dokumentů"


@operation("records.file.print", title="Tisk spisu", requires=permissions.may_see_file)
def print_file(*, actor: Actor, file: CaseFile, what: FilePrint) -> None:
    """Write down that a part of a file is printed (NSESSS 5.2.5, 5.2.7)."""


@operation("records.files.print", title="Tisk seznamu spisů", requires=anyone, unlogged=("found",))
def print_files(*, actor: Actor, found: QuerySet[CaseFile]) -> list[queries.FileRow]:
    """Rows to be printed, of files the actor may see (NSESSS 5.2.9, 5.2.11). Raises ``ListTooLong``."""
    seen = found.filter(permissions.files_visible_to(actor))
    keys = list(seen.values_list("pk", flat=True)[: LONGEST_LIST + 1])
    if len(keys) > LONGEST_LIST:
        raise ListTooLong(LONGEST_LIST)
    log.note(count=len(keys))
    return queries.file_rows(keys)
