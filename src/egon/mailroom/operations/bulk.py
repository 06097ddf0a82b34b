"""Registering documents from a table: brought, its columns told, checked, run in the background, stopped, resumed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.circulation import operations as circulation
from egon.gateways.tables import TableUnreadable, read_table
from egon.jobs.job import defer
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import DomainError
from egon.mailroom import bulk, jobs, permissions
from egon.mailroom.bulk_rules import MOST_LINES, BulkState, LineState, faults_of_mapping
from egon.mailroom.errors import BulkNotPossible
from egon.mailroom.models import BulkLine, BulkRun
from egon.records import operations as records
from egon.records.models import Document
from egon.registry import queries as registry

BATCH = 25


@operation(
    "mailroom.bulk.bring", title="Nahrání tabulky k evidenci", requires=permissions.may_receive, unlogged=("content",)
)
def bring_table(*, actor: Actor, name: str, content: bytes, at: datetime) -> BulkRun:
    """Take in a table whose first line names its columns; nothing is registered yet. Raises ``BulkNotPossible``."""
    try:
        lines = read_table(content)
    except TableUnreadable as wrong:
        raise BulkNotPossible("Tabulka se nenahrála.", [str(wrong)]) from wrong
    if len(lines) < 2:
        raise BulkNotPossible("Tabulka se nenahrála.", ["Nemá žádný řádek pod záhlavím."])
    if len(lines) - 1 > MOST_LINES:
        told = f"Má {len(lines) - 1} řádků, nejvýše jich může být {MOST_LINES}. Rozdělte ji."
        raise BulkNotPossible("Tabulka se nenahrála.", [told])
    header = [cell[:250] or f"sloupec {place}" for place, cell in enumerate(lines[0][1], 1)]
    person = registry.person_for(actor, actor.person_id or 0)
    run = BulkRun.objects.create(name=name[:200], header=header, brought_at=at, brought_by=person)
    BulkLine.objects.bulk_create(
        (BulkLine(run=run, number=number, cells=cells[: len(header)]) for number, cells in lines[1:]), batch_size=1000
    )
    log.note(count=len(lines) - 1)
    return run


@operation("mailroom.bulk.map", title="Významy sloupců tabulky", requires=permissions.may_receive)
def map_columns(*, actor: Actor, run: BulkRun, meanings: Sequence[str]) -> BulkRun:
    """Say what each column means. Raises ``BulkNotPossible``."""
    _require(run, BulkState.DRAFT)
    if faults := faults_of_mapping(meanings):
        raise BulkNotPossible("Významy sloupců se neuložily.", faults)
    run.meanings = list(meanings)
    run.save(update_fields=["meanings"])
    return run


@operation("mailroom.bulk.start", title="Spuštění hromadné evidence", requires=permissions.may_receive)
def start_bulk(*, actor: Actor, run: BulkRun) -> BulkRun:
    """Register the lines in the background; those with faults are refused one by one and the rest is finished."""
    _require(run, BulkState.DRAFT)
    if faults := faults_of_mapping(run.meanings):
        raise BulkNotPossible("Evidence se nespustila.", faults)
    return _set_off(run)


@operation("mailroom.bulk.stop", title="Zastavení hromadné evidence", requires=permissions.may_receive)
def stop_bulk(*, actor: Actor, run: BulkRun) -> BulkRun:
    """Stop after the present batch; what was registered stays registered."""
    _require(run, BulkState.RUNNING)
    run.state = BulkState.STOPPED.value
    run.save(update_fields=["state"])
    return run


@operation("mailroom.bulk.resume", title="Pokračování hromadné evidence", requires=permissions.may_receive)
def resume_bulk(*, actor: Actor, run: BulkRun) -> BulkRun:
    """Go on from the first line that waits."""
    _require(run, BulkState.STOPPED)
    return _set_off(run)


@operation("mailroom.bulk.discard", title="Zahození tabulky", requires=permissions.may_receive)
def discard_table(*, actor: Actor, run: BulkRun) -> None:
    """Throw away a table of which nothing was registered yet."""
    _require(run, BulkState.DRAFT)
    log.note(name=run.name)
    BulkRun.objects.filter(pk=run.pk).delete()


@operation("mailroom.bulk.batch", title="Dávka hromadné evidence", requires=only_system)
def bulk_batch(*, actor: Actor, run: BulkRun, at: datetime) -> list[Document]:
    """Register the next lines, as who brought the table and with their rights; none left means it is finished.

    A line and its document are written in one transaction, so no line is registered twice.
    """
    run.refresh_from_db(from_queryset=BulkRun.objects.select_for_update(of=("self",)))
    if not run.is_running:
        return []
    clerk = registry.actor_of(run.brought_by, at=at)
    waiting = BulkLine.objects.filter(run=run, state=LineState.WAITING.value).order_by("number")
    lines = list(waiting[:BATCH])
    read = bulk.Reader(clerk, run.meanings, on=at.astimezone(PRAGUE).date()).read(lines, now=at)
    made = [document for line in lines if (document := _register(clerk, line, *read[line.pk], at))]
    if not waiting.exists():
        run.state, run.finished_at = BulkState.FINISHED.value, at
        run.save(update_fields=["state", "finished_at"])
    log.note(name=run.name, count=len(made), refused=len(lines) - len(made))
    return made


def _register(clerk: Actor, line: BulkLine, found: bulk.Found, faults: list[str], at: datetime) -> Document | None:
    """Register one line in a savepoint of its own, or write down why not."""
    document = None
    try:
        if not faults:
            with transaction.atomic():
                document = _document_of(clerk, found, at)
    except DomainError as refusal:
        faults = [refusal.message]
    line.document, line.message = document, " ".join(faults)[:1000]
    line.state = (LineState.REFUSED if document is None else LineState.DONE).value
    line.save(update_fields=["document", "message", "state"])
    return document


def _document_of(clerk: Actor, found: bulk.Found, at: datetime) -> Document:
    line = found.line
    if line.delivered_at is None:
        raise ValueError("a line without the time of delivery has a fault")
    document = records.register_received(
        actor=clerk,
        subject=line.subject,
        sender=found.sender,
        delivered_at=line.delivered_at,
        sender_reference=line.reference,
        kind=found.kind,
        deadline=line.deadline,
        note=line.note,
        own=line.own or None,
        at=at,
    )
    if found.unit is not None:
        circulation.assign_to_unit(actor=clerk, document=document, unit=found.unit, at=at, deadline=line.deadline)
    return document


def _set_off(run: BulkRun) -> BulkRun:
    run.state = BulkState.RUNNING.value
    run.save(update_fields=["state"])
    defer(jobs.register_table, run_id=run.pk, only_one=f"mailroom.bulk:{run.pk}")
    return run


def _require(run: BulkRun, state: BulkState) -> None:
    """The row locked, if it is in this state; of two people at once the second one gets this refusal."""
    run.refresh_from_db(from_queryset=BulkRun.objects.select_for_update(of=("self",)))
    if run.state != state:
        told = f"Tabulka je ve stavu „{BulkState(run.state).label}“. Načtěte stránku znovu."
        raise BulkNotPossible("Nic se nezměnilo.", [told])
