"""Each step of a sending: from which states it leads, what it leaves, and that nobody else makes it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests import traces
from tests.outbox import picture, put_into, queued
from tests.strangers import of_school

from egon.databox import operations, rules
from egon.databox.errors import AlreadyUnderWay
from egon.databox.models import DataMessage, Direction, OutboxItem, OutboxState, Progress
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.mailroom.models import Dispatch, DispatchState
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

NOW = clock.now()
LATER = NOW + timedelta(minutes=5)

Step = Callable[..., OutboxItem]
STEPS: dict[str, tuple[Step, dict[str, Any]]] = {
    "databox.outbox.sent": (operations.confirm_sent, {"dm_id": "900002", "at": NOW}),
    "databox.outbox.ambiguous": (operations.mark_ambiguous, {"reason": "Bez odpovědi.", "at": NOW}),
    "databox.outbox.requeue": (operations.requeue, {"reason": "Znovu.", "next_attempt_at": LATER}),
    "databox.outbox.refused": (operations.mark_refused, {"reason": "Odmítnuto.", "detail": "0000"}),
    "databox.outbox.failed": (operations.mark_failed, {"reason": "Chybí příloha."}),
    "databox.outbox.cancel": (operations.cancel_sending, {"reason": "Omyl."}),
    "databox.outbox.state": (operations.record_state, {"message_state": 6, "happened_at": NOW, "at": LATER}),
}
OF_THE_PRODUCT = [code for code in STEPS if code != "databox.outbox.cancel"]
# From where a step leads and whither; from elsewhere it changes nothing.
LEADS = {
    "databox.outbox.ambiguous": ({OutboxState.SENDING}, OutboxState.AMBIGUOUS),
    "databox.outbox.requeue": ({OutboxState.SENDING, OutboxState.AMBIGUOUS}, OutboxState.QUEUED),
    "databox.outbox.refused": ({OutboxState.QUEUED, OutboxState.SENDING}, OutboxState.REFUSED),
    "databox.outbox.failed": ({OutboxState.QUEUED}, OutboxState.FAILED),
}


@pytest.fixture
def item(in_region: Any) -> OutboxItem:
    return queued(in_region)


@pytest.fixture
def system(in_region: Any) -> Actor:
    return Actor.system(in_region.region.pk)


def take(code: str, item: OutboxItem, actor: Actor) -> OutboxItem:
    step, facts = STEPS[code]
    return step(actor=actor, item=item, **facts)


@pytest.mark.parametrize("code", STEPS)
@pytest.mark.parametrize("who", ["officer", "administrator"])
def test_nobody_without_the_right_moves_a_sending(item: OutboxItem, in_region: Any, code: str, who: str) -> None:
    put_into(item, OutboxState.SENDING)
    before = picture(item)
    with pytest.raises(AccessDenied):
        take(code, item, in_region.actor(getattr(in_region, who)))
    assert picture(item) == before
    assert (traces.done(code), traces.denied(code)) == (0, 1)
    assert traces.speaks_of(traces.last(code), item)


@pytest.mark.parametrize("code", OF_THE_PRODUCT)
def test_what_isds_said_is_not_for_the_mailroom_to_say(item: OutboxItem, in_region: Any, code: str) -> None:
    put_into(item, OutboxState.SENDING)
    before = picture(item)
    with pytest.raises(AccessDenied):
        take(code, item, in_region.actor(in_region.clerk))
    assert picture(item) == before


@pytest.mark.parametrize("code", STEPS)
def test_the_product_of_another_organisation_moves_nothing_here(
    item: OutboxItem, in_region: Any, system: Actor, code: str
) -> None:
    put_into(item, OutboxState.SENDING)
    before = picture(item)
    with pytest.raises(WrongTenant):
        take(code, item, of_school(in_region, system))
    assert picture(item) == before


@pytest.mark.parametrize("code", STEPS)
def test_in_the_scope_of_another_organisation_the_sending_does_not_exist(world: Any, code: str) -> None:
    with world.office.scope():
        item = put_into(queued(world), OutboxState.SENDING)
        before = picture(item)
    with world.school.scope(), pytest.raises(OutboxItem.DoesNotExist):
        take(code, item, Actor.system(world.school.pk))
    with world.office.scope():
        assert picture(item) == before


@pytest.mark.parametrize("state", [state for state in OutboxState if state != OutboxState.QUEUED])
def test_a_call_begins_only_from_the_queue(item: OutboxItem, system: Actor, state: OutboxState) -> None:
    """Also for a worker that read the sending while it still waited: two calls would be two messages."""
    stale = OutboxItem.objects.get(pk=item.pk)
    put_into(item, state)
    before = picture(item)
    with pytest.raises(AlreadyUnderWay):
        operations.begin_sending(actor=system, item=stale, at=NOW)
    assert picture(item) == before


@pytest.mark.parametrize("code", LEADS)
@pytest.mark.parametrize("state", OutboxState)
def test_a_step_leads_only_from_where_it_may(item: OutboxItem, system: Actor, code: str, state: OutboxState) -> None:
    put_into(item, state)
    before = picture(item)
    sources, goal = LEADS[code]
    stale = OutboxItem.objects.get(pk=item.pk)
    stale.state = OutboxState.SENDING  # what a slow worker believes must not matter
    result = take(code, stale, system)
    if state in sources:
        assert (result.state, picture(item)["state"]) == (goal, goal)
        assert picture(item)["problem"] == STEPS[code][1]["reason"]
        assert traces.last(code).parameters["state"] == goal
    else:
        assert picture(item) == before
        assert "state" not in traces.last(code).parameters


@pytest.mark.parametrize("state", [OutboxState.SENDING, OutboxState.AMBIGUOUS])
def test_a_confirmed_message_has_its_number_and_its_sealed_copy_is_asked_for(
    item: OutboxItem, system: Actor, state: OutboxState
) -> None:
    put_into(item, state)
    OutboxItem.objects.filter(pk=item.pk).update(problem="Bez odpovědi.", next_attempt_at=LATER)
    sent = take("databox.outbox.sent", item, system)
    assert (sent.state, sent.dm_id, sent.sent_at) == (OutboxState.SENT, "900002", NOW)
    assert (sent.problem, sent.next_attempt_at) == ("", None)
    copy = DataMessage.objects.get(dm_id="900002")
    assert (copy.direction, copy.progress, copy.box_id) == (Direction.SENT, Progress.ANNOUNCED, item.box_id)
    assert sent.message == copy
    dispatch = Dispatch.objects.get(outbox_item=item)
    assert (dispatch.state, dispatch.document.state) == (DispatchState.SENT, "dispatched")
    assert traces.speaks_of(traces.last("databox.outbox.sent"), item)


def test_a_message_confirmed_twice_keeps_its_first_number(item: OutboxItem, system: Actor) -> None:
    put_into(item, OutboxState.SENDING)
    operations.confirm_sent(actor=system, item=item, dm_id="900002", at=NOW)
    before = picture(item)
    again = operations.confirm_sent(actor=system, item=item, dm_id="900003", at=LATER, found_in_list=True)
    assert again.dm_id == "900002"
    assert picture(item) == before
    assert DataMessage.objects.filter(direction=Direction.SENT).count() == 1
    assert traces.done("records.document.dispatched") == 1


def test_an_unconfirmed_message_is_looked_for_at_once_and_its_letter_is_not_free(
    item: OutboxItem, system: Actor
) -> None:
    put_into(item, OutboxState.SENDING)
    unclear = operations.mark_ambiguous(actor=system, item=item, reason="Bez odpovědi.", at=NOW, detail="timeout")
    assert (unclear.next_attempt_at, unclear.problem_detail) == (NOW, "timeout")
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, dispatch.document.state) == (DispatchState.HANDED, "approved")


def test_a_message_back_in_the_queue_waits_for_its_time(item: OutboxItem, system: Actor) -> None:
    put_into(item, OutboxState.AMBIGUOUS)
    back = operations.requeue(actor=system, item=item, reason="Znovu.", next_attempt_at=LATER)
    assert (back.state, back.next_attempt_at) == (OutboxState.QUEUED, LATER)
    assert Dispatch.objects.get().state == DispatchState.WAITING


def test_after_the_last_attempt_people_decide(item: OutboxItem, system: Actor) -> None:
    put_into(item, OutboxState.SENDING)
    OutboxItem.objects.filter(pk=item.pk).update(attempts=rules.MOST_ATTEMPTS)
    given_up = operations.requeue(actor=system, item=item, reason="Pořád nic.", next_attempt_at=LATER)
    assert given_up.state == OutboxState.FAILED
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, dispatch.problem) == (DispatchState.FAILED, "Pořád nic.")


@pytest.mark.parametrize("code", ["databox.outbox.refused", "databox.outbox.failed"])
def test_an_ended_sending_frees_the_letter_and_says_why(item: OutboxItem, system: Actor, code: str) -> None:
    OutboxItem.objects.filter(pk=item.pk).update(next_attempt_at=LATER)
    ended = take(code, item, system)
    assert (ended.next_attempt_at, ended.problem_detail) == (None, STEPS[code][1].get("detail", ""))
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, dispatch.problem) == (DispatchState.FAILED, ended.problem)
    assert dispatch.document.state == "approved"


def test_the_mailroom_takes_back_what_still_waits(item: OutboxItem, in_region: Any) -> None:
    clerk = in_region.actor(in_region.clerk)
    cancelled = operations.cancel_sending(actor=clerk, item=item, reason="Omyl.")
    assert (cancelled.state, cancelled.problem) == (OutboxState.CANCELLED, "Omyl.")
    assert Dispatch.objects.get().state == DispatchState.FAILED
    record = traces.last("databox.outbox.cancel")
    assert (record.person_id, record.parameters["reason"]) == (clerk.person_id, "Omyl.")


@pytest.mark.parametrize("state", [state for state in OutboxState if state != OutboxState.QUEUED])
def test_what_isds_may_have_is_not_taken_back(item: OutboxItem, in_region: Any, state: OutboxState) -> None:
    stale = OutboxItem.objects.get(pk=item.pk)
    put_into(item, state)
    before = picture(item)
    with pytest.raises(AlreadyUnderWay, match=state.label):
        operations.cancel_sending(actor=in_region.actor(in_region.clerk), item=stale, reason="Omyl.")
    assert picture(item) == before
    assert Dispatch.objects.get().state == DispatchState.WAITING


@pytest.fixture
def sent(item: OutboxItem, system: Actor) -> OutboxItem:
    put_into(item, OutboxState.SENDING)
    return take("databox.outbox.sent", item, system)


def told(item: OutboxItem, system: Actor, state: int, *, happened_at: Any = NOW) -> OutboxItem:
    return operations.record_state(actor=system, item=item, message_state=state, happened_at=happened_at, at=LATER)


@pytest.mark.parametrize("state", [5, 6, 7])
def test_delivery_is_recorded_and_the_receipt_asked_for(sent: OutboxItem, system: Actor, state: int) -> None:
    row = told(sent, system, state)
    assert (row.state, row.message_state, row.delivered_at) == (OutboxState.DELIVERED, state, NOW)
    receipt = DataMessage.objects.get(direction=Direction.RECEIPT)
    assert (receipt.dm_id, receipt.progress, row.receipt) == (sent.dm_id, Progress.ANNOUNCED, receipt)
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, dispatch.delivered_at, dispatch.document.state) == (
        DispatchState.DELIVERED,
        NOW,
        "delivered",
    )


def test_delivery_of_unknown_time_has_that_of_learning_it(sent: OutboxItem, system: Actor) -> None:
    assert told(sent, system, 6, happened_at=None).delivered_at == LATER


@pytest.mark.parametrize("state", [1, 2, 4])
def test_put_into_the_box_is_not_yet_delivered(sent: OutboxItem, system: Actor, state: int) -> None:
    row = told(sent, system, state)
    assert (row.state, row.message_state, row.delivered_at) == (OutboxState.SENT, state, None)
    assert not DataMessage.objects.filter(direction=Direction.RECEIPT).exists()
    assert Dispatch.objects.get().state == DispatchState.SENT


@pytest.mark.parametrize("state", [3, 8])
def test_an_undeliverable_message_returns_the_letter_with_the_next_step(
    sent: OutboxItem, system: Actor, state: int
) -> None:
    row = told(sent, system, state)
    assert (row.state, row.delivered_at) == (OutboxState.UNDELIVERABLE, None)
    assert "jiným způsobem" in row.problem
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, dispatch.document.state) == (DispatchState.FAILED, "approved")


def test_older_and_repeated_news_change_nothing(sent: OutboxItem, system: Actor) -> None:
    told(sent, system, 6)
    before = picture(sent)
    for state in (6, 5, 4, 1):
        told(sent, system, state, happened_at=LATER)
    assert picture(sent) == before


def test_later_news_keep_the_first_delivery_and_one_receipt(sent: OutboxItem, system: Actor) -> None:
    told(sent, system, 5)
    row = told(sent, system, 7, happened_at=LATER)
    assert (row.message_state, row.delivered_at) == (7, NOW)
    assert DataMessage.objects.filter(direction=Direction.RECEIPT).count() == 1
    assert traces.done("records.document.delivered") == 1
