"""Own metadata in the pages of classes, typed files, their sections and volumes (NSESSS 9.1.1)."""

import re

import pytest
from tests.records_steps import acting, record_class
from tests.typed_steps import section, typed_class, typed_file

from egon.records import operations as records
from egon.records.models import RecordClass, TypedFile, TypedSection, Volume
from egon.records.rules.own_metadata import OwnEntity, ValueType


@pytest.fixture
def officer(browser, in_region):
    return browser(in_region.officer)


@pytest.fixture
def keeper(browser, in_region):
    return browser(in_region.records_keeper)


@pytest.fixture
def add(in_region):
    def make(entity, name, **more):
        return records.add_own_field(
            actor=acting(in_region.records_keeper), entity=entity, name=name, value_type=ValueType.TEXT, **more
        )

    return make


@pytest.fixture
def entry(in_region):
    return typed_class(in_region)


def html(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def seen_in(page):
    """The hidden field with what the form showed."""
    return re.search(r'name="seen" value="([^"]*)"', page).group(1).replace("&quot;", '"')


@pytest.mark.norm("9.1.1")
def test_a_keeper_defines_them_for_every_entity(keeper):
    form = html(keeper.get("/evidence/udaje/novy/"))
    for entity in OwnEntity:
        assert f'value="{entity.value}"' in form and entity.label in form
        made = {"entity": entity.value, "name": f"Údaj {entity.value}", "value_type": "text"}
        assert keeper.post("/evidence/udaje/novy/", made).status_code == 302
    assert "díl typového spisu" in html(keeper.get("/evidence/udaje/?ceho=volume"))


@pytest.mark.norm("9.1.1")
def test_a_typed_file_has_them_in_forms_page_and_sheet(officer, add, entry):
    field = add(OwnEntity.TYPED_FILE, "Číslo smlouvy", required=True)
    name = f"own-{field.pk}"
    made = {"record_class": entry.pk, "name": "Domov"}
    assert "Toto pole je třeba vyplnit" in html(officer.post("/typove-spisy/novy/", made))
    assert officer.post("/typove-spisy/novy/", made | {name: "SML-77"}).status_code == 302
    typed = TypedFile.objects.get(record_class=entry)
    address = f"/typove-spisy/{typed.pk}/"
    assert "SML-77" in html(officer.get(address)) and "SML-77" in html(officer.get(f"{address}metadata/"))
    opened = seen_in(html(officer.get(f"{address}udaje/")))
    changed = {"name": "Domov", "processor": typed.processor_id, "seen": opened}
    assert officer.post(f"{address}udaje/", changed | {name: "SML-78"}).status_code == 302
    late = html(officer.post(f"{address}udaje/", changed | {name: "SML-79"}))
    assert "Mezitím to někdo změnil" in late and "SML-78" in late and "SML-79" in late
    typed.refresh_from_db()
    assert typed.own_values == {str(field.pk): "SML-78"}


@pytest.mark.norm("9.1.1")
def test_a_section_and_a_volume_have_a_page_for_them(browser, in_region, officer, add, entry):
    typed = typed_file(in_region, entry)
    one = section(typed, "1.2")
    address, volume = f"/typove-spisy/soucasti/{one.pk}/", Volume.objects.get(section=one)
    assert f"{address}udaje/" not in html(officer.get(address))
    shelf, box = add(OwnEntity.SECTION, "Skříň"), add(OwnEntity.VOLUME, "Regál")
    assert f"{address}udaje/" in html(officer.get(address))
    assert officer.post(f"{address}udaje/", {f"own-{shelf.pk}": "SK-12"}).status_code == 302
    assert "SK-12" in html(officer.get(address)) and "SK-12" in html(officer.get(f"{address}metadata/"))
    of_volume = f"/typove-spisy/dily/{volume.pk}/udaje/"
    assert of_volume in html(officer.get(f"{address}?dily=1"))
    assert officer.post(of_volume, {f"own-{box.pk}": "R-7"}).status_code == 302
    assert "Regál: R-7" in html(officer.get(f"{address}?dily=1"))
    assert "Regál: R-7" in html(officer.get(f"{address}metadata/"))
    for person in (in_region.outsider, in_region.auditor):
        other = browser(person)
        for page in (f"{address}udaje/", of_volume):
            assert other.get(page).status_code in (403, 404)
            assert other.post(page, {f"own-{shelf.pk}": "cizí"}).status_code in (200, 403, 404)
    assert TypedSection.objects.get(pk=one.pk).own_values == {str(shelf.pk): "SK-12"}


@pytest.mark.norm("9.1.1")
def test_a_class_has_them_in_its_description(keeper, add):
    field, entry = add(OwnEntity.CLASS, "Garant"), record_class("80.1")
    address = f"/plan/skupiny/{entry.pk}/"
    page = html(keeper.get(f"{address}popis/"))
    assert "Garant" in page
    typed = {"name": entry.name, "note": entry.note, "seen": seen_in(page)}
    assert keeper.post(f"{address}popis/", typed | {f"own-{field.pk}": "Odbor dopravy"}).status_code == 302
    assert "Odbor dopravy" in html(keeper.get(address))
    late = html(keeper.post(f"{address}popis/", typed | {f"own-{field.pk}": "Odbor kultury"}))
    assert "Mezitím to někdo změnil" in late
    assert RecordClass.objects.get(pk=entry.pk).own_values == {str(field.pk): "Odbor dopravy"}
