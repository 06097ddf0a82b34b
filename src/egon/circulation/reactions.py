"""What circulation does when records tell that something happened."""

from django.db.models import QuerySet

from egon.circulation.models import Route
from egon.circulation.operations import recall_route
from egon.circulation.route_rules import RouteState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.records.events import DocumentSettled, DocumentWithdrawn, FileClosed, FileWithdrawn


def end_route(event: DocumentSettled | DocumentWithdrawn) -> None:
    """Nobody is asked about a document that is settled or withdrawn."""
    done = "vyřízený" if isinstance(event, DocumentSettled) else "stornovaný"
    _recall(Route.objects.filter(document=event.document_id), f"Dokument je {done}.")


def end_route_of_file(event: FileClosed | FileWithdrawn) -> None:
    """Nobody is asked about a file that is closed or withdrawn."""
    done = "uzavřený" if isinstance(event, FileClosed) else "stornovaný"
    _recall(Route.objects.filter(file=event.file_id), f"Spis je {done}.")


def _recall(routes: QuerySet[Route], reason: str) -> None:
    route = routes.filter(state=RouteState.RUNNING).first()
    if route is not None:
        recall_route(actor=Actor.system(route.tenant_id), route=route, at=clock.now(), reason=reason)
