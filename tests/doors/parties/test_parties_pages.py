"""The jmenný rejstřík in the browser."""

import pytest
from tests.doors.browser import signed_in
from tests.doors.texts import text_of_page

from egon.audit.models import LogRecord
from egon.parties.models import Party
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db

CITIZEN = {
    "kind": "natural",
    "given_name": "Jiří",
    "family_name": "Šťastný",
    "birth_date": "1971-04-23",
    "city": "Žďár",
    "country": "CZ",
}


@pytest.fixture
def citizen(world):
    response = signed_in("novakova").post("/rejstrik/novy/", CITIZEN)
    assert response.status_code == 302, response.content.decode()
    with tenant_scope(world.region.pk):
        return Party.objects.get(family_name="Šťastný")


def test_person_is_written_found_and_the_reader_is_told_of(world, citizen):
    client = signed_in("dvorak")
    page = client.get("/rejstrik/?q=stastny").content.decode()
    assert "Jiří Šťastný" in page and "Stavby Beran" not in page
    page = client.get(f"/rejstrik/{citizen.pk}/").content.decode()
    assert "Zápis do jmenného rejstříku" in page
    assert "23.\xa04.\xa01971" in page
    with tenant_scope(world.region.pk):
        read = LogRecord.objects.filter(operation="parties.party.read", actor_name__contains="Dvořák")
        assert read.exists()
        assert LogRecord.objects.filter(operation="parties.party.find", actor_name__contains="Dvořák").exists()


def test_duplicate_is_shown_first_and_written_only_on_insisting(world, citizen):
    client = signed_in("novakova")
    page = client.post("/rejstrik/novy/", CITIZEN).content.decode()
    assert "Podobná osoba už v rejstříku je" in page
    with tenant_scope(world.region.pk):
        assert Party.objects.filter(family_name="Šťastný").count() == 1
    assert client.post("/rejstrik/novy/", CITIZEN | {"confirmed": "1"}).status_code == 302
    page = client.get(f"/rejstrik/{citizen.pk}/").content.decode()
    assert "Možná jde o tutéž osobu" in page


def test_refused_facts_keep_what_was_typed_and_come_together(world):
    bad = CITIZEN | {"kind": "legal", "name": "Firma s chybou", "ic": "12345678", "databox_id": "abcdefg"}
    page = signed_in("novakova").post("/rejstrik/novy/", bad).content.decode()
    assert "kontrolní číslice" in page and "nemůže existovat" in page and "Datum narození patří jen" in page
    assert "Firma s chybou" in page


def test_change_is_told_in_the_history(world, citizen):
    client = signed_in("novakova")
    assert client.post(f"/rejstrik/{citizen.pk}/upravit/", CITIZEN | {"city": "Brno"}).status_code == 302
    page = client.get(f"/rejstrik/{citizen.pk}/").content.decode()
    assert "původně: obec: Žďár" in page


@pytest.mark.parametrize(("login", "status"), [("stastna", 403), ("ticha", 404)])
def test_reader_and_other_tenant_change_nothing(world, citizen, login, status):
    response = signed_in(login).post(f"/rejstrik/{citizen.pk}/upravit/", CITIZEN | {"city": "Brno"})
    assert response.status_code == status
    with tenant_scope(world.region.pk):
        assert Party.objects.get(pk=citizen.pk).city == "Žďár"


@pytest.mark.norm("2.8.20", "2.8.6")
def test_the_list_is_sought_filtered_and_put_in_order_by_its_reader(world, citizen):
    clerk, reader = signed_in("novakova"), signed_in("dvorak")
    for name, city, ic in (("Alfa, s. r. o.", "Znojmo", "70890366"), ("Žito, a. s.", "Aš", "00007064")):
        made = {"kind": "legal", "name": name, "city": city, "ic": ic, "country": "CZ"}
        assert clerk.post("/rejstrik/novy/", made).status_code == 302

    def listed(query):
        page = text_of_page(reader.get(f"/rejstrik/?{query}"))
        places = {name: page.find(name) for name in ("Alfa, s. r. o.", "Žito, a. s.", "Jiří Šťastný")}
        return [name for name in sorted(places, key=lambda one: places[one]) if places[name] >= 0]

    companies = ["Alfa, s. r. o.", "Žito, a. s."]
    assert listed("druh=legal&razeni=jmeno") == companies
    assert listed("druh=legal&razeni=-jmeno") == companies[::-1]
    assert listed("druh=legal&razeni=obec") == companies[::-1]
    assert listed("druh=natural") == ["Jiří Šťastný"]
    assert listed("q=znojmo") == listed("q=70890366") == companies[:1]


@pytest.mark.parametrize("order", ["jmeno", "-jmeno", "obec", "-zapsano", "nonsense"])
def test_list_is_ordered_and_paged_by_the_address(world, citizen, order):
    assert signed_in("dvorak").get(f"/rejstrik/?razeni={order}&strana=9999&druh=natural").status_code == 200
