"""Runs of re-sorting: of files, or of typed files with all in them."""

from egon.jobs.runs.kind import RunKind
from egon.records import permissions
from egon.records.models import Resorting, ResortingItem

FILES_AT_ONCE = 200
TYPED_FILES_AT_ONCE = 20
"""Items of one transaction; a typed file may hold hundreds of files."""


def _batch_of(run: Resorting) -> int:
    of_typed = ResortingItem.objects.filter(run=run, typed_file__isnull=False).exists()
    return TYPED_FILES_AT_ONCE if of_typed else FILES_AT_ONCE


RESORTING = RunKind(
    "records.resorting",
    Resorting,
    ResortingItem,
    of="hromadného přetřídění",
    requires=permissions.may_configure,
    batch=_batch_of,
    related=("file", "typed_file", "source", "target__plan", "target__disposal_regime"),
)
stop_resorting, resume_resorting = RESORTING.stop, RESORTING.resume
