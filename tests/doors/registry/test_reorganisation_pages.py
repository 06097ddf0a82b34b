"""Pages of reorganising a unit: looked at first, started, watched, found afterwards."""

from datetime import timedelta

import pytest
from tests.doors.browser import signed_in
from tests.doors.texts import text_of_page
from tests.runs import go

from egon.kernel import clock
from egon.registry import operations as registry
from egon.registry.models import Position
from egon.reorganisation.models import Reorganisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def units(in_region):
    new = registry.create_unit(
        actor=in_region.actor(in_region.administrator),
        code="ODSH",
        name="Odbor dopravy a silnic",
        valid_from=clock.today(),
    )
    return in_region.units["OD"], new


@pytest.fixture
def admin(in_region):
    return signed_in(in_region.administrator.account.login)


def typed(new, **changes):
    values = {"kind": "merge", "successor": new.pk, "on": clock.today().isoformat(), "reason": "Organizační řád"}
    return values | changes


def test_it_is_shown_first_then_done_and_the_old_unit_points_to_the_new_one(admin, units):
    old, new = units
    page = f"/sprava/organizace/{old.pk}/reorganizace/"
    first = text_of_page(admin.get(page))
    assert "funkční místa" in first and "Provést" not in first
    shown = text_of_page(admin.post(page, typed(new, nahled="1")))
    assert "Provést: převést" in shown and not Reorganisation.objects.exists()
    started = admin.post(page, typed(new, spustit="1"))
    run = Reorganisation.objects.get()
    assert started.headers["Location"] == f"/sprava/reorganizace/{run.pk}/"
    assert "Zastavit" in text_of_page(admin.get(started.headers["Location"]))
    stopped = admin.post(f"/sprava/reorganizace/{run.pk}/zastavit/", follow=True)
    assert "zastaveno" in text_of_page(stopped) and "Pokračovat" in text_of_page(stopped)
    admin.post(f"/sprava/reorganizace/{run.pk}/pokracovat/")
    assert go(run).refused == 0
    here = text_of_page(admin.get(f"/sprava/organizace/{old.pk}/"))
    assert "Její práci převzala část ODSH Odbor dopravy a silnic" in here and "sloučení OD → ODSH" in here
    assert "sloučení OD → ODSH" in text_of_page(admin.get(f"/sprava/organizace/{new.pk}/"))
    assert "nástupce: ODSH" in text_of_page(admin.get("/sprava/"))
    assert "Organizační řád" in text_of_page(admin.get("/sprava/reorganizace/"))


def test_refusals_keep_what_was_typed_and_come_at_once(admin, units):
    old, new = units
    page = f"/sprava/organizace/{old.pk}/reorganizace/"
    answer = admin.post(
        page, typed(new, spustit="1", kind="split", on=(clock.today() + timedelta(days=999)).isoformat())
    )
    text = text_of_page(answer)
    assert "Vyberte aspoň jedno funkční místo" in text and "nejvýš na rok dopředu" in text
    assert 'value="Organizační řád"' in answer.content.decode() and not Reorganisation.objects.exists()
    empty = text_of_page(admin.post(page, {"spustit": "1"}))
    assert "Důvod" in empty and "Přebírající útvar" in empty


def test_a_planned_split_tells_its_day_and_can_be_given_up(admin, units):
    old, new = units
    post = Position.objects.filter(unit=old).first()
    on = (clock.today() + timedelta(days=5)).isoformat()
    admin.post(
        f"/sprava/organizace/{old.pk}/reorganizace/",
        typed(new, spustit="1", kind="split", positions=[post.pk], on=on),
    )
    run = Reorganisation.objects.get()
    assert "Začne sama po půlnoci" in text_of_page(admin.get(f"/sprava/reorganizace/{run.pk}/"))
    assert "naplánováno" in text_of_page(admin.get("/sprava/reorganizace/"))
    done = admin.post(f"/sprava/reorganizace/{run.pk}/zrusit/", follow=True)
    assert "Plánovaná reorganizace je zrušená" in text_of_page(done)
    again = admin.post(f"/sprava/reorganizace/{run.pk}/zrusit/", follow=True)
    assert "nic se nezměnilo" in text_of_page(again)


def test_the_list_tells_when_it_is_empty(admin):
    assert "Zatím žádná reorganizace" in text_of_page(admin.get("/sprava/reorganizace/"))


def test_nobody_else_opens_it(in_region, units):
    old, _ = units
    for person in (in_region.officer, in_region.head, in_region.records_keeper):
        browser = signed_in(person.account.login)
        for page in (f"/sprava/organizace/{old.pk}/reorganizace/", "/sprava/reorganizace/"):
            assert browser.get(page).status_code == 403
        assert browser.post(f"/sprava/organizace/{old.pk}/reorganizace/", {"spustit": "1"}).status_code == 403


def test_another_organisation_does_not_find_it(world):
    with world.office.scope():
        old, new = world.units["OD"], world.units["OE"]
        run = Reorganisation.objects.create(
            unit=old, successor=new, kind="merge", on=clock.today(), reason="x", planned_at=clock.now(), planned_by="x"
        )
    hospital = signed_in(world.hospital.administrator.account.login)
    assert hospital.get(f"/sprava/reorganizace/{run.pk}/").status_code == 404
    assert hospital.get(f"/sprava/organizace/{old.pk}/reorganizace/").status_code == 404
    assert hospital.post(f"/sprava/reorganizace/{run.pk}/zrusit/").status_code == 404
    with world.office.scope():
        run.refresh_from_db()
        assert run.is_planned
