"""The search's page: what is in files, and what one may not see."""

import re

import pypdfium2
import pytest
from tests.records_steps import acting, register

from egon import search as index
from egon import storage
from egon.records import jobs, searching
from egon.records import operations as records
from egon.records.criteria import Criteria
from egon.records.indexing import DOCUMENT
from egon.records.models import ComponentText
from egon.records.operations import NewFile


@pytest.mark.norm("5.1.1", "5.1.5")
def test_words_of_a_file_lead_to_the_file_and_only_those_who_may_see_it(browser, received, world):
    jobs.read_texts(document_id=received.pk)
    html = browser(world.officer).get("/hledat/", {"q": "zastřešení čekárny"}).content.decode()
    version = received.components.get(name="žádost.txt").versions.get()
    assert f"/dokumenty/{received.pk}/?soubor={version.pk}#soubory" in html
    hidden = browser(world.outsider).get("/hledat/", {"q": "zastřešení čekárny"}).content.decode()
    assert "Nic jsme nenašli" in hidden
    assert "žádost.txt" not in hidden
    assert received.subject not in hidden


def test_a_file_that_was_not_read_is_named_and_may_be_read_again(browser, received, world):
    damaged = NewFile("vada.pdf", "application/pdf", storage.put(b"%PDF-1.7 x"), "receipt")
    records.add_component(actor=acting(world.officer), document=received, new_file=damaged)
    component = received.components.get(name="vada.pdf")
    component.role = "attachment"
    component.save(update_fields=["role"])
    jobs.read_texts(document_id=received.pk)
    client, address = browser(world.officer), f"/dokumenty/{received.pk}/precist-znovu/"
    assert (
        "vada.pdf: text se nepodařilo přečíst: PDF je poškozené."
        in client.get(f"/dokumenty/{received.pk}/").content.decode()
    )
    assert browser(world.outsider).post(address).status_code == 404
    assert ComponentText.objects.filter(state="failed").count() == 1
    assert client.post(address).status_code == 302
    assert not ComponentText.objects.filter(state="failed").exists()
    assert client.post(address).status_code in (409, 422)


def search(browser, person, **asked):
    return browser(person).get("/hledat/", asked).content.decode()


@pytest.mark.norm("5.1.4a", "5.1.4b", "5.1.4c")
def test_a_mistake_in_a_query_is_marked_and_what_was_typed_stays(browser, received, world):
    html = search(browser, world.officer, q="(rekonstrukce NEBO zastávka", nazev="U Mlýna")
    assert "Tato závorka se neuzavírá." in html
    assert "<mark>(rekonstrukce NEBO zastávka</mark>" in html
    assert 'value="(rekonstrukce NEBO zastávka"' in html and 'value="U Mlýna"' in html
    assert received.reference_number not in html
    found = search(browser, world.officer, q="(rekonstrukce NEBO zastávka) A NE jízdní")
    assert received.reference_number in found and "<mark>rekonstrukci</mark>" in found


@pytest.mark.norm("5.1.6", "5.1.7")
def test_conditions_narrow_and_each_may_be_taken_back(browser, received, world):
    html = search(browser, world.officer, q="rekonstrukce", dny="3", dny_ceho="doslo", odesilatele="ZN-77")
    assert received.reference_number in html
    assert "Za posledních dnů: <strong>3 (doručeno (vlastní: zaevidováno))</strong>" in html
    assert 'href="?q=rekonstrukce&amp;dny=3&amp;dny_ceho=doslo"' in html  # without the sender's number
    tomorrow = search(browser, world.officer, q="rekonstrukce", evidovano_od="2199-01-01")
    assert "Nic jsme nenašli" in tomorrow and "Zrušte některou z podmínek" in tomorrow


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"doslo_od": "2026-05-02", "doslo_do": "2026-05-01"}, "Konec období je před jeho začátkem."),
        ({"doslo_od": "2026-05-02", "dny": "3"}, "Zadejte buď počet dnů, nebo od kdy do kdy, ne obojí."),
        ({"ve_spisech": "S-NIC 1/2026"}, "Spis S-NIC 1/2026 tu není, nebo k němu nemáte přístup."),
        ({"rezim": "X/5"}, "Režim se píše jako S/5"),
        ({"q": "slovo " * 60}, "znaků"),
    ],
)
def test_what_cannot_be_searched_is_told(browser, received, world, asked, told):
    html = search(browser, world.officer, **{"nazev": "zastávka", **asked})
    assert told in html
    assert received.reference_number not in html


@pytest.mark.norm("5.1.1")
def test_a_file_of_others_is_no_scope_and_nobody_learns_that_it_exists(browser, in_region, world):
    from egon.records.models import CaseFile

    file = CaseFile.objects.exclude(processor=world.outsider).order_by("pk").first()
    for mark in (file.file_mark, "S-KSA 9999/2026"):
        html = search(browser, world.outsider, ve_spisech=mark)
        assert f"Spis {mark} tu není, nebo k němu nemáte přístup." in html
        assert file.subject not in html


@pytest.mark.norm("5.1.3b")
def test_classes_are_found_and_lead_to_the_plan(browser, in_region, world):
    html = search(browser, world.officer, q="jízdní řády", kde="skupiny")
    assert "věcná skupina" in html and "/plan/?q=" in html
    assert "/plan/skupiny/" in search(browser, world.records_keeper, q="jízdní řády", kde="skupiny")


