"""Boxes are added by administrators; messages are announced, stored and given up once, by the product only."""

from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests import traces
from tests.strangers import of_school

from egon import storage
from egon.databox import operations, secrets
from egon.databox.contents import StoredContent, StoredFile
from egon.databox.errors import BoxNotUsable
from egon.databox.models import Box, DataMessage, Direction, MessageFile, Progress
from egon.databox.rules import Level
from egon.gateways.isds import MessageEnvelope, ReceivedRecord
from egon.gateways.isds.codes import MessageState
from egon.gateways.isds.rules import box_check_character
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.mailroom.models import IntakeItem
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

NOW = clock.now()
LATER = NOW + timedelta(minutes=5)
BOX_ID = "abcdef" + box_check_character("abcdef")
SECRET = "Tajne-heslo-schranky-1"


@pytest.fixture
def administrator(in_region: Any) -> Actor:
    actor: Actor = in_region.actor(in_region.administrator)
    return actor


@pytest.fixture
def system(in_region: Any) -> Actor:
    return Actor.system(in_region.region.pk)


@pytest.fixture
def box(in_region: Any) -> Box:
    return Box.objects.get()


def add(actor: Actor, **changes: Any) -> Box:
    facts = {"box_id": BOX_ID, "name": " Druhá schránka ", "login": " prihlaseni ", "password": SECRET, **changes}
    return operations.add_box(actor=actor, **facts)


# --- boxes ---------------------------------------------------------------------------------------------------------


def test_an_added_box_keeps_its_password_sealed_and_out_of_the_log(administrator: Actor) -> None:
    box = add(administrator, box_id=f" {BOX_ID.upper()} ")
    assert (box.box_id, box.name, box.login, box.active) == (BOX_ID, "Druhá schránka", "prihlaseni", True)
    assert SECRET not in box.sealed_password
    assert secrets.unseal(box.sealed_password) == SECRET
    record = traces.last("databox.box.add")
    assert traces.speaks_of(record, box)
    assert SECRET not in str(record.parameters)


def test_everything_wrong_with_a_box_is_told_at_once(administrator: Actor, box: Box) -> None:
    with pytest.raises(BoxNotUsable) as refusal:
        add(administrator, box_id="abcdefx!", login=" ", password="")
    assert len(refusal.value.obstacles) == 2
    with pytest.raises(BoxNotUsable, match="už je v organizaci"):
        add(administrator, box_id=box.box_id)
    assert Box.objects.count() == 1


@pytest.mark.parametrize("who", ["clerk", "head", "records_keeper", "auditor"])
def test_only_administrators_add_boxes(in_region: Any, who: str) -> None:
    with pytest.raises(AccessDenied):
        add(in_region.actor(getattr(in_region, who)))
    assert Box.objects.count() == 1
    record = traces.last("databox.box.add")
    assert (record.outcome, SECRET in str(record.parameters)) == ("denied", False)


def test_an_administrator_of_another_organisation_adds_no_box_here(in_region: Any, administrator: Actor) -> None:
    with pytest.raises(WrongTenant):
        add(of_school(in_region, administrator))
    assert Box.objects.count() == 1


def asked_to_fetch(box: Box) -> int:
    return ProcrastinateJob.objects.filter(task_name="databox.fetch", args__box_id=box.pk, status="todo").count()


def test_the_mailroom_has_the_box_looked_into_without_waiting_out_the_delay(in_region: Any, box: Box) -> None:
    Box.objects.update(next_attempt_at=LATER, failures=3)
    clerk = in_region.actor(in_region.clerk)
    operations.fetch_now(actor=clerk, box=box, at=NOW)
    operations.fetch_now(actor=clerk, box=box, at=NOW)  # impatience asks once
    box.refresh_from_db()
    assert box.next_attempt_at is None
    assert asked_to_fetch(box) == 1
    assert traces.speaks_of(traces.last("databox.fetch_now"), box)


