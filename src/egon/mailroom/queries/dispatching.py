"""Addressees who wait to be sent to, and what became of the dispatches."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy

from egon import search
from egon.databox import queries as databox
from egon.databox.models import Box, OutboxState
from egon.gateways.isds.codes import MessageState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import NotFound
from egon.mailroom import permissions
from egon.mailroom.models import (
    Dispatch,
    DispatchState,
)
from egon.mailroom.queries.arriving import TOLD
from egon.records import queries as records
from egon.records.models import Addressee, Document
from egon.records.rules.states import Direction, DocumentState

_ON_THE_WAY = ~Q(state=DispatchState.FAILED)


def to_dispatch() -> QuerySet[Addressee]:
    """Addressees of approved outgoing documents to whom nothing is on its way, the oldest document first."""
    under_way = Dispatch.objects.filter(_ON_THE_WAY, addressee=OuterRef("pk"))
    return (
        Addressee.objects.filter(
            ~Exists(under_way),
            document__direction=Direction.OUTGOING.value,
            document__state__in=[DocumentState.APPROVED.value, DocumentState.DISPATCHED.value],
            delivered_at__isnull=True,
        )
        .select_related("document", "document__unit", "document__case_file", "party")
        .order_by("document__registered_at", "pk")
    )


def addressee_for(actor: Actor, pk: int) -> Addressee:
    """An addressee of an outgoing document. Raises ``NotFound`` for others than the mailroom."""
    found = (
        Addressee.objects.filter(pk=pk, document__direction=Direction.OUTGOING.value)
        .select_related("document", "document__case_file", "document__replies_to", "party")
        .first()
    )
    if found is None or not permissions.may_dispatch(actor):
        raise NotFound("Takový adresát k vypravení není.")
    return found


SORTS: Final = {
    "zmena": ("changed_at", "pk"),
    "adresat": ("addressee__name", "pk"),
    "odeslano": ("sent_at", "pk"),
    "doruceno": ("delivered_at", "pk"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which dispatches a list shows. ``result`` narrows the state: ``fikce``, ``pozde`` or ``zpet`` (came back)."""

    state: str = ""
    text: str = ""
    box: Box | None = None
    since: date | None = None
    until: date | None = None
    result: str = ""
    order: str = "-zmena"


def is_ordered_among_newest(order: str) -> bool:
    """Whether only the newest :data:`egon.search.MOST_SOUGHT` dispatches are put in this order."""
    return order.lstrip("-") not in ("", "zmena")


def dispatches(wanted: Wanted = Wanted(), *, now: datetime | None = None) -> QuerySet[Dispatch]:
    """What was handed to dispatch, the last changed first unless sorted otherwise; days are those of handing over."""
    found = Dispatch.objects.order_by(*_order_of("-zmena"))
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.box:
        found = found.filter(outbox_item__box=wanted.box)
    if wanted.since:
        found = found.filter(created_at__gte=datetime.combine(wanted.since, time(), PRAGUE))
    if wanted.until:
        found = found.filter(created_at__lt=datetime.combine(wanted.until + timedelta(days=1), time(), PRAGUE))
    match wanted.result:
        case "fikce":
            found = found.filter(outbox_item__delivered_state=MessageState.DELIVERED_BY_FICTION)
        case "pozde":
            found = found.filter(outbox_item__in=databox.late_sendings(now=now or clock.now()))
        case "zpet":
            found = found.filter(returned())
    if wanted.text or is_ordered_among_newest(wanted.order):
        found = search.newest_of(found)
    for word in wanted.text.split():
        found = found.filter(
            Q(addressee__name__icontains=word)
            | (Q(document__subject__icontains=word) & TOLD)
            | Q(document__reference_number__icontains=word)
            | Q(outbox_item__recipient_box_id=word.lower())
            | Q(outbox_item__dm_id=word)
        )
    return found.select_related("document", "addressee", "outbox_item").order_by(*_order_of(wanted.order))


def _order_of(order: str) -> list[OrderBy]:
    columns = SORTS.get(order.lstrip("-"), SORTS["zmena"])
    return [F(one).desc(nulls_last=True) if order.startswith("-") else F(one).asc() for one in columns]


