"""Any setting is found by words and one click away; changes are told from what to what (NSESSS 7.1.11, 7.4.2)."""

import re
from datetime import timedelta

import pytest
from tests.doors.browser import signed_in

from egon.audit.queries import settings_changes
from egon.gateways.tables import read_table
from egon.kernel import clock
from egon.records.models import DisposalRegime, RecordClass, RecordsSettings, TemplateSection
from egon.registry import queries
from egon.registry.models import DayOff
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db

FIND = "/sprava/nastaveni/"


@pytest.fixture
def admin(world):
    return signed_in("svoboda")


def links(page):
    return re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', page.split("<main")[-1])


def found(client, words):
    return links(client.get(FIND, {"q": words}).content.decode())


@pytest.mark.parametrize("login", ["svoboda", "fiala"])
def test_every_page_of_the_map_opens_for_who_sees_it(world, login):
    client = signed_in(login)
    addresses = {address for address, _ in links(client.get(FIND).content.decode())}
    assert len(addresses) > 8
    for address in addresses:
        assert client.get(address).status_code == 200, address


@pytest.mark.norm("7.1.11a")
def test_an_item_of_a_code_list_is_found_and_changed_where_the_link_leads(world, admin):
    admin.post("/sprava/ciselniky/", {"code_list": "barvy", "code": "M", "name": "Modrá", "valid_from": "2020-01-01"})
    [(address, title)] = [one for one in found(admin, "modra barvy") if re.search(r"ciselniky/\d", one[0])]
    assert title == "barvy: M Modrá"
    changed = {"name": "Blankytná", "valid_from": "2020-01-01", "valid_to": "2030-01-01"}
    assert admin.post(address, changed).status_code == 302
    assert address in {link for link, _ in found(admin, "blankytna")}


@pytest.mark.norm("7.1.11c")
def test_a_class_is_found_by_code_and_name_and_its_page_closes_it(world, admin):
    with tenant_scope(world.region.pk):
        entry = RecordClass.objects.get(code="80.20")
    [(address, _)] = [one for one in found(admin, f"80.20 {entry.name.split()[0]}") if "/plan/" in one[0]]
    assert "Uzavřít nebo sloučit" in admin.get(address).content.decode()


@pytest.mark.norm("7.1.11d")
def test_a_regime_is_found_by_its_mark_and_period(world, admin):
    with tenant_scope(world.region.pk):
        regime = DisposalRegime.objects.filter(mark="S", years=5).first()
    addresses = [address for address, _ in found(admin, "S/5")]
    assert f"/plan/rezimy/{regime.pk}/" in addresses


def test_single_settings_are_found_by_what_they_hold(world, admin):
    with tenant_scope(world.region.pk):
        RecordsSettings.objects.update(phone="+420 123 987 456")
    assert ("/sprava/udaje/", "Telefon") in found(admin, "telefon")
    assert ("/sprava/udaje/", "Telefon") in found(admin, "987 456")
    assert ("/sprava/cislovani/", "Období číslování") in found(admin, "skolni rok")


def test_what_is_not_there_is_told_so(admin):
    assert "Takové nastavení tu není" in admin.get(FIND, {"q": "xyzzy"}).content.decode()


def test_the_records_keeper_finds_only_what_they_may_set_and_an_officer_nothing(world):
    titles = {title for _, title in found(signed_in("fiala"), "a")}
    assert "Skartační režimy" in titles and "Osoby a účty" not in titles
    for address in (FIND, "/sprava/zmeny/", "/sprava/udaje/", "/sprava/kalendar/", "/sprava/zmeny.csv"):
        assert signed_in("dvorak").get(address).status_code == 403