def test_a_box_that_waits_for_the_administrator_stays_stopped(in_region: Any, box: Box) -> None:
    Box.objects.update(needs_administrator=True, next_attempt_at=LATER)
    operations.fetch_now(actor=in_region.actor(in_region.clerk), box=box, at=NOW)
    box.refresh_from_db()
    assert (box.needs_administrator, box.next_attempt_at) == (True, LATER)


@pytest.mark.parametrize("who", ["officer", "head", "administrator", "auditor"])
def test_others_cannot_have_messages_delivered(in_region: Any, box: Box, who: str) -> None:
    Box.objects.update(next_attempt_at=LATER)
    with pytest.raises(AccessDenied):
        operations.fetch_now(actor=in_region.actor(getattr(in_region, who)), box=box, at=NOW)
    with pytest.raises(WrongTenant):
        operations.fetch_now(actor=of_school(in_region, in_region.actor(in_region.clerk)), box=box, at=NOW)
    box.refresh_from_db()
    assert (box.next_attempt_at, asked_to_fetch(box)) == (LATER, 0)
    assert traces.denied("databox.fetch_now") == 1


# --- messages ------------------------------------------------------------------------------------------------------


def listed(dm_id: str, annotation: str = "Podnět") -> ReceivedRecord:
    envelope = MessageEnvelope(dm_id, sender_box="abcdefg", sender="Josef Procházka", annotation=annotation)
    return ReceivedRecord(envelope, MessageState(6), NOW, NOW, 12)


def announce(actor: Actor, box: Box, *dm_ids: str, at: Any = NOW) -> list[DataMessage]:
    return operations.announce_messages(actor=actor, box=box, records=[listed(dm_id) for dm_id in dm_ids], at=at)


def content_of(dm_id: str, /, **changes: Any) -> StoredContent:
    blob, annex = storage.put(f"zfo {dm_id}".encode()), storage.put(b"priloha")
    file = StoredFile("dopis.txt", "text/plain", "main", annex.digest, annex.size, "x-fmt/111", "text", True, "")
    facts = {
        "direction": Direction.RECEIVED,
        "dm_id": dm_id,
        "envelope": {"annotation": "Podnět k silnici"},
        "level": Level.OK,
        "files": (file,),
        **changes,
    }
    return StoredContent(blob.digest, blob.size, **facts)


def store(actor: Actor, message: DataMessage, content: StoredContent, *, at: Any = LATER) -> DataMessage:
    operations.store_messages(actor=actor, arrivals=[operations.Arrival(message, content)], at=at)
    return DataMessage.objects.get(pk=message.pk)


def picture(message: DataMessage) -> tuple[Any, ...]:
    files = MessageFile.objects.filter(message_id=message.pk).count()
    return DataMessage.objects.filter(pk=message.pk).values().get(), files, IntakeItem.objects.count()


@pytest.fixture
def message(system: Actor, box: Box) -> DataMessage:
    return announce(system, box, "700001")[0]


def test_messages_shown_for_the_first_time_are_registered_and_known_ones_passed_over(system: Actor, box: Box) -> None:
    first = announce(system, box, "700001", "700002", "700001")
    assert [(row.dm_id, row.progress, row.annotation) for row in first] == [
        ("700001", Progress.ANNOUNCED, "Podnět"),
        ("700002", Progress.ANNOUNCED, "Podnět"),
    ]
    again = announce(system, box, "700002", "700003", at=LATER)
    assert [row.dm_id for row in again] == ["700003"]
    assert DataMessage.objects.count() == 3
    assert traces.last("databox.message.announce").parameters["dm_ids"] == ["700003"]
    assert (first[0].delivered_at, first[0].announced_size_kb) == (NOW, 12)


