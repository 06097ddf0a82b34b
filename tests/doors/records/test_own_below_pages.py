"""Own metadata in the pages of a component and of a person (NSESSS 9.1.1)."""

import pytest
from tests.records_steps import acting, record_class, register

from egon.kernel import clock
from egon.parties.models import Party
from egon.records import operations as records
from egon.records.models import Component, ComponentVersion
from egon.records.rules.own_metadata import OwnEntity, ValueType
from egon.records.rules.settling import SettledHow


@pytest.fixture
def add(in_region):
    def make(entity, name, **more):
        return records.add_own_field(
            actor=acting(in_region.records_keeper), entity=entity, name=name, value_type=ValueType.TEXT, **more
        )

    return make


@pytest.fixture
def document(in_region):
    unit = in_region.office.units["OD"]
    return records.place_in_unit(
        actor=acting(in_region.clerk), document=register(in_region), unit=unit, holder=in_region.officer
    )


def html(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.norm("9.1.1")
def test_a_component_has_a_page_for_them_and_they_are_in_the_page_and_the_sheet_of_its_document(
    browser, in_region, add, document
):
    officer, page = browser(in_region.officer), f"/dokumenty/{document.pk}/"
    address = f"/komponenty/{ComponentVersion.objects.get(component__document=document).pk}/udaje/"
    assert address not in html(officer.get(page))
    field = add(OwnEntity.COMPONENT, "Měřítko", required=True)
    assert address in html(officer.get(page))
    empty = html(officer.post(address, {f"own-{field.pk}": ""}), 200)
    assert "Toto pole je třeba vyplnit" in empty
    assert officer.post(address, {f"own-{field.pk}": "M-5000"}).status_code == 302
    assert "Měřítko: M-5000" in html(officer.get(page)) and "Měřítko: M-5000" in html(officer.get(f"{page}metadata/"))
    for person in (in_region.outsider, in_region.auditor):
        other = browser(person)
        assert other.get(address).status_code in (403, 404)
        assert other.post(address, {f"own-{field.pk}": "cizí"}).status_code in (200, 403, 404)
    assert Component.objects.get(document=document).own_values == {str(field.pk): "M-5000"}


@pytest.mark.norm("9.1.1")
def test_in_a_closed_file_they_are_shown_and_not_offered(browser, in_region, add, document):
    officer, page = in_region.officer, f"/dokumenty/{document.pk}/"
    address = f"/komponenty/{ComponentVersion.objects.get(component__document=document).pk}/udaje/"
    field, actor = add(OwnEntity.COMPONENT, "Měřítko"), acting(officer)
    component = Component.objects.get(document=document)
    records.describe_component(actor=actor, document=document, component=component, own={str(field.pk): "M-5000"})
    file = records.open_file(
        actor=actor,
        document=document,
        record_class=record_class("80.1"),
        subject="Zastávka",
        unit=document.unit,
        processor=document.holder,
    )
    assert address in html(browser(officer).get(page))
    records.settle_document(actor=actor, document=document, how=SettledHow.BY_NOTING, on=clock.today())
    records.close_file(actor=actor, file=file, on=clock.today())
    for person in (officer, in_region.records_keeper):
        shown = html(browser(person).get(page))
        assert "Měřítko: M-5000" in shown and address not in shown


@pytest.mark.norm("9.1.1")
def test_a_person_has_a_page_for_them_and_is_found_by_them(browser, in_region, add):
    party = Party.objects.filter(kind="legal").order_by("pk").first()
    officer, page = browser(in_region.officer), f"/rejstrik/{party.pk}/"
    assert f"{page}udaje/" not in html(officer.get(page))
    field = add(OwnEntity.PARTY, "Číslo klienta")
    assert f"{page}udaje/" in html(officer.get(page))
    assert "Číslo klienta" in html(officer.get(f"{page}udaje/"))
    assert officer.post(f"{page}udaje/", {f"own-{field.pk}": "KL-77"}).status_code == 302
    shown = html(officer.get(page))
    assert "KL-77" in shown and "Úprava vlastních údajů osoby" in shown
    assert party.name in html(officer.get("/rejstrik/?q=kl-77"))
    auditor = browser(in_region.auditor)
    assert auditor.get(f"{page}udaje/").status_code == 403
    auditor.post(f"{page}udaje/", {f"own-{field.pk}": "cizí"})
    assert Party.objects.get(pk=party.pk).own_values == {str(field.pk): "KL-77"}
