"""Typed files and sections: what stands above, all metadata on a page and printed, closed ones read like open ones."""

import pytest
from tests.doors.records.test_prints import PDF_A_2A
from tests.doors.texts import text_of_pdf
from tests.records_steps import acting
from tests.typed_steps import OPENED, close, full_file, section, typed_class, typed_file, volumes

from egon.audit.models import LogRecord
from egon.gateways.formats import identify
from egon.kernel.clock import today
from egon.records import operations as records
from egon.web.formatting import write_date


@pytest.fixture
def typed(in_region):
    return typed_file(in_region, typed_class(in_region))


@pytest.fixture
def running(typed):
    return section(typed, "1.2")


@pytest.fixture
def file(in_region, running):
    return full_file(in_region, running, "Rozbor hospodaření")


@pytest.fixture
def officer(browser, in_region):
    return browser(in_region.officer)


def html_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def pages(typed, running):
    return {"typed": f"/typove-spisy/{typed.pk}/", "section": f"/typove-spisy/soucasti/{running.pk}/"}


@pytest.mark.norm("5.2.1a")
@pytest.mark.parametrize("of", ["typed", "section", "file", "document"])
def test_everything_above_is_shown_down_to_the_volume(officer, typed, running, file, of):
    paths = {"file": f"/spisy/{file.pk}/", "document": f"/dokumenty/{file.documents.get().pk}/"} | pages(typed, running)
    panel = html_of(officer, paths[of]).partition('id="zarazeni"')[2].partition("</section>")[0]
    levels = [
        typed.record_class.plan.name, "Zkušební typové spisy", typed.name, "65.30.1</a> Zprávy",
        "65.30.1.2</a> Rozbory", "díl 1",
    ]  # fmt: skip
    shown = {"typed": 2, "section": 4}.get(of, 6)
    places = [panel.index(one) for one in levels[:shown]]
    assert places == sorted(places)
    assert [one for one in levels[shown:] if one in panel] == []


@pytest.mark.norm("5.2.1b", "5.2.6i")
def test_what_a_file_in_a_typed_file_is_linked_to_is_shown(in_region, officer, running, file):
    other = full_file(in_region, running, "Druhý rozbor")
    records.make_reference(actor=acting(in_region.officer), on=today(), file=file, to_file=other, reason="týž rok")
    for path in (f"/spisy/{file.pk}/", f"/spisy/{file.pk}/metadata/"):
        assert other.file_mark in html_of(officer, path)


@pytest.mark.norm("5.2.2", "5.2.6g")
def test_closed_typed_files_sections_and_volumes_are_read_like_open_ones(
    browser, in_region, officer, typed, running, file
):
    volume = volumes(running)[0]
    paths = [
        f"/typove-spisy/soucasti/{running.pk}/", f"/typove-spisy/soucasti/{running.pk}/?dily=1",
        f"/typove-spisy/soucasti/{running.pk}/?dil={volume.number}",
    ]  # fmt: skip
    for path in paths:
        assert file.file_mark in html_of(officer, path)
    close(in_region, file)
    records.close_typed_file(actor=acting(in_region.officer), typed_file=typed, on=OPENED)
    assert volumes(running)[0].closed_on == OPENED
    for path in paths:
        assert file.file_mark in html_of(officer, path)
    assert running.template.name in html_of(officer, f"/typove-spisy/{typed.pk}/")
    assert "Rozbor hospodaření" in html_of(officer, f"/spisy/{file.pk}/")
    assert f"Uzavřen</dt><dd>{write_date(OPENED)}" in html_of(officer, f"/typove-spisy/{typed.pk}/metadata/")
    of_section = html_of(officer, f"/typove-spisy/soucasti/{running.pk}/metadata/")
    assert f"Uzavřena</dt><dd>{write_date(OPENED)}" in of_section
    row = of_section.partition(volume.identifier)[2].partition("</tr>")[0]
    assert f'data-label="Uzavřen"><span class="cell">{write_date(OPENED)}' in row
    assert browser(in_region.officer2).get(paths[0]).status_code == 404


@pytest.mark.norm("5.2.6a", "5.2.6c", "5.2.6f", "5.2.6h")
def test_names_codes_and_regimes_stand_on_the_metadata_page(officer, typed, running, file):
    of_typed = html_of(officer, f"/typove-spisy/{typed.pk}/metadata/")
    parts = [row.template.name for row in typed.sections.select_related("template")]
    told = [typed.name, typed.identifier, typed.class_code, str(typed.unit), "A/10", running.identifier, *parts]
    assert [one for one in told if one not in of_typed] == []
    of_section = html_of(officer, f"/typove-spisy/soucasti/{running.pk}/metadata/")
    told = [typed.name, "Rozbory", running.identifier, "65.30.1.2", "S/5", volumes(running)[0].identifier]
    assert [one for one in told if one not in of_section] == []
    group = html_of(officer, f"/typove-spisy/soucasti/{running.parent_id}/metadata/")
    assert "Součásti uvnitř" in group and "Výroční zprávy" in group and "Provoz" not in group
    for path in (f"/spisy/{file.pk}/metadata/", f"/dokumenty/{file.documents.get().pk}/metadata/"):
        assert typed.name in html_of(officer, path) and "Rozbory" in html_of(officer, path)


@pytest.mark.norm("5.2.6d")
def test_the_history_of_a_typed_file_tells_nothing_of_files_others_hold(browser, in_region, officer, typed, file):
    records.edit_typed_file(
        actor=acting(in_region.officer), typed_file=typed, name="Domov Nad Lesem", processor=in_region.officer,
        shared=True,
    )  # fmt: skip
    told = html_of(officer, f"/typove-spisy/{typed.pk}/metadata/")
    assert "Domov Nad Lesem" in told and in_region.officer.name in told
    others = browser(in_region.officer2)
    for path in (f"/typove-spisy/{typed.pk}/metadata/", f"/typove-spisy/soucasti/{file.volume.section_id}/metadata/"):
        page = html_of(others, path)
        assert file.file_mark not in page and "Rozbor hospodaření" not in page


@pytest.mark.norm("5.2.3", "5.2.11")
@pytest.mark.parametrize("of", ["typed", "section"])
def test_metadata_are_printed_as_pdf_a_and_logged(officer, typed, running, of):
    answer = officer.get(f"{pages(typed, running)[of]}metadata.pdf")
    assert identify(answer.content, "metadata.pdf").pronom_id == PDF_A_2A
    text = text_of_pdf(answer)
    told = ["Domov u Lesa", "Rozbory", "65.30.1.2", typed.record_class.plan.name]
    assert [one for one in told if one not in text] == []
    record = LogRecord.objects.filter(operation="records.typed.print").latest("pk")
    assert record.parameters["what"].startswith("metadata")


@pytest.mark.parametrize("of", ["typed", "section"])
def test_the_pages_lead_to_metadata_that_others_do_not_read(browser, in_region, officer, typed, running, of):
    path = pages(typed, running)[of]
    assert f"{path}metadata/" in html_of(officer, path)
    assert f"{path}metadata.pdf" in html_of(officer, f"{path}metadata/")
    stranger = browser(in_region.officer2)
    assert stranger.get(f"{path}metadata/").status_code == stranger.get(f"{path}metadata.pdf").status_code == 404
