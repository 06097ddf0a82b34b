"""Tables of people and code lists brought in the browser: compared, looked at, confirmed, carried away."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import etree
from tests.doors.browser import signed_in
from tests.runs import go

from egon.gateways.tables import read_table
from egon.registry.models import ChangeSet, CodeListItem, Person, Unit
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db

TABLE = "Osobní číslo;Jméno;Příjmení;Útvar;Místo\n100;Anna;Čížková;OD;referentka\n101;Ivo;Druhý;;\n"


@pytest.fixture
def admin(world):
    return signed_in("svoboda")


def bring(client, address, content, name="soubor.csv"):
    return client.post(address, {"soubor": SimpleUploadedFile(name, content)})


def run(world, pk):
    with tenant_scope(world.region.pk):
        go(ChangeSet.objects.get(pk=pk))


def test_a_table_is_compared_confirmed_and_reported(world, admin):
    brought = bring(admin, "/sprava/osoby/nahrat/", TABLE.encode())
    address = brought.headers["Location"]
    page = admin.get(address).content.decode()
    assert "Anna Čížková" in page and "čeká na spuštění" in page and "řádek 2" in page
    with tenant_scope(world.region.pk):
        assert not Person.objects.filter(personal_number="100").exists()
    admin.post(f"{address}potvrdit/")
    assert "Zastavit" in admin.get(address).content.decode()
    run(world, int(re.search(r"(\d+)", address).group(1)))
    page = admin.get(address).content.decode()
    assert "dokončeno" in page and "provedeno" in page
    assert "Čížková" in admin.get("/sprava/osoby/?q=cizkova").content.decode()
    table = read_table(admin.get(f"{address}tabulka.csv").content)
    assert [cells[1] for _, cells in table[1:]] == ["Anna Čížková", "Ivo Druhý"]
    assert address in admin.get("/sprava/navrhy/").content.decode()
    assert "Žádná změna nevyhovuje" in admin.get(f"{address}?stav=refused").content.decode()


def test_faults_of_all_lines_are_shown_and_nothing_is_proposed(world, admin):
    answer = bring(admin, "/sprava/osoby/nahrat/", TABLE.replace("OD", "XX").replace("Ivo", "").encode())
    page = answer.content.decode()
    assert answer.status_code == 422 and "Řádek 2" in page and "Řádek 3" in page
    assert "Zatím tu žádný návrh není" in admin.get("/sprava/navrhy/").content.decode()


@pytest.mark.parametrize("address", ["/sprava/osoby/nahrat/", "/sprava/ciselniky/nahrat/"])
@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"PK\x03\x04x", b"x"])
def test_what_is_no_table_is_told_so(admin, address, content):
    assert bring(admin, address, content).status_code == 422


def test_the_table_of_people_is_carried_away_as_csv_and_xlsx(world, admin):
    for kind in ("csv", "xlsx"):
        table = read_table(admin.get(f"/sprava/osoby/tabulka.{kind}").content)
        assert table[0][1][:3] == ["osobní číslo", "titul před", "jméno"]
        assert any(world.officer.family_name in cells for _, cells in table)
    assert admin.get("/sprava/osoby/tabulka.pdf").status_code == 404


@pytest.mark.norm("2.7.3a", "2.7.3b", "2.7.3c", "7.1.11a")
def test_a_code_list_is_shown_exported_by_the_schema_and_imported_back(world, admin, standards):
    item = {"code_list": "barvy", "code": "M", "name": "Modrá", "valid_from": "2020-01-01", "valid_to": "2030-12-31"}
    admin.post("/sprava/ciselniky/", item)
    page = admin.get("/sprava/ciselniky/?ciselnik=barvy&platnost=dnes&q=modr").content.decode()
    assert "Modrá" in page and "31." in page and "2030" in page
    xml = admin.get("/sprava/ciselniky/barvy.xml").content
    etree.XMLSchema(file=str(standards / "nsesss" / "xsd" / "ermsExportPrenos.xsd")).assertValid(etree.fromstring(xml))
    changed = xml.replace("Modrá".encode(), "Blankytná".encode()).replace(b"2030-12-31", b"2031-12-31")
    address = bring(admin, "/sprava/ciselniky/nahrat/", changed, "barvy.xml").headers["Location"]
    page = admin.get(address).content.decode()
    assert "Modrá → Blankytná" in page
    admin.post(f"{address}potvrdit/")
    run(world, int(re.search(r"(\d+)", address).group(1)))
    with tenant_scope(world.region.pk):
        found = CodeListItem.objects.get(code_list="barvy")
        assert (found.name, found.valid_to.year) == ("Blankytná", 2031)


@pytest.mark.norm("2.7.3a", "2.7.3b", "2.7.3c")
def test_units_are_exported_as_a_code_list(world, admin, standards):
    xml = etree.fromstring(admin.get("/sprava/ciselniky/organizacni-soucasti.xml").content)
    etree.XMLSchema(file=str(standards / "nsesss" / "xsd" / "ermsExportPrenos.xsd")).assertValid(xml)
    with tenant_scope(world.region.pk):
        assert len(xml.findall(".//{*}Polozka")) == Unit.objects.count()
        unit = Unit.objects.get(code="OD")
    told = next(item for item in xml.iterfind(".//{*}Polozka") if unit.name in "".join(item.itertext()))
    assert unit.valid_from.isoformat() in "".join(told.itertext())
    assert admin.get("/sprava/ciselniky/neni.xml").status_code == 404


def test_a_proposal_of_one_organisation_is_not_there_in_another_and_others_do_not_open_it(world, admin):
    address = bring(admin, "/sprava/osoby/nahrat/", TABLE.encode()).headers["Location"]
    assert signed_in("dvorak").get(address).status_code == 403
    assert signed_in("dvorak").get("/sprava/osoby/tabulka.csv").status_code == 403
    with world.school.scope():
        login = world.school.director.account.login
    stranger = signed_in(login)
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}potvrdit/").status_code == 404


def test_code_lists_are_sorted_and_narrowed(admin):
    for code, name in (("A", "Zelená"), ("B", "Bílá")):
        item = {"code_list": "barvy", "code": code, "name": name, "valid_from": "2020-01-01"}
        admin.post("/sprava/ciselniky/", item)
    page = admin.get("/sprava/ciselniky/?ciselnik=barvy&razeni=nazev").content.decode()
    assert page.index("Bílá") < page.index("Zelená")
    page = admin.get("/sprava/ciselniky/?ciselnik=barvy&razeni=-nazev").content.decode()
    assert page.index("Zelená") < page.index("Bílá")
    assert "Žádná položka nevyhovuje" in admin.get("/sprava/ciselniky/?q=nic+takového").content.decode()
