"""Taking in messages of an existing store: each file once, with its message, in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.databox import across, permissions
from egon.databox.contents import StoredContent
from egon.databox.errors import ImportNotPossible, MessageKnown
from egon.databox.importing import jobs, rules
from egon.databox.importing.tables import ImportEntry, ImportRun, Outcome, RunState
from egon.databox.models import Box, DataMessage, Progress, lock
from egon.databox.operations import receiving
from egon.gateways.isds.rules import is_box_id
from egon.kernel.actor import Actor
from egon.storage import BlobRef


@operation("databox.import.start", title="Zahájení importu datových zpráv", requires=permissions.may_import)
def start_import(
    *, actor: Actor, name: str, at: datetime, source: BlobRef | None = None, former_boxes: Sequence[str] = ()
) -> ImportRun:
    """Begin an import. With ``source``, an uploaded file, the worker does it; without, whoever calls goes through it.

    Raises ``ImportNotPossible`` with every obstacle.
    """
    former = sorted({box.strip().lower() for box in former_boxes if box.strip()})
    if obstacles := _obstacles(former):
        raise ImportNotPossible(obstacles)
    run = ImportRun.objects.create(
        name=name[-255:],
        source_digest=source.digest if source else "",
        former_boxes=former,
        started_by=actor.name,
        started_at=at,
    )
    if source:
        jobs.ask_to_import(run.pk)
    return run


def _obstacles(former: Sequence[str]) -> list[str]:
    found = [f"Identifikátor schránky „{box}“ má chybný tvar." for box in former if not is_box_id(box)]
    found += [
        f"Schránka {box} je zavedená v centru, proto nemůže být bývalá. Její zprávy importuje organizace, které patří."
        for box in across.boxes_in_use(former)
    ]
    if not former and not Box.objects.exists():
        found.append("Organizace nemá žádnou datovou schránku, takže nelze poznat, které zprávy jsou její.")
    return found


@operation("databox.import.resume", title="Zpracování importu datových zpráv", requires=only_system)
def resume_import(*, actor: Actor, run: ImportRun, total: int, at: datetime) -> ImportRun:
    """Somebody begins, or goes on, to go through the files; speed is measured from here."""
    row = lock(ImportRun, run.pk)
    row.total, row.resumed_at = total, at
    row.done_before = ImportEntry.objects.filter(run=row).count()
    row.save(update_fields=["total", "resumed_at", "done_before"])
    return row


@operation(
    "databox.import.item", title="Import souboru datové zprávy", requires=only_system, unlogged=("content", "size")
)
def import_item(
    *,
    actor: Actor,
    run: ImportRun,
    name: str,
    at: datetime,
    size: int = 0,
    content: StoredContent | None = None,
    own_box: str = "",
    outcome: Outcome | None = None,
    reason: str = "",
    dm_id: str = "",
) -> ImportEntry:
    """Take in one file (``content``), or note what became of it (``outcome`` and ``reason``).

    Altered messages are taken in with the facts of their checks, as an uploaded ZFO is. The mailroom is not told:
    an imported message lies among data messages until somebody brings it to the mailroom.
    """
    message = None
    if content is not None:
        message, outcome, reason = _take_in(content, own_box, at)
        log.note(outcome=outcome)
    if outcome is None:
        raise ValueError("an import entry needs a content or an outcome")
    return ImportEntry.objects.create(
        run=run, name=name, size=size, outcome=outcome, reason=reason, dm_id=dm_id[:20], message=message, at=at
    )


def _take_in(content: StoredContent, own_box: str, at: datetime) -> tuple[DataMessage | None, Outcome, str]:
    if known := receiving.known_message(content):
        return known, Outcome.KNOWN, _KNOWN
    doubts = rules.doubts_in(content.checks)
    box = _home(content, own_box)
    if box is not None and (row := _unfinished(box, content)):
        arrival = receiving.Arrival(row, content)
        receiving.store_messages(actor=Actor.system(box.tenant_id), arrivals=[arrival], at=at)
        return row, Outcome.IMPORTED, "Doplnila zprávu, která se z datové schránky nestáhla."
    try:
        row = receiving.keep(content, box=box, at=at)
    except MessageKnown:  # it came from ISDS, or in another import, at this moment
        known = receiving.known_message(content)
        if known is None:
            raise
        return known, Outcome.KNOWN, _KNOWN
    return row, Outcome.DOUBTFUL if doubts else Outcome.IMPORTED, doubts


_KNOWN: Final = "Zpráva se stejným číslem a obsahem už v evidenci je."


def _home(content: StoredContent, own_box: str) -> Box | None:
    """The box whose register of ids the message enters, so that ISDS is not asked for it again.

    Only a message whose seal holds in everything may do that: a forged one would keep the real one out. None also
    when the register has the id already, with another content.
    """
    box = Box.objects.filter(box_id=own_box).first() if rules.is_genuine(content.checks) else None
    taken = DataMessage.objects.filter(
        box=box, dm_id=content.dm_id, direction=content.direction, progress__in=[Progress.COMPLETE, Progress.UNREADABLE]
    )
    return None if box is None or taken.exists() else box


def _unfinished(box: Box, content: StoredContent) -> DataMessage | None:
    waiting = DataMessage.objects.filter(
        box=box,
        dm_id=content.dm_id,
        direction=content.direction,
        progress__in=[Progress.NOTICED, Progress.ANNOUNCED, Progress.FAILED],
    )
    return waiting.first()


@operation("databox.import.finish", title="Dokončení importu datových zpráv", requires=only_system)
def finish_import(*, actor: Actor, run: ImportRun, at: datetime) -> ImportRun:
    """Everything has been gone through; the uploaded file is let go of."""
    return _end(run, RunState.DONE, "", at)


@operation("databox.import.fail", title="Neúspěch importu datových zpráv", requires=only_system)
def fail_import(*, actor: Actor, run: ImportRun, reason: str, at: datetime) -> ImportRun:
    """The source cannot be used at all; going on makes no sense."""
    return _end(run, RunState.FAILED, reason, at)


@operation("databox.import.stop", title="Zastavení importu datových zpráv", requires=permissions.may_import)
def stop_import(*, actor: Actor, run: ImportRun, reason: str, at: datetime) -> ImportRun:
    """Stop after the file being worked on; what was taken in stays. It may be gone on with."""
    row = lock(ImportRun, run.pk)
    if row.state == RunState.RUNNING:
        row.state, row.problem, row.finished_at = RunState.STOPPED, reason, at
        row.save(update_fields=["state", "problem", "finished_at"])
    return row


@operation("databox.import.go_on", title="Pokračování importu datových zpráv", requires=permissions.may_import)
def go_on_with_import(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Go on with a stopped import of an uploaded file."""
    row = lock(ImportRun, run.pk)
    if row.state == RunState.STOPPED and row.source_digest:
        row.state, row.problem, row.finished_at = RunState.RUNNING, "", None
        row.save(update_fields=["state", "problem", "finished_at"])
        jobs.ask_to_import(row.pk)
    return row


def _end(run: ImportRun, state: RunState, reason: str, at: datetime) -> ImportRun:
    row = lock(ImportRun, run.pk)
    if row.state == RunState.RUNNING:
        row.state, row.problem, row.finished_at, row.source_digest = state, reason, at, ""
        row.save(update_fields=["state", "problem", "finished_at", "source_digest"])
    return row
