"""Reads of the mailroom."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import OrderBy

from egon import search
from egon.circulation import queries as circulation
from egon.circulation.models import Handover
from egon.circulation.rules import HandoverState
from egon.databox import queries as databox
from egon.databox.models import Box, DataMessage, OutboxItem, OutboxState
from egon.gateways.isds.codes import MessageState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import NotFound
from egon.mailroom import permissions
from egon.mailroom.models import (
    Dispatch,
    DispatchState,
    Envelope,
    HandoverList,
    IntakeItem,
    IntakeState,
    ListedHandover,
    PostBatch,
    PostedLetter,
)
from egon.mailroom.rules import LIST_CODE, WITH_SLIP, clean_post_number, dispatch_of_code, readings_of_code
from egon.records import access_queries, disclosure, reminder_queries, typed_queries
from egon.records import queries as records
from egon.records.models import Addressee, CaseFile, Document, PaperPart, Volume
from egon.records.rules.states import GONE, Direction, DocumentState
from egon.registry.models import Unit

# By what they are about only those are found whose file is nobody's in person: a subject must not be guessed by words.
_TOLD = ~Q(document__state__in=GONE) & (
    Q(document__case_file__isnull=True) | Q(document__case_file__restricted_because="")
)


def inbox(
    *, state: str = IntakeState.WAITING, text: str = "", channel: str = "", checks: str = ""
) -> QuerySet[IntakeItem]:
    """Items of the mailroom, newest first; an empty ``state`` gives all. ``text`` is sought in sender and subject."""
    found = IntakeItem.objects.order_by("-received_at", "-pk").select_related("data_message", "document")
    if state:
        found = found.filter(state=state)
    if channel:
        found = found.filter(channel=channel)
    if checks:
        found = found.filter(checks_level=checks)
    if text:
        found = search.newest_of(found)
    for word in text.split():
        said = Q(subject__icontains=word) | Q(sender_name__icontains=word) | Q(sender_box_id__iexact=word)
        found = found.filter(said & _TOLD)
    return found


def hide_items(actor: Actor, items: Iterable[IntakeItem]) -> list[IntakeItem]:
    """The items with nothing but the number of what is registered as a document hidden from the actor; for showing."""
    rows = list(items)
    known = disclosure.hide_from(actor, [item.document for item in rows if item.document])
    for item in rows:
        item.is_untold = item.document is not None and item.document_id not in known  # type: ignore[attr-defined]
        if item.document is not None and item.document_id not in known:
            item.subject, item.sender_name, item.sender_box_id = disclosure.UNTOLD, disclosure.UNTOLD, ""
    return rows


def waiting_count(*, at_most: int | None = None) -> int:
    """How many items wait to be registered, counted to ``at_most`` when given."""
    return IntakeItem.objects.filter(state=IntakeState.WAITING)[:at_most].count()


def item_for(actor: Actor, pk: int) -> IntakeItem:
    """An item of the inbox. Raises ``NotFound`` for others than the mailroom, and of a document hidden from it."""
    found = IntakeItem.objects.filter(pk=pk).select_related("data_message", "document", "duplicate_of").first()
    if found is None or not permissions.may_receive(actor):
        raise NotFound("Takové podání v podatelně není.")
    if found.document_id and not records.visible_ids(actor, [found.document_id]):
        raise NotFound(f"Podání je zaevidované jako {found.document}, k tomuto dokumentu nemáte přístup.")
    return found


def items_of_messages(ids: Collection[int]) -> dict[int, IntakeItem]:
    """Items made of these data messages, by the id of the message."""
    found = IntakeItem.objects.filter(data_message__in=ids).select_related("document")
    return {item.data_message_id: item for item in found if item.data_message_id}


def may_bring(actor: Actor, message: DataMessage) -> bool:
    """Whether the actor may put a message into the inbox: it is neither there yet nor a part of a dispatch."""
    if not permissions.may_receive(actor) or items_of_messages([message.pk]):
        return False
    return not OutboxItem.objects.filter(Q(message=message) | Q(receipt=message)).exists()


def by_intake(messages: QuerySet[DataMessage], wanted: str) -> QuerySet[DataMessage]:
    """Messages narrowed by what the mailroom did with them: a state of its items, or ``none`` for those without."""
    if not wanted:
        return messages
    messages, items = search.newest_of(messages), IntakeItem.objects.filter(data_message=OuterRef("pk"))
    if wanted == "none":
        sent = OutboxItem.objects.filter(Q(message=OuterRef("pk")) | Q(receipt=OuterRef("pk")))
        return messages.filter(~Exists(items), ~Exists(sent))
    return messages.filter(Exists(items.filter(state=wanted)))


def next_waiting(after: IntakeItem) -> IntakeItem | None:
    """The item to go on with: the next older waiting one, otherwise the newest."""
    waiting = IntakeItem.objects.filter(state=IntakeState.WAITING).exclude(pk=after.pk).order_by("-received_at", "-pk")
    return waiting.filter(received_at__lte=after.received_at).first() or waiting.first()


def same_message(item: IntakeItem) -> QuerySet[IntakeItem]:
    """Other items with a message of the same id."""
    dm_id = item.data_message.dm_id if item.data_message else ""
    return (
        IntakeItem.objects.filter(data_message__dm_id=dm_id).exclude(pk=item.pk) if dm_id else IntakeItem.objects.none()
    )


# --- dispatch ------------------------------------------------------------------------------------------------------

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
            | (Q(document__subject__icontains=word) & _TOLD)
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


def counts_for_desk(actor: Actor, *, now: datetime) -> dict[str, int]:
    """What waits in the mailroom, what the boxes want, what access is offered, what one is reminded of: one statement.

    ``waiting`` and ``failed`` only for the mailroom.
    """
    counted: dict[str, QuerySet[Any]] = {**databox.for_desk(actor, now=now)}
    counted["offered"] = access_queries.waiting_for(actor)
    counted["reminders"] = reminder_queries.due(actor, on=now.astimezone(PRAGUE).date())
    if permissions.may_dispatch(actor):
        counted["waiting"] = IntakeItem.objects.filter(state=IntakeState.WAITING)
        counted["failed"] = Dispatch.objects.filter(returned())
    first, *others = (_counted(what, rows) for what, rows in counted.items())
    return dict(first.union(*others, all=True))


def _counted(what: str, rows: QuerySet[Any]) -> QuerySet[Any, tuple[str, int]]:
    named: QuerySet[Any] = rows.order_by().annotate(what=Value(what)).values("what")
    counted: QuerySet[Any, tuple[str, int]] = named.annotate(count=Count("pk")).values_list("what", "count")
    return counted


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


def intake_of(document: Document) -> IntakeItem | None:
    """The item a received document was registered from."""
    return (
        IntakeItem.objects.filter(document=document, state=IntakeState.REGISTERED)
        .select_related("data_message")
        .first()
    )


def dispatches_by_addressee(ids: Collection[int]) -> dict[int, list[Dispatch]]:
    """Former attempts at these addressees."""
    found: dict[int, list[Dispatch]] = {}
    for dispatch in Dispatch.objects.filter(addressee__in=ids).select_related("outbox_item").order_by("pk"):
        found.setdefault(dispatch.addressee_id, []).append(dispatch)
    return found


def envelope_of(document: Document) -> Envelope | None:
    """The envelope a paper document came in."""
    return Envelope.objects.filter(document=document).select_related("document").first()


def letters_among(actor: Actor, ids: Collection[int]) -> list[Envelope]:
    """Envelopes of these documents in the order of registering. Raises ``NotFound`` for others than the mailroom."""
    found = Envelope.objects.filter(document__in=ids).select_related("document", "document__sender", "document__unit")
    letters = list(found.order_by("document__registered_at", "pk"))
    if not letters or not permissions.may_receive(actor):
        raise NotFound("Taková listinná zásilka v podatelně není.")
    return letters


def document_of_code(actor: Actor, code: str) -> Document:
    """The document whose label, reference number or number of the post was scanned or typed. Raises ``NotFound``."""
    readings = readings_of_code(code)
    named = Document.objects.filter(Q(identifier__in=readings) | Q(reference_number__in=readings)).values("pk")
    numbers = [clean_post_number(reading) for reading in readings]
    posted = Envelope.objects.filter(post_number__in=numbers).exclude(post_number="").values("document")
    found = records.documents_among(actor, {row["pk"] for row in named} | {row["document"] for row in posted})
    document = found.order_by("-registered_at").first()
    if document is None:
        raise NotFound(f"Kód „{code.strip()[:60]}“ nepatří žádnému dokumentu ani spisu, který smíte vidět.")
    return document


def file_of_code(actor: Actor, code: str) -> CaseFile | None:
    """The file whose cover was scanned, or whose mark was typed; None when the actor sees no such file."""
    readings = readings_of_code(code)
    named = Q(identifier__in=readings) | Q(file_mark__in=readings)
    return records.files_visible_to(actor).filter(named).first()


def volume_of_code(actor: Actor, code: str) -> Volume | None:
    """The volume of a typed file whose cover was scanned; None when the actor sees no such volume."""
    found = Volume.objects.filter(identifier__in=readings_of_code(code)).values_list("pk", flat=True).first()
    try:
        return typed_queries.volume_for(actor, found) if found is not None else None
    except NotFound:
        return None


def register_book(
    actor: Actor, *, since: date, until: date, direction: str = "", unit: Unit | None = None, newest_first: bool = False
) -> QuerySet[Document]:
    """The register book (podací deník): documents registered on these days that the actor may see, in their order."""
    first = datetime.combine(since, time(), PRAGUE)
    after = datetime.combine(until + timedelta(days=1), time(), PRAGUE)
    found = records.documents_visible_to(actor).filter(registered_at__gte=first, registered_at__lt=after)
    if direction:
        found = found.filter(direction=direction)
    if unit:
        found = found.filter(unit=unit)
    shown = found.select_related("sender", "unit", "holder").prefetch_related("addressees")
    return shown.order_by("-registered_at", "-pk") if newest_first else shown.order_by("registered_at", "pk")


def letters_to_post() -> QuerySet[PostedLetter]:
    """Prepared letters that wait to be given to the post, the oldest first."""
    waiting = _letters().filter(batch__isnull=True, dispatch__state=DispatchState.WAITING)
    return waiting.order_by("pk")


def letters_in(batch: PostBatch) -> QuerySet[PostedLetter]:
    """Letters of a posting sheet in their order."""
    return _letters().filter(batch=batch).order_by("pk")


def letter_of(dispatch: Dispatch) -> PostedLetter | None:
    """The envelope of a dispatch by post."""
    return PostedLetter.objects.filter(dispatch=dispatch).select_related("batch").first()


def batches() -> QuerySet[PostBatch]:
    """Posting sheets, the newest first."""
    letters = PostedLetter.objects.filter(batch=OuterRef("pk")).order_by().values("batch").annotate(count=Count("pk"))
    return PostBatch.objects.annotate(count=Subquery(letters.values("count"))).order_by("-posted_at", "-pk")


def batch_for(actor: Actor, pk: int) -> PostBatch:
    """A posting sheet. Raises ``NotFound`` for others than the mailroom."""
    found = PostBatch.objects.filter(pk=pk).first()
    if found is None or not permissions.may_dispatch(actor):
        raise NotFound("Takový podací arch v evidenci není.")
    return found


def _letters() -> QuerySet[PostedLetter]:
    return PostedLetter.objects.select_related("dispatch", "dispatch__addressee", "dispatch__document", "batch")


def awaiting_slips() -> QuerySet[PostedLetter]:
    """Posted letters whose delivery slip has not come back, the oldest first."""
    waiting = _letters().filter(service__in=WITH_SLIP, dispatch__state=DispatchState.SENT)
    return waiting.order_by("batch__posted_at", "pk")


def sent_on_paper(actor: Actor, code: str) -> list[Dispatch]:
    """Dispatches otherwise than by a data box that a code names: of an envelope, of the post, or of the document.

    Those whose result is not known are first. Raises ``NotFound`` when there is none, and for others than the mailroom.
    """
    readings = readings_of_code(code)
    numbers = [number for number in map(clean_post_number, readings) if number]
    if (pk := dispatch_of_code(code)) is not None:
        named = Q(pk=pk, document__identifier__in=readings)
    else:
        # Ids, not subqueries: with an OR over subqueries the database would look at every dispatch.
        posted = PostedLetter.objects.filter(post_number__in=numbers).values_list("dispatch", flat=True)
        documents = Document.objects.filter(Q(identifier__in=readings) | Q(reference_number__in=readings))
        named = Q(pk__in=list(posted)) | Q(document__in=list(documents.values_list("pk", flat=True)))
    left = Dispatch.objects.filter(named, outbox_item__isnull=True).exclude(state=DispatchState.WAITING)
    found = left.select_related("document", "addressee")
    if not permissions.may_dispatch(actor) or not found:
        raise NotFound(f"Kód „{code.strip()[:60]}“ nepatří žádné zásilce odeslané na papíře.")
    return sorted(found.order_by("pk"), key=lambda dispatch: dispatch.state != DispatchState.SENT)


def paper_to_hand_over(unit: Unit | None = None) -> QuerySet[Handover]:
    """Hand-overs of paper documents, and of files with some, that wait for a unit (for any) and are on no list yet."""
    of_document = PaperPart.objects.filter(document=OuterRef("document"))
    in_file = PaperPart.objects.filter(document__case_file=OuterRef("file"))
    listed = ListedHandover.objects.filter(handover=OuterRef("pk"))
    on_paper = Exists(of_document) | Q(file__isnull=False) & Exists(in_file)
    found = Handover.objects.filter(on_paper, ~Exists(listed), state=HandoverState.WAITING.value)
    if unit is not None:
        found = found.filter(to_unit=unit)
    return found.select_related("document", "file", "to_unit").order_by("created_at", "pk")


def paper_inside(files: Collection[int]) -> dict[int, list[Document]]:
    """Documents on paper in these files, in their order, by the key of the file; for the printed list."""
    rows = Document.objects.filter(case_file__in=files).exclude(state__in=GONE).select_related("sender")
    found: dict[int, list[Document]] = defaultdict(list)
    on_paper = rows.filter(Exists(PaperPart.objects.filter(document=OuterRef("pk"))))
    for document in on_paper.order_by("case_file", "order_in_file", "pk"):
        found[document.case_file_id or 0].append(document)
    return found


def units_to_carry_to() -> list[tuple[Unit, int]]:
    """Units for which paper waits without a list, and how much."""
    counted = paper_to_hand_over().order_by().values_list("to_unit").annotate(count=Count("pk"))
    counts = dict(counted.values_list("to_unit", "count"))
    return [(unit, counts[unit.pk]) for unit in Unit.objects.filter(pk__in=counts).order_by("code")]


def handover_lists(actor: Actor) -> QuerySet[HandoverList]:
    """Hand-over lists, the newest first: the mailroom sees all, others those of units they take over for."""
    found = HandoverList.objects.select_related("unit").order_by("-created_at", "-pk")
    return found if permissions.may_receive(actor) else found.filter(unit__in=circulation.led_units(actor))


def handover_list_for(actor: Actor, pk: int) -> HandoverList:
    """One list for who may see it. Raises ``NotFound``."""
    found = handover_lists(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("Takový předávací protokol není, nebo k němu nemáte přístup.")
    return found


def items_of(listing: HandoverList) -> QuerySet[ListedHandover]:
    """Documents and files of a list with their hand-overs, in order."""
    sides = ("handover__document", "handover__document__sender", "handover__file")
    related = ("handover", *sides, "handover__to_unit", "handover__to_person")
    return ListedHandover.objects.filter(listing=listing).select_related(*related).order_by("pk")


def list_of_code(actor: Actor, code: str) -> HandoverList | None:
    """The list whose code was scanned, None when the code is another one or the actor may not see the list."""
    numbers = [reading.removeprefix(LIST_CODE) for reading in readings_of_code(code) if reading.startswith(LIST_CODE)]
    return handover_lists(actor).filter(number__in=numbers).first() if numbers else None


def waiting_handover(actor: Actor, code: str) -> Handover:
    """The hand-over by which the document or file of a code waits. Raises ``NotFound`` when it waits for nobody."""
    if (file := file_of_code(actor, code)) is not None:
        of_file = Handover.objects.filter(file=file, state=HandoverState.WAITING.value).select_related("file")
        if (waiting := of_file.first()) is not None:
            return waiting
        raise NotFound(f"Spis {file} na převzetí nečeká, už ho někdo převzal, nebo nebyl předán.")
    document = document_of_code(actor, code)
    found = Handover.objects.filter(document=document, state=HandoverState.WAITING.value).select_related("document")
    handover = found.order_by("-pk").first()
    if handover is None:
        raise NotFound(f"Dokument {document} na převzetí nečeká, už ho někdo převzal, nebo nebyl předán.")
    return handover
