"""One document to many boxes: one call, as many messages, each known after whatever fails."""

from datetime import timedelta
from typing import Any

import pytest
from tests import traces
from tests.letters import approved_letter_to
from tests.strangers import of_school

from egon.databox import fetching, operations, options, queries, sending
from egon.databox.errors import MessageNotSendable
from egon.databox.models import Box, DataMessage, Direction, OutboxItem, OutboxState, Progress
from egon.databox.operations.sending import Addressed
from egon.gateways.isds import IsdsClient, Recipient
from egon.gateways.isds.rules import box_check_character
from egon.gateways.isds.simulator import seed
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.mailroom.errors import DispatchUnderWay
from egon.mailroom.models import Dispatch, DispatchState
from egon.mailroom.operations import dispatch_document, dispatch_to_many
from egon.mailroom.operations.dispatching import ChosenBox
from egon.tenancy.scope import WrongTenant
from egon.world.organisations import REGION
from egon.world.outside import CITIZEN, COMPANY

pytestmark = pytest.mark.django_db

BOXES = (CITIZEN.box.box_id, COMPANY.box.box_id)
NOBODY = "abcdef" + box_check_character("abcdef")


@pytest.fixture
def system(in_region: Any) -> Actor:
    return Actor.system(in_region.region.pk)


def sent_to(world: Any, boxes: tuple[str, ...] = BOXES, **more: Any) -> list[OutboxItem]:
    addressees = approved_letter_to(world, boxes)
    dispatches = dispatch_to_many(
        actor=world.actor(world.clerk),
        document=addressees[0].document,
        chosen=[ChosenBox(addressee=one, box_id=one.databox_id) for one in addressees],
        box=Box.objects.get(),
        at=clock.now(),
        **more,
    )
    return [dispatch.outbox_item for dispatch in dispatches]


def step(items: list[OutboxItem]) -> list[str]:
    Box.objects.update(next_attempt_at=None, states_asked_at=None)
    OutboxItem.objects.update(next_attempt_at=None)
    for item in items:
        sending.send(item.pk)
    return states(items)


