"""Archive time stamps: a version beside the original, the next one by ``nextStampTo``, refusals by their kind."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests import traces
from tests.outbox import put_into, queued
from tests.strangers import of_school

from egon import storage
from egon.databox import jobs, operations, queries, rules, stamping
from egon.databox.contents import store_content
from egon.databox.models import ArchiveStamp, Box, DataMessage, Direction, Progress
from egon.gateways.isds import IsdsRefused, read_zfo
from egon.gateways.isds.errors import IsdsBusy
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.storage import BlobRef
from egon.tenancy.scope import WrongTenant
from egon.world.organisations import REGION

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(in_region: Any) -> Actor:
    return Actor.system(in_region.region.pk)


@pytest.fixture
def message(in_region: Any, isds: Any, system: Actor) -> DataMessage:
    """A received message downloaded two days ago."""
    dm_id = isds.write("Žádost", to=REGION.box.box_id)
    isds.log_in(REGION.box)
    with isds.client(REGION.box) as client:
        content = store_content(client.download_signed(dm_id), at=clock.now())
    row = DataMessage.objects.create(
        box=Box.objects.get(),
        dm_id=dm_id,
        direction=Direction.RECEIVED,
        progress=Progress.COMPLETE,
        zfo_digest=content.zfo_digest,
        zfo_size=content.zfo_size,
        content_hash=content.content_hash,
        announced_at=clock.now(),
        stored_at=clock.now() - timedelta(days=2),
    )
    isds.advance(2 * 24 * 3600)
    return row


def due_again(message: DataMessage) -> None:
    DataMessage.objects.filter(pk=message.pk).update(stamp_due_at=clock.now())


def answer_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_: Any) -> None:
        raise error

    monkeypatch.setattr("egon.gateways.isds.IsdsClient.archive", refuse)


def test_at_night_a_message_gets_a_stamped_version_and_keeps_its_original(message: DataMessage, isds: Any) -> None:
    original = storage.read(message.zfo_digest)
    jobs.stamp()
    message.refresh_from_db()
    stamp = ArchiveStamp.objects.get(message=message)
    assert message.next_stamp_to == stamp.next_stamp_to
    assert stamp.next_stamp_to is not None
    assert message.stamp_due_at.date() == stamp.next_stamp_to - rules.STAMP_AHEAD
    assert storage.read(message.zfo_digest) == original
    stamped = storage.read(stamp.digest)
    assert len(stamped) > len(original)
    assert read_zfo(stamped).dm_bytes == read_zfo(original).dm_bytes
    assert queries.newest_version(message) == BlobRef(stamp.digest, stamp.size)
    assert not queries.to_stamp(now=clock.now()).exists()
    assert traces.speaks_of(traces.last("databox.stamp.store"), message)


def test_a_stamp_follows_the_last_one_and_isds_says_when_it_is_too_early(message: DataMessage, isds: Any) -> None:
    assert stamping.stamp_due() == 1
    due_again(message)
    assert stamping.stamp_due() == 1  # ISDS: 2206, the last stamp is still valid for long
    message.refresh_from_db()
    assert message.stamps.count() == 1
    assert message.stamp_problem == ""
    assert message.stamp_due_at > clock.now() + timedelta(days=29)


@pytest.mark.parametrize(
    ("code", "least", "most"), [("2209", 24, 25), ("2206", 24 * 29, 24 * 31), ("2207", 1, 2), ("2210", 0, 1)]
)
def test_what_may_succeed_later_is_asked_again_at_its_time(
    message: DataMessage, monkeypatch: pytest.MonkeyPatch, code: str, least: int, most: int
) -> None:
    busy = code in ("2207", "2210")
    after = timedelta(hours=1) if code == "2207" else timedelta(minutes=1)
    answer_with(monkeypatch, IsdsBusy(code, "", after=after) if busy else IsdsRefused(code, ""))
    stamping.stamp_due()
    message.refresh_from_db()
    hours = (message.stamp_due_at - clock.now()) / timedelta(hours=1)
    assert least - 0.1 <= hours <= most
    assert not queries.unstampable().exists()


def test_an_expired_stamp_is_never_asked_about_again_until_an_administrator_says_so(
    message: DataMessage, in_region: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, IsdsRefused("2205", ""))
    stamping.stamp_due()
    assert list(queries.unstampable()) == [message]
    message.refresh_from_db()
    assert "vypršelo" in message.stamp_problem
    assert stamping.stamp_due() == 0
    operations.stamp_again(actor=in_region.actor(in_region.administrator), message=message, at=clock.now())
    assert stamping.stamp_due() == 1


def test_another_document_in_place_of_the_stamped_one_is_not_kept(
    message: DataMessage, isds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = isds.write("Jiná zpráva o hodně delší", to=REGION.box.box_id, files=(("x.txt", b"x" * 9000, "text/plain"),))
    isds.log_in(REGION.box)
    with isds.client(REGION.box) as client:
        foreign = client.download_signed(other)

    def swap(client: Any, source: Any, target: Any) -> Any:
        target.write(foreign)
        return type("Answer", (), {"next_stamp_to": date(2032, 1, 1)})

    monkeypatch.setattr("egon.gateways.isds.IsdsClient.archive", swap)
    stamping.stamp_due()
    message.refresh_from_db()
    assert (message.stamps.count(), message.next_stamp_to) == (0, None)
    assert "jiný dokument" in message.stamp_problem


def test_switched_off_nothing_is_stamped(message: DataMessage, in_region: Any) -> None:
    administrator = in_region.actor(in_region.administrator)
    operations.switch_stamps(actor=administrator, box=message.box, on=False)
    assert stamping.stamp_due() == 0
    operations.switch_stamps(actor=administrator, box=message.box, on=True)
    assert stamping.stamp_due() == 1


def test_a_message_of_today_waits_for_its_day(message: DataMessage) -> None:
    DataMessage.objects.update(stored_at=clock.now() - timedelta(hours=23))
    assert stamping.stamp_due() == 0


def test_only_administrators_switch_and_only_the_product_stamps(
    message: DataMessage, in_region: Any, system: Actor
) -> None:
    clerk, moment = in_region.actor(in_region.clerk), clock.now()
    blob = BlobRef("0" * 64, 1)
    stamp = {"message": message, "blob": blob, "next_stamp_to": None, "due_at": moment, "at": moment}
    for who in (clerk, in_region.actor(in_region.officer)):
        with pytest.raises(AccessDenied):
            operations.switch_stamps(actor=who, box=message.box, on=False)
        with pytest.raises(AccessDenied):
            operations.stamp_again(actor=who, message=message, at=moment)
        with pytest.raises(AccessDenied):
            operations.store_stamp(actor=who, **stamp)
        with pytest.raises(AccessDenied):
            operations.give_up_stamping(actor=who, message=message, reason="x")
    with pytest.raises(WrongTenant):
        operations.store_stamp(actor=of_school(in_region, system), **stamp)
    assert Box.objects.get().keeps_stamped
    assert not ArchiveStamp.objects.exists()


# --- what is late --------------------------------------------------------------------------------------------------


def test_late_deliveries_are_those_over_their_fiction_or_in_no_box(in_region: Any) -> None:
    item = put_into(queued(in_region), "sent")
    now = clock.now()
    facts = [
        ({"sent_at": now - timedelta(hours=2), "put_in_box_at": None}, False),
        ({"sent_at": now - timedelta(days=2), "put_in_box_at": None}, True),
        ({"sent_at": now - timedelta(days=11), "put_in_box_at": now - timedelta(days=10, hours=1)}, False),
        ({"sent_at": now - timedelta(days=12), "put_in_box_at": now - timedelta(days=12)}, True),
        (
            {"sent_at": now - timedelta(days=30), "put_in_box_at": now - timedelta(days=30), "allow_fiction": False},
            False,
        ),
    ]
    for known, late in facts:
        type(item).objects.filter(pk=item.pk).update(**known)
        assert queries.late_sendings(now=now).exists() is late, known
        assert rules.is_late(**{"allow_fiction": True, **known}, now=now) is late


def test_a_box_that_has_not_asked_about_states_for_long_is_told(in_region: Any) -> None:
    item = put_into(queued(in_region), "sent")
    now = clock.now()
    type(item).objects.update(sent_at=now - timedelta(days=20))
    assert queries.boxes_behind_with_states(now=now) == [item.box]
    Box.objects.update(states_asked_at=now - timedelta(days=9))
    assert queries.boxes_behind_with_states(now=now) == []
    Box.objects.update(states_asked_at=now - timedelta(days=11))
    assert queries.boxes_behind_with_states(now=now) == [item.box]
    put_into(item, "delivered")
    assert queries.boxes_behind_with_states(now=now) == []
