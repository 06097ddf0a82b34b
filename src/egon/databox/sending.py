"""Sending through ISDS: one step of one call at a time, each safe to be cut off anywhere."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from egon import storage
from egon.databox import connection, contact, queries, recipients, rules, uploading
from egon.databox.errors import AlreadyUnderWay
from egon.databox.models import OutboxItem, OutboxState
from egon.databox.operations import sending as operations
from egon.gateways.isds import IsdsClient, IsdsRefused, OutgoingFile, OutgoingMessage, Recipient, SentRecord
from egon.gateways.isds.errors import SendingUnclear, status_error
from egon.gateways.isds.messages import LegalTitle
from egon.gateways.isds.reports import RecipientOutcome
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import Ambiguous, BadContent, GatewayError, Misconfigured, Refused, Retryable
from egon.tenancy.scope import current_tenant_id

logger = logging.getLogger(__name__)

_CRASHED = (
    "Odesílání přerušil výpadek. Zda ISDS zprávu přijal, se ověřuje v seznamu odeslaných zpráv; "
    "do té doby se znovu neposílá."
)
_NOT_FOUND = "ISDS zprávu při předchozím pokusu nepřijal (není mezi odeslanými), odešle se znovu."

_LOST_UPLOADS: Final = frozenset({"1288", "1289", "1293", "1294"})
"""ISDS does not have (or does not trust) an attachment uploaded before: it is uploaded anew."""


def send(outbox_id: int) -> None:
    """Bring one sending a step further, and those that leave by the same call with it.

    Nothing is raised for failures of ISDS: they are states people see.
    """
    item = OutboxItem.objects.select_related("box").get(pk=outbox_id)
    if not queries.is_sending_due(item, now=clock.now()):
        return
    if item.state == OutboxState.SENDING:
        item = operations.mark_ambiguous(actor=_system(), item=item, reason=_CRASHED, at=clock.now())
    try:
        with connection.client_for(item.box) as client:
            if item.state == OutboxState.AMBIGUOUS:
                reconcile(item, client)
            elif item.state == OutboxState.QUEUED:
                deliver(item, client)
    except GatewayError as error:
        logger.warning("sending %s: %s", outbox_id, error)
        contact.note_failure(item.box, error, at=clock.now())


# --- sending -------------------------------------------------------------------------------------------------------


def deliver(item: OutboxItem, client: IsdsClient) -> None:
    """Send a queued message and those of its call: check the recipients, commit that we are about to send, send,
    record each answer."""
    ready = [one for one in queries.of_one_call(item, now=clock.now()) if _may_go(one, client)]
    if len(ready) > 1:
        _send_together(ready, client)
    elif ready:
        _send_alone(ready[0], client)


def _may_go(item: OutboxItem, client: IsdsClient) -> bool:
    """Ask about the recipient just before sending; an obstacle is recorded, failures are raised (nothing was sent)."""
    try:
        obstacle = recipients.obstacle_to(item, client)
    except IsdsRefused as error:
        operations.mark_refused(actor=_system(), item=item, reason=_with_next_step(error.message), detail=error.detail)
        return False
    if obstacle:
        operations.mark_refused(actor=_system(), item=item, reason=obstacle)
    return not obstacle


def _send_alone(item: OutboxItem, client: IsdsClient) -> None:
    try:
        # What takes long and sends nothing comes first: contents are read, large ones uploaded.
        message, uploaded = outgoing_message(item), uploading.upload_all(item, client) if item.is_big else []
    except BadContent as error:
        operations.mark_failed(actor=_system(), item=item, reason=error.message, detail=error.detail)
        return
    except IsdsRefused as error:
        _refused_upload(item, error)
        return
    try:
        item = operations.begin_sending(actor=_system(), item=item, at=clock.now())
    except AlreadyUnderWay:
        return
    try:
        dm_id = client.create_big_message(message, uploaded) if item.is_big else client.create_message(message)
    except GatewayError as error:
        _record_failure(item, error)
        _tell_box(item, error)
        return
    operations.confirm_sent(actor=_system(), item=item, dm_id=dm_id, at=clock.now())


def _send_together(items: Sequence[OutboxItem], client: IsdsClient) -> None:
    """CreateMultipleMessage: one call, as many messages; some may be refused while the others go (0004)."""
    try:
        message = outgoing_message(items[0])
    except BadContent as error:
        for item in items:
            operations.mark_failed(actor=_system(), item=item, reason=error.message, detail=error.detail)
        return
    begun = operations.begin_sending_together(actor=_system(), items=items, at=clock.now())
    if not begun:
        return
    addressed = [Recipient(item.recipient_box_id, to_hands=item.to_hands) for item in begun]
    try:
        outcomes = client.create_messages(message, addressed)
    except GatewayError as error:
        for item in begun:
            _record_failure(item, error)
        _tell_box(begun[0], error)
        return
    for item, outcome in zip(begun, outcomes, strict=True):
        if outcome.sent:
            operations.confirm_sent(actor=_system(), item=item, dm_id=outcome.dm_id, at=clock.now())
        else:
            _record_failure(item, _failure_of(outcome))


def outgoing_message(item: OutboxItem) -> OutgoingMessage:
    """The message as it will be sent; its file mark carries the token by which it is recognised.

    Contents of a large message are not in it: they are uploaded beside (``uploading``), never read into memory.
    """
    files = () if item.is_big else tuple(item.files.order_by("position"))
    return OutgoingMessage(
        recipient_box=item.recipient_box_id,
        annotation=item.annotation,
        files=tuple(
            OutgoingFile(file.name, storage.read(file.digest), file.media_type, role=file.role) for file in files
        ),
        to_hands=item.to_hands,
        sender_reference_number=item.reference_number,
        sender_file_mark=rules.marked_file_mark(item.file_mark, item.token),
        recipient_reference_number=item.recipient_reference,
        recipient_file_mark=item.recipient_file_mark,
        legal_title=LegalTitle(item.law, item.law_year, item.law_section, item.law_paragraph, item.law_point),
        personal_delivery=item.personal_delivery,
        allow_fiction=item.allow_fiction,
        publish_sender=item.publish_level,
        message_type=item.payment,
    )


def _failure_of(outcome: RecipientOutcome) -> GatewayError:
    if outcome.status.is_success:
        return SendingUnclear(
            "ISDS u tohoto příjemce nesdělil číslo zprávy. Zda ji přijal, se ověří v seznamu odeslaných zpráv; "
            "do té doby se neposílá znovu.",
            detail=f"{outcome.status} {outcome.text}".strip(),
        )
    return status_error(outcome.status, outcome.text, sending=True)


def _record_failure(item: OutboxItem, error: GatewayError) -> None:
    now = clock.now()
    match error:
        case Ambiguous():
            operations.mark_ambiguous(actor=_system(), item=item, reason=error.message, detail=error.detail, at=now)
        case IsdsRefused(status=status) if item.is_big and status in _LOST_UPLOADS:
            uploading.forget(item)
            _requeue(item, error, rules.delay_after(item.attempts))
        case Refused():
            operations.mark_refused(
                actor=_system(), item=item, reason=_with_next_step(error.message), detail=error.detail
            )
        case _:
            shortest = error.after if isinstance(error, Retryable) else timedelta(seconds=20)
            _requeue(item, error, operations.retry_delay(item.attempts, shortest))


def _requeue(item: OutboxItem, error: GatewayError, delay: timedelta) -> None:
    operations.requeue(
        actor=_system(),
        item=item,
        reason=error.message,
        detail=error.detail,
        next_attempt_at=clock.now() + delay,
    )


def _refused_upload(item: OutboxItem, error: IsdsRefused) -> None:
    """An attachment was not taken: over the quota of uploads it is tried later, otherwise people decide."""
    if error.status == "1286":
        uploading.postpone(item, error.message, until=clock.now() + uploading.QUOTA_PAUSE)
    else:
        operations.mark_refused(actor=_system(), item=item, reason=_with_next_step(error.message), detail=error.detail)


def _tell_box(item: OutboxItem, error: GatewayError) -> None:
    if isinstance(error, Misconfigured | Retryable):
        contact.note_failure(item.box, error, at=clock.now())


# --- after an unclear attempt --------------------------------------------------------------------------------------


def reconcile(item: OutboxItem, client: IsdsClient) -> None:
    """Look for an unconfirmed message, and those of its call, among the sent ones.

    Only after a safe time without it may a message be sent again.
    """
    asked_at = clock.now()
    unclear = queries.unclear_of_call(item, now=asked_at)
    found = find_among_sent(unclear, client)
    for one in unclear:
        _decide(one, found.get(one.pk), asked_at)


def _decide(item: OutboxItem, found: SentRecord | None, asked_at: datetime) -> None:
    if found:
        operations.confirm_sent(
            actor=_system(), item=item, dm_id=found.dm_id, at=found.delivery_time or asked_at, found_in_list=True
        )
    elif asked_at - (item.last_attempt_at or asked_at) >= connection.patience().safe_wait:
        operations.requeue(actor=_system(), item=item, reason=_NOT_FOUND, next_attempt_at=clock.now())
    else:
        _look_again_later(item, asked_at)


def find_among_sent(items: Sequence[OutboxItem], client: IsdsClient) -> Mapping[int, SentRecord]:
    """The sent messages that carry our token and go to our recipient's box, from before the first attempt on.

    The box has to be the same, because messages of one call share their token. By ids of ``items``; none, none.
    """
    since = min(item.first_attempt_at or item.created_at for item in items) - rules.CLOCK_TOLERANCE
    found: dict[int, SentRecord] = {}
    offset = 1
    while len(found) < len(items):
        page = client.list_sent(since, None, offset=offset, limit=rules.PAGE)
        for record in page:
            for item in items:
                same_recipient = record.envelope.recipient_box == item.recipient_box_id
                if same_recipient and rules.carries_token(record.envelope.sender_file_mark, item.token):
                    found.setdefault(item.pk, record)
        if len(page) < rules.PAGE:
            break
        offset += rules.PAGE
    return found


def _look_again_later(item: OutboxItem, asked_at: datetime) -> None:
    pause = min(timedelta(seconds=20), connection.patience().safe_wait / 4)
    OutboxItem.objects.filter(pk=item.pk, state=OutboxState.AMBIGUOUS).update(next_attempt_at=asked_at + pause)


def _with_next_step(message: str) -> str:
    return f"{message} Dokument zůstal beze změny; po opravě ho z výpravny odešlete znovu."


def _system() -> Actor:
    return Actor.system(current_tenant_id())
