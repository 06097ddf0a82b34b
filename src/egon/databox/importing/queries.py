"""Reads of imports: what runs, how far it is, the report."""

from datetime import datetime

from django.db.models import Count, QuerySet

from egon.databox.importing.rules import Pace, pace_of
from egon.databox.importing.tables import ImportEntry, ImportRun, Outcome, RunState
from egon.databox.models import DataMessage, Progress
from egon.kernel.errors import NotFound


def runs() -> QuerySet[ImportRun]:
    """Imports of the organisation, newest first."""
    return ImportRun.objects.order_by("-started_at", "-pk")


def run_for(pk: int) -> ImportRun:
    """An import of the organisation. Raises ``NotFound``."""
    run = ImportRun.objects.filter(pk=pk).first()
    if run is None:
        raise NotFound("Takový import v této organizaci není.")
    return run


def run_again(run: ImportRun) -> ImportRun:
    """The import as it stands now."""
    return ImportRun.objects.get(pk=run.pk)


def is_running(run: ImportRun) -> bool:
    """Whether nobody has stopped it meanwhile."""
    return ImportRun.objects.filter(pk=run.pk, state=RunState.RUNNING).exists()


def unfinished_run(name: str) -> ImportRun | None:
    """The newest import of the same name begun from the command line and not finished."""
    unfinished = ImportRun.objects.filter(name=name, source_digest="", state=RunState.RUNNING)
    return unfinished.order_by("-pk").first()


def names_done(run: ImportRun) -> set[str]:
    """Names of files that have their entry."""
    return set(ImportEntry.objects.filter(run=run).values_list("name", flat=True))


def counts_of(run: ImportRun) -> dict[Outcome, int]:
    """How many files ended how, also those outcomes that did not come."""
    rows = ImportEntry.objects.filter(run=run).values_list("outcome").annotate(Count("pk")).order_by()
    found = dict(rows)
    return {outcome: found.get(outcome.value, 0) for outcome in Outcome}


def pace_at(run: ImportRun, done: int, *, now: datetime) -> Pace:
    """How far it is; with speed while it runs."""
    return pace_of(
        done=done,
        total=run.total,
        done_before=run.done_before,
        resumed_at=run.resumed_at if run.state == RunState.RUNNING else None,
        now=now,
    )


def entries(run: ImportRun, outcome: str = "") -> QuerySet[ImportEntry]:
    """Files of an import in the order of their coming."""
    found = ImportEntry.objects.filter(run=run).order_by("pk")
    return found.filter(outcome=outcome) if outcome else found


def message_with_digest(digest: str) -> DataMessage | None:
    """A message whose sealed document is this very file."""
    same = DataMessage.objects.filter(zfo_digest=digest, progress=Progress.COMPLETE)
    return same.order_by("pk").first()
