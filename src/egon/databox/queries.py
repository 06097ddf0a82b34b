"""Reads of the data boxes, for jobs, doors and the mailroom."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When

from egon.databox import connection, permissions, rules
from egon.databox.models import (
    Box,
    BoxCertificate,
    CertificateState,
    DataMessage,
    DeliveryPolicy,
    Direction,
    LoginKind,
    OutboxItem,
    OutboxState,
    Progress,
)
from egon.databox.options import may_share_call
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied, NotFound
from egon.records import queries as records
from egon.records.models import ComponentVersion, Document
from egon.records.permissions import still_there
from egon.storage import BlobRef

MOST_STAMPS_COUNTED = 10_000
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


def failed_downloads(box: Box) -> QuerySet[DataMessage]:
    """Messages of a box that could not be downloaded, newest first."""
    return DataMessage.objects.filter(box=box, progress=Progress.FAILED).order_by("-pk")


# --- what is due ---------------------------------------------------------------------------------------------------


def is_due(box: Box, *, now: datetime) -> bool:
    """Whether ISDS may be asked about this box now."""
    if not box.active or box.needs_administrator:
        return False
    return box.next_attempt_at is None or box.next_attempt_at <= now


def is_look_due(box: Box, *, now: datetime) -> bool:
    """Whether it is time to look for new messages again."""
    return box.looked_at is None or now - box.looked_at >= timedelta(seconds=box.check_every)


def may_list(box: Box, *, now: datetime) -> bool:
    """Whether received messages may be listed now, **which delivers them**: a person ordered it, or the policy says so.

    The one place that decides about delivering.
    """
    if box.listing_asked_at is not None:
        return True
    return (
        box.delivery_policy == DeliveryPolicy.AT_ONCE
        and is_look_due(box, now=now)
        and rules.may_fetch_at(
            now, hours_from=box.hours_from, hours_to=box.hours_to, working_days_only=box.working_days_only
        )
    )


def decides_about_some_box() -> bool:
    """Whether people decide about taking messages over in some box of the organisation."""
    return Box.objects.filter(active=True).exclude(delivery_policy=DeliveryPolicy.AT_ONCE).exists()


def may_watch(box: Box, *, now: datetime) -> bool:
    """Whether to ask for notifications, which deliver nothing."""
    return box.delivery_policy == DeliveryPolicy.WATCH and is_look_due(box, now=now)


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


def known_ids(box: Box, dm_ids: Collection[str], *, noticed: bool = False) -> set[str]:
    """Those of the ids that the register of received messages has; with ``noticed`` also those not taken over yet."""
    known = DataMessage.objects.filter(box=box, direction=Direction.RECEIVED, dm_id__in=dm_ids)
    if not noticed:
        known = known.exclude(progress=Progress.NOTICED)
    return set(known.values_list("dm_id", flat=True))


def to_download(box: Box, *, now: datetime) -> list[DataMessage]:
    """Announced messages whose turn it is, in the order of downloading.

    The never tried first. Among them those that ISDS will erase in a month, then those to somebody's own hands (their
    deadlines are the strictest), then the small ones: many people wait a short while rather than all for one.
    """
    due = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    soon_erased = Q(accepted_at__lt=now - rules.ERASED_AFTER + timedelta(days=30))
    return list(
        DataMessage.objects.filter(due, box=box, progress=Progress.ANNOUNCED)
        .annotate(urgency=Case(When(soon_erased, then=0), When(personal_delivery=True, then=1), default=2))
        .order_by("attempts", "urgency", "announced_size_kb", "pk")
    )


def noticed(box: Box | None = None) -> QuerySet[DataMessage]:
    """Messages that lie undelivered and wait for a person's decision, the nearest fiction first."""
    found = DataMessage.objects.filter(progress=Progress.NOTICED).select_related("box").order_by("delivered_at", "pk")
    return found if box is None else found.filter(box=box)


def noticed_to_ask(box: Box, *, now: datetime) -> list[DataMessage]:
    """Noticed messages whose state was not asked for an hour; a few at a time."""
    return list(noticed(box).filter(next_attempt_at__lte=now).order_by("next_attempt_at", "pk")[:50])


def threatened(*, now: datetime) -> QuerySet[DataMessage]:
    """Delivered messages whose content is still not here: ISDS erases it 90 days after delivery. Oldest first."""
    return DataMessage.objects.filter(_threatened(now)).select_related("box").order_by("accepted_at", "pk")


def _threatened(now: datetime) -> Q:
    missing = Q(progress=Progress.ANNOUNCED) | Q(progress=Progress.FAILED)  # each has its partial index
    late = Q(accepted_at__lt=now - rules.ERASURE_ALARM_AFTER)
    return missing & late & Q(direction=Direction.RECEIVED, box__isnull=False)


