"""The nightly round of archive time stamps (ArchiveISDSDocument), one document at a time.

A seal can be verified as long as its last time stamp can; each stamp prolongs that by years. ISDS says with each
stamp until when the next one has to be added (``nextStampTo``).
"""

import logging
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import BinaryIO, Final, cast

from egon import storage
from egon.databox import connection, contact, queries, rules
from egon.databox.models import Box, DataMessage
from egon.databox.operations import stamping as operations
from egon.gateways.isds import IsdsBusy, IsdsClient, IsdsRefused, Source, read_zfo
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import BadContent, GatewayError
from egon.storage import BlobRef
from egon.tenancy.scope import current_tenant_id

logger = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 200
"""Documents of one round; the job asks for another one while there is more."""

_IN_MEMORY: Final = 4 * 1024 * 1024
_CHECKED: Final = 32 * 1024 * 1024


def stamp_due(*, most: int = MOST_AT_ONCE) -> int:
    """Renew what is due, the most pressing first; returns how many documents were asked about.

    One document at a time, so that ISDS never sees more than one call of ours (it takes two at once, 2210).
    """
    due = queries.to_stamp(now=clock.now())[:most]
    by_box: dict[int, list[DataMessage]] = defaultdict(list)
    for message in due:
        by_box[message.box_id or 0].append(message)
    asked = 0
    for box_id, messages in by_box.items():
        box = Box.objects.get(pk=box_id)
        if queries.is_due(box, now=clock.now()):
            asked += _stamp_box(box, messages)
    return asked


def _stamp_box(box: Box, messages: list[DataMessage]) -> int:
    asked = 0
    try:
        with connection.client_for(box) as client:
            for message in messages:
                stamp_one(message, client)
                asked += 1
    except GatewayError as error:
        logger.warning("stamps of box %s: %s", box.box_id, error)
        contact.note_failure(box, error, at=clock.now())
    return asked


def stamp_one(message: DataMessage, client: IsdsClient) -> None:
    """Ask for one stamp and record the outcome. Raises ``GatewayError`` when ISDS cannot be spoken with now."""
    newest = queries.newest_version(message)
    try:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as target:
            writer = cast(BinaryIO, target)
            answer = client.archive(Source(newest.size, partial(storage.open_blob, newest.digest)), writer)
            target.seek(0)
            blob = storage.put(writer)
    except IsdsRefused as error:
        _refused(message, error)
    except IsdsBusy as error:
        _later(message, error.message, clock.now() + error.after)
    except BadContent as error:
        _give_up(message, error.message)
    else:
        _store(message, newest, blob, answer.next_stamp_to)


def _store(message: DataMessage, newest: BlobRef, blob: BlobRef, next_stamp_to: date | None) -> None:
    if not _is_stamped(message, newest, blob):
        _later(message, "ISDS místo orazítkované zprávy vrátil jiný dokument, zkusí se to znovu.", _in_a_month())
        return
    operations.store_stamp(
        actor=_system(),
        message=message,
        blob=blob,
        next_stamp_to=next_stamp_to,
        due_at=rules.next_stamp_due(next_stamp_to, now=clock.now()),
        at=clock.now(),
    )


def _is_stamped(message: DataMessage, before: BlobRef, after: BlobRef) -> bool:
    """Whether a document is the one before with something added. A large one is judged by its size alone, so that it
    is never whole in memory; whoever opens it checks its seal anyway."""
    if after.digest == before.digest or after.size < before.size:
        return False
    if after.size > _CHECKED:
        return True
    try:
        zfo = read_zfo(storage.read(after.digest))
    except BadContent:
        return False
    return zfo.dm_id == message.dm_id and (zfo.hash.value.hex() if zfo.hash else "") == message.content_hash


def _refused(message: DataMessage, error: IsdsRefused) -> None:
    """2209 and 2206 are only early; everything else ISDS refuses (2205, 2200…) will not change by asking again."""
    too_early: dict[str, Callable[[], datetime]] = {"2209": _in_a_day, "2206": _in_a_month}
    if wait := too_early.get(error.status):
        _later(message, "", wait())
    else:
        _give_up(message, error.message)


def _give_up(message: DataMessage, reason: str) -> None:
    operations.give_up_stamping(actor=_system(), message=message, reason=reason)


def _later(message: DataMessage, reason: str, due_at: datetime) -> None:
    """When to ask again. Technical state, so it is not in the transaction log."""
    DataMessage.objects.filter(pk=message.pk).update(stamp_due_at=due_at, stamp_problem=reason)


def _in_a_day() -> datetime:
    return clock.now() + timedelta(hours=24, minutes=10)


def _in_a_month() -> datetime:
    return clock.now() + timedelta(days=30)


def _system() -> Actor:
    return Actor.system(current_tenant_id())
