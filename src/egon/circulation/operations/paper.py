"""Where the paper of a document is."""

from datetime import datetime

from egon.audit import log
from egon.audit.operation import operation
from egon.circulation import errors, paper_queries, permissions
from egon.circulation.models import Handover, PaperPlace
from egon.circulation.paper_rules import Spot, obstacles_to_placing
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.records import storing_queries
from egon.records.models import Document, StoragePlace
from egon.registry import queries as registry
from egon.registry.models import Person, Unit


@operation("circulation.paper.place", title="Umístění papíru", requires=permissions.may_place_paper)
def place_paper(
    *,
    actor: Actor,
    document: Document,
    at: datetime,
    unit: Unit | None = None,
    person: Person | None = None,
    storage_place: StoragePlace | None = None,
    room: str = "",
    note: str = "",
) -> PaperPlace:
    """Record where the paper of a document is now; where it was stays (NSESSS 2.7.5).

    Raises PaperNotPlaced with every obstacle.
    """
    present = _present(document)
    unit_id, person_id, place_id = (one.pk if one else None for one in (unit, person, storage_place))
    spot = Spot(unit_id, person_id, room.strip(), place_id)
    works = unit is None or person is None or registry.people_in(unit).filter(pk=person.pk).exists()
    obstacles = obstacles_to_placing(
        spot,
        present=_spot_of(present) if present else None,
        person_works_in_unit=works,
        place_is_used=storage_place is None or storing_queries.is_used(storage_place, on=at.astimezone(PRAGUE).date()),
    )
    if obstacles:
        raise errors.PaperNotPlaced("Umístění papíru se nezapsalo.", obstacles)
    if present:
        log.note(previously=str(present))
    return _move(document, spot, at=at, by=actor.person_id, note=note.strip(), present=present)


def take_paper_along(handover: Handover, *, at: datetime) -> None:
    """Who takes a document over has its paper as well, when it has any; the room is no longer known."""
    present = _present(handover.document)
    if present is None:
        return
    spot = Spot(handover.to_unit_id, handover.to_person_id or handover.decided_by_id)
    if spot != _spot_of(present):
        _move(handover.document, spot, at=at, by=handover.decided_by_id, note="převzato s dokumentem", present=present)


def _present(document: Document) -> PaperPlace | None:
    return paper_queries.places_of(document).select_for_update(of=("self",)).filter(is_present=True).first()


def _spot_of(present: PaperPlace) -> Spot:
    return Spot(present.unit_id, present.person_id, present.room, present.place_id)


def _move(
    document: Document, spot: Spot, *, at: datetime, by: int | None, note: str, present: PaperPlace | None
) -> PaperPlace:
    if present is not None:
        present.is_present = False
        present.save(update_fields=["is_present"])
    return PaperPlace.objects.create(
        document=document,
        unit_id=spot.unit_id,
        person_id=spot.person_id,
        place_id=spot.place_id,
        room=spot.room,
        note=note,
        since=at,
        recorded_by_id=by,
    )
