"""What differs between a document and a file on a route: what stands in the way, and how it is shown."""

from datetime import datetime

from egon.circulation.models import Route, RouteStep
from egon.circulation.route_rules import RouteState
from egon.kernel.actor import Actor, Role
from egon.records import operations as records
from egon.records.models import CaseFile, Document
from egon.records.rules.states import FINAL, GONE, DocumentState, FileState
from egon.registry import queries as registry

_NOT_CIRCULATING = (FileState.CLOSED.value, *GONE)


def can_circulate(entity: Document | CaseFile) -> bool:
    """Whether its state lets it be sent on a route; whether it already runs on one is not asked."""
    if isinstance(entity, CaseFile):
        return entity.state not in _NOT_CIRCULATING
    state = DocumentState(entity.state)
    return entity.unit_id is not None and state not in (*FINAL, DocumentState.IN_APPROVAL)


def obstacles_of(entity: Document | CaseFile) -> list[str]:
    """Why it cannot be sent on a route as it stands."""
    if isinstance(entity, CaseFile):
        obstacles = [] if can_circulate(entity) else [f"Spis {entity} je {entity.get_state_display()}, neobíhá."]
        if Route.objects.filter(file=entity, state=RouteState.RUNNING).exists():
            obstacles.append("Spis už obíhá. Počkejte na konec oběhu, nebo ho odvolejte.")
        return obstacles
    obstacles = []
    if DocumentState(entity.state) in FINAL or entity.unit_id is None:
        obstacles.append("Dokument je vyřízený, stornovaný, nebo ještě leží v podatelně.")
    if Route.objects.filter(document=entity, state=RouteState.RUNNING).exists():
        obstacles.append("Dokument už obíhá. Počkejte na konec oběhu, nebo ho odvolejte.")
    elif entity.state == DocumentState.IN_APPROVAL:
        obstacles.append("Dokument čeká na schválení. Počkejte na rozhodnutí, nebo žádost odvolejte.")
    return obstacles


def show_to_addressee(actor: Actor, route: Route, step: RouteStep, at: datetime) -> None:
    """Let the addressee see what circulates; people of a role one by one.

    The product does it: who has just answered need not be one who may.
    """
    system = Actor.system(actor.tenant_id)
    people = [step.to_person] if step.to_person else registry.people_with(Role(step.to_role)) if step.to_role else []
    for unit, person in [(step.to_unit, None)] if step.to_unit else [(None, one) for one in people]:
        if route.document is not None:
            records.share(actor=system, document=route.document, unit=unit, person=person, reason="oběh", at=at)
        elif route.file is not None:
            records.show_file(actor=system, file=route.file, unit=unit, person=person, reason="oběh", at=at)
