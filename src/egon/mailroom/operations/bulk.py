"""Registering documents from a table: brought, its columns told, checked, run in the background, stopped, resumed."""

from collections.abc import Sequence
from datetime import datetime

from egon.audit import log
from egon.audit.operation import operation
from egon.circulation import operations as circulation
from egon.gateways.tables import TableUnreadable, read_table
from egon.jobs.runs.errors import RunInOtherState
from egon.jobs.runs.kind import RunKind, Step
from egon.jobs.runs.states import RunState
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.mailroom import bulk, permissions
from egon.mailroom.bulk_rules import MOST_LINES, Founding, faults_of_mapping
from egon.mailroom.errors import BulkNotPossible
from egon.mailroom.models import BulkLine, BulkRun, Channel
from egon.mailroom.operations.showing import show_in_inbox
from egon.parties import operations as parties
from egon.parties.models import Party
from egon.records import operations as records
from egon.records.models import Document
from egon.registry import queries as registry

REGISTERING = RunKind(
    "mailroom.bulk", BulkRun, BulkLine, of="hromadné evidence", requires=permissions.may_receive, batch=25
)
stop_bulk, resume_bulk = REGISTERING.stop, REGISTERING.resume


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
    run = BulkRun(name=name[:200], header=header, brought_at=at, brought_by=person)
    REGISTERING.create(run, (BulkLine(number=number, cells=cells[: len(header)]) for number, cells in lines[1:]))
    log.note(count=run.total)
    return run


@operation("mailroom.bulk.map", title="Významy sloupců tabulky", requires=permissions.may_receive)
def map_columns(*, actor: Actor, run: BulkRun, meanings: Sequence[str], founding: Founding = Founding.NONE) -> BulkRun:
    """Say what each column means and whether unknown senders are founded. Raises ``BulkNotPossible``."""
    _require_draft(run)
    if faults := faults_of_mapping(meanings):
        raise BulkNotPossible("Významy sloupců se neuložily.", faults)
    run.meanings, run.founding = list(meanings), founding.value
    run.save(update_fields=["meanings", "founding"])
    return run


@operation("mailroom.bulk.start", title="Spuštění hromadné evidence", requires=permissions.may_receive)
def start_bulk(*, actor: Actor, run: BulkRun) -> BulkRun:
    """Register the lines in the background; those with faults are refused one by one and the rest is finished."""
    _require_draft(run)
    if faults := faults_of_mapping(run.meanings):
        raise BulkNotPossible("Evidence se nespustila.", faults)
    return REGISTERING.start(run, actor=actor)


@operation("mailroom.bulk.discard", title="Zahození tabulky", requires=permissions.may_receive)
def discard_table(*, actor: Actor, run: BulkRun) -> None:
    """Throw away a table of which nothing was registered yet."""
    _require_draft(run)
    log.note(name=run.name)
    BulkRun.objects.filter(pk=run.pk).delete()


@REGISTERING.prepares
def read_lines(
    run: BulkRun, lines: Sequence[BulkLine], at: datetime
) -> tuple[Actor, dict[int, tuple[bulk.Found, list[str]]]]:
    """Who brought the table, with their present rights, and what each line says, read at once."""
    clerk = registry.actor_of(run.brought_by, at=at)
    return clerk, bulk.Reader(clerk, run, on=at.astimezone(PRAGUE).date()).read(lines, now=at)


@REGISTERING.takes
def register_line(step: Step[BulkRun], line: BulkLine) -> Document | None:
    """Register one line as who brought the table; the document is written together with the line."""
    clerk, read = step.prepared
    found, faults = read[line.pk]
    if faults:
        line.refuse(" ".join(faults))
        return None
    sender = found.sender or _founded(clerk, found)
    document = line.document = _document_of(clerk, found, sender, step.at)
    line.save(update_fields=["document"])
    return document


def _founded(clerk: Actor, found: bulk.Found) -> Party:
    """A sender new to the register, unless a line before this one has founded them."""
    if found.new_sender is None:
        raise ValueError("a line without a sender has a fault")
    before = bulk.parties_of(clerk, [found.line]).get(found.line.said)
    return before[0] if before else parties.register_party(actor=clerk, details=found.new_sender)


def _document_of(clerk: Actor, found: bulk.Found, sender: Party, at: datetime) -> Document:
    line = found.line
    if line.delivered_at is None:
        raise ValueError("a line without the time of delivery has a fault")
    document = records.register_received(
        actor=clerk,
        subject=line.subject,
        sender=sender,
        delivered_at=line.delivered_at,
        sender_reference=line.reference,
        kind=found.kind,
        deadline=line.deadline,
        note=line.note,
        own=line.own or None,
        paper=line.paper,
        at=at,
    )
    show_in_inbox(clerk, document, Channel.TABLE, at)
    if found.unit is not None:
        circulation.assign_to_unit(actor=clerk, document=document, unit=found.unit, at=at, deadline=line.deadline)
    return document


def _require_draft(run: BulkRun) -> None:
    """The row locked, if nobody has started it yet. Raises :class:`RunInOtherState`."""
    REGISTERING.lock(run)
    if run.state != RunState.DRAFT:
        raise RunInOtherState(run)
