"""Periods of destruction in the browser."""

from datetime import timedelta

import pytest
from tests.doors.browser import signed_in

from egon.kernel import clock
from egon.parties import operations as parties
from egon.parties import queries
from egon.parties.models import Party
from egon.parties.operations import PartyDetails
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(world):
    with tenant_scope(world.region.pk):
        details = PartyDetails(kind="natural", given_name="Anna", family_name="Zbytečná")
        party = parties.register_party(actor=world.actor(world.clerk), details=details)
        Party.objects.filter(pk=party.pk).update(unlinked_since=clock.today() - timedelta(days=5))
    return party


def login_of(person):
    return person.account.login


@pytest.mark.norm("2.8.15a", "2.8.15b", "2.8.16")
def test_the_administrator_sets_periods_sees_who_ends_and_destroys_by_hand(world, person):
    with tenant_scope(world.region.pk):
        client = signed_in(login_of(world.administrator))
    assert "nemaže se" in client.get("/rejstrik/lhuty/?razeni=-jmeno").content.decode()
    refused = client.post("/rejstrik/lhuty/", {"natural_days": "0", "legal_days": "12"}).content.decode()
    assert "má být od 1" in refused and 'value="12"' in refused
    assert client.post("/rejstrik/lhuty/", {"natural_days": "365", "legal_days": ""}).status_code == 302
    assert "nemaže se" not in client.get("/rejstrik/lhuty/").content.decode()
    page = client.get(f"/rejstrik/{person.pk}/").content.decode()
    assert "nepřibude-li vazba" in page and "Zničit záznam" in page
    assert "důvod" in client.post(f"/rejstrik/{person.pk}/znicit/", {"reason": ""}, follow=True).content.decode()
    assert client.post(f"/rejstrik/{person.pk}/znicit/", {"reason": "omyl"}).status_code == 302
    assert client.get(f"/rejstrik/{person.pk}/").status_code == 404


@pytest.mark.parametrize(("login", "status"), [("fiala", 403), ("dvorak", 403), ("ticha", 404)])
def test_others_set_and_destroy_nothing(world, person, login, status):
    client = signed_in(login)
    client.post("/rejstrik/lhuty/", {"natural_days": "1", "legal_days": "1"})
    assert client.post(f"/rejstrik/{person.pk}/znicit/", {"reason": "x"}).status_code in (403, status)
    with tenant_scope(world.region.pk):
        assert Party.objects.filter(pk=person.pk).exists() and queries.periods().natural_days is None


def test_who_keeps_the_register_sees_the_periods_only(world, person):
    page = signed_in("fiala").get("/rejstrik/lhuty/").content.decode()
    assert "Lhůty nastavuje správce systému" in page and "Zbytečná" in page and "Uložit lhůty" not in page


def test_the_administrator_switches_notifications_where_registers_are_connected(world, settings):
    with tenant_scope(world.region.pk):
        client = signed_in(login_of(world.administrator))
    page = client.post("/rejstrik/lhuty/notifikace/", {"active": "1"}, follow=True).content.decode()
    assert "nejsou připojené" in page
    settings.BASE_REGISTERS_URL = "http://registry.example"
    page = client.post("/rejstrik/lhuty/notifikace/", {"active": "1"}, follow=True).content.decode()
    assert "Přestat používat notifikace" in page
    assert signed_in("fiala").post("/rejstrik/lhuty/notifikace/", {"active": "0"}).status_code == 403
    with tenant_scope(world.region.pk):
        assert queries.notifications() is not None
