"""Pages of who sees what, for those who may ask."""

import pytest
from tests.doors.browser import signed_in
from tests.records_steps import acting, record_class, register
from tests.typed_steps import section, typed_class, typed_file, volumes

from egon.records import operations as records

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(world, received):
    return records.open_file(
        actor=acting(world.officer),
        record_class=record_class("80.1"),
        unit=world.office.units["OD"],
        processor=world.officer,
        document=received,
    )


def test_officer_reads_who_sees_what_they_have(world, received, file, browser):
    client = browser(world.officer)
    assert f'href="/dokumenty/{received.pk}/pristup/"' in client.get(f"/dokumenty/{received.pk}/").content.decode()
    page = client.get(f"/dokumenty/{received.pk}/pristup/").content.decode()
    assert "Horáková" in page and "role vedoucí" in page and "/pristup/osoby/" not in page
    assert f'href="/spisy/{file.pk}/pristup/"' in client.get(f"/spisy/{file.pk}/").content.decode()
    assert "zpracovává spis" in client.get(f"/spisy/{file.pk}/pristup/").content.decode()


@pytest.mark.norm("5.2.15")
def test_administrator_checks_access_but_learns_only_numbers(world, received, file, browser):
    client = browser(world.administrator)
    exported = client.get(f"/dokumenty/{received.pk}/pristup/?csv").content.decode("utf-8-sig")
    assert "Mgr. Petr Dvořák;má dokument u sebe; " in exported.replace('"', "")
    for address in (f"/dokumenty/{received.pk}/pristup/", f"/pristup/osoby/{world.officer.pk}/"):
        page = client.get(address).content.decode()
        assert received.reference_number in page and "zastávky" not in page
        assert f'href="/dokumenty/{received.pk}/"' not in page
    files = client.get(f"/pristup/osoby/{world.officer.pk}/?co=spisy").content.decode()
    assert file.file_mark in files and f"/spisy/{file.pk}/pristup/" in files
    assert received.reference_number in client.get(f"/pristup/osoby/{world.officer.pk}/?csv").content.decode()
    assert "K ničemu" in client.get(f"/pristup/osoby/{world.outsider.pk}/").content.decode()


@pytest.fixture
def typed(in_region):
    return typed_file(in_region, typed_class(in_region), name="Domov u Lesa")


@pytest.mark.norm("5.2.15")
def test_the_page_is_reached_from_each_thing_and_taken_as_a_file(world, received, file, typed, browser):
    client = browser(world.officer)
    (volume,) = volumes(section(typed, "1.2"))
    version = received.components.get(name="žádost.txt").versions.get()
    party = received.sender
    pages = {
        f"/plan/skupiny/{file.record_class_id}/": f"/plan/skupiny/{file.record_class_id}/pristup/",
        f"/typove-spisy/{typed.pk}/": f"/typove-spisy/{typed.pk}/pristup/",
        f"/typove-spisy/soucasti/{volume.section_id}/": f"/typove-spisy/soucasti/{volume.section_id}/pristup/",
        f"/typove-spisy/soucasti/{volume.section_id}/?dily=1": f"/typove-spisy/dily/{volume.pk}/pristup/",
        f"/dokumenty/{received.pk}/": f"/komponenty/{version.pk}/pristup/",
        f"/rejstrik/{party.pk}/": f"/rejstrik/{party.pk}/pristup/",
    }
    for page, address in pages.items():
        assert f'href="{address}"' in client.get(page).content.decode(), page
        assert "Horáková" in client.get(address).content.decode(), address
        assert "Horáková" in client.get(f"{address}?csv").content.decode("utf-8-sig"), address


@pytest.mark.norm("5.2.15")
def test_who_checks_learns_of_a_typed_file_its_identifier_only(world, typed, browser):
    client, where = browser(world.administrator), section(typed, "1.2")
    (volume,) = volumes(where)
    for address in (f"{typed.pk}", f"soucasti/{where.pk}", f"dily/{volume.pk}"):
        page = client.get(f"/typove-spisy/{address}/pristup/").content.decode()
        assert typed.identifier in page and "Domov u Lesa" not in page and "Horáková" in page
        assert f'href="/typove-spisy/{typed.pk}/"' not in page
        assert browser(world.officer2).get(f"/typove-spisy/{address}/pristup/").status_code == 404
    listed = client.get(f"/pristup/osoby/{world.officer.pk}/?co=typove").content.decode()
    assert typed.identifier in listed and f"/typove-spisy/{typed.pk}/pristup/" in listed
    assert "Domov u Lesa" not in listed


def refusals(client, document, file, person):
    addresses = (f"/dokumenty/{document}/pristup/", f"/spisy/{file}/pristup/", f"/pristup/osoby/{person}/")
    return [client.get(address).status_code for address in addresses]


def test_outsider_learns_nothing(world, received, file, browser):
    assert refusals(browser(world.outsider), received.pk, file.pk, world.officer.pk) == [404, 404, 403]


def test_administrator_of_another_organisation_learns_nothing(world):
    with world.office.scope():
        document = register(world)
        file = records.open_file(
            actor=acting(world.officer),
            record_class=record_class("80.1"),
            unit=world.units["OD"],
            subject="Zastávka",
            processor=world.officer,
        )
    assert refusals(signed_in("uceny"), document.pk, file.pk, world.officer.pk) == [404, 404, 404]
