"""Reads of the data boxes, for jobs, doors and the mailroom."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from egon.databox import connection, permissions, rules
from egon.databox.models import Box, DataMessage, DeliveryPolicy, Direction, OutboxItem, OutboxState, Progress
from egon.databox.options import may_share_call
from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.records import queries as records
from egon.records.models import ComponentVersion, Document
from egon.storage import BlobRef

UNDER_WAY = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.AMBIGUOUS)


def boxes() -> QuerySet[Box]:
    """Boxes of the organisation, those in use first."""
    return Box.objects.order_by("-active", "name", "pk")


def box_for(pk: int) -> Box:
    """A box of the organisation. Raises ``NotFound``."""
    box = Box.objects.filter(pk=pk).first()
    if box is None:
        raise NotFound("Taková datová schránka v této organizaci není.")
    return box


def boxes_in_use() -> list[Box]:
    """Boxes the organisation may send from."""
    return list(Box.objects.filter(active=True).order_by("pk"))


def sending_box() -> Box | None:
    """The box from which the organisation sends: its first one in use."""
    return Box.objects.filter(active=True).order_by("pk").first()


def boxes_overview() -> QuerySet[Box]:
    """Boxes with the numbers their page shows."""
    return boxes().annotate(
        waiting_download=Count("messages", filter=Q(messages__progress=Progress.ANNOUNCED), distinct=True),
        failed_download=Count("messages", filter=Q(messages__progress=Progress.FAILED), distinct=True),
        waiting_sending=Count("outbox", filter=Q(outbox__state__in=UNDER_WAY), distinct=True),
        waiting_delivery=Count("outbox", filter=Q(outbox__state=OutboxState.SENT), distinct=True),
        last_received_at=Max("messages__stored_at", filter=Q(messages__direction=Direction.RECEIVED)),
    )


def failed_downloads(box: Box) -> QuerySet[DataMessage]:
    """Messages of a box that could not be downloaded, newest first."""
    return DataMessage.objects.filter(box=box, progress=Progress.FAILED).order_by("-pk")


# --- what is due ---------------------------------------------------------------------------------------------------


def is_due(box: Box, *, now: datetime) -> bool:
    """Whether ISDS may be asked about this box now."""
    if not box.active or box.needs_administrator:
        return False
    return box.next_attempt_at is None or box.next_attempt_at <= now


def lists_by_itself(box: Box) -> bool:
    """Whether the product lists received messages (and so delivers them) without being told."""
    return box.delivery_policy == DeliveryPolicy.AT_ONCE


def boxes_due(*, now: datetime) -> list[int]:
    """Ids of boxes to look into."""
    due = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    return list(Box.objects.filter(due, active=True, needs_administrator=False).values_list("pk", flat=True))


def is_sending_due(item: OutboxItem, *, now: datetime) -> bool:
    """Whether something is to be done about a sending now."""
    if item.state not in UNDER_WAY or not is_due(item.box, now=now):
        return False
    if item.state == OutboxState.SENDING:
        # Somebody's call may still live; after its time-out it surely does not.
        started = item.last_attempt_at or item.created_at
        return now - started >= connection.patience().whole_call
    return item.next_attempt_at is None or item.next_attempt_at <= now


def sendings_due(*, now: datetime) -> list[int]:
    """Ids of sendings to bring further."""
    items = OutboxItem.objects.filter(state__in=UNDER_WAY).select_related("box").order_by("pk")
    return [item.pk for item in items if is_sending_due(item, now=now)]


# --- receiving -----------------------------------------------------------------------------------------------------


def known_ids(box: Box, dm_ids: Collection[str]) -> set[str]:
    """Those of the ids that the register of received messages has."""
    known = DataMessage.objects.filter(box=box, direction=Direction.RECEIVED, dm_id__in=dm_ids)
    return set(known.values_list("dm_id", flat=True))


def to_download(box: Box, *, now: datetime) -> list[DataMessage]:
    """Announced messages whose turn it is, the never tried first."""
    due = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    return list(DataMessage.objects.filter(due, box=box, progress=Progress.ANNOUNCED).order_by("attempts", "pk"))


# --- sending -------------------------------------------------------------------------------------------------------


def of_one_call(item: OutboxItem, *, now: datetime) -> list[OutboxItem]:
    """A queued message with those others that may leave by the same call and are due; at most fifty share a token."""
    if not may_share_call(payment=item.payment, is_big=item.is_big):
        return [item]
    due = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    others = OutboxItem.objects.filter(
        due, box=item.box_id, token=item.token, state=OutboxState.QUEUED, payment="", is_big=False
    )
    return [item, *others.exclude(pk=item.pk).select_related("box").order_by("pk")]


def unclear_of_call(item: OutboxItem, *, now: datetime) -> list[OutboxItem]:
    """An unconfirmed message with those of its call that are unconfirmed and due as well."""
    due = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    others = OutboxItem.objects.filter(due, box=item.box_id, token=item.token, state=OutboxState.AMBIGUOUS)
    return [item, *others.exclude(pk=item.pk).order_by("pk")]


def waits_for_delivery(box: Box) -> bool:
    """Whether some sent message of the box is not delivered yet."""
    return OutboxItem.objects.filter(box=box, state=OutboxState.SENT).exists()


def sent_by_dm_id(box: Box, dm_ids: Collection[str]) -> dict[str, OutboxItem]:
    """Our sendings under these ids."""
    return {item.dm_id: item for item in OutboxItem.objects.filter(box=box, dm_id__in=dm_ids)}


def forgotten_sendings(box: Box, *, now: datetime, older_than: timedelta) -> list[OutboxItem]:
    """Sendings not delivered so long that ISDS no longer tells their changes, not asked about within a day."""
    asked = Q(state_asked_at__isnull=True) | Q(state_asked_at__lt=now - timedelta(days=1))
    return list(OutboxItem.objects.filter(asked, box=box, state=OutboxState.SENT, sent_at__lt=now - older_than)[:50])


def late_sendings(*, now: datetime) -> QuerySet[OutboxItem]:
    """Sent messages that should have been delivered by now (``rules.is_late``)."""
    in_no_box = Q(put_in_box_at__isnull=True, sent_at__lt=now - timedelta(days=1))
    past_fiction = Q(allow_fiction=True, put_in_box_at__lt=now - rules.FICTION_AFTER - timedelta(days=1))
    return OutboxItem.objects.filter(in_no_box | past_fiction, state=OutboxState.SENT)


def boxes_behind_with_states(*, now: datetime) -> list[Box]:
    """Boxes that wait for deliveries and have not asked about them for so long that ISDS may forget the changes."""
    waiting = OutboxItem.objects.filter(state=OutboxState.SENT, box=OuterRef("pk"))
    asked = Q(states_asked_at__lt=now - rules.STATES_ALARM) | Q(
        Exists(waiting.filter(sent_at__lt=now - rules.STATES_ALARM)), states_asked_at__isnull=True
    )
    return list(Box.objects.filter(asked, Exists(waiting), active=True).order_by("name", "pk"))


def sendings_of(document: Document) -> QuerySet[OutboxItem]:
    """All sendings of a document, newest first, with their sealed copies and receipts."""
    found = OutboxItem.objects.filter(document=document).select_related("box", "message", "receipt")
    return found.order_by("-pk")


def sending_of_dm_id(dm_id: str) -> OutboxItem | None:
    """Our sending that ISDS has under this id."""
    return OutboxItem.objects.filter(dm_id=dm_id).select_related("document").order_by("pk").first()


def sendings_of_messages(ids: Collection[int]) -> dict[int, OutboxItem]:
    """Our sendings whose sealed copy or receipt is one of these messages, by the id of the message."""
    found: dict[int, OutboxItem] = {}
    for item in OutboxItem.objects.filter(Q(message__in=ids) | Q(receipt__in=ids)).select_related("document"):
        found |= {pk: item for pk in (item.message_id, item.receipt_id) if pk is not None}
    return found


# --- archive stamps ------------------------------------------------------------------------------------------------


def to_stamp(*, now: datetime) -> QuerySet[DataMessage]:
    """Sealed documents that need an archive time stamp now, those whose last day comes first before others."""
    never = Q(
        stamp_due_at__isnull=True,
        stamp_problem="",
        next_stamp_to__isnull=True,
        stored_at__lt=now - rules.FIRST_STAMP_AFTER,
    )
    due = Q(stamp_due_at__lte=now) | never
    found = DataMessage.objects.filter(
        due, progress=Progress.COMPLETE, box__active=True, box__keeps_stamped=True
    ).exclude(zfo_digest="")
    return found.order_by(F("next_stamp_to").asc(nulls_last=True), "pk")


def newest_version(message: DataMessage) -> BlobRef:
    """The version of a sealed document with the most stamps, which the next stamp is added to."""
    newest = message.stamps.order_by("-pk").first()
    return BlobRef(newest.digest, newest.size) if newest else BlobRef(message.zfo_digest, message.zfo_size)


def stamps_overview() -> QuerySet[Box]:
    """Boxes with how many documents are stamped, wait for a stamp or cannot have it, and the nearest last day."""
    stored = ~Q(messages__zfo_digest="") & Q(messages__progress=Progress.COMPLETE)
    ended = Q(messages__stamp_due_at__isnull=True) & ~Q(messages__stamp_problem="")
    first = Q(messages__next_stamp_to__isnull=True)
    return boxes().annotate(
        stamped=Count("messages", filter=stored & ~first),
        waiting=Count("messages", filter=stored & first & ~ended),
        refused=Count("messages", filter=stored & ended),
        nearest=Min("messages__next_stamp_to", filter=stored),
    )


def unstampable() -> QuerySet[DataMessage]:
    """Documents that ISDS will not stamp (any more), the last stored first."""
    found = DataMessage.objects.filter(stamp_due_at__isnull=True, box__isnull=False).exclude(stamp_problem="")
    return found.order_by("-pk")


def may_see_message(actor: Actor, message: DataMessage) -> bool:
    """The mailroom sees every message, others those that lie with a document they may see."""
    if permissions.may_receive(actor):
        return True
    same_seal = ComponentVersion.objects.filter(digest=message.zfo_digest or "-")
    documents = same_seal.values("component__document")
    return records.documents_visible_to(actor).filter(pk__in=documents).exists()


def messages_by_id(ids: Collection[int]) -> dict[int, DataMessage]:
    """Messages with their attachments."""
    return {row.pk: row for row in DataMessage.objects.filter(pk__in=ids).prefetch_related("files")}