def test_a_stored_message_is_complete_and_lies_in_the_mailroom_once(system: Actor, message: DataMessage) -> None:
    content = content_of("700001")
    stored = store(system, message, content)
    assert (stored.progress, stored.zfo_digest, stored.stored_at) == (Progress.COMPLETE, content.zfo_digest, LATER)
    assert [(file.name, file.format_ok) for file in stored.files.all()] == [("dopis.txt", True)]
    assert IntakeItem.objects.get().subject == "Podnět k silnici"
    before = picture(message)
    late = content_of("700001", envelope={"annotation": "Něco jiného"})
    store(system, message, late, at=LATER + timedelta(hours=1))
    assert picture(message) == before


def test_messages_that_came_together_are_stored_and_logged_together(system: Actor, box: Box) -> None:
    rows = announce(system, box, "700001", "700002", "700003")
    arrivals = [operations.Arrival(row, content_of(row.dm_id)) for row in rows]
    stored = operations.store_messages(actor=system, arrivals=arrivals, at=LATER)
    assert [row.pk for row in stored] == [row.pk for row in rows]
    assert set(DataMessage.objects.values_list("progress", "annotation", "announced_size_kb", "attempts")) == {
        (Progress.COMPLETE, "Podnět k silnici", 12, 0)
    }
    assert [row.files.count() for row in rows] == [1, 1, 1]
    assert IntakeItem.objects.count() == 3
    assert all(traces.speaks_of(traces.last("databox.message.store"), row) for row in rows)


@pytest.mark.parametrize("wrong", [{"dm_id": "999999"}, {"direction": Direction.SENT}])
def test_another_document_than_was_asked_for_is_not_filed_under_this_number(
    system: Actor, message: DataMessage, wrong: dict[str, Any]
) -> None:
    stored = store(system, message, content_of("700001", **wrong))
    assert stored.progress == Progress.UNREADABLE
    assert "jiný dokument" in stored.problem
    assert (stored.annotation, stored.files.count()) == ("Podnět", 0)
    assert IntakeItem.objects.get().problem == stored.problem  # the mailroom sees it


def test_a_message_isds_will_not_give_stays_visible_with_the_reason(system: Actor, message: DataMessage) -> None:
    failed = operations.give_up_download(actor=system, message=message, reason="ISDS ji nevydal.", at=LATER)
    assert (failed.progress, failed.problem, failed.stored_at) == (Progress.FAILED, "ISDS ji nevydal.", LATER)
    assert IntakeItem.objects.get().problem == "ISDS ji nevydal."
    assert traces.last("databox.message.give_up").parameters["reason"] == "ISDS ji nevydal."


def test_a_message_stored_meanwhile_is_not_given_up(system: Actor, message: DataMessage) -> None:
    store(system, message, content_of("700001"), at=NOW)
    before = picture(message)
    operations.give_up_download(actor=system, message=message, reason="Pozdě.", at=LATER)
    assert picture(message) == before


STEPS = {
    "databox.message.announce": lambda actor, message: announce(actor, message.box, "700009"),
    "databox.message.store": lambda actor, message: store(actor, message, content_of("700001")),
    "databox.message.give_up": lambda actor, message: operations.give_up_download(
        actor=actor, message=message, reason="x", at=LATER
    ),
}


@pytest.mark.parametrize("code", STEPS)
@pytest.mark.parametrize("who", ["clerk", "administrator"])
def test_no_person_says_what_came(in_region: Any, message: DataMessage, code: str, who: str) -> None:
    before, count = picture(message), DataMessage.objects.count()
    done = traces.done(code)
    with pytest.raises(AccessDenied):
        STEPS[code](in_region.actor(getattr(in_region, who)), message)
    assert (picture(message), DataMessage.objects.count()) == (before, count)
    assert (traces.done(code), traces.denied(code)) == (done, 1)


@pytest.mark.parametrize("code", STEPS)
def test_the_product_of_another_organisation_takes_nothing_in_here(
    in_region: Any, message: DataMessage, system: Actor, code: str
) -> None:
    before, count = picture(message), DataMessage.objects.count()
    with pytest.raises(WrongTenant):
        STEPS[code](of_school(in_region, system), message)
    assert (picture(message), DataMessage.objects.count()) == (before, count)
