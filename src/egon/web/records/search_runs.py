"""Making the file of a whole result: each month as its person sees it at that moment, then all of them together.

The pages know how a result is told, so the run of :mod:`egon.records.operations.search_exporting` is prepared here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict

from egon import search, storage
from egon.gateways.pdfa import render_sheet
from egon.gateways.tables import write_csv, write_xlsx
from egon.jobs.runs.kind import DEFECT
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.records import operations, permissions, searching
from egon.records.criteria import Criteria, Days
from egon.records.errors import InvalidInput
from egon.records.models import SearchExport, SearchExportMonth
from egon.records.operations import SEARCH_EXPORTING, MonthFound
from egon.records.rules.exporting import KEPT_DAYS, ExportForm
from egon.registry import queries as registry
from egon.search import Hit
from egon.storage import BlobRef
from egon.tenancy.scope import current_tenant_id
from egon.web.formatting import write_number
from egon.web.records.search_form import SearchForm, kinds_of
from egon.web.records.search_rows import HEADER, rows_by_key, sheet_of

_FULL = "Soubor už je plný: {most} řádků. Starší výsledky najdete, když hledání omezíte obdobím."
_NO_RIGHT = "Kdo o export požádal, tu už nepracuje nebo na něj nemá právo."


@SEARCH_EXPORTING.prepares
def find_month(run: SearchExport, items: Sequence[SearchExportMonth], at: datetime) -> MonthFound:
    """Rows of one month, of what the person of the run may see now."""
    (month,) = items
    most = ExportForm(run.form).most
    if run.rows >= most:
        return MonthFound([], _FULL.format(most=write_number(most)))
    actor = _person_of(run, at)
    if actor is None:
        return MonthFound([], _NO_RIGHT)
    form = form_of(run, actor)
    if not form.is_valid():
        return MonthFound([], "; ".join(f"{error}" for errors in form.errors.values() for error in errors))
    return _found(run, actor, form, Days(month.since, month.until), most - run.rows)


@SEARCH_EXPORTING.concludes
def make_file(run: SearchExport) -> Callable[[], object]:
    """Put the months together; what is returned writes the file down. Raises :class:`InvalidInput`.

    A full file and one without a month that failed by a defect are worth taking, and the page tells of them.
    """
    left = set(SEARCH_EXPORTING.refused_in(run).order_by().values_list("message", flat=True).distinct())
    full = _FULL.format(most=write_number(ExportForm(run.form).most))
    if faults := sorted(left - {full, DEFECT}):
        raise InvalidInput(f"Soubor nevznikl: {faults[0]}", faults)
    result = storage.put(_content(run, is_cut=bool(left)))
    return lambda: _write_down(run, result)


def forget_old(*, now: datetime) -> None:
    """Forget files that were kept long enough, and what stopped runs have found."""
    old = SearchExport.objects.filter(started_at__lt=now - timedelta(days=KEPT_DAYS))
    known = SearchExportMonth.objects.exclude(rows=[]).values("run")
    for run in [*old.exclude(result_digest=""), *old.filter(result_digest="", pk__in=known)]:
        if not run.is_running:
            operations.discard_search_export(actor=Actor.system(current_tenant_id()), run=run)


def form_of(run: SearchExport, actor: Actor) -> SearchForm:
    """What was asked, read again as the person may ask it now."""
    return SearchForm(QueryDict(run.query), actor=actor)


def _person_of(run: SearchExport, at: datetime) -> Actor | None:
    person = run.person
    if not person.active or (person.account is not None and not person.account.is_active):
        return None
    actor = registry.actor_of(person, at=at)
    forbidden = actor.is_forbidden("records.search.export.start") or actor.is_forbidden("/hledat/")
    return None if forbidden or not permissions.may_export_search(actor) else actor


def _found(run: SearchExport, actor: Actor, form: SearchForm, month: Days, most: int) -> MonthFound:
    kinds = kinds_of(QueryDict(run.query).get("kde", ""))
    hides, order = permissions.hidden_states(actor), form.order()
    rows: list[list[object]] = []
    try:
        for hits in _stretches(actor, replace(form.criteria(), registered=month), kinds):
            ranks = dict(zip(hits, searching.ranks_of(hits, order), strict=True))
            told = rows_by_key(hits, hides=hides)
            keys = {hit: (hit.entity_type, hit.entity_id) for hit in hits}
            rows += [[ranks[hit], told[keys[hit]]] for hit in hits if keys[hit] in told]
            if len(rows) >= most:
                break
    except search.QueryMistake as mistake:
        return MonthFound([], mistake.message)
    return MonthFound(rows[:most])


def _stretches(actor: Actor, criteria: Criteria, kinds: Sequence[str]) -> Iterator[Sequence[Hit]]:
    after = None
    while True:
        stretch = searching.next_stretch(actor, criteria, kinds, after=after)
        yield stretch.hits
        if stretch.end is None:
            return
        after = stretch.end


def _content(run: SearchExport, *, is_cut: bool) -> bytes:
    rows = list(_rows_in_order(run))
    match ExportForm(run.form):
        case ExportForm.CSV:
            return write_csv(HEADER, rows)
        case ExportForm.XLSX:
            return write_xlsx(HEADER, rows)
        case ExportForm.PDF:
            person = registry.actor_of(run.person, at=clock.now())
            facts = [("Hledáno", run.told)]
            return render_sheet(sheet_of(person, rows, facts=facts, more=is_cut))


def _rows_in_order(run: SearchExport) -> list[Any]:
    found = SearchExportMonth.objects.filter(run=run).order_by("pk").values_list("rows", flat=True)
    ranked = [(rank, row) for rows in found.iterator(chunk_size=10) for rank, row in rows]
    return searching.by_rank(ranked, "-" if QueryDict(run.query).get("sestupne") else "")


def _write_down(run: SearchExport, result: BlobRef) -> None:
    run.result_digest, run.result_size = result.digest, result.size
    run.save(update_fields=["result_digest", "result_size"])
    SearchExportMonth.objects.filter(run=run).update(rows=[])
