"""Pages of who sees what, for those who may ask."""

import pytest
from tests.doors.browser import signed_in
from tests.records_steps import acting, record_class, register

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
