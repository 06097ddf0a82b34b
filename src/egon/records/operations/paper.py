"""The analogue part of a document: what it is made of, how many sheets and annexes it has."""

from dataclasses import asdict, replace

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.locking import lock, lock_file
from egon.records.models import Document, PaperPart
from egon.records.operations.correcting import faults_of_correction, require_still_allowed
from egon.records.rules.paper import PaperFacts, faults_of_paper
from egon.records.rules.states import GONE, DocumentState


@operation(
    "records.document.paper",
    title="Údaje analogové části",
    requires=permissions.may_describe_paper,
    unlogged=("paper", "unopened"),
)
def describe_paper(
    *, actor: Actor, document: Document, paper: PaperFacts | None, reason: str = "", unopened: bool = False
) -> Document:
    """Write down what the analogue part of a document has; None: it has none, the document is digital.

    The log keeps what was there. In a closed file with a ``reason``; what came ``unopened`` need not be counted.
    Raises :class:`InvalidInput` with every fault, :class:`NotInThisState` for a withdrawn document.
    """
    lock(document)
    file = document.case_file
    if file is not None:
        lock_file(file)
    require_still_allowed(permissions.may_describe_paper(actor, document))
    if document.state in GONE:
        state = DocumentState(document.state).label
        raise NotInThisState(f"Dokument {document} je {state}, údaje jeho analogové části už měnit nejde.")
    faults = faults_of_correction(file, reason)
    if paper is not None:
        faults += faults_of_paper(paper, may_be_uncounted=unopened)
    if faults:
        raise InvalidInput("Údaje analogové části se neuložily.", faults)
    present = PaperPart.objects.filter(document=document).first()
    _note(present.facts if present else None, paper)
    keep_paper(document, paper)
    publish(events.DocumentChanged(document.pk))
    return document


def keep_paper(document: Document, paper: PaperFacts | None) -> PaperPart | None:
    """Put the facts beside the document, instead of those that are there."""
    if paper is None:
        PaperPart.objects.filter(document=document).delete()
        return None
    values = asdict(replace(paper, other_annexes_note=paper.other_annexes_note.strip()))
    part, _ = PaperPart.objects.update_or_create(document=document, defaults=values)
    return part


def _note(present: PaperFacts | None, new: PaperFacts | None) -> None:
    before, after = (one.told if one else {} for one in (present, new))
    names = before or after
    log.note_changes({name: before.get(name, "") for name in names}, {name: after.get(name, "") for name in names})
