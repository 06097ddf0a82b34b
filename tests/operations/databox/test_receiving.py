"""Receiving from ISDS: every message once, byte for byte, checked, and in the mailroom."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from egon import storage
from egon.databox import fetching
from egon.databox.models import Box, DataMessage, Progress
from egon.kernel.errors import Retryable
from egon.mailroom.models import IntakeItem
from egon.world.organisations import REGION
from egon.world.outside import CITIZEN

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture
def box(in_region: Any, isds: Any) -> Box:
    return Box.objects.get()


def fetch(box: Box) -> Box:
    """Look into the box as the worker does, whatever delay there is."""
    Box.objects.filter(pk=box.pk).update(next_attempt_at=None, states_asked_at=None, looked_at=None)
    fetching.fetch_box(box.pk)
    box.refresh_from_db()
    return box


@pytest.mark.norm("2.3.1a", "2.3.4a", "2.3.4b", "2.3.4c")
def test_a_message_lies_in_the_mailroom_with_its_checks_and_attachments(box: Box, isds: Any) -> None:
    dm_id = isds.write(
        "Žádost o opravu silnice",
        to=box.box_id,
        files=(("žádost.txt", "Prosím o opravu.".encode(), "text/plain"), ("mapa.png", PNG, "image/png")),
        sender_reference_number="MOJE 1/2026",
    )
    fetch(box)
    message = DataMessage.objects.get()
    assert (message.dm_id, message.progress, message.problem) == (dm_id, Progress.COMPLETE, "")
    assert message.checks_level == "ok", [fact for fact in message.checks if fact["outcome"] != "PASSED"]
    assert (message.sender_box_id, message.sender_name) == (CITIZEN.box.box_id, "Josef Procházka")
    with isds.client(REGION.box) as client:
        envelope = client.envelope(dm_id)
    assert (message.delivered_at, message.accepted_at) == (envelope.delivery_time, envelope.acceptance_time)
    assert message.sender_reference == "MOJE 1/2026"
    assert [(file.name, file.format_ok) for file in message.files.order_by("position")] == [
        ("žádost.txt", True),
        ("mapa.png", True),
    ]
    item = IntakeItem.objects.get()
    assert (item.subject, item.files_count, item.state) == ("Žádost o opravu silnice", 2, "waiting")
    assert item.sender_name == "Josef Procházka"
    assert item.received_at == message.accepted_at


@pytest.mark.norm("2.3.1a")
def test_the_sealed_message_is_kept_byte_for_byte(box: Box, isds: Any) -> None:
    dm_id = isds.write("Podnět", to=box.box_id)
    fetch(box)
    with isds.client(REGION.box) as client:
        from egon.gateways.isds.zfo import read_zfo

        again = read_zfo(client.download_signed(dm_id))
    kept = read_zfo(storage.read(DataMessage.objects.get().zfo_digest))
    assert bytes(kept.dm_bytes) == bytes(again.dm_bytes)


def test_fetching_again_takes_nothing_in_twice(box: Box, isds: Any) -> None:
    for number in range(3):
        isds.write(f"Podání {number}", to=box.box_id)
    for _ in range(3):
        fetch(box)
    isds.write("Podání 3", to=box.box_id)
    fetch(box)
    assert sorted(IntakeItem.objects.values_list("subject", flat=True)) == [f"Podání {n}" for n in range(4)]


def test_a_message_listed_twice_is_taken_in_once(box: Box, isds: Any) -> None:
    isds.write("Podání", to=box.box_id)
    isds.break_("GetListOfReceivedMessages", "duplicate_list", count=5)
    fetch(box)
    fetch(box)
    assert DataMessage.objects.count() == IntakeItem.objects.count() == 1


def test_an_altered_message_is_kept_and_its_state_told(box: Box, isds: Any) -> None:
    isds.write("Podání", to=box.box_id)
    isds.break_("SignedMessageDownload", "altered_zfo")
    fetch(box)
    message, item = DataMessage.objects.get(), IntakeItem.objects.get()
    assert storage.exists(message.zfo_digest)
    assert message.problem or message.checks_level == "failed"
    assert item.problem == message.problem


def test_a_message_the_database_refuses_does_not_hold_up_the_others(
    box: Box, isds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        isds.write(f"Podání {number}", to=box.box_id)
    read = fetching.fetch_content

    def with_a_forbidden_character(message: DataMessage, client: Any) -> Any:
        content = read(message, client)
        return replace(content, problem="\x00") if message.annotation == "Podání 1" else content

    monkeypatch.setattr(fetching, "fetch_content", with_a_forbidden_character)
    fetch(box)
    progress = dict(DataMessage.objects.values_list("annotation", "progress"))
    assert progress == {f"Podání {n}": Progress.FAILED if n == 1 else Progress.COMPLETE for n in range(4)}
    assert "správce" in IntakeItem.objects.get(subject="Podání 1").problem


def test_what_was_downloaded_before_an_outage_is_recorded(box: Box, isds: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        isds.write(f"Podání {number}", to=box.box_id)
    read, asked = fetching.fetch_content, itertools.count()

    def until_the_outage(message: DataMessage, client: Any) -> Any:
        if next(asked) < 2:
            return read(message, client)
        raise Retryable("ISDS neodpovídá.")

    with monkeypatch.context() as outage:
        outage.setattr(fetching, "fetch_content", until_the_outage)
        assert fetch(box).last_error
    assert IntakeItem.objects.count() == DataMessage.objects.filter(progress=Progress.COMPLETE).count() == 2
    DataMessage.objects.update(next_attempt_at=None)
    fetch(box)
    assert IntakeItem.objects.count() == 6


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc00000030101"
    "00c9fe92ef0000000049454e44ae426082"
)
