"""Intake and dispatch as operations: who may, what is refused, what a receipt does."""

import io
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from tests.letters import approved_letter, citizen_as_party

from egon import storage
from egon.databox import contents, fetching, sending
from egon.databox import operations as databox
from egon.databox.models import Box, DataMessage, OutboxItem, OutboxState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.mailroom import operations, queries
from egon.mailroom.envelopes import envelope_lines, rendered_header
from egon.mailroom.errors import NotDispatchable, NotRegistrable, ReasonMissing
from egon.mailroom.models import Dispatch, DispatchState, IntakeItem, IntakeState
from egon.records import operations as records
from egon.records.models import Document
from egon.world.outside import CITIZEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(in_region: Any, isds: Any) -> IntakeItem:
    box = Box.objects.get()
    isds.write("Podnět občana", to=box.box_id)
    fetching.fetch_box(box.pk)
    return IntakeItem.objects.get()


def work_through() -> None:
    """What the worker does in the next minute, without its delays."""
    Box.objects.update(next_attempt_at=None, states_asked_at=None)
    DataMessage.objects.update(next_attempt_at=None)
    for pk in OutboxItem.objects.values_list("pk", flat=True):
        sending.send(pk)
    fetching.fetch_box(Box.objects.get().pk)


def dispatch(world: Any, **more: Any) -> Dispatch:
    addressee = approved_letter(world, **more)
    return operations.dispatch_document(
        actor=world.actor(world.clerk),
        document=addressee.document,
        addressee=addressee,
        box=Box.objects.get(),
        recipient_box_id=addressee.databox_id,
        at=clock.now(),
    )


@pytest.mark.parametrize("who", ["officer", "outsider", "auditor", "administrator"])
def test_only_the_mailroom_registers_and_nothing_changes_for_others(item: IntakeItem, in_region: Any, who: str) -> None:
    actor = in_region.actor(getattr(in_region, who))
    before = Document.objects.count()
    with pytest.raises(AccessDenied):
        operations.register_intake(actor=actor, item=item, sender=None, subject="X", at=clock.now())
    with pytest.raises(AccessDenied):
        operations.reject_intake(actor=actor, item=item, reason="X", at=clock.now())
    item.refresh_from_db()
    assert (item.state, Document.objects.count()) == (IntakeState.WAITING, before)


def test_all_that_is_missing_is_told_at_once(item: IntakeItem, in_region: Any) -> None:
    clerk = in_region.actor(in_region.clerk)
    DataMessage.objects.update(progress="failed")
    with pytest.raises(NotRegistrable) as refusal:
        operations.register_intake(actor=clerk, item=item, sender=None, subject="  ", at=clock.now())
    assert len(refusal.value.obstacles) == 3


def test_putting_aside_needs_a_reason(item: IntakeItem, in_region: Any) -> None:
    clerk = in_region.actor(in_region.clerk)
    with pytest.raises(ReasonMissing):
        operations.mark_duplicate(actor=clerk, item=item, reason=" ", at=clock.now())
    done = operations.mark_duplicate(actor=clerk, item=item, reason="Přišlo i poštou", at=clock.now())
    assert (done.state, done.decided_by) == (IntakeState.DUPLICATE, clerk.name)


def test_a_message_of_a_clock_ahead_of_ours_can_be_registered(in_region: Any, isds: Any) -> None:
    isds.advance(3 * 3600)
    box = Box.objects.get()
    isds.write("Ze zítřka", to=box.box_id)
    fetching.fetch_box(box.pk)
    clerk = in_region.actor(in_region.clerk)
    item = IntakeItem.objects.get()
    document = operations.register_intake(
        actor=clerk, item=item, sender=citizen_as_party(clerk), subject="Ze zítřka", at=clock.now()
    )
    assert document.delivered_at == item.received_at.replace(microsecond=0)


def title_of(digest: str) -> str:
    """Title of a stored PDF, as its metadata tell it."""
    with pikepdf.open(io.BytesIO(storage.read(digest))) as pdf, pdf.open_metadata() as metadata:
        return str(metadata["dc:title"])


