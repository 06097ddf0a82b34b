"""What lies in the inbox, and what was registered of it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from egon import search
from egon.databox.models import DataMessage, OutboxItem
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import NotFound
from egon.mailroom import permissions
from egon.mailroom.models import (
    Envelope,
    IntakeItem,
    IntakeState,
)
from egon.records import disclosure
from egon.records import queries as records
from egon.records.models import Document
from egon.records.rules.states import GONE
from egon.registry.models import Unit

# By what they are about only those are found whose file is nobody's in person: a subject must not be guessed by words.
TOLD = ~Q(document__state__in=GONE) & (
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
        found = found.filter(said & TOLD)
    return found


def hide_items(actor: Actor, items: Iterable[IntakeItem]) -> list[IntakeItem]:
    """The items with nothing but the number of what is registered as a document hidden from the actor; for showing."""
    rows = list(items)
    known = disclosure.hide_from(actor, [item.document for item in rows if item.document])
    for item in rows:
        item.is_untold = item.document is not None and item.document_id not in known
        if item.is_untold:
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


def intake_of(document: Document) -> IntakeItem | None:
    """The item a received document was registered from."""
    return (
        IntakeItem.objects.filter(document=document, state=IntakeState.REGISTERED)
        .select_related("data_message")
        .first()
    )


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
