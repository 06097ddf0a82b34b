"""Delivery slips: paired by their code, written once, and what came back is a matter for its officer again."""

from datetime import timedelta
from typing import Any

import pytest
from tests.letters import approved_letter_to

from egon.kernel import clock
from egon.kernel.errors import AccessDenied, NotFound
from egon.mailroom import operations, queries
from egon.mailroom.errors import SlipRefused
from egon.mailroom.models import Channel, Dispatch, PostedLetter
from egon.mailroom.rules import SlipOutcome, letter_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(in_region: Any) -> list[PostedLetter]:
    """Two letters of one document posted three days ago."""
    clerk, now = in_region.actor(in_region.clerk), clock.now()
    addressees = approved_letter_to(in_region, ["", ""])
    letters = [
        operations.prepare_letter(
            actor=clerk, document=one.document, addressee=one, service="own_hands", address="Dlouhá 12", at=now
        )
        for one in addressees
    ]
    numbers = dict(zip([letter.pk for letter in letters], ("RR473124829CZ", "RR123456785CZ"), strict=True))
    operations.number_letters(actor=clerk, numbers=numbers)
    operations.post_letters(actor=clerk, letters=letters, at=now - timedelta(days=3))
    return list(queries.awaiting_slips())


def record(world: Any, dispatch: Dispatch, outcome: SlipOutcome = SlipOutcome.DELIVERED, **more: Any) -> Dispatch:
    facts = {"on": clock.today() - timedelta(days=1), "at": clock.now()} | more
    return operations.record_slip(actor=world.actor(world.clerk), dispatch=dispatch, outcome=outcome, **facts)


def test_a_document_is_delivered_when_all_slips_are_back(in_region: Any, posted: list[PostedLetter]) -> None:
    first, second = (letter.dispatch for letter in posted)
    done = record(in_region, first)
    assert done.state == "delivered"
    assert done.delivered_at.astimezone(clock.PRAGUE).date() == clock.today() - timedelta(days=1)
    document = done.document
    document.refresh_from_db()
    assert document.state == "dispatched"
    record(in_region, second, SlipOutcome.BY_STORING, note="vhozeno do schránky")
    document.refresh_from_db()
    assert document.state == "delivered"
    assert Dispatch.objects.get(pk=second.pk).note.endswith("doručeno fikcí po uložení, vhozeno do schránky")
    assert not queries.awaiting_slips().exists()


def test_what_came_back_waits_again_and_its_officer_knows(in_region: Any, posted: list[PostedLetter]) -> None:
    dispatch = posted[0].dispatch
    done = record(in_region, dispatch, SlipOutcome.NOT_COLLECTED)
    assert done.state == "failed" and "nevyzvednuto" in done.problem
    assert dispatch.addressee in queries.to_dispatch()
    assert list(queries.returned_to(in_region.actor(in_region.officer))) == [done]


def test_all_obstacles_are_told_and_a_slip_is_written_once(in_region: Any, posted: list[PostedLetter]) -> None:
    dispatch = posted[0].dispatch
    for day in (clock.today() + timedelta(days=1), clock.today() - timedelta(days=4)):
        with pytest.raises(SlipRefused):
            record(in_region, dispatch, on=day)
    record(in_region, dispatch)
    with pytest.raises(SlipRefused) as refusal:
        record(in_region, dispatch, SlipOutcome.REFUSED, on=clock.today() + timedelta(days=1))
    assert len(refusal.value.obstacles) == 2
    dispatch.refresh_from_db()
    assert dispatch.state == "delivered"


def test_a_letter_is_found_by_every_code_it_carries(in_region: Any, posted: list[PostedLetter]) -> None:
    clerk, [first, second] = in_region.actor(in_region.clerk), posted
    identifier = first.dispatch.document.identifier
    envelope = letter_code(identifier, second.dispatch_id)
    for code in (envelope, envelope.translate(str.maketrans("1234567890-", "+ěščřžýáíé=")), "rr 123456785 cz"):
        assert queries.sent_on_paper(clerk, code) == [second.dispatch], code
    record(in_region, first.dispatch)
    assert queries.sent_on_paper(clerk, identifier) == [second.dispatch, first.dispatch]
    for nothing in ("", letter_code("KSA-1999-000001", second.dispatch_id), "RR999999999CZ"):
        with pytest.raises(NotFound):
            queries.sent_on_paper(clerk, nothing)


def test_a_personal_collection_is_confirmed_the_same_way(in_region: Any) -> None:
    [addressee] = approved_letter_to(in_region, [""])
    clerk = in_region.actor(in_region.clerk)
    dispatch = operations.hand_over(
        actor=clerk, document=addressee.document, addressee=addressee, channel=Channel.IN_PERSON, at=clock.now()
    )
    record(in_region, dispatch, on=clock.today())
    addressee.refresh_from_db()
    assert addressee.state == "delivered"


def test_only_the_mailroom_writes_slips(in_region: Any, posted: list[PostedLetter]) -> None:
    officer, dispatch = in_region.actor(in_region.officer), posted[0].dispatch
    with pytest.raises(AccessDenied):
        operations.record_slip(
            actor=officer, dispatch=dispatch, outcome=SlipOutcome.DELIVERED, on=clock.today(), at=clock.now()
        )
    with pytest.raises(NotFound):
        queries.sent_on_paper(officer, posted[0].post_number)
    dispatch.refresh_from_db()
    assert dispatch.state == "sent"
