"""Sending through ISDS: every message once, whatever fails in between."""

from datetime import timedelta
from typing import Any

import pytest
from tests.letters import approved_letter

from egon.databox import fetching, operations, sending
from egon.databox.errors import MessageNotSendable
from egon.databox.models import Box, OutboxItem, OutboxState
from egon.databox.operations.sending import Addressed, OutgoingBlob
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.mailroom import operations as mailroom
from egon.mailroom import queries
from egon.mailroom.errors import DispatchUnderWay
from egon.mailroom.models import Dispatch, DispatchState
from egon.world.organisations import REGION
from egon.world.outside import CITIZEN

pytestmark = pytest.mark.django_db

SUBJECT = "Odpověď na žádost"


@pytest.fixture
def item(in_region: Any, isds: Any) -> OutboxItem:
    """A letter to the citizen handed over to dispatch."""
    return dispatched(in_region).outbox_item


def dispatched(world: Any, **more: Any) -> Dispatch:
    addressee = approved_letter(world, **more)
    return mailroom.dispatch_document(
        actor=world.actor(world.clerk),
        document=addressee.document,
        addressee=addressee,
        box=Box.objects.get(),
        recipient_box_id=addressee.databox_id,
        at=clock.now(),
    )


def step(item: OutboxItem) -> OutboxItem:
    """What the worker does next about a sending, without waiting for delays."""
    Box.objects.update(next_attempt_at=None, states_asked_at=None)
    OutboxItem.objects.update(next_attempt_at=None)
    sending.send(item.pk)
    item.refresh_from_db()
    return item


def after_safe_wait(item: OutboxItem) -> None:
    """As if the last attempt had been made long ago."""
    OutboxItem.objects.filter(pk=item.pk).update(last_attempt_at=clock.now() - timedelta(hours=1))


def fetch() -> None:
    Box.objects.update(next_attempt_at=None, states_asked_at=None)
    fetching.fetch_box(Box.objects.get().pk)


@pytest.mark.norm("2.3.1b", "2.3.1c", "2.3.2b", "2.3.2d")
def test_a_letter_is_sent_and_its_receipt_comes_back_by_itself(item: OutboxItem, isds: Any) -> None:
    assert step(item).state == OutboxState.SENT
    assert isds.simulator is not None
    document = item.document
    document.refresh_from_db()
    assert document.state == "dispatched"
    fetch()
    assert isds.received_by(CITIZEN.box) == [SUBJECT]  # this is the citizen logging in, which delivers
    fetch()
    fetch()
    item.refresh_from_db()
    document.refresh_from_db()
    assert (item.state, document.state) == (OutboxState.DELIVERED, "delivered")
    roles = sorted(document.components.values_list("role", flat=True))
    assert roles == ["attachment", "main", "message", "receipt"]
    assert item.receipt.events.filter(kind="EV11").exists()
    assert Dispatch.objects.get().state == DispatchState.DELIVERED


@pytest.mark.parametrize("kind", ["drop_after", "half_answer", "nonsense"])
def test_a_message_accepted_without_an_answer_is_found_and_not_sent_again(
    item: OutboxItem, isds: Any, kind: str
) -> None:
    isds.break_("CreateMessage", kind)
    assert step(item).state == OutboxState.AMBIGUOUS
    step(item)
    after_safe_wait(item)
    step(item)
    # What was accepted is found; what was not is sent again: the citizen has it once in both cases.
    if item.state != OutboxState.SENT:
        step(item)
    assert item.state == OutboxState.SENT
    assert isds.received_by(CITIZEN.box) == [SUBJECT]


def test_a_message_that_got_lost_is_sent_again_only_after_a_safe_wait(item: OutboxItem, isds: Any) -> None:
    isds.break_("CreateMessage", "drop_before")
    assert step(item).state == OutboxState.AMBIGUOUS
    assert step(item).state == OutboxState.AMBIGUOUS
    assert isds.received_by(CITIZEN.box) == []
    after_safe_wait(item)
    assert step(item).state == OutboxState.QUEUED
    assert step(item).state == OutboxState.SENT
    assert isds.received_by(CITIZEN.box) == [SUBJECT]


