"""Taking the whole result of a search away, month by month in the background (NSESSS 5.1.1, 5.2.11).

What is in the file is judged when it is made, by the rights its person has then; the pages make it
(:mod:`egon.web.records.search_runs`), for they know how a result is told.
"""

from dataclasses import dataclass
from datetime import date, datetime

from egon.audit import log
from egon.audit.operation import operation
from egon.jobs.runs.kind import RunKind, Step
from egon.jobs.runs.states import RunState
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE, today
from egon.records import permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import SearchExport, SearchExportMonth
from egon.records.rules.exporting import MOST_UNDER_WAY, ExportForm, months_between
from egon.search.models import Entry

SEARCH_EXPORTING = RunKind(
    "records.search.export",
    SearchExport,
    SearchExportMonth,
    of="exportu hledání",
    requires=permissions.may_handle_export,
)
stop_search_export, resume_search_export = SEARCH_EXPORTING.stop, SEARCH_EXPORTING.resume


@dataclass(frozen=True, slots=True)
class MonthFound:
    """What was found in a month: rows with what they are put in order by; or why it was not gone through."""

    rows: list[list[object]]
    reason: str = ""


@operation(
    "records.search.export.start", title="Export celého výsledku hledání", requires=permissions.may_export_search
)
def start_search_export(
    *,
    actor: Actor,
    form: ExportForm,
    query: str,
    told: str,
    since: date | None = None,
    until: date | None = None,
    at: datetime | None = None,
) -> SearchExport:
    """Start going through everything that was registered (founded, valid) between the days, both may be open.

    Raises :class:`InvalidInput`.
    """
    going = SearchExport.objects.filter(person=actor.person_id, state=RunState.RUNNING)
    if going.count() >= MOST_UNDER_WAY:
        fault = f"Najednou můžete mít nejvýš {MOST_UNDER_WAY} exporty. Počkejte, až některý skončí, nebo ho zastavte."
        raise InvalidInput("Export se nespustil.", [fault])
    run = SearchExport(person_id=actor.person_id or 0, form=form.value, query=query, told=told)
    months = months_between(*_days(since, until))
    items = (SearchExportMonth(since=first, until=last) for first, last in months)
    return SEARCH_EXPORTING.launch(run, items, actor=actor, at=at)


@operation(
    "records.search.export.take", title="Stažení exportu hledání", requires=permissions.may_handle_export, reads=True
)
def take_search_export(*, actor: Actor, run: SearchExport) -> str:
    """The digest of the file. Raises :class:`NotInThisState` when there is none (any more)."""
    if not run.result_digest:
        raise NotInThisState("Soubor tu není: export neskončil, nebo už je smazaný. Spusťte hledání znovu.")
    log.note(count=run.rows)
    return run.result_digest


@operation("records.search.export.discard", title="Smazání exportu hledání", requires=permissions.may_handle_export)
def discard_search_export(*, actor: Actor, run: SearchExport) -> SearchExport:
    """Forget the file and what was found; the run stays listed. Raises :class:`NotInThisState` while it runs."""
    SEARCH_EXPORTING.lock(run)
    if run.is_running:
        raise NotInThisState("Export ještě probíhá. Nejdřív ho zastavte.")
    run.result_digest = ""
    if run.is_resumable:
        run.state = RunState.DROPPED
    run.save(update_fields=["result_digest", "state"])
    SearchExportMonth.objects.filter(run=run).update(rows=[])
    return run


@SEARCH_EXPORTING.takes
def keep_month(step: Step[SearchExport], item: SearchExportMonth) -> None:
    """Keep what was found in a month; the log tells how much, never what."""
    found: MonthFound = step.prepared
    if found.reason:
        item.refuse(found.reason)
        return
    item.rows = found.rows
    item.save(update_fields=["rows"])
    step.run.rows += len(found.rows)
    step.run.save(update_fields=["rows"])


def _days(since: date | None, until: date | None) -> tuple[date, date]:
    """The days in which there is anything in the index, within those that are wanted."""
    oldest = Entry.objects.order_by("sort_at", "id").values_list("sort_at", flat=True).first()
    newest = Entry.objects.order_by("-sort_at", "-id").values_list("sort_at", flat=True).first()
    first, last = (at.astimezone(PRAGUE).date() if at else today() for at in (oldest, newest))
    return max(first, since or first), min(last, until or last)
