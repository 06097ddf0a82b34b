"""Hand-over lists: paper carried to a unit is listed once, and taken over at once by the code of the list."""

from datetime import datetime

from egon import numbering
from egon.audit import log
from egon.audit.operation import operation
from egon.circulation import operations as circulation
from egon.circulation.file_handing import obstacles_to_moving
from egon.circulation.permissions import may_take_over
from egon.circulation.rules import HandoverState
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.mailroom import permissions, queries
from egon.mailroom.errors import NothingToHandOver
from egon.mailroom.models import HandoverList, ListedHandover
from egon.records.models import CaseFile, Document
from egon.registry.models import Unit


@operation("mailroom.list.make", title="Sestavení předávacího protokolu", requires=permissions.may_receive)
def make_handover_list(*, actor: Actor, unit: Unit, at: datetime) -> HandoverList:
    """List all paper documents that wait for a unit and are on no list yet. Raises ``NothingToHandOver``."""
    # Two clerks at once: the second one waits here and finds the documents listed.
    Unit.objects.select_for_update().get(pk=unit.pk)
    handovers = list(queries.paper_to_hand_over(unit))
    if not handovers:
        raise NothingToHandOver(unit)
    year = at.astimezone(PRAGUE).year
    number = f"{numbering.take('handover_list', year)}/{year}"
    listing = HandoverList.objects.create(number=number, unit=unit, created_at=at, created_by=actor.name)
    ListedHandover.objects.bulk_create(ListedHandover(listing=listing, handover=one) for one in handovers)
    log.note(count=len(handovers))
    return listing


@operation("mailroom.list.take", title="Převzetí listin podle protokolu", requires=permissions.may_take_over_list)
def take_over_list(*, actor: Actor, listing: HandoverList, at: datetime) -> list[Document | CaseFile]:
    """Take over every document and file of a list that still waits; returns them. What was recalled stays so.

    A file that something in it keeps waits on: ``circulation.file_handing.obstacles_to_moving`` tells why.
    """
    taken: list[Document | CaseFile] = []
    for item in queries.items_of(listing):
        handover = item.handover
        if handover.file is not None and obstacles_to_moving(handover.file):
            continue
        if handover.state == HandoverState.WAITING and may_take_over(actor, handover):
            circulation.take_over(actor=actor, handover=handover, at=at)
            taken.append(handover.entity)
    log.note(count=len(taken))
    return taken
