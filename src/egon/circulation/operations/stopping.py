"""Hand-overs of what is withdrawn or closed: they stop; of a document they wait again when it is restored.

NSESSS 7.2.13, 7.2.15.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.circulation import file_handing
from egon.circulation.models import Handover
from egon.circulation.rules import HandoverState
from egon.kernel.actor import Actor
from egon.records.models import CaseFile, Document

WITHDRAWN: Final = "Dokument je stornovaný."


def stopped_by_withdrawing(document: Document) -> QuerySet[Handover]:
    """Hand-overs that the withdrawal of the document recalled."""
    return Handover.objects.filter(document=document, state=HandoverState.RECALLED, reason=WITHDRAWN)


@operation("circulation.handover.stop", title="Odvolání předání stornovaného dokumentu", requires=only_system)
def stop_handovers(*, actor: Actor, document: Document, at: datetime) -> Sequence[Handover]:
    """Recall all that waits to be taken over; the document stays where it is. No person decided it, so none is told."""
    waiting = Handover.objects.filter(document=document, state=HandoverState.WAITING).order_by("pk")
    found = list(waiting.select_for_update(of=("self",)))
    for handover in found:
        handover.state, handover.reason, handover.decided_at = HandoverState.RECALLED.value, WITHDRAWN, at
        handover.save(update_fields=["state", "reason", "decided_at"])
    log.note(recalled=[handover.addressee for handover in found])
    return found


@operation("circulation.handover.stop_of_file", title="Odvolání předání spisu", requires=only_system)
def stop_handover_of_file(*, actor: Actor, file: CaseFile, at: datetime, reason: str) -> Handover | None:
    """Recall what waits of a file that is closed or withdrawn; None when nothing does."""
    waiting = Handover.objects.select_for_update(of=("self",)).filter(file=file, state=HandoverState.WAITING).first()
    if waiting is not None:
        waiting.state, waiting.reason, waiting.decided_at = HandoverState.RECALLED.value, reason, at
        waiting.save(update_fields=["state", "reason", "decided_at"])
        file_handing.end_showing(file, at)
        log.note(recalled=waiting.addressee)
    return waiting


@operation("circulation.handover.resume", title="Obnovení předání zpřístupněného dokumentu", requires=only_system)
def resume_handovers(*, actor: Actor, document: Document) -> Sequence[Handover]:
    """Let what the withdrawal recalled wait again."""
    found = list(stopped_by_withdrawing(document).select_for_update(of=("self",)).order_by("pk"))
    for handover in found:
        handover.state, handover.reason, handover.decided_at = HandoverState.WAITING.value, "", None
        handover.save(update_fields=["state", "reason", "decided_at"])
    log.note(waits_again=[handover.addressee for handover in found])
    return found
