"""What ISDS did not deliver: whose turn it is, what may be said about it, and until when."""

from typing import Any

import pytest
from tests import traces
from tests.outbox import put_into, queued
from tests.strangers import of_school

from egon.databox.models import OutboxState
from egon.databox.recipients import by_owner, meant_for
from egon.gateways.isds import FoundBox
from egon.gateways.isds.codes import BoxType, SendOptions
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.mailroom import queries
from egon.mailroom.errors import DispatchUnderWay, ReasonMissing
from egon.mailroom.models import Dispatch, DispatchState
from egon.mailroom.operations import advise_on_return, hand_over
from egon.mailroom.operations.dispatching import record_dispatch_state
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

CODE = "mailroom.dispatch.advise"


@pytest.fixture
def system(in_region: Any) -> Actor:
    return Actor.system(in_region.region.pk)


def ended(world: Any, state: str) -> Dispatch:
    item = queued(world)
    dispatch = Dispatch.objects.get()
    system = Actor.system(world.region.pk)
    for step in (OutboxState.SENT, state):
        record_dispatch_state(actor=system, dispatch=dispatch, item=put_into(item, step), at=clock.now())
    dispatch.refresh_from_db()
    return dispatch


@pytest.mark.parametrize(
    ("state", "waits"),
    [(OutboxState.UNDELIVERABLE, True), (OutboxState.REFUSED, True), (OutboxState.CANCELLED, False)],
)
def test_what_isds_returned_waits_for_the_officer_of_the_document_only(in_region: Any, state: str, waits: bool) -> None:
    dispatch = ended(in_region, state)
    officer = in_region.actor(in_region.officer)
    assert queries.returned_to(officer).exists() is waits
    assert not queries.returned_to(in_region.actor(in_region.clerk)).exists()
    assert queries.failed_count() == 1
    assert queries.counts_for_desk(in_region.actor(in_region.clerk), now=clock.now())["failed"] == 1
    assert "failed" not in queries.counts_for_desk(officer, now=clock.now())
    assert dispatch.state == DispatchState.FAILED


def test_the_advice_ends_the_waiting_and_another_way_ends_the_failure(in_region: Any) -> None:
    dispatch = ended(in_region, OutboxState.UNDELIVERABLE)
    officer, clerk = in_region.actor(in_region.officer), in_region.actor(in_region.clerk)
    with pytest.raises(ReasonMissing):
        advise_on_return(actor=officer, dispatch=dispatch, advice="  ", at=clock.now())
    advised = advise_on_return(actor=officer, dispatch=dispatch, advice=" Poštou. ", at=clock.now())
    assert (advised.advice, advised.advised_by) == ("Poštou.", officer.name)
    assert not queries.returned_to(officer).exists()
    assert traces.speaks_of(traces.last(CODE), dispatch)
    hand_over(actor=clerk, document=dispatch.document, addressee=dispatch.addressee, channel="post", at=clock.now())
    assert queries.failed_count() == 0
    with pytest.raises(DispatchUnderWay):
        advise_on_return(actor=officer, dispatch=dispatch, advice="Ještě jednou.", at=clock.now())


def test_nobody_else_says_what_to_do(in_region: Any, system: Actor) -> None:
    dispatch = ended(in_region, OutboxState.UNDELIVERABLE)
    for who in (in_region.outsider, in_region.administrator):
        with pytest.raises(AccessDenied):
            advise_on_return(actor=in_region.actor(who), dispatch=dispatch, advice="Poštou.", at=clock.now())
    officer = in_region.actor(in_region.officer)
    with pytest.raises(WrongTenant):
        advise_on_return(actor=of_school(in_region, officer), dispatch=dispatch, advice="Poštou.", at=clock.now())
    dispatch.refresh_from_db()
    assert dispatch.advice == ""


def found(box_id: str, kind: str, name: str, *, ico: str = "", address: str = "") -> FoundBox:
    return FoundBox(box_id, BoxType.of(kind), name, address, None, ico, "", SendOptions("DZ"))


def test_boxes_of_one_owner_stand_together_and_say_what_they_are_for() -> None:
    owners = by_owner(
        [
            found("aaaaaaa", "PFO", "Eva Malá", ico="1", address="Brno"),
            found("bbbbbbb", "FO", "Eva Malá", address="Praha"),
            found("ccccccc", "PFO_ADVOK", "JUDr. Eva Malá", ico="1", address="Brno"),
            found("ddddddd", "FO", "Eva Malá", address="Olomouc"),
        ]
    )
    assert [[choice.box.box_id for choice in owner.choices] for owner in owners] == [
        ["aaaaaaa", "ccccccc"],
        ["bbbbbbb"],
        ["ddddddd"],
    ]
    roles = [meant_for(BoxType.of(kind)) for kind in ("FO", "PFO", "PFO_ADVOK", "PO_REQ", "OVM_PFO", "20", "??")]
    assert roles[0].startswith("soukromé")
    assert roles[1].startswith("podnikání")
    assert "advokát" in roles[2]
    assert roles[3] == roles[5]
    assert roles[4] == "výkon veřejné moci"
    assert roles[6] == ""
