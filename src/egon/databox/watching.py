"""Watching a box without delivering: notifications tell what lies in it, a person decides whether to take it over.

RegisterForNotifications and GetListForNotifications deliver nothing and are given to certificate logins only.
"""

import logging
from datetime import datetime
from typing import Final

from egon.databox import queries, rules
from egon.databox.models import Box, DataMessage
from egon.databox.operations import deciding
from egon.gateways.isds import IsdsClient, IsdsRefused
from egon.gateways.isds.codes import StatusCode
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.tenancy.scope import current_tenant_id

logger = logging.getLogger(__name__)

_MOST_PAGES: Final = 100


def look(box: Box, client: IsdsClient) -> None:
    """Learn what lies in the box, and what became of messages that still wait for a decision."""
    now = clock.now()
    if box.notified_since is None:
        client.register_for_notifications()
        box.notified_since = now
        box.save(update_fields=["notified_since"])
    _read_notifications(box, client)
    _ask_about_noticed(box, client, now)


def _read_notifications(box: Box, client: IsdsClient) -> None:
    since = (box.noticed_until or box.notified_since or clock.now()) - rules.LIST_OVERLAP
    for _ in range(_MOST_PAGES):
        page = client.notifications(since)
        ours = [record for record in page.records if record.recipient_box in ("", box.box_id)]
        known = queries.known_ids(box, [record.dm_id for record in ours], noticed=True)
        if new := [record for record in ours if record.dm_id not in known]:
            deciding.notice_messages(actor=_system(), box=box, records=new, at=clock.now())
        newest = max((record.delivery_time for record in page.records if record.delivery_time), default=since)
        if not page.more or newest <= since:
            break
        since = newest
    _remember(box, since, page_newest=newest)


def _remember(box: Box, since: datetime, *, page_newest: datetime) -> None:
    newest = max(since, page_newest)
    if box.noticed_until is None or newest > box.noticed_until:
        box.noticed_until = newest
        box.save(update_fields=["noticed_until"])


def _ask_about_noticed(box: Box, client: IsdsClient, now: datetime) -> None:
    """Somebody may have logged in elsewhere, or the fiction may have come. GetDeliveryInfo delivers nothing."""
    for message in queries.noticed_to_ask(box, now=now):
        state, accepted_at = _state_of(message, client)
        if state != message.state:
            deciding.follow_noticed(
                actor=_system(), message=message, state=state, accepted_at=accepted_at, at=clock.now()
            )
        deciding.note_asked(message, at=clock.now())


def _state_of(message: DataMessage, client: IsdsClient) -> tuple[int, datetime | None]:
    try:
        info = client.delivery_info(message.dm_id)
    except IsdsRefused as error:
        if error.status != StatusCode.NOT_DELIVERED_YET:
            logger.warning("message %s: %s", message.dm_id, error)
        return message.state, message.accepted_at
    return int(info.state), info.acceptance_time


def _system() -> Actor:
    return Actor.system(current_tenant_id())