def returned() -> Q:
    """Dispatches that failed, with nothing on the way to the same addressee since."""
    later = Dispatch.objects.filter(_ON_THE_WAY | Q(pk__gt=OuterRef("pk")), addressee=OuterRef("addressee"))
    return Q(~Exists(later), state=DispatchState.FAILED)


def returned_to(actor: Actor) -> QuerySet[Dispatch]:
    """Letters that came back to this officer: not deliverable or refused, and nobody said yet what to do."""
    of_isds = Q(outbox_item__state__in=[OutboxState.UNDELIVERABLE, OutboxState.REFUSED])
    on_paper = Q(outbox_item__isnull=True, sent_at__isnull=False)
    found = Dispatch.objects.filter(
        returned(), of_isds | on_paper, document__holder__in=actor.person_ids, advised_at__isnull=True
    )
    return found.select_related("document", "addressee").order_by("changed_at", "pk")


def is_on_its_way(addressee: Addressee) -> bool:
    """Whether something goes to this addressee now, or arrived."""
    return Dispatch.objects.filter(_ON_THE_WAY, addressee=addressee).exists()


def dispatch_for(actor: Actor, pk: int) -> Dispatch:
    """One dispatch. Raises ``NotFound`` for others than the mailroom."""
    found = _dispatch(pk)
    if found is None or not permissions.may_dispatch(actor):
        raise NotFound("Takové vypravení v evidenci není.")
    return found


def dispatch_seen_by(actor: Actor, pk: int) -> Dispatch:
    """One dispatch for who may see its document, too. Raises ``NotFound``."""
    found = _dispatch(pk)
    if found is not None and (permissions.may_dispatch(actor) or _sees(actor, found)):
        return found
    raise NotFound("Takové vypravení v evidenci není, nebo k jeho dokumentu nemáte přístup.")


def _dispatch(pk: int) -> Dispatch | None:
    related = ("document", "addressee", "outbox_item", "outbox_item__message", "outbox_item__receipt")
    return Dispatch.objects.filter(pk=pk).select_related(*related).first()


def _sees(actor: Actor, dispatch: Dispatch) -> bool:
    return records.documents_visible_to(actor).filter(pk=dispatch.document_id).exists()


def failed_count() -> int:
    """Dispatches that failed and whose addressee has had no other since."""
    return Dispatch.objects.filter(returned()).count()


def late_count(*, now: datetime) -> int:
    """Sent messages that should have been delivered by now."""
    return databox.late_sendings(now=now).count()


def waiting_of(document: Document) -> QuerySet[Addressee]:
    """Addressees of a document to whom nothing is on its way."""
    return to_dispatch().filter(document=document)


def waiting_counts(documents: Collection[int]) -> dict[int, int]:
    """How many addressees of each document wait."""
    counted = to_dispatch().filter(document__in=documents).order_by().values_list("document").annotate(Count("pk"))
    return dict(counted)


def outgoing_document_for(actor: Actor, pk: int) -> Document:
    """An outgoing document for dispatch. Raises ``NotFound`` for others than the mailroom."""
    found = (
        Document.objects.filter(pk=pk, direction=Direction.OUTGOING.value)
        .select_related("case_file", "replies_to", "unit")
        .first()
    )
    if found is None or not permissions.may_dispatch(actor):
        raise NotFound("Takový dokument k vypravení není.")
    return found


def dispatches_on_their_way(document_id: int) -> QuerySet[Dispatch]:
    """Dispatches of a document that wait, are being sent, or left; not those that failed or were taken back."""
    return Dispatch.objects.filter(_ON_THE_WAY, document=document_id).order_by("pk")


def dispatches_of(document: Document) -> QuerySet[Dispatch]:
    """All dispatches of a document, oldest first."""
    return Dispatch.objects.filter(document=document).select_related("addressee", "outbox_item").order_by("pk")


def dispatches_by_addressee(ids: Collection[int]) -> dict[int, list[Dispatch]]:
    """Former attempts at these addressees."""
    found: dict[int, list[Dispatch]] = {}
    for dispatch in Dispatch.objects.filter(addressee__in=ids).select_related("outbox_item").order_by("pk"):
        found.setdefault(dispatch.addressee_id, []).append(dispatch)
    return found
