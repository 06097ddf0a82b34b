"""The dispatch, its addressee and the document follow the data message; its sealed copies lie with the document."""

from datetime import timedelta
from typing import Any

import pytest
from tests import traces
from tests.outbox import put_into, queued
from tests.strangers import of_school

from egon import storage
from egon.databox.models import DataMessage, Direction, OutboxItem, OutboxState, Progress
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.mailroom.models import Dispatch, DispatchState
from egon.mailroom.operations.dispatching import record_dispatch_state
from egon.mailroom.operations.intake import file_under_document
from egon.records.models import Component
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

NOW = clock.now()
LATER = NOW + timedelta(minutes=5)
STATE, FILE = "mailroom.dispatch.state", "mailroom.dispatch.file"


@pytest.fixture
def item(in_region: Any) -> OutboxItem:
    return queued(in_region)


@pytest.fixture
def system(in_region: Any) -> Actor:
    return Actor.system(in_region.region.pk)


def follow(item: OutboxItem, state: str, actor: Actor, **facts: Any) -> tuple[str, str, str]:
    """How far dispatch, addressee and document are after the message got to ``state``."""
    OutboxItem.objects.filter(pk=item.pk).update(**facts)
    record_dispatch_state(actor=actor, dispatch=Dispatch.objects.get(), item=put_into(item, state), at=LATER)
    return picture()


def picture() -> tuple[str, str, str]:
    dispatch = Dispatch.objects.get()
    return dispatch.state, dispatch.addressee.state, dispatch.document.state


@pytest.mark.parametrize(
    ("state", "dispatch"),
    [
        (OutboxState.QUEUED, DispatchState.WAITING),
        (OutboxState.SENDING, DispatchState.HANDED),
        (OutboxState.AMBIGUOUS, DispatchState.HANDED),
        (OutboxState.REFUSED, DispatchState.FAILED),
        (OutboxState.FAILED, DispatchState.FAILED),
        (OutboxState.CANCELLED, DispatchState.FAILED),
    ],
)
def test_before_isds_has_it_the_document_is_as_it_was(
    item: OutboxItem, system: Actor, state: str, dispatch: str
) -> None:
    assert follow(item, state, system, problem="Důvod.") == (dispatch, "", "approved")
    row = Dispatch.objects.get()
    assert (row.problem, row.changed_at) == ("Důvod.", LATER)


def test_a_sent_message_dispatches_its_document_at_the_time_of_isds_and_once(item: OutboxItem, system: Actor) -> None:
    assert follow(item, OutboxState.SENT, system, sent_at=NOW) == (DispatchState.SENT, "dispatched", "dispatched")
    row = Dispatch.objects.get()
    assert (row.sent_at, row.addressee.dispatched_at) == (NOW, NOW)
    follow(item, OutboxState.SENT, system)
    assert traces.done("records.document.dispatched") == 1
    assert traces.speaks_of(traces.last(STATE), row.document)


def test_a_delivered_message_delivers_its_document_once(item: OutboxItem, system: Actor) -> None:
    follow(item, OutboxState.SENT, system, sent_at=NOW)
    done = (DispatchState.DELIVERED, "delivered", "delivered")
    assert follow(item, OutboxState.DELIVERED, system, delivered_at=LATER) == done
    assert Dispatch.objects.get().addressee.delivered_at == LATER
    assert follow(item, OutboxState.DELIVERED, system) == done
    assert traces.done("records.document.delivered") == 1


def test_an_undeliverable_message_returns_its_document_to_be_sent_another_way(item: OutboxItem, system: Actor) -> None:
    follow(item, OutboxState.SENT, system, sent_at=NOW)
    back = (DispatchState.FAILED, "failed", "approved")
    assert follow(item, OutboxState.UNDELIVERABLE, system, problem="Nedoručena.") == back
    assert follow(item, OutboxState.UNDELIVERABLE, system) == back  # told again, nothing more happens
    assert traces.done("records.document.undelivered") == 1


def sealed(item: OutboxItem, direction: str, content: bytes = b"zfo") -> DataMessage:
    blob = storage.put(content)
    return DataMessage.objects.create(
        box=item.box,
        dm_id="900001",
        direction=direction,
        progress=Progress.COMPLETE,
        zfo_digest=blob.digest,
        zfo_size=blob.size,
        announced_at=NOW,
    )


def filed(item: OutboxItem) -> list[tuple[str, str]]:
    found = Component.objects.filter(document=item.document_id, role__in=["message", "receipt"])
    return list(found.order_by("pk").values_list("role", "name"))


def test_copy_and_receipt_lie_with_the_finished_document_byte_for_byte_and_once(
    item: OutboxItem, system: Actor
) -> None:
    follow(item, OutboxState.SENT, system, sent_at=NOW)
    copy, receipt = sealed(item, Direction.SENT, b"kopie"), sealed(item, Direction.RECEIPT, b"dorucenka")
    for message in (copy, receipt, copy, receipt):
        fresh = OutboxItem.objects.get(pk=item.pk)
        assert file_under_document(actor=system, message=message, sending=fresh).pk == item.document_id
    assert filed(item) == [("message", "Odeslana_zprava_900001.zfo"), ("receipt", "Dorucenka_900001.zfo")]
    kept = Component.objects.get(document=item.document_id, role="receipt").versions.get()
    assert storage.read(kept.digest) == b"dorucenka"
    assert traces.done("records.component.add") == 2
    assert traces.speaks_of(traces.last(FILE), receipt)


@pytest.mark.parametrize("who", ["clerk", "officer", "administrator"])
def test_no_person_moves_a_dispatch_or_files_a_proof_of_delivery(item: OutboxItem, in_region: Any, who: str) -> None:
    actor = in_region.actor(getattr(in_region, who))
    put_into(item, OutboxState.DELIVERED)
    receipt = sealed(item, Direction.RECEIPT)
    with pytest.raises(AccessDenied):
        record_dispatch_state(actor=actor, dispatch=Dispatch.objects.get(), item=item, at=LATER)
    with pytest.raises(AccessDenied):
        file_under_document(actor=actor, message=receipt, sending=item)
    assert (picture(), filed(item)) == ((DispatchState.WAITING, "", "approved"), [])
    assert [(traces.done(code), traces.denied(code)) for code in (STATE, FILE)] == [(0, 1), (0, 1)]


def test_the_product_of_another_organisation_changes_nothing_here(
    item: OutboxItem, in_region: Any, system: Actor
) -> None:
    put_into(item, OutboxState.DELIVERED)
    receipt, stranger = sealed(item, Direction.RECEIPT), of_school(in_region, system)
    with pytest.raises(WrongTenant):
        record_dispatch_state(actor=stranger, dispatch=Dispatch.objects.get(), item=item, at=LATER)
    with pytest.raises(WrongTenant):
        file_under_document(actor=stranger, message=receipt, sending=item)
    assert (picture(), filed(item)) == ((DispatchState.WAITING, "", "approved"), [])
