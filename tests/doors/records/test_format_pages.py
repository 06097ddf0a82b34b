"""Output formats of a file on its page: converted, told why not, kept for a reason."""

import pytest
from tests.doors.texts import text_of_page

from egon.gateways.conversion import NotConverted
from egon.records import jobs
from egon.records.models import CaseFile, ComponentVersion, FormatConversion


@pytest.fixture
def file(in_region):
    """Of the demo world, with a received document whose text is in no output format."""
    return CaseFile.objects.get(subject__startswith="Dotaz k jízdnímu")


def version_in(file):
    return ComponentVersion.objects.filter(
        component__document__case_file=file, component__role="main", form="original"
    ).earliest("pk")


def conversions(file):
    return FormatConversion.objects.filter(version__component__document__case_file=file)


@pytest.mark.norm("3.2.9a")
def test_the_page_converts_tells_why_not_and_keeps(browser, in_region, world, file, monkeypatch):
    def fails(content, way, *, title):
        raise NotConverted("Soubor je chráněný heslem.")

    monkeypatch.setattr("egon.records.converting.convert", fails)
    client = browser(world.officer)
    address = f"/spisy/{file.pk}/formaty/"
    assert "k převodu" in text_of_page(client.get(address))
    assert client.post(f"{address}prevest/").status_code == 302
    page = text_of_page(client.get(address))
    assert "Převádí se" in page
    assert "hx-trigger" in client.get(address).content.decode()
    jobs.convert_formats(file_id=file.pk)
    assert "Soubor je chráněný heslem." in text_of_page(client.get(address))
    assert "Převod se nepovedl" in text_of_page(client.get(f"/spisy/{file.pk}/"))
    version = version_in(file)
    refused = client.post(f"{address}{version.pk}/ponechat/", {"reason": " "})
    assert (refused.status_code, "Napište, proč" in text_of_page(refused)) == (409, True)
    kept = client.post(f"{address}{version.pk}/ponechat/", {"reason": "Heslo nikdo nemá"}, follow=True)
    assert "Heslo nikdo nemá" in text_of_page(kept)
    assert conversions(file).get(version=version).state == "kept"


def test_what_waits_is_stopped(browser, in_region, world, file):
    client = browser(world.officer)
    client.post(f"/spisy/{file.pk}/formaty/prevest/")
    assert "zastavený" in text_of_page(client.post(f"/spisy/{file.pk}/formaty/zastavit/", follow=True))
    assert set(conversions(file).values_list("state", flat=True)) == {"stopped"}


def test_a_missing_program_is_named(browser, in_region, world, file, monkeypatch):
    monkeypatch.setattr("egon.web.records.views.formats.tool_for", lambda way: None)
    page = text_of_page(browser(world.officer).get(f"/spisy/{file.pk}/formaty/"))
    assert "Na serveru chybí LibreOffice Writer" in page
    assert "správce systému" in page


def test_an_outsider_converts_nothing(browser, in_region, world, file):
    client = browser(world.outsider)
    address = f"/spisy/{file.pk}/formaty/"
    assert client.get(address).status_code == 404
    for path in ("prevest/", "zastavit/", f"{version_in(file).pk}/ponechat/"):
        assert client.post(address + path, {"reason": "x"}).status_code == 404
    assert not conversions(file).exists()


def test_a_component_of_another_file_is_not_kept_here(browser, in_region, world, file):
    other = CaseFile.objects.exclude(pk=file.pk).get(subject__startswith="Oznámení o uzavírce")
    answer = browser(world.officer).post(f"/spisy/{other.pk}/formaty/{version_in(file).pk}/ponechat/", {"reason": "x"})
    assert answer.status_code == 404


def test_a_converted_file_is_taken_away_with_its_suffix(browser, in_region, world, file):
    version = version_in(file)
    ComponentVersion.objects.filter(pk=version.pk).update(form="output", media_type="application/pdf")
    answer = browser(world.officer).get(f"/komponenty/{version.pk}/stahnout")
    if answer.status_code == 404:
        pytest.fail("the address of a download changed")
    assert ".pdf" in answer.headers["Content-Disposition"]


@pytest.mark.norm("3.2.9b")
def test_obstacles_lead_to_where_they_are_mended(browser, in_region, world, file):
    CaseFile.objects.filter(pk=file.pk).update(subject=" ")
    answer = browser(world.officer).post(f"/spisy/{file.pk}/uzavrit/")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f'href="/spisy/{file.pk}/udaje/">Doplnit údaje spisu</a>' in html
    document = file.documents.first()
    assert f'href="/dokumenty/{document.pk}/">Otevřít dokument</a>' in html
