"""Free cross-references between files and documents, and removing any (NSESSS 4.1.1, 4.1.6)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import events, permissions
from egon.records.errors import InvalidInput
from egon.records.locking import lock_file
from egon.records.models import CaseFile, CrossReference, Document
from egon.records.operations.disposal_years import RESULT, fix_disposal_year
from egon.records.rules.states import DocumentState


@operation("records.reference.make", title="Křížový odkaz", requires=permissions.may_refer)
def make_reference(
    *,
    actor: Actor,
    on: date,
    file: CaseFile | None = None,
    document: Document | None = None,
    to_file: CaseFile | None = None,
    to_document: Document | None = None,
    reason: str = "",
) -> CrossReference:
    """Refer from a file or a document to another one, in any state; nothing else about them changes (NSESSS 4.1.1).

    Raises :class:`InvalidInput` with every fault.
    """
    faults = []
    if (file is None) == (document is None) or (to_file is None) == (to_document is None):
        faults.append("Odkaz vede z jednoho spisu nebo dokumentu na jeden jiný.")
    elif (file, document) == (to_file, to_document):
        faults.append("Odkaz nemůže vést na tutéž věc.")
    elif CrossReference.objects.filter(_between(file, document, to_file, to_document)).exists():
        faults.append("Tyto dvě věci už odkaz spojuje.")
    withdrawn = [one for one in (document, to_document) if one is not None and one.state == DocumentState.WITHDRAWN]
    faults += [f"Dokument {one} je stornovaný." for one in withdrawn]
    if faults:
        raise InvalidInput("Odkaz se nevytvořil.", faults)
    return CrossReference.objects.create(
        file=file,
        document=document,
        to_file=to_file,
        to_document=to_document,
        reason=reason.strip()[:250],
        made_on=on,
        made_by=actor.name[:200],
    )


@operation("records.reference.remove", title="Zrušení křížového odkazu", requires=permissions.may_remove_reference)
def remove_reference(*, actor: Actor, reference: CrossReference, reason: str) -> None:
    """Take a reference back, saying why; the log keeps it. Raises :class:`InvalidInput` without a reason.

    What joined files got in common stays; one that only waited for an event of the other gets its own year.
    """
    if not reason.strip():
        raise InvalidInput("Odkaz zůstal.", ["Napište, proč se odkaz ruší."])
    # By a query, so that the instance keeps its key for the log.
    CrossReference.objects.filter(pk=reference.pk).delete()
    if reference.fixed:
        _let_go([reference.file, reference.to_file])


def _let_go(files: Sequence[CaseFile | None]) -> None:
    """Of files not joined any more, each that waited gets what follows from its own regimes."""
    for file in files:
        if file is None:
            continue
        lock_file(file)
        if file.closed_on is not None and file.disposal_year is None:
            fix_disposal_year(file)
            file.save(update_fields=list(RESULT))
            publish(events.FileChanged(file.pk))


def _between(
    file: CaseFile | None, document: Document | None, to_file: CaseFile | None, to_document: Document | None
) -> Q:
    """References between the two, whichever way they lead."""
    return Q(file=file, document=document, to_file=to_file, to_document=to_document) | Q(
        file=to_file, document=to_document, to_file=file, to_document=document
    )
