"""Making a bulk print: each item by itself with the rights of who started it, then all of them in one file."""

import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

from egon import storage
from egon.gateways.pdfa import Part, Sheet, bind_archival, render_sheet
from egon.jobs.job import defer
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import DomainError, GatewayError
from egon.records import operations, queries
from egon.records.events import PrintAsked
from egon.records.models import CaseFile, Document, PrintItem, PrintRun
from egon.records.rules.printing import KEPT_DAYS, BulkPrint, PrintItemState
from egon.registry import queries as registry
from egon.storage import StorageError
from egon.tenancy.scope import current_tenant_id
from egon.web.records import dossier, jobs, metadata, sheets

SHEETS: Final[Mapping[BulkPrint, Callable[[Actor, Any], Sheet]]] = {
    BulkPrint.COVER: sheets.cover_sheet,
    BulkPrint.DOCUMENTS: sheets.documents_sheet,
    BulkPrint.FILE_METADATA: metadata.file_sheet,
    BulkPrint.FILE_HISTORY: metadata.history_sheet,
    BulkPrint.METADATA: metadata.document_sheet,
    BulkPrint.HISTORY: metadata.history_sheet,
}


def ask(event: PrintAsked) -> None:
    """Have the job make it once the transaction commits."""
    defer(jobs.print_many, run_id=event.run_id, only_one=f"records.print_many:{event.run_id}")


def work(run_id: int) -> None:
    """Everything that is left of a run, until it is finished or somebody stops it."""
    system = Actor.system(current_tenant_id())
    run = _run(run_id)
    person = registry.actor_of(run.person, at=clock.now())
    while run.is_running and (item := _next(run)) is not None:
        _print(system, person, item)
        run = _run(run_id)
    if run.is_running:
        _finish(system, run)


def give_up(run_id: int, error: Exception) -> None:
    """A defect ended the job: the run says so and may be gone on with; what is done stays done."""
    problem = f"Tisk skončil chybou ({type(error).__name__}). Hotové položky zůstaly; zkuste pokračovat."
    operations.finish_printing(actor=Actor.system(current_tenant_id()), run=_run(run_id), result=None, problem=problem)


def forget_old(*, now: datetime) -> None:
    """Forget results that were kept long enough."""
    old = PrintRun.objects.exclude(result_digest="").filter(finished_at__lt=now - timedelta(days=KEPT_DAYS))
    for run in old.select_related("person"):
        operations.discard_printing(actor=registry.actor_of(run.person, at=now), run=run)


def file_name(run: PrintRun) -> str:
    """Under which name the result is taken away."""
    return f"hromadny-tisk-{run.pk}.{'zip' if run.what == BulkPrint.WHOLE else 'pdf'}"


def _print(system: Actor, person: Actor, item: PrintItem) -> None:
    try:
        part = storage.put(_content_of(person, item))
    except (DomainError, GatewayError, StorageError) as refusal:
        reasons = getattr(refusal, "obstacles", None) or [refusal.message]
        operations.keep_part(actor=system, item=item, part=None, message=" ".join(reasons))
    else:
        operations.keep_part(actor=system, item=item, part=part)


def _content_of(person: Actor, item: PrintItem) -> bytes:
    what, entity = BulkPrint(item.run.what), _entity(person, item)
    if what is BulkPrint.WHOLE and isinstance(entity, CaseFile):
        return dossier.whole_file(person, entity, operations.print_whole_file(actor=person, file=entity))
    return render_sheet(SHEETS[what](person, entity))


def _entity(person: Actor, item: PrintItem) -> CaseFile | Document:
    """Read anew as the person sees it now. Raises :class:`~egon.kernel.errors.NotFound`."""
    if item.file_id is not None:
        return queries.file_for(person, item.file_id)
    return queries.document_for(person, item.document_id or 0)


def _finish(system: Actor, run: PrintRun) -> None:
    done = PrintItem.objects.filter(run=run, state=PrintItemState.DONE.value).select_related("file", "document")
    parts = {f"{item.position:03d} {item}": item.part_digest for item in done.order_by("position")}
    if not parts:
        operations.finish_printing(actor=system, run=run, result=None)
        return
    try:
        contents = {label: storage.read(digest) for label, digest in parts.items()}
        whole = _zipped(contents) if run.what == BulkPrint.WHOLE else _bound(run, contents)
        result = storage.put(whole)
    except (StorageError, GatewayError) as failure:
        operations.finish_printing(actor=system, run=run, result=None, problem=failure.message)
    else:
        operations.finish_printing(actor=system, run=run, result=result)


def _bound(run: PrintRun, contents: Mapping[str, bytes]) -> bytes:
    return bind_archival([Part(label, [content]) for label, content in contents.items()], title=str(run))


def _zipped(contents: Mapping[str, bytes]) -> bytes:
    """Whole files stay files of their own: what they carry attached would be lost in one PDF."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for label, content in contents.items():
            archive.writestr(f"{label.replace('/', '-')}.pdf", content)
    return written.getvalue()


def _run(run_id: int) -> PrintRun:
    return PrintRun.objects.select_related("person").get(pk=run_id)


def _next(run: PrintRun) -> PrintItem | None:
    waiting = PrintItem.objects.filter(run=run, state=PrintItemState.WAITING.value)
    return waiting.select_related("run__person", "file", "document").order_by("position").first()
