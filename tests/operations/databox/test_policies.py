"""Three policies of taking messages over. Only a list of received messages delivers; nothing lists by accident."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests import traces
from tests.strangers import of_school

from egon.databox import fetching, jobs, operations, queries
from egon.databox.errors import BoxNotUsable
from egon.databox.models import Box, DataMessage, DeliveryPolicy, LoginKind, Progress
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.mailroom.models import IntakeItem
from egon.tenancy.scope import WrongTenant
from egon.world.organisations import PASSWORD, REGION

pytestmark = pytest.mark.django_db

UNDELIVERED, BY_FICTION, BY_LOGIN = 4, 5, 6


@pytest.fixture
def box(in_region: Any, isds: Any) -> Box:
    return Box.objects.get()


@pytest.fixture
def watched(in_region: Any, isds: Any, box: Box) -> Box:
    system = Actor.system(box.tenant_id)
    operations.edit_box(
        actor=system,
        box=box,
        name=box.name,
        login_kind=LoginKind.SYSTEM,
        environment_url=isds.secure(),
        delivery_policy=DeliveryPolicy.WATCH,
    )
    operations.add_certificate(actor=system, box=box, certificate=isds.certificate(box.box_id), at=clock.now())
    return look(box)


def look(box: Box, *, whole_tick: bool = False) -> Box:
    """What the worker does, whatever delays there are."""
    Box.objects.filter(pk=box.pk).update(next_attempt_at=None, looked_at=None, states_asked_at=None)
    DataMessage.objects.update(next_attempt_at=clock.now())
    if whole_tick:
        jobs.tick()
    fetching.fetch_box(box.pk)
    box.refresh_from_db()
    assert not box.last_error
    return box


def test_watching_shows_what_lies_there_and_delivers_nothing(watched: Box, isds: Any, in_region: Any) -> None:
    dm_id = isds.write("Výzva k doplnění", to=watched.box_id)
    isds.write("Osobní", to=watched.box_id, personal_delivery=True)
    for _ in range(3):
        look(watched, whole_tick=True)
    operations.fetch_now(actor=in_region.actor(in_region.clerk), box=watched, at=clock.now())
    look(watched)
    first, second = queries.noticed(watched)
    assert (first.dm_id, first.annotation, first.sender_name) == (dm_id, "Výzva k doplnění", "Josef Procházka")
    assert second.annotation == "Zpráva do vlastních rukou"
    assert not IntakeItem.objects.exists()
    assert isds.states(watched.box_id) == {UNDELIVERED}


def test_no_page_delivers(watched: Box, isds: Any, in_region: Any) -> None:
    isds.write("Výzva", to=watched.box_id)
    look(watched)
    row = DataMessage.objects.get()
    for person in (in_region.clerk, in_region.administrator):
        client = Client()
        client.post("/prihlaseni/", {"login": person.account.login, "password": PASSWORD})
        for address in (
            "/", "/podatelna/", "/schranky/", "/schranky/cekajici/", f"/schranky/{watched.pk}/prevzit/",
            f"/schranky/{watched.pk}/", f"/schranky/{watched.pk}/certifikaty/", f"/schranky/zprava/{row.pk}/",
        ):  # fmt: skip
            assert client.get(address).status_code in (200, 403, 404), address
    client = Client()
    client.post("/prihlaseni/", {"login": in_region.clerk.account.login, "password": PASSWORD})
    client.post(f"/schranky/{watched.pk}/stahnout/")
    look(watched)
    page = client.get("/schranky/cekajici/").content.decode()
    assert "Výzva" in page
    assert "zbývá 9" in page
    assert isds.states(watched.box_id) == {UNDELIVERED}


def test_a_person_decides_and_everything_that_lies_there_is_delivered_once(
    watched: Box, isds: Any, in_region: Any
) -> None:
    isds.write("První", to=watched.box_id)
    look(watched)
    isds.write("Druhá", to=watched.box_id)  # nobody knows of it yet
    operations.deliver_waiting(actor=in_region.actor(in_region.clerk), box=watched, at=clock.now())
    look(watched)
    assert sorted(IntakeItem.objects.values_list("subject", flat=True)) == ["Druhá", "První"]
    assert set(DataMessage.objects.values_list("progress", flat=True)) == {Progress.COMPLETE}
    assert isds.states(watched.box_id) == {BY_LOGIN}
    isds.write("Třetí", to=watched.box_id)  # the order was for once
    look(watched)
    assert [row.annotation for row in queries.noticed(watched)] == ["Třetí"]
    assert UNDELIVERED in isds.states(watched.box_id)


def test_an_order_waits_in_the_table_until_isds_answers(watched: Box, isds: Any, in_region: Any) -> None:
    isds.write("Výzva", to=watched.box_id)
    operations.deliver_waiting(actor=in_region.actor(in_region.clerk), box=watched, at=clock.now())
    isds.break_("GetListOfReceivedMessages", "soap_503")
    fetching.fetch_box(watched.pk)
    watched.refresh_from_db()
    assert watched.listing_asked_at is not None
    look(watched)
    assert (watched.listing_asked_at, IntakeItem.objects.count()) == (None, 1)


def test_a_message_delivered_by_a_login_elsewhere_is_downloaded_without_listing(watched: Box, isds: Any) -> None:
    isds.write("Výzva", to=watched.box_id)
    look(watched)
    isds.log_in(REGION.box)  # somebody opened the portal
    isds.write("Později", to=watched.box_id)
    look(watched)
    assert [item.subject for item in IntakeItem.objects.all()] == ["Výzva"]
    assert isds.states(watched.box_id) == {UNDELIVERED, BY_LOGIN}


def test_on_order_nothing_is_listed_until_a_person_says_so(box: Box, isds: Any, in_region: Any) -> None:
    clerk = in_region.actor(in_region.clerk)
    Box.objects.update(delivery_policy=DeliveryPolicy.ON_DEMAND)
    box.refresh_from_db()
    isds.write("Výzva", to=box.box_id)
    operations.fetch_now(actor=clerk, box=box, at=clock.now())
    look(box, whole_tick=True)
    assert isds.states(box.box_id) == {UNDELIVERED}
    operations.deliver_waiting(actor=clerk, box=box, at=clock.now())
    look(box)
    assert isds.states(box.box_id) == {BY_LOGIN}


def test_outside_its_hours_a_box_is_left_alone_unless_a_person_orders(box: Box, isds: Any, in_region: Any) -> None:
    hour = clock.now().astimezone(clock.PRAGUE).hour
    Box.objects.update(hours_from=(hour + 2) % 23, hours_to=(hour + 2) % 23 + 1)
    isds.write("Výzva", to=box.box_id)
    look(box)
    assert isds.states(box.box_id) == {UNDELIVERED}
    operations.fetch_now(actor=in_region.actor(in_region.clerk), box=box, at=clock.now())
    look(box)
    assert IntakeItem.objects.count() == 1


def test_an_interval_is_kept_between_two_looks(box: Box) -> None:
    now = clock.now()
    box.looked_at, box.check_every = now, 300
    assert not queries.may_list(box, now=now + timedelta(seconds=299))
    assert queries.may_list(box, now=now + timedelta(seconds=300))


def test_watching_needs_a_certificate(box: Box) -> None:
    with pytest.raises(BoxNotUsable, match="jen s přihlášením certifikátem"):
        operations.edit_box(
            actor=Actor.system(box.tenant_id),
            box=box,
            name=box.name,
            login=box.login,
            delivery_policy=DeliveryPolicy.WATCH,
        )


def test_a_change_of_the_policy_takes_back_an_order_that_was_not_carried_out(box: Box, in_region: Any) -> None:
    Box.objects.update(delivery_policy=DeliveryPolicy.AT_ONCE)
    operations.fetch_now(actor=in_region.actor(in_region.clerk), box=box, at=clock.now())
    changed = operations.edit_box(
        actor=Actor.system(box.tenant_id),
        box=box,
        name=box.name,
        login=box.login,
        delivery_policy=DeliveryPolicy.ON_DEMAND,
    )
    assert not queries.may_list(changed, now=clock.now())


@pytest.mark.parametrize("who", ["officer", "head", "administrator", "auditor"])
def test_only_the_mailroom_decides_about_delivering(in_region: Any, box: Box, who: str) -> None:
    with pytest.raises(AccessDenied):
        operations.deliver_waiting(actor=in_region.actor(getattr(in_region, who)), box=box, at=clock.now())
    with pytest.raises(WrongTenant):
        operations.deliver_waiting(
            actor=of_school(in_region, in_region.actor(in_region.clerk)), box=box, at=clock.now()
        )
    box.refresh_from_db()
    assert box.listing_asked_at is None
    assert traces.denied("databox.deliver") == 1


@pytest.mark.parametrize("who", ["clerk", "administrator"])
def test_no_person_says_what_notifications_told(in_region: Any, watched: Box, isds: Any, who: str) -> None:
    isds.write("Výzva", to=watched.box_id)
    row = DataMessage.objects.get(pk=queries.noticed(look(watched)).get().pk)
    foreign = of_school(in_region, Actor.system(watched.tenant_id))
    for actor, error in ((in_region.actor(getattr(in_region, who)), AccessDenied), (foreign, WrongTenant)):
        with pytest.raises(error):
            operations.notice_messages(actor=actor, box=watched, records=[], at=clock.now())
        with pytest.raises(error):
            operations.follow_noticed(actor=actor, message=row, state=6, accepted_at=None, at=clock.now())
    assert DataMessage.objects.get().progress == Progress.NOTICED


def test_the_weekly_service_of_isds_is_no_error(box: Box, isds: Any) -> None:
    isds.break_("*", "soap_503", count=5)
    with time_machine.travel("2026-11-27T00:10:00+01:00", tick=True):
        fetching.fetch_box(box.pk)
    box.refresh_from_db()
    assert (box.last_error, box.failures) == ("", 0)
    assert box.next_attempt_at is not None
    assert box.next_attempt_at.astimezone(clock.PRAGUE).strftime("%H:%M") == "01:05"


def test_undownloaded_messages_are_an_alarm_long_before_isds_erases_them(box: Box) -> None:
    now = clock.now()
    for number, (progress, days) in enumerate(
        [(Progress.FAILED, 8), (Progress.ANNOUNCED, 30), (Progress.ANNOUNCED, 1), (Progress.COMPLETE, 80)]
    ):
        DataMessage.objects.create(
            box=box, dm_id=str(number), direction="received", progress=progress,
            accepted_at=now - timedelta(days=days), announced_at=now,
        )  # fmt: skip
    assert [row.dm_id for row in queries.threatened(now=now)] == ["1", "0"]


def test_bodies_are_downloaded_by_urgency(box: Box) -> None:
    now = clock.now()
    for dm_id, size, personal, days in [
        ("velka", 9000, False, 0), ("mala", 5, False, 0), ("osobni", 500, True, 0), ("smaze se", 800, False, 70),
    ]:  # fmt: skip
        DataMessage.objects.create(
            box=box, dm_id=dm_id, direction="received", personal_delivery=personal, announced_size_kb=size,
            accepted_at=now - timedelta(days=days), announced_at=now,
        )  # fmt: skip
    assert [row.dm_id for row in queries.to_download(box, now=now)] == ["smaze se", "osobni", "mala", "velka"]
