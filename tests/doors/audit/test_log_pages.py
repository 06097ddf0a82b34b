"""The auditor reads the log: filters, one record, nothing of another organisation."""

import re
from datetime import timedelta

import pytest
from tests.doors.browser import signed_in

from egon.audit import queries, sealing
from egon.audit.models import LogRecord, LogSeal
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.records.models import Document
from egon.registry.models import RoleGrant
from egon.registry.operations import withdraw_role
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


def rows(client, **asked):
    """Rows of the list, as texts."""
    table = client.get("/protokol/", asked).content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)


@pytest.mark.norm("5.1.9")
def test_operations_entities_people_and_times_are_searched(world):
    client = signed_in("stastna")
    with tenant_scope(world.region.pk):
        document = Document.objects.order_by("pk").first()
        record = LogRecord.objects.filter(operation="records.document.register").order_by("pk").first()
    number = document.reference_number
    told = rows(client, vec=number)
    assert told and all(number in row for row in told)
    assert rows(client, vec=document.identifier) == told
    assert rows(client, vec=number, operace="records.document.register")
    assert all("Zaevidování doručeného dokumentu" in row for row in rows(client, operace="records.document.register"))
    assert rows(client, vec="KSA 99999/2026") == []
    assert rows(client, typ="records.document", cislo=document.pk) == told
    assert all("Petr Dvořák" in row for row in rows(client, osoba="dvorak"))
    assert rows(client, osoba="Příprava ukázky") and rows(client, osoba="Nikdo Takový") == []
    at = record.recorded_at.astimezone(clock.PRAGUE)
    second = at.strftime("%Y-%m-%dT%H:%M:%S")
    assert rows(client, od=second, do=second, operace=record.operation)
    before = (at - timedelta(days=1)).strftime("%Y-%m-%d")
    assert rows(client, do=before, operace=record.operation, vec=number) == []
    assert rows(client, od=f"{at:%Y-%m-%d}", do=f"{at:%Y-%m-%d}", operace=record.operation)
    assert (
        "Konec období je před jeho začátkem." in client.get("/protokol/?od=2026-02-02&do=2026-02-01").content.decode()
    )


@pytest.mark.norm("5.1.9")
def test_the_role_in_which_somebody_acted_is_kept_and_searched(world):
    signed_in("dvorak").post("/dokumenty/novy/", {"direction": "internal", "subject": "Záznam o poradě"})
    client = signed_in("stastna")
    found = rows(client, role="officer", operace="records.document.create")
    assert len(found) == 1 and "zpracovatel" in found[0].lower()
    assert rows(client, role="auditor", operace="records.document.create") == []
    with tenant_scope(world.region.pk):
        grants = RoleGrant.objects.filter(person=world.officer, role="officer")
        for grant in grants:
            withdraw_role(actor=Actor.system(world.region.pk), grant=grant)
    assert rows(client, role="officer", operace="records.document.create") == found  # as it was at that time
    with tenant_scope(world.region.pk):
        sealing.seal_new_records(now=clock.now())
        assert sealing.verify().intact


def test_a_changed_role_is_told_by_the_seal(world):
    signed_in("dvorak").post("/dokumenty/novy/", {"direction": "internal", "subject": "Záznam o poradě"})
    with tenant_scope(world.region.pk):
        record = LogRecord.objects.filter(operation="records.document.create").latest("pk")
        sealing.seal_new_records(now=clock.now())
        assert sealing.verify().intact
        seal = LogSeal.objects.get(record_ids__contains=[record.pk])
        row = [getattr(record, name) for name in sealing._fields_of(seal.form)]
        assert "roles" in sealing._fields_of(seal.form) and record.roles == ",officer,"
        assert sealing.digest_of(row) != sealing.digest_of([*row[:-1], ",head,"])
        assert "roles" not in sealing._fields_of(2)


@pytest.mark.norm("5.1.9", "5.2.11")
def test_what_was_found_in_the_log_is_taken_away_as_a_file(world):
    client = signed_in("stastna")
    csv = client.get("/protokol/?operace=registry.unit.create&soubor=csv").content.decode("utf-8-sig")
    assert csv.splitlines()[0].startswith("Záznam;Čas;Operace")
    assert len(csv.splitlines()) > 2 and all("Založení organizační části" in line for line in csv.splitlines()[1:])
    assert client.get("/protokol/?soubor=xlsx").content.startswith(b"PK")
    pdf = client.get("/protokol/?operace=registry.unit.create&soubor=pdf").content
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf


def test_the_oldest_may_be_first_and_a_frequent_kind_is_found(world, monkeypatch):
    client = signed_in("stastna")
    newest, oldest = rows(client), rows(client, razeni="cas")
    assert newest[0] != oldest[0]
    by_index = rows(client, typ="records.document")
    monkeypatch.setattr(queries, "MANY", 1)
    assert rows(client, typ="records.document") == by_index


def test_who_reads_no_log_searches_none(world):
    assert signed_in("dvorak").get("/protokol/?vec=KSA&soubor=csv").status_code == 403


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
