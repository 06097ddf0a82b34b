"""Sending: every message once, whatever fails in between.

``sending`` is committed before the call to ISDS. Whoever finds it there without a living call, or gets no clear answer,
turns it to ``ambiguous``; from there only the list of sent messages, or a safe time without it, leads further.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from egon import storage
from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.databox import events, jobs, permissions, rules
from egon.databox.errors import AlreadyUnderWay, MessageNotSendable
from egon.databox.models import Box, DataMessage, Direction, OutboxFile, OutboxItem, OutboxState, Progress, lock
from egon.databox.options import SendingOptions, in_calls, is_commercial, may_share_call
from egon.gateways.isds import rules as isds_rules
from egon.gateways.isds.dispatch import needs_big_message
from egon.gateways.isds.rules import MAX_TO_HANDS
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """Where one of several messages goes. ``to_hands`` empty takes what is common to all."""

    box_id: str
    name: str
    box_type: str = ""
    to_hands: str = ""


@operation("databox.outbox.queue", title="Zařazení k odeslání datovou schránkou", requires=permissions.may_send)
def queue_messages(
    *,
    actor: Actor,
    box: Box,
    document: Document,
    recipients: Sequence[Addressed],
    annotation: str,
    files: Sequence[OutgoingBlob],
    at: datetime,
    reference_number: str = "",
    file_mark: str = "",
    options: SendingOptions = SendingOptions(),  # noqa: B008 – frozen
) -> list[OutboxItem]:
    """Queue a message for one or more boxes, in the order of ``recipients``; each is sent once and lives its own life.

    Those that may leave by one call share a token. Raises ``MessageNotSendable`` with every obstacle of all of them;
    nothing is kept then.
    """
    recipients = [replace(one, box_id=one.box_id.strip().lower()) for one in recipients]
    obstacles = obstacles_to_sending(
        box=box, box_ids=[one.box_id for one in recipients], annotation=annotation, files=files, options=options
    )
    if obstacles:
        raise MessageNotSendable(obstacles)
    is_big = needs_big_message([file.size for file in files])
    calls = (
        in_calls(recipients) if may_share_call(payment=options.payment, is_big=is_big) else [[r] for r in recipients]
    )
    shared = {
        "box": box,
        "document": document,
        "annotation": annotation.strip(),
        "reference_number": reference_number[: rules.FIELD_LENGTH],
        "file_mark": file_mark[: rules.FIELD_LENGTH],
        "is_big": is_big,
        "created_at": at,
    }
    made: dict[int, OutboxItem] = {}
    for call in calls:
        token = rules.new_token()
        for one in call:
            made[id(one)] = _create(one, files, options, token=token, **shared)
        jobs.ask_to_send(made[id(call[0])].pk)  # the first one takes the others of its call along
    return [made[id(one)] for one in recipients]


def _create(one: Addressed, files: Sequence[OutgoingBlob], options: SendingOptions, **shared: Any) -> OutboxItem:
    title = options.legal_title
    public = is_commercial(shared["box"].box_type, one.box_type) is False
    item = OutboxItem.objects.create(
        recipient_box_id=one.box_id,
        recipient_type=one.box_type,
        recipient_name=rules.fits(one.name, 255),
        recipient_reference=options.recipient_reference.strip(),
        recipient_file_mark=options.recipient_file_mark.strip(),
        to_hands=(one.to_hands or options.to_hands).strip()[:MAX_TO_HANDS],
        personal_delivery=options.personal_delivery,
        allow_fiction=options.allow_fiction,
        law=title.law,
        law_year=title.year,
        law_section=title.section,
        law_paragraph=title.paragraph,
        law_point=title.point,
        publish_level=options.publish_level,
        payment="" if public else options.payment,
        **shared,
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
    return item


def obstacles_to_sending(
    *, box: Box, box_ids: Sequence[str], annotation: str, files: Sequence[OutgoingBlob], options: SendingOptions
) -> list[str]:
    """Everything that ISDS would refuse, found before anything is queued."""
    found = [] if box_ids else ["Není vybrán žádný adresát."]
    for box_id in dict.fromkeys(box_ids):
        if not isds_rules.is_box_id(box_id):
            found.append(f"Identifikátor schránky příjemce „{box_id}“ má chybný tvar. Vyhledejte schránku znovu.")
        if box_id == box.box_id:
            found.append("Příjemcem je vlastní schránka, ze které se odesílá. Opravte schránku příjemce.")
    if not box.active:
        found.append(f"Schránka {box.box_id} se nepoužívá. Vyberte jinou vlastní schránku.")
    if not annotation.strip():
        found.append("Chybí věc zprávy.")
    elif len(annotation.strip()) > isds_rules.MAX_ANNOTATION:
        found.append("Věc zprávy je delší než 255 znaků. Zkraťte ji.")
    return [*found, *options.obstacles(box.box_type), *_obstacles_to_files(files)]


def _obstacles_to_files(files: Sequence[OutgoingBlob]) -> list[str]:
    """The rules of ISDS for attachments; those over 20 MB together leave as a large message (VoDZ, up to 100 MB)."""
    described = [isds_rules.DescribedFile(file.name, file.size, file.media_type, file.role) for file in files]
    missing = [f"Obsah přílohy „{file.name}“ v úložišti chybí." for file in files if not storage.exists(file.digest)]
    return [*isds_rules.obstacles_to_described(described), *missing]


@operation("databox.outbox.begin", title="Odesílání do ISDS", requires=only_system)
def begin_sending(*, actor: Actor, item: OutboxItem, at: datetime) -> OutboxItem:
    """Commit that a call to ISDS is about to be made. Raises ``AlreadyUnderWay`` when somebody else is at it."""
    row = lock(OutboxItem, item.pk)
    if row.state != OutboxState.QUEUED:
        raise AlreadyUnderWay(f"Zpráva je ve stavu „{row.get_state_display()}“, znovu se neodesílá.")
    return _begin(row, at)


@operation("databox.outbox.begin_many", title="Odesílání do ISDS více příjemcům", requires=only_system)
def begin_sending_together(*, actor: Actor, items: Sequence[OutboxItem], at: datetime) -> list[OutboxItem]:
    """As :func:`begin_sending` for messages of one call; those that somebody else took meanwhile are left out."""
    rows = OutboxItem.objects.select_for_update().filter(pk__in=[item.pk for item in items]).order_by("pk")
    return [_begin(row, at) for row in rows if row.state == OutboxState.QUEUED]


def _begin(row: OutboxItem, at: datetime) -> OutboxItem:
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
        is_big=row.is_big,
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
