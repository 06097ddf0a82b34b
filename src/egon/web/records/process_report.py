"""Results of imports, re-sorting, withdrawals and destructions with what failed and why (NSESSS 7.3.6)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import islice

from django.db.models import Q

from egon.audit.models import LogRecord, Outcome
from egon.audit.operation import title_of
from egon.databox.importing.tables import ImportEntry, ImportRun
from egon.databox.importing.tables import Outcome as FileOutcome
from egon.kernel.clock import PRAGUE
from egon.records import operations
from egon.records.models import Resorting
from egon.records.report_queries import Cell, Period, Report
from egon.web.audit import labels
from egon.web.formatting import write_datetime

MOST_ROWS = 3000
ONE_BY_ONE = (
    "records.plan.import",
    "records.document.withdraw",
    "records.document.restore",
    "records.document.destroy",
    "records.file.withdraw",
    "records.file.restore",
    "records.file.destroy",
    "records.party.destroy",
    "records.party.expire",
)
"""Operations whose records in the log are the result; the entities are named there also after they are gone."""
_FAILED = (FileOutcome.REFUSED, FileOutcome.DOUBTFUL)


def processes(period: Period) -> list[list[Cell]]:
    """One row a run or a single step, and under it one row for each entity that failed; the newest first."""
    groups = [*_imports(period), *_resortings(period), *_single_steps(period)]
    groups.sort(key=lambda group: group[0], reverse=True)
    rows = (row for _, group in groups for row in group)
    return list(islice(rows, MOST_ROWS))


PROCESSES = Report(
    title="Výsledky procesů",
    columns=["Kdy", "Proces", "Čeho se týká", "Úspěšně", "Neúspěšně", "Výsledek a chyby"],
    rows=processes,
    told_of="period",
    longest=MOST_ROWS,
)

type Group = tuple[datetime, list[list[Cell]]]


def _imports(period: Period) -> Iterator[Group]:
    for run in ImportRun.objects.filter(_within("started_at", period)).order_by("-started_at"):
        failed = ImportEntry.objects.filter(run=run, outcome__in=_FAILED).order_by("pk")
        count = failed.count()
        done = ImportEntry.objects.filter(run=run).count() - count
        state = run.get_state_display() + (f": {run.problem}" if run.problem else "")
        rows = [_row(run.started_at, "Import datových zpráv", run.name, done, count, state)]
        for entry in failed[:MOST_ROWS]:
            what = f"{entry.name} (zpráva {entry.dm_id})" if entry.dm_id else entry.name
            rows.append(
                _row(entry.at, "– soubor importu", what, 0, 1, f"{entry.get_outcome_display()}: {entry.reason}")
            )
        yield run.started_at, rows


def _resortings(period: Period) -> Iterator[Group]:
    for run in Resorting.objects.filter(_within("started_at", period)).order_by("-started_at"):
        state, at = run.get_state_display(), run.started_at
        if at is None:
            continue  # nobody has started it
        rows = [_row(at, "Hromadné přetřídění", run.reason, run.done, run.refused, state)]
        for item in operations.RESORTING.refused_in(run)[:MOST_ROWS]:
            what = f"spis {item}, {item.source.code} → {item.target.code}"
            rows.append(_row(at, "– spis k přetřídění", what, 0, 1, item.message))
        yield at, rows


def _single_steps(period: Period) -> Iterator[Group]:
    found = LogRecord.objects.filter(_within("recorded_at", period), operation__in=ONE_BY_ONE)
    for one in found.order_by("-recorded_at", "-pk")[:MOST_ROWS]:
        if one.parameters.get("destroyed") is False:
            continue  # looked at and kept
        what = ", ".join(f"{labels.entity_name(kind)} {name}" for kind, _, name in one.subjects)
        done = one.outcome == Outcome.DONE
        told = one.message or str(one.parameters.get("reason") or "provedeno")
        yield one.recorded_at, [_row(one.recorded_at, title_of(one.operation), what, int(done), int(not done), told)]


def _row(at: datetime, process: str, what: str, done: int, failed: int, told: str) -> list[Cell]:
    return [write_datetime(at), process, what, done, failed, told]


def _within(column: str, period: Period) -> Q:
    since = datetime.combine(period.since, time(), PRAGUE)
    until = datetime.combine(period.until + timedelta(days=1), time(), PRAGUE)
    return Q((f"{column}__gte", since), (f"{column}__lt", until))