def test_facts_of_letters_are_saved_and_told_from_what_to_what(world, admin):
    with tenant_scope(world.region.pk):
        before = RecordsSettings.objects.get().phone
    facts = {
        "address": "Nová 1\n100 00 Město",
        "phone": "+420 111",
        "email": "a@kraj.example",
        "web": "x",
        "databox_id": "",
    }
    assert admin.post("/sprava/udaje/", facts).status_code == 302
    page = admin.get("/sprava/zmeny/").content.decode()
    assert f"telefon: {before} → +420 111" in page and "Nastavení spisové služby" in page
    wrong = admin.post("/sprava/udaje/", facts | {"email": "není", "phone": "psáno"}).content.decode()
    assert "psáno" in wrong and "field--invalid" in wrong


def test_changes_of_settings_are_narrowed_and_exported(world, admin):
    with tenant_scope(world.region.pk):
        unit = queries.units().get(code="OE")
    edit = {"code": "OE", "name": "Odbor peněz", "is_records_node": "on", "valid_from": unit.valid_from.isoformat()}
    admin.post(f"/sprava/organizace/{unit.pk}/", edit)
    admin.post("/sprava/ciselniky/", {"code_list": "barvy", "code": "M", "name": "Modrá", "valid_from": "2020-01-01"})
    page = admin.get("/sprava/zmeny/?oblast=registry.unit").content.decode()
    assert f"{unit.name} → Odbor peněz" in page and "Modrá" not in page
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    assert "Odbor peněz" in admin.get(f"/sprava/zmeny/?od={today}&do={today}&kdo=svoboda").content.decode()
    assert "Žádná změna nevyhovuje" in admin.get(f"/sprava/zmeny/?od={tomorrow}").content.decode()
    table = read_table(admin.get("/sprava/zmeny.csv?oblast=registry.unit").content)
    assert any("Odbor peněz" in cells[5] and unit.name in cells[4] for _, cells in table[1:])
    assert signed_in("fiala").get("/sprava/zmeny/").status_code == 200


def test_work_with_documents_is_no_change_of_settings(world):
    with tenant_scope(world.region.pk):
        told = set(settings_changes().values_list("operation", flat=True))
        assert told and not any(
            code.startswith(("records.document", "records.file", "circulation.handover")) for code in told
        )


def test_own_days_off_are_added_without_weekends_and_taken_back(world, admin):
    monday = clock.today() + timedelta(days=14 - clock.today().weekday())
    friday, next_monday = monday + timedelta(days=4), monday + timedelta(days=7)
    days = {"first": friday.isoformat(), "last": next_monday.isoformat(), "name": "Dovolená úřadu"}
    assert admin.post("/sprava/kalendar/", days).status_code == 302
    page = admin.get(f"/sprava/kalendar/?rok={friday.year}").content.decode()
    assert "Dovolená úřadu" in page and "Štědrý den" in page
    with tenant_scope(world.region.pk):
        added = list(DayOff.objects.order_by("day"))
    assert all(one.day.weekday() < 5 for one in added) and added
    admin.post(f"/sprava/kalendar/{added[0].pk}/zrusit/")
    with tenant_scope(world.region.pk):
        assert DayOff.objects.count() == len(added) - 1
    wrong = admin.post("/sprava/kalendar/", days | {"first": "2020-01-01", "name": "Zpětně"}).content.decode()
    assert "dopředu" in wrong and "nejvýš dva měsíce" in wrong and "Zpětně" in wrong
    assert admin.get("/sprava/kalendar/?rok=nesmysl").status_code == 200


@pytest.mark.norm("7.1.11b", "7.1.11e")
def test_a_section_of_a_template_is_found_with_its_period_and_changed_where_the_link_leads(world, admin):
    with tenant_scope(world.region.pk):
        section = TemplateSection.objects.filter(disposal_regime__isnull=False).first()
    address = f"/plan/soucasti/{section.pk}/"
    assert address in {link for link, _ in found(admin, f"sablona obdobi {section.code}")}
    assert admin.post(address, {"name": section.name, "period": "years", "period_years": "7"}).status_code == 302
    page = admin.get(FIND, {"q": f"sablona obdobi {section.code} 7"}).content.decode()
    assert address in page and "7 " in page.split(address)[1][:400]
    template = f"/plan/skupiny/{section.record_class_id}/sablona/"
    assert admin.get(template).status_code == 200
