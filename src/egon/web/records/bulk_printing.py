"""Making a bulk print: each item by itself with the rights of who started it, then all of them in one file."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any, Final

from egon import storage
from egon.gateways.pdfa import Part, Sheet, bind_archival, render_sheet
from egon.jobs.runs.kind import OUTAGES, reason_of
from egon.jobs.runs.states import RESUMABLE
from egon.kernel.actor import Actor
from egon.records import operations, print_queries, queries, typed_queries
from egon.records.models import CaseFile, Document, PrintItem, PrintRun, TypedFile, TypedSection, Volume
from egon.records.rules.printing import KEPT_DAYS, BulkPrint, Printed
from egon.registry import queries as registry
from egon.storage import BlobRef
from egon.web.records import dossier, metadata, sheets, typed_metadata, typed_sheets

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


@operations.PRINTING.prepares
def make_pieces(run: PrintRun, items: Sequence[PrintItem], at: datetime) -> operations.Pieces:
    """The pieces of a batch, made with what the person may see at that moment."""
    return {item.pk: _piece_of(run, item, at) for item in items}


@operations.PRINTING.concludes
def put_together(run: PrintRun) -> Callable[[], None]:
    """All pieces in one file. Raises :class:`~egon.storage.StorageError`, or what binding refuses."""
    parts = {f"{item.position:03d} {item}": item.part_digest for item in print_queries.printed_items(run)}
    contents = {label: storage.read(digest) for label, digest in parts.items()}
    make = _zipped if run.what == BulkPrint.WHOLE else partial(_bound, run)
    result = storage.put(make(contents)) if contents else None
    return lambda: operations.keep_result(run, result)


def forget_old(*, now: datetime) -> None:
    """Forget results that were kept long enough, and pieces of what was stopped as long ago."""
    before = now - timedelta(days=KEPT_DAYS)
    results = PrintRun.objects.exclude(result_digest="").filter(finished_at__lt=before)
    stopped = PrintRun.objects.filter(state__in=RESUMABLE, started_at__lt=before)
    for run in [*results.select_related("person"), *stopped.select_related("person")]:
        operations.discard_printing(actor=registry.actor_of(run.person, at=now), run=run)


def file_name(run: PrintRun) -> str:
    """Under which name the result is taken away."""
    return f"hromadny-tisk-{run.pk}.{'zip' if run.what == BulkPrint.WHOLE else 'pdf'}"


def _piece_of(run: PrintRun, item: PrintItem, at: datetime) -> BlobRef | str:
    """The piece of one item kept in the storage, or why it cannot be made: the others are printed all the same."""
    try:
        return storage.put(_content_of(run, item, registry.actor_of(run.person, at=at)))
    except OUTAGES:
        raise
    except Exception as error:
        return reason_of(error)


def _content_of(run: PrintRun, item: PrintItem, person: Actor) -> bytes:
    what = BulkPrint(run.what)
    # Read anew as the person sees it now.
    entity = _READ[what.of](person, getattr(item, f"{what.of}_id"))
    if what is BulkPrint.WHOLE and isinstance(entity, CaseFile):
        return dossier.whole_file(person, entity, operations.print_whole_file(actor=person, file=entity))
    if isinstance(entity, TypedFile | TypedSection | Volume):
        name = f"hromadný tisk: {what.label} ({entity.full_name})"
        operations.print_typed_file(actor=person, typed_file=_typed_file_of(entity), what=name)
    return render_sheet(SHEETS[what](person, entity))


def _typed_file_of(entity: TypedFile | TypedSection | Volume) -> TypedFile:
    if isinstance(entity, TypedFile):
        return entity
    section: TypedSection = entity.section if isinstance(entity, Volume) else entity
    typed_file: TypedFile = section.typed_file
    return typed_file


def _bound(run: PrintRun, contents: Mapping[str, bytes]) -> bytes:
    return bind_archival([Part(label, [content]) for label, content in contents.items()], title=str(run))


def _zipped(contents: Mapping[str, bytes]) -> bytes:
    """Whole files stay files of their own: what they carry attached would be lost in one PDF."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for label, content in contents.items():
            archive.writestr(f"{label.replace('/', '-')}.pdf", content)
    return written.getvalue()
