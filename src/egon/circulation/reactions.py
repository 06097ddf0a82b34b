"""What circulation does when records tell that something happened."""

from django.db.models import QuerySet

from egon.circulation import queries
from egon.circulation.models import Handover, Route
from egon.circulation.operations import recall_route, resume_handovers, stop_handover_of_file, stop_handovers
from egon.circulation.operations.stopping import stopped_by_withdrawing
from egon.circulation.route_rules import RouteState
from egon.circulation.rules import HandoverState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.records.events import DocumentRestored, DocumentSettled, DocumentWithdrawn, FileClosed, FileWithdrawn
from egon.records.models import CaseFile, Document


def end_route(event: DocumentSettled | DocumentWithdrawn) -> None:
    """Nobody is asked about a document that is settled or withdrawn."""
    done = "vyřízený" if isinstance(event, DocumentSettled) else "stornovaný"
    _recall(Route.objects.filter(document=event.document_id), f"Dokument je {done}.")


def stop_handing(event: DocumentWithdrawn) -> None:
    """Nobody takes over what is withdrawn."""
    document = Document.objects.get(pk=event.document_id)
    if queries.handovers_of(document).filter(state=HandoverState.WAITING).exists():
        stop_handovers(actor=Actor.system(document.tenant_id), document=document, at=clock.now())


def resume_handing(event: DocumentRestored) -> None:
    """What waited to be taken over when a document was withdrawn waits again (NSESSS 7.2.15)."""
    document = Document.objects.get(pk=event.document_id)
    if stopped_by_withdrawing(document).exists():
        resume_handovers(actor=Actor.system(document.tenant_id), document=document)


def end_route_of_file(event: FileClosed | FileWithdrawn) -> None:
    """Nobody is asked about a file that is closed or withdrawn."""
    done = "uzavřený" if isinstance(event, FileClosed) else "stornovaný"
    _recall(Route.objects.filter(file=event.file_id), f"Spis je {done}.")


def stop_handing_of_file(event: FileClosed | FileWithdrawn) -> None:
    """Nobody takes over a file that is closed or withdrawn."""
    if not Handover.objects.filter(file=event.file_id, state=HandoverState.WAITING).exists():
        return
    file = CaseFile.objects.get(pk=event.file_id)
    done = "uzavřený" if isinstance(event, FileClosed) else "stornovaný"
    actor = Actor.system(file.tenant_id)
    stop_handover_of_file(actor=actor, file=file, at=clock.now(), reason=f"Spis je {done}.")


def _recall(routes: QuerySet[Route], reason: str) -> None:
    route = routes.filter(state=RouteState.RUNNING).first()
    if route is not None:
        recall_route(actor=Actor.system(route.tenant_id), route=route, at=clock.now(), reason=reason)
