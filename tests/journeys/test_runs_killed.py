"""``kill -9`` of the worker in the middle of a batch: the next worker goes on, nothing is lost and nothing done twice.

Each kill comes when a batch has done all its work and is about to note it: the row of one of its items is held until
the worker is dead, so the moment is the same on every machine.
"""

import contextlib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from tests.database import ScratchDatabase
from tests.operations.jobs import run_makers

from egon.audit.models import LogRecord
from egon.jobs.runs.kind import kind_of
from egon.jobs.runs.states import ItemState, RunState
from egon.mailroom.models import BulkLine, BulkRun
from egon.records.models import DestructionRun, Document
from egon.records.rules.states import DocumentState
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.long

PATIENCE = 300
"""Seconds to wait for what has to happen."""
DESTROYED, LINES = 9, 60
HELD = [(3, 40), (6, 55)]
"""For each kill: which thing to be destroyed is held (one to a batch), and which line (25 to a batch)."""
COMMITTED = [(3, 25), (6, 50)]
"""What was done before each kill and has to stay."""

WAITS_FOR_ME = """
    SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""


def test_a_worker_killed_in_the_middle_of_batches_loses_nothing_and_does_nothing_twice(
    own_database: ScratchDatabase, world: Any, tmp_path: Path
) -> None:
    with tenant_scope(world.region.pk):
        destruction, _ = run_makers.destruction(world, DESTROYED)
        table, _ = run_makers.table(world, LINES)
        items = [list(kind_of(run).waiting(run)) for run in (destruction, table)]
        for places, committed in zip(HELD, COMMITTED, strict=True):
            held = [of_run[place] for of_run, place in zip(items, places, strict=True)]
            with worker(own_database, tmp_path / "worker.log") as process, transaction.atomic():
                hold(held)
                until(both_wait, process)
                process.kill()
                process.wait()
            assert tuple(done_in(run) for run in (destruction, table)) == committed
        with worker(own_database, tmp_path / "worker.log") as process:
            until(lambda: not (is_running(destruction) or is_running(table)), process)
        check_destroyed(destruction)
        check_registered(table)


def check_destroyed(run: DestructionRun) -> None:
    """Each was destroyed once, and its history says so once."""
    assert (run.state, run.done, run.refused, run.remaining) == (RunState.FINISHED, DESTROYED, 0, 0)
    assert set(run.items.values_list("state", flat=True)) == {ItemState.DONE}
    keys = set(run.items.values_list("document_id", flat=True))
    assert set(Document.objects.filter(pk__in=keys).values_list("state", flat=True)) == {DocumentState.DESTROYED}
    assert told_of("records.document.destroy") == dict.fromkeys(keys, 1)


def check_registered(run: BulkRun) -> None:
    """Each line is one document, each document is of one line, and no number was given twice or left out."""
    assert (run.state, run.done, run.refused, run.remaining) == (RunState.FINISHED, LINES, 0, 0)
    lines = BulkLine.objects.filter(run=run).order_by("pk").select_related("document")
    documents = [line.document for line in lines]
    registered = Document.objects.filter(subject__in=[document.subject for document in documents]).order_by("pk")
    assert list(registered) == documents and len(documents) == LINES
    assert [document.subject for document in documents] == [f"Podnět {number}" for number in range(LINES)]
    numbers = sorted(document.serial_number for document in documents)
    assert numbers == list(range(numbers[0], numbers[0] + LINES))
    told = told_of("records.document.register")
    assert {document.pk: told[document.pk] for document in documents} == {document.pk: 1 for document in documents}


def told_of(operation: str) -> Counter[int]:
    """How many records of this operation the history of each document has."""
    records = LogRecord.objects.filter(operation=operation)
    return Counter(key for record in records for kind, key, _ in record.subjects if kind == "records.document")


@contextlib.contextmanager
def worker(own: ScratchDatabase, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker as a process of its own, dead at the end."""
    environment = own.environment() | {"EGON_WORKER_HEARTBEAT": "0.5", "EGON_LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "django", "worker"]
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def hold(items: Sequence[Any]) -> None:
    for item in items:
        type(item).objects.select_for_update(of=("self",)).get(pk=item.pk)


def both_wait() -> bool:
    """Whether both runs wait for what this transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute(WAITS_FOR_ME)
        return bool(cursor.fetchone()[0] == 2)


def until(is_so: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def done_in(run: Any) -> int:
    """What is done, which the counts and the items tell alike."""
    run.refresh_from_db()
    assert run.is_running
    items = Counter(run.items.values_list("state", flat=True))
    assert (items[ItemState.DONE], items[ItemState.REFUSED], items[ItemState.WAITING]) == (run.done, 0, run.remaining)
    return int(run.done)


def is_running(run: Any) -> bool:
    run.refresh_from_db()
    return bool(run.is_running)