@pytest.mark.norm("2.3.5a", "2.3.5b", "2.3.5c")
def test_message_header_and_each_attachment_are_components_of_their_own(item: IntakeItem, in_region: Any) -> None:
    clerk = in_region.actor(in_region.clerk)
    document = operations.register_intake(
        actor=clerk, item=item, sender=citizen_as_party(clerk), subject="Podnět občana", at=clock.now()
    )
    message = item.data_message
    kept = {component.versions.get().digest: component.role for component in document.components.all()}
    attachments = list(message.files.values_list("digest", flat=True))
    assert kept.pop(message.zfo_digest) == "message"
    (header,) = (digest for digest, role in kept.items() if role == "header")
    assert title_of(header) == f"Hlavička datové zprávy {message.dm_id}"
    kept.pop(header)
    assert sorted(kept) == sorted(attachments)


def test_a_header_with_a_character_no_font_has_is_rendered_all_the_same(item: IntakeItem) -> None:
    message = item.data_message
    plain = rendered_header(message).blob
    message.annotation = "Podnět \U0001fae8\u1234 občana"
    strange = rendered_header(message).blob
    assert strange != plain
    assert title_of(strange.digest) == title_of(plain.digest)


def test_the_header_says_what_the_envelope_says(item: IntakeItem) -> None:
    message = item.data_message
    said = dict(envelope_lines(message))
    assert said["ID datové zprávy"] == message.dm_id
    assert said["Odesílatel"] == message.sender_name
    assert said["Věc"] == "Podnět občana"
    assert rendered_header(message).blob == rendered_header(message).blob


def test_a_draft_cannot_be_dispatched(in_region: Any, isds: Any) -> None:
    addressee = approved_letter(in_region)
    records.return_to_draft(actor=Actor.system(in_region.region.pk), document=addressee.document)
    with pytest.raises(NotDispatchable):
        operations.dispatch_document(
            actor=in_region.actor(in_region.clerk),
            document=addressee.document,
            addressee=addressee,
            box=Box.objects.get(),
            recipient_box_id=CITIZEN.box.box_id,
            at=clock.now(),
        )
    assert not OutboxItem.objects.exists()


def test_a_letter_nobody_reads_is_delivered_by_fiction_after_ten_days(in_region: Any, isds: Any) -> None:
    letter = dispatch(in_region)
    work_through()
    isds.advance(9 * 86400)
    work_through()
    letter.refresh_from_db()
    assert letter.state == DispatchState.SENT
    isds.advance(86400 + 60)
    work_through()
    letter.refresh_from_db()
    item = letter.outbox_item
    assert (letter.state, item.message_state) == (DispatchState.DELIVERED, 5)
    assert item.receipt.events.filter(kind="EV2").exists()
    delivered = item.delivered_at - item.sent_at
    assert timedelta(days=10) - timedelta(minutes=2) < delivered < timedelta(days=10, minutes=2)


def test_a_waiting_letter_can_be_taken_back_and_a_sent_one_cannot(in_region: Any, isds: Any) -> None:
    clerk = in_region.actor(in_region.clerk)
    letter = dispatch(in_region)
    operations.cancel_dispatch(actor=clerk, dispatch=letter, reason="Špatná příloha")
    letter.refresh_from_db()
    assert letter.state == DispatchState.FAILED
    assert [addressee.pk for addressee in queries.to_dispatch()] == [letter.addressee_id]
    work_through()
    assert isds.received_by(CITIZEN.box) == []


def test_an_uploaded_receipt_is_attached_to_the_message_it_tells_of(in_region: Any, isds: Any) -> None:
    letter = dispatch(in_region)
    work_through()
    with isds.client(in_region.office.data.box) as client:
        receipt = client.signed_delivery_info(OutboxItem.objects.get().dm_id)
    clerk = in_region.actor(in_region.clerk)
    message = databox.upload_zfo(actor=clerk, content=contents.read_upload(receipt, at=clock.now()), at=clock.now())
    item = IntakeItem.objects.get(data_message=message)
    document = operations.attach_receipt(actor=clerk, item=item, at=clock.now())
    assert document == letter.document
    assert document.components.filter(role="receipt").count() == 1
    item.refresh_from_db()
    assert item.state == IntakeState.ATTACHED


def test_sending_by_post_is_recorded(in_region: Any, isds: Any) -> None:
    addressee = approved_letter(in_region)
    clerk = in_region.actor(in_region.clerk)
    operations.hand_over(
        actor=clerk, document=addressee.document, addressee=addressee, channel="post", at=clock.now(), note="RR123"
    )
    addressee.document.refresh_from_db()
    assert addressee.document.state == "dispatched"
    assert not queries.to_dispatch().exists()
    assert OutboxItem.objects.filter(state=OutboxState.QUEUED).count() == 0
