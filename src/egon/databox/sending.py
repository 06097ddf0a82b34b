"""Sending through ISDS: one step of one message at a time, each safe to be cut off anywhere."""

import logging
from datetime import datetime, timedelta

from egon import storage
from egon.databox import connection, contact, queries, rules
from egon.databox.errors import AlreadyUnderWay
from egon.databox.models import OutboxItem, OutboxState
from egon.databox.operations import sending as operations
from egon.gateways.isds import IsdsClient, IsdsRefused, OutgoingFile, OutgoingMessage, SentRecord
from egon.gateways.isds.codes import BoxState
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


def send(outbox_id: int) -> None:
    """Bring one sending a step further. Nothing is raised for failures of ISDS: they are states people see."""
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


def deliver(item: OutboxItem, client: IsdsClient) -> None:
    """Send a queued message: check the recipient, commit that we are about to send, send, record the answer."""
    try:
        message = outgoing_message(item)
    except BadContent as error:
        operations.mark_failed(actor=_system(), item=item, reason=error.message, detail=error.detail)
        return
    if not _recipient_takes_messages(item, client):
        return
    try:
        item = operations.begin_sending(actor=_system(), item=item, at=clock.now())
    except AlreadyUnderWay:
        return
    try:
        dm_id = client.create_message(message)
    except GatewayError as error:
        _record_failure(item, error)
        if isinstance(error, Misconfigured | Retryable):
            contact.note_failure(item.box, error, at=clock.now())
        return
    operations.confirm_sent(actor=_system(), item=item, dm_id=dm_id, at=clock.now())


def outgoing_message(item: OutboxItem) -> OutgoingMessage:
    """The message as it will be sent; its file mark carries the token by which it is recognised."""
    files = tuple(
        OutgoingFile(file.name, storage.read(file.digest), file.media_type, role=file.role)
        for file in item.files.order_by("position")
    )
    return OutgoingMessage(
        recipient_box=item.recipient_box_id,
        annotation=item.annotation,
        files=files,
        to_hands=item.to_hands,
        sender_reference_number=item.reference_number,
        sender_file_mark=rules.marked_file_mark(item.file_mark, item.token),
        recipient_reference_number=item.recipient_reference,
        personal_delivery=item.personal_delivery,
    )


def _recipient_takes_messages(item: OutboxItem, client: IsdsClient) -> bool:
    """CheckDataBox just before sending; a refusal is recorded, other failures are raised (nothing was sent)."""
    try:
        state = client.check_box(item.recipient_box_id)
    except IsdsRefused as error:
        operations.mark_refused(actor=_system(), item=item, reason=_with_next_step(error.message), detail=error.detail)
        return False
    if state.takes_messages:
        return True
    operations.mark_refused(actor=_system(), item=item, reason=_closed(state))
    return False


def _record_failure(item: OutboxItem, error: GatewayError) -> None:
    now = clock.now()
    match error:
        case Ambiguous():
            operations.mark_ambiguous(actor=_system(), item=item, reason=error.message, detail=error.detail, at=now)
        case Refused():
            operations.mark_refused(
                actor=_system(), item=item, reason=_with_next_step(error.message), detail=error.detail
            )
        case _:
            shortest = error.after if isinstance(error, Retryable) else timedelta(seconds=20)
            operations.requeue(
                actor=_system(),
                item=item,
                reason=error.message,
                detail=error.detail,
                next_attempt_at=now + operations.retry_delay(item.attempts, shortest),
            )


def reconcile(item: OutboxItem, client: IsdsClient) -> None:
    """Look for an unconfirmed message among the sent ones; only after a safe time without it may it be sent again."""
    asked_at = clock.now()
    found = find_among_sent(item, client)
    if found:
        operations.confirm_sent(
            actor=_system(), item=item, dm_id=found.dm_id, at=found.delivery_time or asked_at, found_in_list=True
        )
    elif asked_at - (item.last_attempt_at or asked_at) >= connection.patience().safe_wait:
        operations.requeue(actor=_system(), item=item, reason=_NOT_FOUND, next_attempt_at=clock.now())
    else:
        _look_again_later(item, asked_at)


def find_among_sent(item: OutboxItem, client: IsdsClient) -> SentRecord | None:
    """The sent message that carries our token, from before the first attempt on; ``None`` when ISDS has none."""
    since = (item.first_attempt_at or item.created_at) - rules.CLOCK_TOLERANCE
    offset = 1
    while True:
        page = client.list_sent(since, None, offset=offset, limit=rules.PAGE)
        for record in page:
            same_recipient = record.envelope.recipient_box in ("", item.recipient_box_id)
            if same_recipient and rules.carries_token(record.envelope.sender_file_mark, item.token):
                return record
        if len(page) < rules.PAGE:
            return None
        offset += rules.PAGE


def _look_again_later(item: OutboxItem, asked_at: datetime) -> None:
    pause = min(timedelta(seconds=20), connection.patience().safe_wait / 4)
    OutboxItem.objects.filter(pk=item.pk, state=OutboxState.AMBIGUOUS).update(next_attempt_at=asked_at + pause)


def _closed(state: BoxState) -> str:
    return (
        f"Schránka příjemce je {state.label}, zprávu nepřijme. Nic se neodeslalo a dokument zůstal beze změny; "
        "vyhledejte jinou schránku příjemce, nebo zvolte jiný způsob odeslání."
    )


def _with_next_step(message: str) -> str:
    return f"{message} Dokument zůstal beze změny; po opravě ho z výpravny odešlete znovu."


def _system() -> Actor:
    return Actor.system(current_tenant_id())
