"""What circulation does when records tell that something happened."""

from egon.circulation.models import Route
from egon.circulation.operations import recall_route
from egon.circulation.route_rules import RouteState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.records.events import DocumentSettled, DocumentWithdrawn


def end_route(event: DocumentSettled | DocumentWithdrawn) -> None:
    """Nobody is asked about a document that is settled or withdrawn."""
    route = Route.objects.filter(document=event.document_id, state=RouteState.RUNNING).first()
    if route is None:
        return
    done = "vyřízený" if isinstance(event, DocumentSettled) else "stornovaný"
    recall_route(actor=Actor.system(route.tenant_id), route=route, at=clock.now(), reason=f"Dokument je {done}.")
