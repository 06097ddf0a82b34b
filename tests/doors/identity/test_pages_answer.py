"""Every page of these areas answers a person who may open it, and refuses one who may not."""

import pytest
from django.test import Client
from tests.doors.browser import signed_in

from egon.registry.models import Person
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db

ADMINISTRATION = [
    "/sprava/",
    "/sprava/organizace/nova/",
    "/sprava/osoby/",
    "/sprava/osoby/?q=ruzicka",
    "/sprava/osoby/nova/",
    "/sprava/ciselniky/",
]


@pytest.mark.norm("7.1.1")
@pytest.mark.parametrize(
    "address", [*ADMINISTRATION, "/sprava/zastupy/", "/protokol/", "/rejstrik/", "/muj-ucet/", "/heslo/"]
)
def test_page_opens_for_the_administrator_and_sends_a_stranger_to_sign_in(world, address):
    assert signed_in("svoboda").get(address).status_code == 200
    stranger = Client().get(address)
    assert stranger.status_code == 302
    assert stranger.headers["Location"].startswith("/prihlaseni/?next=")


@pytest.mark.norm("7.1.1", "2.7.3a", "2.7.3b", "2.7.3c")
@pytest.mark.parametrize("address", [*ADMINISTRATION, "/protokol/"])
def test_administration_and_log_are_closed_to_an_officer(world, address):
    assert signed_in("kucera").get(address).status_code == 403


def test_details_of_person_and_unit_open_and_those_of_another_organisation_do_not_exist(world):
    client = signed_in("svoboda")
    assert "Růžička" in client.get(f"/sprava/osoby/{world.substitute.pk}/").content.decode()
    assert client.get(f"/sprava/organizace/{world.units['OD'].pk}/").status_code == 200
    assert client.get(f"/sprava/osoby/{world.school.director.pk}/").status_code == 404
    assert client.get(f"/sprava/organizace/{world.school.units['RED'].pk}/").status_code == 404


def test_search_of_people_needs_no_diacritics(world):
    page = signed_in("svoboda").get("/sprava/osoby/?q=ruzic").content.decode()
    assert "Růžička" in page
    assert "Dvořák" not in page


def test_a_person_without_any_role_sees_nothing(in_region):
    from egon.identity.models import Account, Membership

    account = Account.objects.create(login="nikdo.bezrole", name="Nikdo")
    account.set_password(PASSWORD)
    account.save()
    Membership.objects.create(account=account, tenant=in_region.region)
    Person.objects.create(given_name="Nikdo", family_name="Bezrole", account=account, sort_key="b", search_key="b")
    from egon.kernel import clock
    from egon.registry import queries

    actor = queries.actor_for(account=account, tenant_id=in_region.region.pk, at=clock.now())
    assert actor is not None
    assert actor.grants == frozenset()