def test_the_page_asks_the_database_a_bounded_number_of_times(browser, received, world, django_assert_max_num_queries):
    client = browser(world.officer)
    client.get("/hledat/", {"q": "rekonstrukce"})
    with django_assert_max_num_queries(23):
        client.get("/hledat/", {"q": "rekonstrukce", "razeni": "nazev"})


def test_conditions_are_filled_in_on_demand_and_kept_meanwhile(browser, received, world):
    closed = search(browser, world.officer, q="rekonstrukce", odesilatele="ZN-77")
    assert '<input type="hidden" name="odesilatele" value="ZN-77">' in closed
    assert 'id="id_zpracovatel"' not in closed and "odesilatele=ZN-77&amp;podrobne=1" in closed
    opened = search(browser, world.officer, q="rekonstrukce", odesilatele="ZN-77", podrobne="1")
    assert 'id="id_zpracovatel"' in opened and received.reference_number in opened


@pytest.mark.norm("5.2.11")
def test_results_are_taken_away_as_tables_and_as_pdf_a(browser, received, world):
    client = browser(world.officer)
    asked = {"q": "rekonstrukce", "odesilatele": "ZN-77"}
    csv = client.get("/hledat/", {**asked, "soubor": "csv"}).content.decode("utf-8-sig").splitlines()
    assert csv[0].startswith("Druh;Číslo;Věc") and received.reference_number in csv[1] and len(csv) == 2
    assert client.get("/hledat/", {**asked, "soubor": "xlsx"}).content.startswith(b"PK")
    pdf = client.get("/hledat/", {**asked, "soubor": "pdf"})
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf.content
    text = pypdfium2.PdfDocument(pdf.content)[0].get_textpage().get_text_range()
    assert received.reference_number in text and "Označení odesílatelem" in text and "Hledáno" in text
    hidden = browser(world.outsider).get("/hledat/", {**asked, "soubor": "csv"}).content.decode()
    assert received.reference_number not in hidden
    everything = client.get("/hledat/", {"evidovano_od": "2020-01-01", "soubor": "csv"}).content.decode()
    assert "spis;" in everything and "věcná skupina;" in everything


def numbers_in(html):
    """Reference numbers of found documents, from the first."""
    return re.findall(r'class="list__link" data-open href="/dokumenty/\d+/">([^<]+)<', html)


def test_older_results_follow_one_after_another_until_there_are_none(browser, in_region, monkeypatch):
    world = in_region
    for number in range(7):
        document = register(world, f"Kropicí vůz {number}")
        unit = world.office.units["OD"]
        records.place_in_unit(actor=acting(world.clerk), document=document, unit=unit, holder=world.officer)
    monkeypatch.setattr(searching, "MOST_FOUND", 3)
    for person in (world.officer, world.records_keeper):
        client, met, address = browser(person), [], "/hledat/?q=kropicí&kde=dokumenty"
        while address:
            answer = client.get(address)
            met.append(numbers_in(answer.content.decode()))
            address = f"/hledat/{older}" if (older := answer.context.get("older_url")) else ""
        assert [len(one) for one in met] == [3, 3, 1]
        assert len({one for page in met for one in page}) == 7
        html = answer.content.decode()
        assert "Starších je 1." in html and "Zpět k nejnovějším" in html
        assert (
            "Ukazuje se 3 nejnovějších, starší jsou pod seznamem." in client.get("/hledat/?q=kropicí").content.decode()
        )
        ordered = client.get("/hledat/?q=kropicí&razeni=nazev").content.decode()
        assert "Seřazené jsou jen tyto." in ordered
        assert len(numbers_in(client.get("/hledat/?q=kropicí&kde=dokumenty&za=nesmysl").content.decode())) == 3
        assert "Starší už tu nejsou" in client.get("/hledat/?q=kropicí&za=1-1").content.decode()


def test_going_on_stretch_by_stretch_finds_everything_and_only_what_is_seen(in_region, monkeypatch):
    world = in_region
    for number in range(9):
        document = register(world, f"Kropicí vůz {number}")
        if number % 2:
            unit = world.office.units["OD"]
            records.place_in_unit(actor=acting(world.clerk), document=document, unit=unit, holder=world.officer)
    whole = {
        person: {hit.entity_id for hit in searching.find(acting(person), Criteria(words="kropicí"), [DOCUMENT]).hits}
        for person in (world.officer, world.clerk)
    }
    assert [len(found) for found in whole.values()] == [4, 9]
    monkeypatch.setattr(index, "AT_ONCE", 2)
    limited = index.find_by
    monkeypatch.setattr(index, "find_by", lambda *args, **more: capped(limited(*args, **more)))
    for person, expected in whole.items():
        met, after = [], None
        while True:
            stretch = searching.next_stretch(acting(person), Criteria(words="kropicí"), after=after)
            met += [hit.entity_id for hit in stretch.hits if hit.entity_type == DOCUMENT]
            if (after := stretch.end) is None:
                break
        assert len(met) == len(expected) and set(met) == expected


def capped(result):
    """As if the index gave out two hits at once."""
    return index.SearchResult(result.hits[:2], min(len(result.hits), 3))
