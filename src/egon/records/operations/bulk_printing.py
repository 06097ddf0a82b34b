"""Printing many files, documents or parts of typed files at once, in the background (NSESSS 5.2.8, 5.2.13)."""

from collections.abc import Sequence
from datetime import datetime

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, permissions, print_queries
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import PrintItem, PrintRun
from egon.records.rules.printing import (
    LARGEST_PRINT,
    BulkPrint,
    PrintItemState,
    PrintState,
    faults_of_bulk,
)
from egon.storage import BlobRef


@operation("records.print.start", title="Hromadný tisk", requires=permissions.may_print_many, unlogged=("chosen",))
def start_printing(*, actor: Actor, what: BulkPrint, chosen: Sequence[int], at: datetime | None = None) -> PrintRun:
    """Start printing the chosen entities in their order; what the actor does not see is left out.

    Raises :class:`InvalidInput` with every fault.
    """
    seen = print_queries.seen_of(actor, what.of, chosen)
    wanted = [pk for pk in dict.fromkeys(chosen) if pk in seen]
    faults = faults_of_bulk(what, len(wanted))
    if faults:
        raise InvalidInput("Hromadný tisk se nespustil.", faults)
    run = PrintRun.objects.create(
        what=what.value, state=PrintState.RUNNING.value, person_id=actor.person_id or 0, started_at=at or clock.now()
    )
    column = f"{what.of}_id"
    PrintItem.objects.bulk_create(
        PrintItem(run=run, position=position, **{column: pk}) for position, pk in enumerate(wanted, start=1)
    )
    log.note(count=len(wanted))
    publish(events.PrintAsked(run.pk))
    return run


@operation("records.print.item", title="Hromadný tisk: položka", requires=only_system, unlogged=("part",))
def keep_part(*, actor: Actor, item: PrintItem, part: BlobRef | None, message: str = "") -> PrintItem:
    """Keep the piece of one item, or why there is none; the history of the file or the document tells of it."""
    printed = PrintItem.objects.filter(run=item.run_id, state=PrintItemState.DONE.value)
    if part is not None and sum(printed.values_list("part_size", flat=True)) + part.size > LARGEST_PRINT:
        part, message = None, "Tisk už je plný. Vytiskněte tuto položku v dalším."
    item.state = (PrintItemState.DONE if part else PrintItemState.REFUSED).value
    item.message = message[:500]
    if part is not None:
        item.part_digest, item.part_size = part.digest, part.size
    item.save(update_fields=["state", "message", "part_digest", "part_size"])
    log.note(started_by=str(item.run.person), what=BulkPrint(item.run.what).label)
    return item


@operation("records.print.finish", title="Dokončení hromadného tisku", requires=only_system)
def finish_printing(
    *, actor: Actor, run: PrintRun, result: BlobRef | None, problem: str = "", at: datetime | None = None
) -> PrintRun:
    """The whole is put together, or could not be; the pieces are no longer needed."""
    run.state = (PrintState.FAILED if problem else PrintState.FINISHED).value
    run.finished_at, run.problem = at or clock.now(), problem
    if result is not None:
        run.result_digest, run.result_size = result.digest, result.size
    run.save(update_fields=["state", "finished_at", "problem", "result_digest", "result_size"])
    if not problem:
        PrintItem.objects.filter(run=run).update(part_digest="")
    return run


@operation("records.print.stop", title="Zastavení hromadného tisku", requires=permissions.may_handle_print)
def stop_printing(*, actor: Actor, run: PrintRun) -> PrintRun:
    """Stop after the present item. Raises :class:`NotInThisState`."""
    return _change(run, (PrintState.RUNNING,), PrintState.STOPPED)


@operation("records.print.resume", title="Pokračování hromadného tisku", requires=permissions.may_handle_print)
def resume_printing(*, actor: Actor, run: PrintRun) -> PrintRun:
    """Go on from where it was. Raises :class:`NotInThisState`."""
    _change(run, (PrintState.STOPPED, PrintState.FAILED), PrintState.RUNNING)
    publish(events.PrintAsked(run.pk))
    return run


@operation("records.print.discard", title="Zahození hromadného tisku", requires=permissions.may_handle_print)
def discard_printing(*, actor: Actor, run: PrintRun) -> PrintRun:
    """Forget the result; the run stays listed. Raises :class:`NotInThisState` while it runs."""
    run.refresh_from_db(from_queryset=PrintRun.objects.select_for_update())
    if run.is_running:
        raise NotInThisState("Tisk ještě probíhá. Nejdřív ho zastavte.")
    run.result_digest = ""
    run.save(update_fields=["result_digest"])
    PrintItem.objects.filter(run=run).update(part_digest="")
    return run


def _change(run: PrintRun, present: tuple[PrintState, ...], wanted: PrintState) -> PrintRun:
    run.refresh_from_db(from_queryset=PrintRun.objects.select_for_update())
    if run.state not in present:
        raise NotInThisState(f"Tisk je ve stavu „{PrintState(run.state).label}“, nic se nezměnilo.")
    run.state = wanted.value
    run.save(update_fields=["state"])
    return run
