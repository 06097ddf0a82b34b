"""Pages of archive stamps: what is stamped, what cannot be, the switch, and the stamped file itself."""

from datetime import date
from typing import Any

import pytest
from tests.doors.mailroom.test_pages import signed_in

from egon import storage
from egon.databox.models import ArchiveStamp, Box, DataMessage, Direction, Progress
from egon.kernel import clock
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(world: Any) -> DataMessage:
    with tenant_scope(world.region.pk):
        original = storage.put(b"zfo")
        return DataMessage.objects.create(
            box=Box.objects.get(),
            dm_id="700001",
            direction=Direction.RECEIVED,
            progress=Progress.COMPLETE,
            zfo_digest=original.digest,
            zfo_size=original.size,
            announced_at=clock.now(),
            stored_at=clock.now(),
        )


def test_a_stamped_version_is_on_the_page_of_its_message_and_can_be_taken(world: Any, message: DataMessage) -> None:
    with tenant_scope(world.region.pk):
        stamped = storage.put(b"zfo s razitkem")
        stamp = ArchiveStamp.objects.create(
            message=message, digest=stamped.digest, size=stamped.size, stamped_at=clock.now()
        )
        DataMessage.objects.update(next_stamp_to=date(2031, 5, 1))
    clerk = signed_in(world.clerk)
    page = clerk.get(f"/schranky/zprava/{message.pk}/").content.decode()
    assert "1.\u00a05.\u00a02031" in page
    assert f"/schranky/razitka/{stamp.pk}/zfo" in page
    answer = clerk.get(f"/schranky/razitka/{stamp.pk}/zfo")
    assert b"".join(answer.streaming_content) == b"zfo s razitkem"
    for stranger in (signed_in(world.outsider), signed_in(world.school.director)):
        assert stranger.get(f"/schranky/razitka/{stamp.pk}/zfo").status_code == 404


def test_a_stamped_message_to_own_hands_is_as_closed_as_its_original(world: Any, message: DataMessage) -> None:
    with tenant_scope(world.region.pk):
        stamped = storage.put(b"zfo s razitkem")
        stamp = ArchiveStamp.objects.create(
            message=message, digest=stamped.digest, size=stamped.size, stamped_at=clock.now()
        )
        DataMessage.objects.update(personal_delivery=True)
    clerk = signed_in(world.clerk)
    for address in (f"/schranky/razitka/{stamp.pk}/zfo", f"/schranky/zprava/{message.pk}/zfo"):
        assert clerk.get(address).status_code == 403, address


def test_the_administrator_switches_and_asks_again_others_only_look(world: Any, message: DataMessage) -> None:
    with tenant_scope(world.region.pk):
        DataMessage.objects.update(stamp_problem="Poslední razítko už vypršelo.")
        box_pk = Box.objects.get().pk
    switch, again = f"/schranky/razitka/schranka/{box_pk}/", f"/schranky/razitka/zprava/{message.pk}/znovu/"
    clerk, administrator = signed_in(world.clerk), signed_in(world.administrator)
    page = clerk.get("/schranky/razitka/").content.decode()
    assert "Poslední razítko už vypršelo." in page
    assert "Přestat prodlužovat" not in page
    for address in (switch, again):
        assert clerk.post(address, {"on": "0"}).status_code == 403
    assert signed_in(world.outsider).get("/schranky/razitka/").status_code == 403
    assert "Přestat prodlužovat" in administrator.get("/schranky/razitka/").content.decode()
    assert administrator.post(switch, {"on": "0"}).status_code == 302
    assert administrator.post(again).status_code == 302
    assert administrator.post(again).status_code == 404  # it waits for the night already
    with tenant_scope(world.region.pk):
        assert not Box.objects.get().keeps_stamped
        assert DataMessage.objects.get().stamp_problem == ""


def test_another_organisation_switches_nothing_here(world: Any, message: DataMessage) -> None:
    with tenant_scope(world.region.pk):
        box_pk = Box.objects.get().pk
    stranger = signed_in(world.school.director)
    assert stranger.post(f"/schranky/razitka/schranka/{box_pk}/", {"on": "0"}).status_code in (403, 404)
    with tenant_scope(world.region.pk):
        assert Box.objects.get().keeps_stamped
