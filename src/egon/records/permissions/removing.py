"""Who withdraws, appraises and destroys (NSESSS 7.2)."""

from egon.kernel.access import ALLOWED, Decision, allowed_if, denied
from egon.kernel.actor import Actor, Role
from egon.records.models import (
    CaseFile,
    Document,
)
from egon.records.permissions.working import administers
from egon.records.rules.states import Direction


def may_appraise(actor: Actor) -> Decision:
    """Events that start a period, and holds of disposal, are for the appraiser only (NSESSS 6.1.9, 6.1.13, 6.1.16)."""
    return allowed_if(
        actor.is_system or actor.has(Role.RECORDS_KEEPER),
        "O spouštěcích událostech a pozastavení skartace rozhoduje správce spisovny (posuzovatel skartační operace).",
    )


def may_withdraw(actor: Actor, document: Document) -> Decision:
    """The first processor, until they hand the document over; an administrator what was never filed (NSESSS 7.2.12).

    A received document begins in the mailroom; the first who gets it from there is its first processor.
    """
    if actor.is_system or _is_first(actor, document):
        return ALLOWED
    if not administers(actor, document.unit_id):
        return denied("Dokument znepřístupní jen jeho první zpracovatel, dokud ho nepředal jinému, nebo správce.")
    return allowed_if(
        document.was_filed is not True and document.case_file_id is None,
        "Správce znepřístupní jen dokument, který nikdy nebyl ve spisu (NSESSS 7.2.12).",
    )


def may_withdraw_file(actor: Actor, file: CaseFile) -> Decision:
    """The first processor of a file, or an administrator; that it is empty is checked later (NSESSS 7.2.12)."""
    first = file.handed_over is not True and actor.is_one_of([file.first_processor_id])
    return allowed_if(
        actor.is_system or first or administers(actor, file.unit_id),
        "Spis znepřístupní jen jeho první zpracovatel, dokud ho nepředal jinému, nebo správce.",
    )


def _is_first(actor: Actor, document: Document) -> bool:
    if document.handed_over is True:  # the matrix of rights asks with stand-ins, which are never that
        return False
    if document.first_processor_id is not None:
        return actor.is_one_of([document.first_processor_id])
    in_mailroom = document.unit_id is None and document.direction == Direction.RECEIVED
    return in_mailroom and actor.has(Role.MAILROOM)