def for_desk(actor: Actor, *, now: datetime) -> dict[str, QuerySet[DataMessage]]:
    """Messages to the actor's own hands, those waiting for a decision and those ISDS would erase; to be counted."""
    mine = {"named_person": actor.person_id or 0, "personal_delivery": True, "released_at__isnull": True}
    return {
        "own": DataMessage.objects.filter(**mine),
        "noticed": DataMessage.objects.filter(progress=Progress.NOTICED),
        "threatened": DataMessage.objects.filter(_threatened(now)),
    }


def ending_certificates(*, now: datetime) -> QuerySet[BoxCertificate]:
    """Certificates in use that end soon (or ended) and have no accepted successor."""
    return (
        BoxCertificate.objects.filter(
            state=CertificateState.IN_USE, valid_until__lt=now + rules.CERTIFICATE_WARNING, box__active=True
        )
        .exclude(box__login_kind=LoginKind.PASSWORD)
        .select_related("box")
        .order_by("valid_until", "pk")
    )


def ending_passwords(*, now: datetime) -> QuerySet[Box]:
    """Boxes whose password ends soon (or ended)."""
    return Box.objects.filter(
        active=True,
        login_kind__in=[LoginKind.PASSWORD, LoginKind.USER],
        password_expires_at__lt=now + rules.PASSWORD_WARNING,
    ).order_by("password_expires_at", "pk")


def certificate_for(box: Box, pk: int) -> BoxCertificate:
    """A certificate of the box. Raises ``NotFound``."""
    found = box.certificates.filter(pk=pk).select_related("box").first()
    if found is None:
        raise NotFound("Takový certifikát u této schránky není.")
    return found


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
    """Boxes with how many documents are stamped, wait for a stamp or cannot have it, and the nearest last day.

    Each number is counted to :data:`MOST_STAMPS_COUNTED` and one more.
    """
    found = DataMessage.objects.filter(box=OuterRef("pk"), progress=Progress.COMPLETE).exclude(zfo_digest="")
    stored = found.order_by()
    ended = Q(stamp_due_at__isnull=True) & ~Q(stamp_problem="")
    stamped = stored.filter(next_stamp_to__isnull=False)
    return boxes().annotate(
        stamped=_CountOf(stamped.values("pk")[: MOST_STAMPS_COUNTED + 1]),
        waiting=_CountOf(stored.filter(~ended, next_stamp_to__isnull=True).values("pk")[: MOST_STAMPS_COUNTED + 1]),
        refused=_CountOf(stored.filter(ended).values("pk")[: MOST_STAMPS_COUNTED + 1]),
        nearest=Subquery(stamped.order_by("next_stamp_to").values("next_stamp_to")[:1]),
    )


class _CountOf(Subquery):
    """How many rows a query gives; a limit in it limits the counting."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def unstampable() -> QuerySet[DataMessage]:
    """Documents that ISDS will not stamp (any more), the last stored first."""
    found = DataMessage.objects.filter(stamp_due_at__isnull=True, box__isnull=False).exclude(stamp_problem="")
    return found.order_by("-pk")


def may_see_message(actor: Actor, message: DataMessage) -> bool:
    """The mailroom sees every envelope, others those of documents they may see and those to their own hands."""
    if permissions.may_receive(actor) or permissions.is_named_in(actor, message):
        return True
    return records.documents_visible_to(actor).filter(pk__in=documents_of(message)).exists()


def documents_of(message: DataMessage) -> QuerySet[Any]:
    """Documents that hold the sealed message."""
    return ComponentVersion.objects.filter(digest=message.zfo_digest or "-").values("component__document")


def is_shut_to(actor: Actor, message: DataMessage) -> bool:
    """Whether the message is of a document in a restricted file that the actor is not in: its subject is not told."""
    return records.closed_to(actor, documents_of(message))


def require_content(actor: Actor, message: DataMessage) -> None:
    """For subject, attachments and the sealed file.

    Raises ``AccessDenied`` when they are to somebody else's hands, or of a document that is closed to the actor. Of a
    document that is gone (NSESSS 7.2.13) the message must not tell more than the document does.
    """
    decision = permissions.may_open(actor, message)
    if not decision:
        raise AccessDenied(decision.reason)
    documents = Document.objects.filter(components__versions__digest=message.zfo_digest or "-")
    if documents.exists() and not documents.filter(still_there(actor)).exists():
        raise AccessDenied("Dokument z této zprávy byl zničen, její obsah už není k dispozici.")
    if is_shut_to(actor, message):
        raise AccessDenied("Zpráva patří k dokumentu, ke kterému nemáte přístup (vyhrazený spis).")


def personal_messages(actor: Actor) -> QuerySet[DataMessage]:
    """Messages to the actor's own hands, those not released first."""
    found = DataMessage.objects.filter(named_person=actor.person_id, personal_delivery=True)
    return found.order_by(F("released_at").asc(nulls_first=True), "-pk") if actor.person_id else found.none()


def messages_by_id(ids: Collection[int]) -> dict[int, DataMessage]:
    """Messages with their attachments."""
    return {row.pk: row for row in DataMessage.objects.filter(pk__in=ids).prefetch_related("files")}
