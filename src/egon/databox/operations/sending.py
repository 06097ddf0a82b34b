"""Sending: every message once, whatever fails in between.

``sending`` is committed before the call to ISDS. Whoever finds it there without a living call, or gets no clear answer,
turns it to ``ambiguous``; from there only the list of sent messages, or a safe time without it, leads further.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from egon import storage
from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.databox import events, jobs, permissions, rules
from egon.databox.errors import AlreadyUnderWay, MessageNotSendable
from egon.databox.models import Box, DataMessage, Direction, OutboxFile, OutboxItem, OutboxState, Progress, lock
from egon.gateways.isds import OutgoingFile
from egon.gateways.isds import rules as isds_rules
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records.models import Document

UNCLEAR: Final = (OutboxState.SENDING, OutboxState.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class OutgoingBlob:
    """An attachment to be sent; its content is in the storage. The first one should have the role ``main``."""

    name: str
    media_type: str
    digest: str
    size: int
    role: str = "enclosure"


@operation("databox.outbox.queue", title="Zařazení k odeslání datovou schránkou", requires=permissions.may_send)
def queue_message(
    *,
    actor: Actor,
    box: Box,
    document: Document,
    recipient_box_id: str,
    recipient_name: str,
    annotation: str,
    files: Sequence[OutgoingBlob],
    at: datetime,
    reference_number: str = "",
    file_mark: str = "",
    recipient_reference: str = "",
    to_hands: str = "",
    personal_delivery: bool = False,
) -> OutboxItem:
    """Queue a message to be sent once. Raises ``MessageNotSendable`` with every obstacle; nothing is kept then."""
    recipient_box_id = recipient_box_id.strip().lower()
    obstacles = obstacles_to_sending(box=box, recipient_box_id=recipient_box_id, annotation=annotation, files=files)
    if obstacles:
        raise MessageNotSendable(obstacles)
    item = OutboxItem.objects.create(
        box=box,
        document=document,
        token=rules.new_token(),
        recipient_box_id=recipient_box_id,
        recipient_name=rules.fits(recipient_name, 255),
        annotation=annotation.strip(),
        reference_number=reference_number[: rules.FIELD_LENGTH],
        file_mark=file_mark[: rules.FIELD_LENGTH],
        recipient_reference=recipient_reference[: rules.FIELD_LENGTH],
        to_hands=to_hands[:30],
        personal_delivery=personal_delivery,
        created_at=at,
    )
    OutboxFile.objects.bulk_create(
        OutboxFile(
            item=item,
            position=position,
            name=file.name,
            media_type=file.media_type,
            role=file.role,
            digest=file.digest,
            size=file.size,
        )
        for position, file in enumerate(files, 1)
    )
    jobs.ask_to_send(item.pk)
    return item


def obstacles_to_sending(
    *, box: Box, recipient_box_id: str, annotation: str, files: Sequence[OutgoingBlob]
) -> list[str]:
    """Everything that ISDS would refuse, found before the message is queued."""
    found = []
    if not isds_rules.is_box_id(recipient_box_id):
        found.append(f"Identifikátor schránky příjemce „{recipient_box_id}“ má chybný tvar. Vyhledejte schránku znovu.")
    if not box.active:
        found.append(f"Schránka {box.box_id} se nepoužívá. Vyberte jinou vlastní schránku.")
    if recipient_box_id == box.box_id:
        found.append("Příjemcem je vlastní schránka, ze které se odesílá. Opravte schránku příjemce.")
    if not annotation.strip():
        found.append("Chybí věc zprávy.")
    elif len(annotation.strip()) > 255:
        found.append("Věc zprávy je delší než 255 znaků. Zkraťte ji.")
    return [*found, *_obstacles_to_files(files)]


def _obstacles_to_files(files: Sequence[OutgoingBlob]) -> list[str]:
    """The rules of ISDS for attachments. Contents are read (and so known to be there) only when they can be sent."""
    total = sum(file.size for file in files)
    if total > isds_rules.MAX_TOTAL_SIZE:
        size = f"{total / 1024 / 1024:.1f}".replace(".", ",")
        each = [problem for f in files for problem in isds_rules.file_obstacles(f.name, f.size, f.media_type)]
        return [*each, f"Přílohy mají dohromady {size} MB, běžná zpráva smí mít nejvýše 20 MB."]
    return isds_rules.obstacles_to_attaching(
        [OutgoingFile(file.name, storage.read(file.digest), file.media_type, role=file.role) for file in files]
    )


@operation("databox.outbox.begin", title="Odesílání do ISDS", requires=only_system)
def begin_sending(*, actor: Actor, item: OutboxItem, at: datetime) -> OutboxItem:
    """Commit that a call to ISDS is about to be made. Raises ``AlreadyUnderWay`` when somebody else is at it."""
    row = lock(OutboxItem, item.pk)
    if row.state != OutboxState.QUEUED:
        raise AlreadyUnderWay(f"Zpráva je ve stavu „{row.get_state_display()}“, znovu se neodesílá.")
    row.state = OutboxState.SENDING
    row.attempts += 1
    row.first_attempt_at = row.first_attempt_at or at
    row.last_attempt_at = at
    row.problem = row.problem_detail = ""
    row.save()
    return row


@operation("databox.outbox.sent", title="Odeslání datovou schránkou", requires=only_system)
def confirm_sent(
    *, actor: Actor, item: OutboxItem, dm_id: str, at: datetime, found_in_list: bool = False
) -> OutboxItem:
    """ISDS has the message under ``dm_id``. The sealed copy of what was sent is asked for as well."""
    row = lock(OutboxItem, item.pk)
    if row.dm_id:
        return row
    row.state, row.dm_id, row.sent_at, row.next_attempt_at = OutboxState.SENT, dm_id, at, None
    row.problem = row.problem_detail = ""
    row.message = DataMessage.objects.create(
        box_id=row.box_id,
        dm_id=dm_id,
        direction=Direction.SENT,
        progress=Progress.ANNOUNCED,
        recipient_box_id=row.recipient_box_id,
        recipient_name=row.recipient_name,
        annotation=row.annotation,
        announced_at=at,
    )
    return _changed(row)


@operation("databox.outbox.ambiguous", title="Odeslání bez potvrzení", requires=only_system)
def mark_ambiguous(*, actor: Actor, item: OutboxItem, reason: str, at: datetime, detail: str = "") -> OutboxItem:
    """Nobody knows whether ISDS has the message: it is looked for, and never sent again before that."""
    row = lock(OutboxItem, item.pk)
    if row.state != OutboxState.SENDING:
        return row
    row.state, row.problem, row.problem_detail, row.next_attempt_at = OutboxState.AMBIGUOUS, reason, detail, at
    return _changed(row)


@operation("databox.outbox.requeue", title="Vrácení do fronty k odeslání", requires=only_system)
def requeue(*, actor: Actor, item: OutboxItem, reason: str, next_attempt_at: datetime, detail: str = "") -> OutboxItem:
    """ISDS surely does not have the message, another attempt follows; the last one is followed by people."""
    row = lock(OutboxItem, item.pk)
    if row.state not in UNCLEAR:
        return row
    row.problem, row.problem_detail, row.next_attempt_at = reason, detail, next_attempt_at
    row.state = OutboxState.FAILED if row.attempts >= rules.MOST_ATTEMPTS else OutboxState.QUEUED
    return _changed(row)


@operation("databox.outbox.refused", title="ISDS zprávu odmítl", requires=only_system)
def mark_refused(*, actor: Actor, item: OutboxItem, reason: str, detail: str = "") -> OutboxItem:
    """ISDS understood and refused (or would: the box is closed). Another dispatch has to be made."""
    return _end(item, OutboxState.REFUSED, reason, detail, possible_in=(OutboxState.QUEUED, OutboxState.SENDING))


@operation("databox.outbox.failed", title="Zprávu nelze odeslat", requires=only_system)
def mark_failed(*, actor: Actor, item: OutboxItem, reason: str, detail: str = "") -> OutboxItem:
    """The message cannot be put together (a blob is missing). It surely was not sent."""
    return _end(item, OutboxState.FAILED, reason, detail, possible_in=(OutboxState.QUEUED,))


@operation("databox.outbox.cancel", title="Zrušení odeslání", requires=permissions.may_send)
def cancel_sending(*, actor: Actor, item: OutboxItem, reason: str) -> OutboxItem:
    """Take a waiting message back. Raises ``AlreadyUnderWay`` once a call to ISDS may have been made."""
    row = lock(OutboxItem, item.pk)
    if row.state != OutboxState.QUEUED:
        raise AlreadyUnderWay(f"Odeslání už nelze zrušit, zpráva je ve stavu „{row.get_state_display()}“.")
    row.state, row.problem = OutboxState.CANCELLED, reason
    return _changed(row)


def _end(
    item: OutboxItem, state: OutboxState, reason: str, detail: str, *, possible_in: tuple[OutboxState, ...]
) -> OutboxItem:
    """End a sending that ISDS surely does not have; one that became unclear meanwhile stays to be looked for."""
    row = lock(OutboxItem, item.pk)
    if row.state not in possible_in:
        return row
    row.state, row.problem, row.problem_detail, row.next_attempt_at = state, reason, detail, None
    return _changed(row)


def _changed(row: OutboxItem) -> OutboxItem:
    row.save()
    log.note(state=row.state)
    publish(events.OutboxStateChanged(outbox_id=row.pk, state=row.state))
    return row


def retry_delay(attempts: int, shortest: timedelta) -> timedelta:
    """How long to wait before the next attempt at a sending that surely failed."""
    return max(shortest, rules.delay_after(attempts))
