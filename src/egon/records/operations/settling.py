"""Settling a document (vyřízení), and taking that back."""

from datetime import date

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import checkout_queries, events, facts, permissions
from egon.records.errors import DocumentNotSettlable, InvalidInput, NotInThisState
from egon.records.locking import lock, require_transition, require_unchanged
from egon.records.models import Document
from egon.records.rules.settling import SettledHow, obstacles_to_settling
from egon.records.rules.states import Direction, DocumentState, FileState, state_after_reopening


@operation("records.document.settle", title="Vyřízení dokumentu", requires=permissions.may_work_on)
def settle_document(*, actor: Actor, document: Document, how: SettledHow, note: str = "", on: date) -> Document:
    """Settle a document (vyhláška 259/2012 § 14; NSESSS 3.2.7).

    Raises :class:`DocumentNotSettlable` with every obstacle, :class:`Conflict` when it changed meanwhile.
    """
    believed = lock(document)
    require_unchanged(document, believed)
    obstacles = obstacles_to_settling(facts.settling_facts(document), how=how, note=note, on=on)
    obstacles = [*obstacles, *checkout_queries.obstacles_in(document)]
    if obstacles:
        raise DocumentNotSettlable(f"Dokument {document} nejde vyřídit.", obstacles)
    document.state = DocumentState.SETTLED.value
    document.settled_on, document.settled_how, document.settled_note = on, how.value, note.strip()
    document.save(update_fields=["state", "settled_on", "settled_how", "settled_note"])
    publish(events.DocumentSettled(document.pk))
    return document


@operation("records.document.unsettle", title="Zrušení vyřízení dokumentu", requires=permissions.may_work_on)
def cancel_settling(*, actor: Actor, document: Document, reason: str) -> Document:
    """Take the settling of a document back, saying why; its file must be open."""
    believed = lock(document)
    require_transition(document, state_after_reopening(Direction(document.direction)), believed)
    if document.state != DocumentState.SETTLED:
        raise NotInThisState(f"Dokument {document} není vyřízený.")
    if not reason.strip():
        raise InvalidInput("Dokument zůstal vyřízený.", ["Napište, proč se vyřízení ruší."])
    if document.case_file is not None and document.case_file.state != FileState.OPEN:
        raise NotInThisState(f"Spis {document.case_file} není otevřený. Nejdřív ho znovu otevřete.")
    log.note(was_settled_on=document.settled_on, was_settled_how=document.settled_how)
    document.state = state_after_reopening(Direction(document.direction)).value
    document.settled_on, document.settled_how, document.settled_note = None, "", ""
    document.save(update_fields=["state", "settled_on", "settled_how", "settled_note"])
    publish(events.DocumentChanged(document.pk))
    return document