def states(items: list[OutboxItem]) -> list[str]:
    for item in items:
        item.refresh_from_db()
    return [item.state for item in items]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many recipients each CreateMultipleMessage had."""
    made: list[int] = []
    real = IsdsClient.create_messages

    def counted(self: IsdsClient, message: Any, recipients: list[Recipient]) -> Any:
        made.append(len(recipients))
        return real(self, message, recipients)

    monkeypatch.setattr(IsdsClient, "create_messages", counted)
    return made


def test_many_recipients_leave_by_one_call_and_each_has_its_own_dispatch(
    in_region: Any, isds: Any, calls: list[int]
) -> None:
    items = sent_to(in_region)
    assert items[0].token == items[1].token
    sending.send(items[0].pk)  # the job of the first one takes the others along
    assert states(items) == [OutboxState.SENT] * 2
    assert calls == [2]
    assert items[0].dm_id != items[1].dm_id
    for outsider in (CITIZEN, COMPANY):
        assert isds.received_by(outsider.box) == ["Odpověď na žádost"]
    fetching.fetch_box(Box.objects.get().pk)
    document = items[0].document
    document.refresh_from_db()
    assert (document.state, [d.state for d in Dispatch.objects.all()]) == ("delivered", [DispatchState.DELIVERED] * 2)
    receipts = DataMessage.objects.filter(direction=Direction.RECEIPT, progress=Progress.COMPLETE)
    assert {row.recipient_box_id for row in receipts} == set(BOXES)


def test_a_recipient_who_cannot_be_reached_does_not_hold_the_others(
    in_region: Any, isds: Any, calls: list[int]
) -> None:
    items = sent_to(in_region, (*BOXES, NOBODY))
    assert step(items[:1]) == [OutboxState.SENT]
    assert states(items) == [OutboxState.SENT, OutboxState.SENT, OutboxState.REFUSED]
    assert calls == [2]
    failed = Dispatch.objects.get(outbox_item=items[2])
    assert (failed.state, failed.document.state) == (DispatchState.FAILED, "dispatched")
    assert list(queries.sendings_due(now=clock.now())) == []


def test_what_isds_refuses_of_one_call_is_told_one_by_one(
    in_region: Any, isds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("egon.databox.recipients.obstacle_to", lambda item, client: "")  # closed after the check
    items = sent_to(in_region, (*BOXES, NOBODY))
    assert step(items[:1]) == [OutboxState.SENT]
    assert states(items) == [OutboxState.SENT, OutboxState.SENT, OutboxState.REFUSED]
    assert "neexistuje" in items[2].problem


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_after_an_unclear_call_each_message_is_looked_for_and_nobody_gets_two(
    in_region: Any, isds: Any, kind: str
) -> None:
    isds.break_("CreateMultipleMessage", kind)
    items = sent_to(in_region)
    assert step(items[:1]) == [OutboxState.AMBIGUOUS]
    assert states(items) == [OutboxState.AMBIGUOUS] * 2
    OutboxItem.objects.update(last_attempt_at=clock.now() - timedelta(hours=1))
    for _ in range(3):
        step(items)
    assert states(items) == [OutboxState.SENT] * 2
    for outsider in (CITIZEN, COMPANY):
        assert isds.received_by(outsider.box) == ["Odpověď na žádost"]


def test_a_message_of_one_call_is_not_taken_for_that_of_another_recipient(in_region: Any, isds: Any) -> None:
    items = sent_to(in_region)
    system = Actor.system(in_region.region.pk)
    begun = operations.begin_sending_together(actor=system, items=items, at=clock.now())
    with isds.client(REGION.box) as client:
        client.create_message(sending.outgoing_message(begun[0]))  # the call broke after the first of the two
        found = sending.find_among_sent(begun, client)
    assert list(found) == [begun[0].pk]


def test_beginning_together_takes_only_what_nobody_took(in_region: Any, isds: Any, system: Actor) -> None:
    items = sent_to(in_region)
    operations.begin_sending(actor=system, item=items[0], at=clock.now())
    begun = operations.begin_sending_together(actor=system, items=items, at=clock.now())
    assert [item.pk for item in begun] == [items[1].pk]
    assert operations.begin_sending_together(actor=system, items=items, at=clock.now()) == []
    assert traces.done("databox.outbox.begin_many") == 2


def test_only_the_product_begins_and_only_the_mailroom_sends(in_region: Any, isds: Any, system: Actor) -> None:
    items = sent_to(in_region)
    with pytest.raises(AccessDenied):
        operations.begin_sending_together(actor=in_region.actor(in_region.administrator), items=items, at=clock.now())
    with pytest.raises(WrongTenant):
        operations.begin_sending_together(actor=of_school(in_region, system), items=items, at=clock.now())
    assert states(items) == [OutboxState.QUEUED] * 2
    addressees = approved_letter_to(in_region, BOXES)
    with pytest.raises(AccessDenied):
        dispatch_to_many(
            actor=in_region.actor(in_region.officer),
            document=addressees[0].document,
            chosen=[ChosenBox(addressee=one, box_id=one.databox_id) for one in addressees],
            box=Box.objects.get(),
            at=clock.now(),
        )
    assert OutboxItem.objects.count() == 2


def test_one_wrong_box_or_one_letter_on_its_way_sends_to_nobody(in_region: Any, isds: Any) -> None:
    addressees = approved_letter_to(in_region, BOXES)
    letter: dict[str, Any] = {
        "actor": in_region.actor(in_region.clerk),
        "document": addressees[0].document,
        "box": Box.objects.get(),
        "at": clock.now(),
    }
    wrong = [ChosenBox(addressee=one, box_id=box) for one, box in zip(addressees, (BOXES[0], "abcdefx"), strict=True)]
    with pytest.raises(MessageNotSendable, match="abcdefx"):
        dispatch_to_many(**letter, chosen=wrong)
    assert not OutboxItem.objects.exists()
    dispatch_document(**letter, addressee=addressees[0], recipient_box_id=BOXES[0])
    with pytest.raises(DispatchUnderWay):
        dispatch_to_many(**letter, chosen=[ChosenBox(addressee=one, box_id=one.databox_id) for one in addressees])
    assert OutboxItem.objects.count() == 1


def test_two_addressees_with_one_box_get_two_messages_that_cannot_be_mistaken(in_region: Any, isds: Any) -> None:
    items = sent_to(in_region, (BOXES[0], BOXES[0]))
    assert items[0].token != items[1].token
    assert step(items) == [OutboxState.SENT] * 2
    assert len(isds.received_by(CITIZEN.box)) == 2


def test_calls_have_at_most_fifty_recipients() -> None:
    recipients = [Addressed(box_id=f"b{number}", name="") for number in range(101)]
    sizes = [len(call) for call in options.in_calls(recipients)]
    assert sizes == [50, 50, 1]


def test_fifty_boxes_of_one_letter_leave_by_one_call(in_region: Any, isds: Any, calls: list[int]) -> None:
    boxes = tuple(six + box_check_character(six) for six in (f"mnxha{letter}" for letter in "abcdefghij"))
    boxes += tuple(six + box_check_character(six) for six in (f"hadn{a}{b}" for a in "abcde" for b in "abcdefgh"))
    for box in boxes:
        seed.create(isds.simulator, {"id": box, "type": "PO", "name": f"Firma {box}"})
    items = sent_to(in_region, boxes)
    assert step(items[:1]) == [OutboxState.SENT]
    assert set(states(items)) == {OutboxState.SENT}
    assert calls == [50]
    assert len({item.dm_id for item in items}) == 50
