"""Looking into a box: ask ISDS, then record what it said. No transaction is open while ISDS is being asked.

Every step may be cut off anywhere (kill -9 included) and done again: announced rows wait in the table, blobs are
content-addressed, and a row completed once stays so.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from datetime import datetime
from typing import Final, Self

from django.db import DataError, IntegrityError

from egon.databox import connection, contact, downloading, queries, rules, tracking, upkeep, watching
from egon.databox.contents import StoredContent, store_content
from egon.databox.models import Box, DataMessage
from egon.databox.operations import receiving
from egon.gateways.isds import IsdsBusy, IsdsClient, IsdsRefused, ReceivedRecord
from egon.gateways.isds.codes import StatusCode
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import GatewayError, Misconfigured, Retryable
from egon.tenancy.scope import current_tenant_id

logger = logging.getLogger(__name__)

FAILURES_IN_A_ROW: Final = 2
"""After so many messages that failed one after another the fault is not in the messages: leave it for the next time."""


AT_ONCE: Final = 2
"""Messages being downloaded and read at the same time; each may have 20 MB."""

AHEAD: Final = 8
"""Messages asked for while those before them are being recorded. Of one already read no bytes stay in memory."""

TOGETHER: Final = 25
"""Documents recorded in one transaction: it costs several times less than one by one, and a crash loses no bytes."""

LONGEST_ON_TRAY: Final = 2.0
"""Seconds after which a downloaded document is recorded though there are not enough of them (large ones)."""

_ONE_LARGE: Final = threading.Lock()


def fetch_box(box_id: int) -> None:
    """Look for new messages as the box's policy allows, download them, and ask about states of what was sent.

    Failures of ISDS end here: they are shown on the page of boxes and tried again after a growing delay.
    """
    box = Box.objects.get(pk=box_id)
    now = clock.now()
    if not queries.is_due(box, now=now):
        return
    try:
        with connection.client_for(box) as client:
            look_for_new(box, client, now)
            tracking.refresh_states(box, client)
            download_announced(box, client)
            upkeep.learn_password_end(box, client)
        upkeep.try_new_certificates(box)
    except GatewayError as error:
        logger.warning("box %s: %s", box.box_id, error)
        contact.note_failure(box, error, at=clock.now())
    else:
        contact.note_success(box, at=clock.now())


def look_for_new(box: Box, client: IsdsClient, now: datetime) -> None:
    """List, watch, or leave the box alone; only listing delivers."""
    if queries.may_list(box, now=now):
        announce_new(box, client, now)
        Box.objects.filter(pk=box.pk, listing_asked_at=box.listing_asked_at).update(listing_asked_at=None)
    elif queries.may_watch(box, now=now):
        watching.look(box, client)
    else:
        return
    Box.objects.filter(pk=box.pk).update(looked_at=now)


def announce_new(box: Box, client: IsdsClient, now: datetime) -> None:
    """List received messages, **which delivers them**, from where the last list ended and register the new ones.

    The list overlaps by a quarter of an hour, once a day by ten days, and it never ends "now": what comes while it is
    being read is found next time.
    """
    since, offset = rules.listing_since(box.listed_until, box.swept_at, now=now), 1
    newest = box.listed_until
    while True:
        page = client.list_received(since, None, offset=offset, limit=rules.PAGE)
        newest = max([newest, *(record.delivery_time for record in page)], key=_earliest_when_unknown)
        register_page(box, page)
        if len(page) < rules.PAGE:
            break
        offset += rules.PAGE
    box.listed_until = newest
    if rules.needs_sweep(box.swept_at, now=now):
        box.swept_at = now
    box.save(update_fields=["listed_until", "swept_at"])


def register_page(box: Box, page: tuple[ReceivedRecord, ...]) -> None:
    """Announce those of a listed page that the register does not know."""
    known = queries.known_ids(box, [record.dm_id for record in page])
    new = [record for record in page if record.dm_id not in known]
    if new:
        receiving.announce_messages(actor=_system(), box=box, records=new, at=clock.now())


def download_announced(box: Box, client: IsdsClient) -> None:
    """Download everything announced: received messages, copies of sent ones, receipts; the never tried first."""
    failures = 0
    with _downloaders() as pool, _Tray() as tray:
        for message, coming in _started_ahead(pool, queries.to_download(box, now=clock.now()), client):
            try:
                tray.add(receiving.Arrival(message, coming.result()))
                failures = 0
            except Misconfigured:
                raise
            except Retryable as error:
                _postpone(message, error)
                failures += not isinstance(error, IsdsBusy)
                if failures >= FAILURES_IN_A_ROW:
                    raise
            except GatewayError as error:
                receiving.give_up_download(actor=_system(), message=message, reason=error.message, at=clock.now())


@contextmanager
def _downloaders() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="isds")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)  # after a failure ISDS is not asked for what was planned


class _Tray:
    """Downloaded documents on their way to the register, recorded a few at a time; also when downloading ends badly."""

    def __init__(self) -> None:
        self._arrivals: list[receiving.Arrival] = []
        self._oldest = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._record()

    def add(self, arrival: receiving.Arrival) -> None:
        """Take one more; record all when there are enough of them or when the first has waited long enough."""
        if not self._arrivals:
            self._oldest = time.monotonic()
        self._arrivals.append(arrival)
        if len(self._arrivals) >= TOGETHER or time.monotonic() - self._oldest >= LONGEST_ON_TRAY:
            self._record()

    def _record(self) -> None:
        arrivals, self._arrivals = self._arrivals, []
        if not arrivals:
            return
        try:
            receiving.store_messages(actor=_system(), arrivals=arrivals, at=clock.now())
        except (DataError, IntegrityError):
            for arrival in arrivals:  # one that the database refuses must not hold up the others
                _record_alone(arrival)


def _record_alone(arrival: receiving.Arrival) -> None:
    try:
        receiving.store_messages(actor=_system(), arrivals=[arrival], at=clock.now())
    except (DataError, IntegrityError) as error:
        logger.exception("message %s cannot be recorded", arrival.message.dm_id)
        receiving.give_up_download(
            actor=_system(),
            message=arrival.message,
            reason=f"Obsah zprávy se nepodařilo zapsat do evidence ({type(error).__name__}). Zapečetěný soubor je "
            "v úložišti; obraťte se na správce systému.",
            at=clock.now(),
        )


def _started_ahead(
    pool: ThreadPoolExecutor, messages: Iterable[DataMessage], client: IsdsClient
) -> Iterator[tuple[DataMessage, Future[StoredContent]]]:
    """The messages in order, while the next few are being downloaded and read already.

    The threads touch ISDS and the storage, never the database.
    """
    started: deque[tuple[DataMessage, Future[StoredContent]]] = deque()
    for message in messages:
        scope = copy_context()  # the threads work for the same originator
        started.append((message, pool.submit(scope.run, fetch_content, message, client)))
        if len(started) > AHEAD:
            yield started.popleft()
    while started:
        yield started.popleft()


def fetch_content(message: DataMessage, client: IsdsClient) -> StoredContent:
    """Fetch one sealed document, keep its bytes, read and check it. Large messages one at a time: they fill memory."""
    if not message.is_big:
        try:
            return store_content(downloading.ordinary(message, client), at=clock.now())
        except IsdsRefused as error:
            if error.status != StatusCode.WRONG_SERVICE:
                raise  # otherwise ISDS says that it is a large one, which the list did not
    with _ONE_LARGE:
        return store_content(downloading.large(message, client), at=clock.now())


def _postpone(message: DataMessage, error: Retryable) -> None:
    delay = max(error.after, rules.delay_after(message.attempts + 1))
    if receiving.note_attempt(message, failed_with=error.message, next_attempt_at=clock.now() + delay):
        receiving.give_up_download(
            actor=_system(),
            message=message,
            reason=f"Zprávu se ani po {message.attempts} pokusech nepodařilo stáhnout: {error.message}",
            at=clock.now(),
        )


def _earliest_when_unknown(moment: datetime | None) -> float:
    return moment.timestamp() if moment else float("-inf")


def _system() -> Actor:
    return Actor.system(current_tenant_id())
