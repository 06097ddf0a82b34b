"""Going through the files of an import. It may be killed anywhere and run again: what has its entry is passed over.

A message and its entry are written in one transaction; the blobs come before it. Reading and checking happen outside
of any transaction.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import DatabaseError, DataError, connection

from egon import storage
from egon.databox import contents
from egon.databox.importing import queries, rules
from egon.databox.importing.sources import Item, UnusableSource, items_of, items_of_upload
from egon.databox.importing.tables import ImportRun, Outcome, RunState
from egon.databox.models import Box
from egon.databox.operations import importing as operations
from egon.gateways.isds.zfo import Zfo, read_zfo
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import BadContent, DomainError, GatewayError, Retryable
from egon.storage.blobs import path_of
from egon.tenancy.scope import current_tenant_id

logger = logging.getLogger(__name__)

_LOCK_CLASS: Final = 20261124

type Tell = Callable[[ImportRun, int], None]


class AlreadyRunning(Retryable):
    """Another process works on this import, or did a moment ago; a job comes back later."""

    code = "databox.import_running"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in one file: a content to be taken in, or an outcome with its reason."""

    content: contents.StoredContent | None = None
    own_box: str = ""
    outcome: Outcome | None = None
    reason: str = ""
    dm_id: str = ""


def run_upload(run_id: int) -> None:
    """Go through an uploaded file. A source that cannot be used ends the import with the reason."""
    run = ImportRun.objects.get(pk=run_id)
    if run.state != RunState.RUNNING or not run.source_digest:
        return
    path = path_of(run.source_digest)
    work_through(run, lambda: items_of_upload(path, name=run.name))


def run_paths(run: ImportRun, paths: Sequence[Path], tell: Tell) -> ImportRun:
    """Go through files and folders of this machine, telling after each file how many are done."""
    return work_through(run, lambda: items_of(paths), tell)


def work_through(run: ImportRun, items: Callable[[], Iterable[Item]], tell: Tell = lambda run, done: None) -> ImportRun:
    """Take in every item that has no entry yet. Raises ``AlreadyRunning`` when another process is at it.

    Errors of the storage and of the database go out: the import stays running, to be gone on with.
    """
    with _alone(run):
        try:
            done = queries.names_done(run)
            total = sum(1 for _ in items())
            run = operations.resume_import(actor=_system(), run=run, total=total, at=clock.now())
            ours = own_boxes(run)
            count = len(done)
            for item in items():
                if item.name in done:
                    continue
                if not queries.is_running(run):
                    return queries.run_again(run)
                _take(run, item, ours)
                count += 1
                tell(run, count)
        except UnusableSource as error:
            return operations.fail_import(actor=_system(), run=run, reason=error.message, at=clock.now())
        return operations.finish_import(actor=_system(), run=run, at=clock.now())


def own_boxes(run: ImportRun) -> frozenset[str]:
    """Boxes whose messages are ours: those of the organisation, also unused ones, and its former ones."""
    return frozenset([*Box.objects.values_list("box_id", flat=True), *run.former_boxes])


def _take(run: ImportRun, item: Item, ours: frozenset[str]) -> None:
    size, finding = _found_in(item, ours)
    try:
        _record(run, item, size, finding)
    except DataError as error:  # what the table does not take, in a forged envelope
        logger.warning("import %s, file %s: %s", run.pk, item.name, error)
        _record(run, item, size, Finding(outcome=Outcome.REFUSED, reason=_UNSTORABLE))


def _found_in(item: Item, ours: frozenset[str]) -> tuple[int, Finding]:
    """The size of a file and what was found in it. One file that we cannot cope with must not stop the others."""
    if item.outcome:
        return item.size, Finding(outcome=Outcome(item.outcome), reason=item.problem)
    size = item.size
    try:
        data = item.read()
        size = len(data)
        return size, look_at(data, ours)
    except BadContent as error:
        return size, Finding(outcome=Outcome.REFUSED, reason=error.message)
    except (GatewayError, DomainError, DatabaseError, OSError, MemoryError):
        raise
    except Exception:
        logger.exception("import: defect at the file %s", item.name)
        return size, Finding(outcome=Outcome.REFUSED, reason=_DEFECT)


_UNSTORABLE: Final = "Obálka obsahuje údaje, které datová zpráva mít nemůže. Neuložilo se nic; ověřte, odkud soubor je."
_DEFECT: Final = "Soubor se nepodařilo zpracovat kvůli chybě programu. Neuložil se; předejte ho správci systému."


def _record(run: ImportRun, item: Item, size: int, finding: Finding) -> None:
    operations.import_item(
        actor=_system(),
        run=run,
        name=item.name,
        size=size,
        content=finding.content,
        own_box=finding.own_box,
        outcome=finding.outcome,
        reason=finding.reason,
        dm_id=finding.dm_id,
        at=clock.now(),
    )


def look_at(data: bytes, ours: frozenset[str]) -> Finding:
    """Read and check one file; what is ours and new has its blobs in the storage afterwards.

    Raises ``BadContent`` for what is no readable data message. The very same file is recognised without reading.
    """
    digest = hashlib.sha256(data).hexdigest()
    if known := queries.message_with_digest(digest):
        return Finding(outcome=Outcome.KNOWN, reason=_KNOWN_FILE, dm_id=known.dm_id)
    zfo = read_zfo(data, contents.LIMITS)
    direction = contents.direction_of(zfo)
    sides = {"sender": zfo.envelope.sender_box, "recipient": zfo.envelope.recipient_box}
    own_box = rules.own_box_of(direction, ours=ours, **sides)
    if own_box is None:
        return Finding(outcome=Outcome.REFUSED, reason=rules.why_foreign(direction, **sides), dm_id=zfo.dm_id)
    return Finding(content=_stored(zfo, data), own_box=own_box, dm_id=zfo.dm_id)


_KNOWN_FILE: Final = "Tento soubor je v evidenci už uložený, podruhé se neukládal."


def _stored(zfo: Zfo, data: bytes) -> contents.StoredContent:
    blob = storage.put(data)
    return contents.content_of(zfo, zfo_digest=blob.digest, zfo_size=blob.size, at=clock.now())


@contextmanager
def _alone(run: ImportRun) -> Iterator[None]:
    """Only one process at one import; the lock belongs to the database session, so a kill releases it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, run.pk])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning("Tento import právě zpracovává jiný proces. Počkejte na něj, nic dalšího není třeba.")
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, run.pk])


def _system() -> Actor:
    return Actor.system(current_tenant_id())
