"""Following sent messages until they are delivered."""

from datetime import datetime, timedelta

from egon.databox import queries, rules
from egon.databox.models import Box, OutboxItem
from egon.databox.operations.tracking import record_state
from egon.gateways.isds import IsdsClient
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.tenancy.scope import current_tenant_id


def refresh_states(box: Box, client: IsdsClient) -> None:
    """GetMessageStateChanges for a box that waits for some delivery, at most every half a minute."""
    now = clock.now()
    if not queries.waits_for_delivery(box):
        return
    if box.states_asked_at and now - box.states_asked_at < rules.STATES_PERIOD:
        return
    changes = client.state_changes(rules.states_since(box.states_until, now=now), None)
    newest = box.states_until
    sent = queries.sent_by_dm_id(box, {change.dm_id for change in changes})
    for change in changes:
        if change.time and (newest is None or change.time > newest):
            newest = change.time
        if item := sent.get(change.dm_id):
            _record(item, int(change.state), change.time)
    box.states_until, box.states_asked_at = newest, now
    box.save(update_fields=["states_until", "states_asked_at"])
    _ask_about_forgotten(box, client)


def _ask_about_forgotten(box: Box, client: IsdsClient) -> None:
    """ISDS tells changes of the last fifteen days only; older sendings are asked about one by one, once a day."""
    now = clock.now()
    for item in queries.forgotten_sendings(box, now=now, older_than=rules.STATES_KEPT - timedelta(days=1)):
        info = client.delivery_info(item.dm_id)
        _record(item, int(info.state), info.acceptance_time)
        OutboxItem.objects.filter(pk=item.pk).update(state_asked_at=now)


def _record(item: OutboxItem, state: int, happened_at: datetime | None) -> None:
    if state <= item.message_state:
        return
    system = Actor.system(current_tenant_id())
    record_state(actor=system, item=item, message_state=state, happened_at=happened_at, at=clock.now())
    item.message_state = state
