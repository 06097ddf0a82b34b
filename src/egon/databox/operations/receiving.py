"""Taking messages in: each exactly once, whatever ISDS lists twice and wherever a crash comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.databox import events, jobs, permissions
from egon.databox.contents import StoredContent, envelope_columns
from egon.databox.errors import AlreadyUnderWay, MessageKnown
from egon.databox.models import (
    Box,
    DataMessage,
    DeliveryPolicy,
    Direction,
    MessageEvent,
    MessageFile,
    OutboxItem,
    Progress,
    lock,
)
from egon.databox.rules import MOST_ATTEMPTS, PERSONAL_SUBJECT, fits
from egon.gateways.isds import ReceivedRecord
from egon.kernel.actor import Actor
from egon.kernel.events import publish

_CHANGED_BY_COMPLETING: Final = [
    field.attname
    for field in DataMessage._meta.concrete_fields
    if field.name not in ("id", "tenant", "box", "dm_id", "direction", "announced_size_kb", "attempts", "announced_at")
]


@operation(
    "databox.message.announce", title="Doručení datových zpráv přihlášením", requires=only_system, unlogged=("records",)
)
def announce_messages(*, actor: Actor, box: Box, records: Sequence[ReceivedRecord], at: datetime) -> list[DataMessage]:
    """Register messages that the list of received ones shows for the first time; known ids are passed over.

    Provozní řád II.17: the register of ids decides what is asked for. Returns the new rows, still to be downloaded.
    """
    rows = [_announced(box, record, at) for record in {record.dm_id: record for record in records}.values()]
    _take_over_noticed(box, rows)
    DataMessage.objects.bulk_create([row for row in rows if row.pk is None], ignore_conflicts=True)
    new = list(
        DataMessage.objects.filter(
            box=box, direction=Direction.RECEIVED, dm_id__in=[row.dm_id for row in rows], announced_at=at
        ).order_by("pk")
    )
    log.note(dm_ids=[row.dm_id for row in new])
    return new


def _take_over_noticed(box: Box, rows: Sequence[DataMessage]) -> None:
    """Messages known from notifications are delivered by the list and are to be downloaded now."""
    listed = {row.dm_id: row for row in rows}
    noticed = DataMessage.objects.select_for_update().filter(
        box=box, direction=Direction.RECEIVED, dm_id__in=listed, progress=Progress.NOTICED
    )
    for known in noticed:
        row = listed[known.dm_id]
        row.pk, row.tenant_id = known.pk, known.tenant_id
        row.named_person_id, row.released_at = known.named_person_id, known.released_at
        row.save(force_update=True)


def _announced(box: Box, record: ReceivedRecord, at: datetime) -> DataMessage:
    row = DataMessage(
        box=box,
        dm_id=record.dm_id,
        direction=Direction.RECEIVED,
        state=int(record.state),
        delivered_at=record.delivery_time,
        accepted_at=record.acceptance_time,
        announced_size_kb=record.attachment_size or 0,
        is_big=record.is_big,
        announced_at=at,
        **envelope_columns(record.envelope),
    )
    hide_personal(row)
    return row


def hide_personal(row: DataMessage) -> None:
    """Put the subject of a message ``do vlastních rukou`` aside, where only its named person is shown it."""
    if row.is_hidden and row.annotation != PERSONAL_SUBJECT:
        row.hidden_annotation, row.annotation = row.annotation, PERSONAL_SUBJECT


@dataclass(frozen=True, slots=True)
class Arrival:
    """A downloaded document: the announced row it belongs to, and what was read from it."""

    message: DataMessage
    content: StoredContent


@operation("databox.message.store", title="Uložení datových zpráv", requires=only_system, unlogged=("arrivals",))
def store_messages(*, actor: Actor, arrivals: Sequence[Arrival], at: datetime) -> list[DataMessage]:
    """Complete announced rows (received messages, sent copies, receipts) and tell whoever waits for them.

    Several in one transaction, because one takes longer than its writing. A row completed meanwhile by another worker
    stays as it is. The blobs are in the storage already. Returns the rows that were completed now.
    """
    contents = {arrival.message.pk: arrival.content for arrival in arrivals}
    waiting = DataMessage.objects.select_for_update().filter(pk__in=contents).order_by("pk")
    rows = [row for row in waiting if row.progress not in (Progress.COMPLETE, Progress.UNREADABLE)]
    for row in rows:
        _complete(row, contents[row.pk], at)
    _save_completed(rows)
    _add_parts([(row, contents[row.pk]) for row in rows if row.progress == Progress.COMPLETE])
    _tell(rows)
    return rows


@operation("databox.message.give_up", title="Zpráva nešla stáhnout", requires=only_system)
def give_up_download(*, actor: Actor, message: DataMessage, reason: str, at: datetime) -> DataMessage:
    """Stop asking for a message that ISDS will not give; it stays visible with the reason."""
    row = lock(DataMessage, message.pk)
    if row.progress != Progress.ANNOUNCED:
        return row
    row.progress, row.problem, row.stored_at = Progress.FAILED, reason, at
    row.save(update_fields=["progress", "problem", "stored_at"])
    _tell([row])
    return row


@operation("databox.message.fetch_again", title="Nový pokus o stažení zprávy", requires=permissions.may_receive)
def fetch_again(*, actor: Actor, message: DataMessage) -> DataMessage:
    """Ask ISDS once more for a message that could not be downloaded."""
    row = lock(DataMessage, message.pk)
    if row.progress != Progress.FAILED or row.box_id is None:
        raise AlreadyUnderWay(f"Zpráva {row.dm_id} už je {row.get_progress_display()}, nový pokus není třeba.")
    row.progress, row.problem, row.attempts, row.next_attempt_at = Progress.ANNOUNCED, "", 0, None
    row.save(update_fields=["progress", "problem", "attempts", "next_attempt_at"])
    jobs.ask_to_fetch(row.box_id)
    return row


@operation("databox.fetch_now", title="Pokyn ke stažení zpráv", requires=permissions.may_receive)
def fetch_now(*, actor: Actor, box: Box, at: datetime) -> Box:
    """Have the worker look into the box at once (a delay after failures is cut short, a stopped box stays stopped).

    Only a box fetched by itself anyway is listed, also outside its hours. Of the others nothing is delivered: for that
    there is ``deliver_waiting``.
    """
    row = lock(Box, box.pk)
    row.looked_at = None
    if row.delivery_policy == DeliveryPolicy.AT_ONCE:
        row.listing_asked_at = at
    if not row.needs_administrator:
        row.next_attempt_at = None
    row.save(update_fields=["next_attempt_at", "looked_at", "listing_asked_at"])
    jobs.ask_to_fetch(row.pk, urgent=True)
    return row


@operation("databox.zfo.upload", title="Nahrání souboru ZFO", requires=permissions.may_receive, unlogged=("content",))
def upload_zfo(*, actor: Actor, content: StoredContent, at: datetime) -> DataMessage:
    """Keep a ZFO brought as a file. Raises ``MessageKnown`` for one that the register has with the same content.

    A message with a known id but another content is taken in (nobody may block a real one by a forged one); the
    mailroom is told.
    """
    if known := known_message(content):
        raise MessageKnown(known.dm_id, known.pk)
    row = keep(content, box=None, at=at)
    publish(events.DataMessagesReceived(message_ids=(row.pk,)))
    return row


def keep(content: StoredContent, *, box: Box | None, at: datetime) -> DataMessage:
    """A complete row of a ZFO that came otherwise than from ISDS, told to nobody.

    Raises ``MessageKnown`` when the same file, or its id in the same box, came at the same moment.
    """
    if content.problem or content.direction is None:
        raise ValueError("only a ZFO that was read can be kept")
    row = DataMessage(box=box, dm_id=content.dm_id, direction=content.direction, announced_at=at, **content.envelope)
    hide_personal(row)
    _fill(row, content, at, "")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise MessageKnown(content.dm_id, 0) from error
    _add_parts([(row, content)])
    return row


def known_message(content: StoredContent) -> DataMessage | None:
    """A message of the register with the same id, direction and digest of the content (or the very same file)."""
    same = DataMessage.objects.filter(dm_id=content.dm_id, direction=content.direction, progress=Progress.COMPLETE)
    for row in same.order_by("pk"):
        if row.zfo_digest == content.zfo_digest or (content.content_hash and row.content_hash == content.content_hash):
            return row
    return None


def _complete(row: DataMessage, content: StoredContent, at: datetime) -> None:
    problem = content.problem or _mismatch(row, content)
    for name, value in content.envelope.items() if not problem else ():
        setattr(row, name, value)
    hide_personal(row)
    _fill(row, content, at, problem)


def _mismatch(row: DataMessage, content: StoredContent) -> str:
    """ISDS gave something else than was asked for (never seen, but then it must not be filed under a wrong id)."""
    if content.dm_id != row.dm_id or content.direction != row.direction:
        return (
            f"ISDS místo zprávy {row.dm_id} vydal jiný dokument (zpráva {content.dm_id}). "
            "Původní soubor zůstal uložen; obraťte se na správce systému."
        )
    return ""


def _fill(row: DataMessage, content: StoredContent, at: datetime, problem: str) -> None:
    row.zfo_digest, row.zfo_size = content.zfo_digest, content.zfo_size
    row.content_hash, row.checks, row.checks_level = content.content_hash, list(content.checks), content.level.value
    row.progress = Progress.UNREADABLE if problem else Progress.COMPLETE
    row.problem, row.stored_at, row.next_attempt_at = problem, at, None


def _save_completed(rows: Sequence[DataMessage]) -> None:
    """One statement for all of them. The rows exist and are locked, so each of them takes the way of the conflict."""
    if rows:
        DataMessage.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=_CHANGED_BY_COMPLETING
        )


def _add_parts(completed: Sequence[tuple[DataMessage, StoredContent]]) -> None:
    MessageFile.objects.bulk_create(
        MessageFile(message=row, position=position, **_columns(file))
        for row, content in completed
        for position, file in enumerate(content.files, 1)
    )
    MessageEvent.objects.bulk_create(
        MessageEvent(
            message=row, happened_at=event.time, kind=fits(event.kind, 8), description=fits(event.description, 255)
        )
        for row, content in completed
        for event in content.events
        if event.time
    )


def _columns(file: Any) -> dict[str, Any]:
    names = ("name", "media_type", "role", "digest", "size", "format_id", "format_name", "format_ok", "problem")
    return {name: getattr(file, name) for name in names}


def _tell(rows: Sequence[DataMessage]) -> None:
    if received := [row.pk for row in rows if row.direction == Direction.RECEIVED]:
        publish(events.DataMessagesReceived(message_ids=tuple(received)))
    for row in rows:
        if row.direction != Direction.RECEIVED and row.progress == Progress.COMPLETE:
            _tell_sender(row)


def _tell_sender(row: DataMessage) -> None:
    sent = OutboxItem.objects.filter(box=row.box_id, dm_id=row.dm_id)
    for outbox_id in sent.values_list("pk", flat=True):
        kind = events.SentCopyStored if row.direction == Direction.SENT else events.DeliveryReceiptStored
        publish(kind(message_id=row.pk, outbox_id=outbox_id))


def note_attempt(message: DataMessage, *, failed_with: str, next_attempt_at: datetime) -> bool:
    """Remember a failed download (technical state, not a record); True when it was the last attempt.

    Not an operation: nothing of the record changes, and an outage would fill the log.
    """
    message.attempts += 1
    message.problem, message.next_attempt_at = failed_with, next_attempt_at
    message.save(update_fields=["attempts", "problem", "next_attempt_at"])
    return message.attempts >= MOST_ATTEMPTS