def test_silence_of_isds_is_not_waited_for_forever(item: OutboxItem, isds: Any) -> None:
    isds.break_("CreateMessage", "stall", seconds=120)
    started = clock.now()
    with isds.little_patience():
        assert step(item).state == OutboxState.AMBIGUOUS
    assert clock.now() - started < timedelta(seconds=100)


def test_a_worker_killed_while_sending_leaves_a_message_that_is_looked_for(item: OutboxItem, isds: Any) -> None:
    system = Actor.system(item.box.tenant_id)
    begun = operations.begin_sending(actor=system, item=item, at=clock.now())
    with isds.client(REGION.box) as client:
        client.create_message(sending.outgoing_message(begun))  # ISDS has it, the worker died before it could say so
    sending.send(item.pk)
    item.refresh_from_db()
    assert item.state == OutboxState.SENDING  # the call may still live
    after_safe_wait(item)
    assert step(item).state == OutboxState.SENT
    assert isds.received_by(CITIZEN.box) == [SUBJECT]


def test_a_refused_login_stops_the_box_and_keeps_the_message(item: OutboxItem, isds: Any) -> None:
    isds.break_("CreateMessage", "html_401")
    step(item)
    box = Box.objects.get()
    assert item.state == OutboxState.QUEUED
    assert box.needs_administrator
    assert "heslo" in box.last_error
    step(item)
    assert isds.received_by(CITIZEN.box) == []
    operations.resume_box(actor=Actor.system(box.tenant_id), box=box)
    assert step(item).state == OutboxState.SENT
    assert isds.received_by(CITIZEN.box) == [SUBJECT]


def test_maintenance_of_isds_never_sends_twice(item: OutboxItem, isds: Any) -> None:
    isds.break_("CreateMessage", "soap_503")
    step(item)
    for _ in range(4):
        after_safe_wait(item)
        step(item)
    assert item.state == OutboxState.SENT
    assert isds.received_by(CITIZEN.box) == [SUBJECT]


def test_an_unknown_box_of_the_recipient_is_refused_with_the_next_step(in_region: Any, isds: Any) -> None:
    dispatch = dispatched(in_region, databox_id="abcdef" + check("abcdef"))
    item = step(dispatch.outbox_item)
    assert item.state == OutboxState.REFUSED
    assert "odešlete znovu" in item.problem
    dispatch.refresh_from_db()
    assert dispatch.state == DispatchState.FAILED
    assert list(queries.to_dispatch()) == [dispatch.addressee]


def test_the_same_letter_cannot_be_sent_while_it_is_on_its_way(item: OutboxItem, in_region: Any, isds: Any) -> None:
    addressee = Dispatch.objects.get().addressee
    with pytest.raises(DispatchUnderWay):
        mailroom.dispatch_document(
            actor=in_region.actor(in_region.clerk),
            document=addressee.document,
            addressee=addressee,
            box=Box.objects.get(),
            recipient_box_id=CITIZEN.box.box_id,
            at=clock.now(),
        )
    assert OutboxItem.objects.count() == Dispatch.objects.count() == 1


def test_everything_isds_would_refuse_is_told_at_once(in_region: Any, isds: Any) -> None:
    from egon import storage

    addressee = approved_letter(in_region)
    bad = storage.put(b"MZ")
    empty = storage.put(b"")
    with pytest.raises(MessageNotSendable) as refusal:
        operations.queue_messages(
            actor=in_region.actor(in_region.clerk),
            box=Box.objects.get(),
            document=addressee.document,
            recipients=[Addressed(box_id="abcdefx", name="Nikdo")],
            annotation=" ",
            files=[
                OutgoingBlob("virus.exe", "application/octet-stream", bad.digest, bad.size),
                OutgoingBlob("prazdny.txt", "text/plain", empty.digest, 0),
            ],
            at=clock.now(),
        )
    told = " ".join(refusal.value.obstacles)
    for expected in ("schránky příjemce", "věc zprávy", "virus.exe", "prazdny.txt"):
        assert expected in told
    assert not OutboxItem.objects.exists()


def check(six: str) -> str:
    from egon.gateways.isds.rules import box_check_character

    return box_check_character(six)
