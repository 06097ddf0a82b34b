"""Identifying a person in the browser."""

import pytest
from tests.doors.browser import signed_in
from tests.registers import COMPANY

from egon.parties import operations as parties
from egon.parties.models import Party
from egon.parties.operations import PartyDetails
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(world):
    with tenant_scope(world.region.pk):
        details = PartyDetails(kind="legal", name="Voda", ic=COMPANY.ic)
        return parties.register_party(actor=world.actor(world.clerk), details=details)


@pytest.mark.norm("2.8.8c", "2.8.8d", "2.8.9a", "2.8.11a")
def test_a_company_is_looked_up_and_its_facts_taken_over(world, company, registers):
    client, address = signed_in("dvorak"), f"/rejstrik/{company.pk}/ztotoznit/"
    assert "neztotožněno" in client.get("/rejstrik/?q=voda&ztotozneno=ne").content.decode()
    assert "Vyhledat ve zdrojích" in client.get(address).content.decode()
    page = client.post(address).content.decode()
    assert "Registr osob" in page and "Čistá voda, a. s." in page and "ros:70890366" in page
    assert "Nic se nezměnilo" in client.post(address, {"chosen": "ros:1"}).content.decode()
    assert client.post(address, {"chosen": "ros:70890366"}).status_code == 302
    page = client.get(f"/rejstrik/{company.pk}/").content.decode()
    assert "registr osob" in page and "Ověřit údaje" in page and "akciová společnost" in page
    assert "Čistá voda" in client.get("/rejstrik/?ztotozneno=ano").content.decode()


def test_missing_facts_and_silent_sources_are_told(world, company):
    client = signed_in("dvorak")
    page = client.post(f"/rejstrik/{company.pk}/ztotoznit/").content.decode()
    assert "Základní registry nejsou připojené" in page and "Záznam zůstal beze změny" in page
    with tenant_scope(world.region.pk):
        Party.objects.filter(pk=company.pk).update(ic="")
    page = client.get(f"/rejstrik/{company.pk}/ztotoznit/").content.decode()
    assert "Doplňte: právní forma." in page and "Vyhledat" not in page


@pytest.mark.parametrize(("login", "status"), [("stastna", 403), ("ticha", 404)])
def test_others_identify_nobody(world, company, registers, login, status):
    answer = signed_in(login).post(f"/rejstrik/{company.pk}/ztotoznit/", {"chosen": "ros:70890366"})
    assert answer.status_code == status
    with tenant_scope(world.region.pk):
        assert Party.objects.get(pk=company.pk).name == "Voda"
