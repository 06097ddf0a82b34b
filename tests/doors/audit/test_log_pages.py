"""The auditor reads the log: filters, one record, nothing of another organisation."""

import re

import pytest
from tests.doors.browser import signed_in

from egon.audit import sealing
from egon.audit.models import LogRecord
from egon.kernel import clock
from egon.tenancy.scope import tenant_scope
from egon.web.audit.history import entries_for

pytestmark = pytest.mark.django_db


def test_filters_narrow_the_log(world):
    signed_in("dvorak").post("/odhlaseni/")
    client = signed_in("stastna")
    page = client.get("/protokol/?operace=identity.sign_out").content.decode()
    assert "Petr Dvořák" in page and "Založení účtu" not in page.partition("<table")[2]
    assert "Žádný záznam nevyhovuje" in client.get("/protokol/?od=2001-01-01&do=2001-01-02").content.decode()
    assert "Petr Dvořák" in client.get("/protokol/?osoba=dvořák").content.decode().partition("<table")[2]
    unit = world.units["OD"]
    page = client.get(f"/protokol/?typ=registry.unit&cislo={unit.pk}").content.decode()
    assert "Založení organizační části" in page.partition("<table")[2]


@pytest.mark.parametrize(
    "query",
    ["od=nonsense", "cislo=-1", "cislo=99999999999999999999", "strana=x", "strana=99999999999", "typ=x", "osoba=%00"],
)
def test_nonsense_in_the_address_does_no_harm(world, query):
    assert signed_in("stastna").get(f"/protokol/?{query}").status_code == 200


def test_record_tells_everything_and_its_seal(world):
    client = signed_in("stastna")
    with tenant_scope(world.region.pk):
        record = LogRecord.objects.filter(operation="registry.unit.create").first()
    assert "čeká na pečetění" in client.get(f"/protokol/{record.pk}/").content.decode()
    with tenant_scope(world.region.pk):
        sealing.seal_new_records(now=clock.now())
    page = client.get(f"/protokol/{record.pk}/").content.decode()
    assert "článek 1 řetězu" in page
    assert "zkratka" in page or "kód" in page
    unit = re.compile(r'href="/sprava/organizace/\d+/"')  # a link only for whoever may open the page behind it
    assert not unit.search(page)
    assert unit.search(signed_in("svoboda").get(f"/protokol/{record.pk}/").content.decode())


def test_log_of_another_organisation_does_not_exist(world):
    with tenant_scope(world.region.pk):
        record = LogRecord.objects.latest("pk")
    client = signed_in("uceny")
    assert client.get(f"/protokol/{record.pk}/").status_code == 404
    assert "Hejtman" not in client.get("/protokol/").content.decode()


def test_history_tells_who_did_what_in_czech_newest_first(world):
    with tenant_scope(world.region.pk):
        entries = entries_for(world.officer)
    assert [entry.title for entry in entries][-2:] == ["Připojení účtu k osobě", "Zápis osoby"]
    first = entries[-1]
    assert first.who == "Příprava ukázky"
    assert ("příjmení", "Dvořák") in [(fact.label, fact.value) for fact in first.facts]
    assert "příjmení: Dvořák" in first.text
