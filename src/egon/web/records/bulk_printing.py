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
from egon.records import operations, print_queries, queries, typed_queries
from egon.records.events import PrintAsked
from egon.records.models import CaseFile, Document, PrintItem, PrintRun, TypedFile, TypedSection, Volume
from egon.records.rules.printing import KEPT_DAYS, BulkPrint, Printed, PrintItemState
from egon.registry import queries as registry
from egon.storage import StorageError
from egon.tenancy.scope import current_tenant_id
from egon.web.records import dossier, jobs, metadata, sheets, typed_metadata, typed_sheets

SHEETS: Final[Mapping[BulkPrint, Callable[[Actor, Any], Sheet]]] = {
    BulkPrint.COVER: sheets.cover_sheet,
    BulkPrint.DOCUMENTS: sheets.documents_sheet,
    BulkPrint.FILE_METADATA: metadata.file_sheet,
    BulkPrint.FILE_HISTORY: metadata.history_sheet,
    BulkPrint.METADATA: metadata.document_sheet,
    BulkPrint.HISTORY: metadata.history_sheet,
    BulkPrint.TYPED_FILES: typed_sheets.typed_file_files,
    BulkPrint.TYPED_METADATA: typed_metadata.typed_file_sheet,
    BulkPrint.SECTION_METADATA: typed_metadata.section_sheet,
    BulkPrint.VOLUME_COVER: typed_sheets.volume_cover,
    BulkPrint.VOLUME_FILES: typed_sheets.volume_files,
}

_READ: Final[Mapping[Printed, Callable[[Actor, int], CaseFile | Document | TypedFile | TypedSection | Volume]]] = {
    Printed.FILES: queries.file_for,
    Printed.DOCUMENTS: queries.document_for,
    Printed.TYPED_FILES: typed_queries.typed_file_for,
    Printed.SECTIONS: typed_queries.section_for,
    Printed.VOLUMES: typed_queries.volume_for,
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
    if isinstance(entity, TypedFile | TypedSection | Volume):
        name = f"hromadný tisk: {what.label} ({entity.full_name})"
        operations.print_typed_file(actor=person, typed_file=_typed_file_of(entity), what=name)
    return render_sheet(SHEETS[what](person, entity))


def _entity(person: Actor, item: PrintItem) -> CaseFile | Document | TypedFile | TypedSection | Volume:
    """Read anew as the person sees it now. Raises :class:`~egon.kernel.errors.NotFound`."""
    of = BulkPrint(item.run.what).of
    return _READ[of](person, getattr(item, f"{of}_id"))


def _typed_file_of(entity: TypedFile | TypedSection | Volume) -> TypedFile:
    if isinstance(entity, TypedFile):
        return entity
    section: TypedSection = entity.section if isinstance(entity, Volume) else entity
    typed_file: TypedFile = section.typed_file
    return typed_file


def _finish(system: Actor, run: PrintRun) -> None:
    done = print_queries.named_items(run).filter(state=PrintItemState.DONE.value)
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
    waiting = print_queries.named_items(run).filter(state=PrintItemState.WAITING.value)
    return waiting.select_related("run__person").order_by("position").first()
