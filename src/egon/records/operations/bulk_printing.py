"""Printing many files, documents or parts of typed files at once, in the background (NSESSS 5.2.8, 5.2.13).

What is on the sheets is known higher, in ``web/records/bulk_printing.py``: it makes the pieces and puts them together.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Sum

from egon.audit import log
from egon.audit.operation import operation
from egon.jobs.runs.kind import RunKind, Step
from egon.jobs.runs.states import ItemState, RunState
from egon.kernel.actor import Actor
from egon.records import permissions, print_queries
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import PrintItem, PrintRun
from egon.records.rules.printing import LARGEST_PRINT, BulkPrint, faults_of_bulk
from egon.storage import BlobRef

type Pieces = Mapping[int, BlobRef | str]
"""By the keys of items: the piece, or why there is none."""

PRINTING = RunKind(
    "records.print",
    PrintRun,
    PrintItem,
    of="hromadného tisku",
    requires=permissions.may_handle_print,
    related=print_queries.NAMES,
)
stop_printing, resume_printing = PRINTING.stop, PRINTING.resume


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
    column = f"{what.of}_id"
    items = (PrintItem(position=position, **{column: pk}) for position, pk in enumerate(wanted, start=1))
    log.note(count=len(wanted))
    return PRINTING.launch(PrintRun(what=what.value, person_id=actor.person_id or 0), items, actor=actor, at=at)


@PRINTING.takes
def keep_piece(step: Step[PrintRun], item: PrintItem) -> PrintItem | None:
    """Keep the piece of one item, or why there is none; the history of what was printed tells of it."""
    pieces: Pieces = step.prepared
    piece = pieces[item.pk]
    if isinstance(piece, str):
        item.refuse(piece)
        return None
    if _printed_so_far(step.run) + piece.size > LARGEST_PRINT:
        item.refuse("Tisk už je plný. Vytiskněte tuto položku v dalším.")
        return None
    item.part_digest, item.part_size = piece.digest, piece.size
    item.save(update_fields=["part_digest", "part_size"])
    log.note(what=BulkPrint(step.run.what).label)
    return item


def keep_result(run: PrintRun, result: BlobRef | None) -> None:
    """Keep the whole, or note that nothing was printed; the pieces are no longer needed. For the end of the run."""
    if result is not None:
        run.result_digest, run.result_size = result.digest, result.size
        run.save(update_fields=["result_digest", "result_size"])
    PrintItem.objects.filter(run=run).update(part_digest="")


@operation("records.print.discard", title="Zahození hromadného tisku", requires=permissions.may_handle_print)
def discard_printing(*, actor: Actor, run: PrintRun) -> PrintRun:
    """Forget the result or the pieces; the run stays listed. Raises :class:`NotInThisState` while it runs."""
    PRINTING.lock(run)
    if run.is_running:
        raise NotInThisState("Tisk ještě probíhá. Nejdřív ho zastavte.")
    run.result_digest = ""
    if run.is_resumable:
        run.state = RunState.DROPPED
    run.save(update_fields=["result_digest", "state"])
    PrintItem.objects.filter(run=run).update(part_digest="")
    return run


def _printed_so_far(run: PrintRun) -> int:
    """Bytes of the pieces there are."""
    done = PrintItem.objects.filter(run=run, state=ItemState.DONE)
    return done.aggregate(size=Sum("part_size"))["size"] or 0
