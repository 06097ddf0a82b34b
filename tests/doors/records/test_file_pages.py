"""Pages of files, the plan and search."""

import pytest

from egon.records.models import CaseFile


def open_file(subject):
    return CaseFile.objects.get(subject__startswith=subject)


def test_the_file_lists_its_documents_and_closes(browser, in_region, world):
    file = open_file("Oznámení o uzavírce")
    client = browser(world.officer)
    html = client.get(f"/spisy/{file.pk}/").content.decode()
    assert "Převeďte soubory do výstupních formátů" in html
    assert "Uzavřít spis hned" in html
    assert "KSA 2/2026" in html
    assert client.post(f"/spisy/{file.pk}/uzavrit/").status_code == 302
    file.refresh_from_db()
    assert (file.state, file.disposal_year) == ("closed", file.closed_on.year + 6)
    assert client.get(f"/spisy/{file.pk}/obal/").status_code == 200


def test_what_stands_in_the_way_of_closing_is_shown_and_nothing_changes(browser, in_region, world):
    file = open_file("Dotaz k jízdnímu")
    client = browser(world.officer)
    answer = client.post(f"/spisy/{file.pk}/uzavrit/")
    assert answer.status_code == 409
    assert "není vyřízený" in answer.content.decode()
    file.refresh_from_db()
    assert file.state == "open"


def test_only_the_head_or_the_records_keeper_reopens_a_closed_file(browser, in_region, world):
    file = open_file("Žádost o opravu výtluků")
    assert browser(world.officer).post(f"/spisy/{file.pk}/otevrit/", {"reason": "chyba"}).status_code == 403
    file.refresh_from_db()
    assert file.state == "closed"
    assert browser(world.head).post(f"/spisy/{file.pk}/otevrit/", {"reason": "nový podklad"}).status_code == 302
    file.refresh_from_db()
    assert (file.state, file.disposal_year) == ("open", None)


@pytest.mark.parametrize("path", ["", "obal/", "udaje/"])
def test_an_outsider_sees_no_file(browser, in_region, world, path):
    file = open_file("Dotaz k jízdnímu")
    assert browser(world.outsider).get(f"/spisy/{file.pk}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["uzavrit/", "vyridit/", "otevrit/", "udaje/"])
def test_an_outsider_changes_no_file(browser, in_region, world, path):
    file = open_file("Oznámení o uzavírce")
    before = CaseFile.objects.filter(pk=file.pk).values().get()
    data = {"reason": "x", "subject": "y"}
    assert browser(world.outsider).post(f"/spisy/{file.pk}/{path}", data).status_code == 404
    assert CaseFile.objects.filter(pk=file.pk).values().get() == before


def test_the_plan_is_searched_without_diacritics_and_keeps_the_groups_above(browser, in_region, world):
    html = browser(world.officer).get("/plan/?q=jizdni").content.decode()
    assert "Dopravní obslužnost, jízdní řády" in html
    assert "Doprava a silniční hospodářství" in html
    assert "Petice" not in html


def test_search_finds_by_stem_and_by_number_only_what_may_be_seen(browser, in_region, world):
    for words in ("jizdni rady linek", "jízdním řádům", "KSA 3/2026"):
        shown, hidden = (
            browser(person).get("/hledat/", {"q": words}).content.decode().replace("<mark>", "").replace("</mark>", "")
            for person in (world.officer, world.outsider)
        )
        assert "Dotaz k jízdnímu řádu" in shown
        assert "Dotaz k jízdnímu řádu" not in hidden


def test_the_tabs_of_the_search_keep_what_was_sought(browser, in_region, world):
    html = browser(world.officer).get("/hledat/", {"q": "linky & spoje #360"}).content.decode()
    assert 'href="?q=linky+%26+spoje+%23360&amp;kde=spisy"' in html


@pytest.mark.parametrize("words", ["", "'; DROP TABLE x; --", "<script>", '"', "(((", "a" * 5000, "\x00"])
def test_search_survives_anything(browser, in_region, world, words):
    answer = browser(world.officer).get("/hledat/", {"q": words})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


@pytest.mark.norm("3.2.4b")
def test_a_file_opened_without_a_document(browser, in_region, world):
    answer = browser(world.officer).post("/spisy/novy/", {"record_class": "80.3", "subject": "Uzavírky v roce 2027"})
    file = CaseFile.objects.get(subject="Uzavírky v roce 2027")
    assert answer.url == f"/spisy/{file.pk}/"
    assert (file.unit.code, file.processor) == ("OD", world.officer)


def test_the_plan_opened_from_a_document_leads_back_to_filing_it(browser, received, world):
    html = browser(world.officer).get(f"/plan/?q=silnice&dokument={received.pk}").content.decode()
    assert f"/dokumenty/{received.pk}/spis/?znak=" in html
    assert browser(world.outsider).get(f"/plan/?dokument={received.pk}").status_code == 404


@pytest.mark.norm("3.4.8")
def test_a_document_moved_to_a_file_that_numbers_is_found_and_shown_by_both_numbers(browser, in_region, world):
    document = open_file("Dotaz k jízdnímu").documents.get()
    target = open_file("Oznámení o uzavírce")
    CaseFile.objects.filter(pk=target.pk).update(numbers_by_file=True)
    client, before = browser(world.officer), document.reference_number
    page = client.post(f"/dokumenty/{document.pk}/spis/", {"file": target.pk}, follow=True).content.decode()
    document.refresh_from_db()
    assert document.reference_number.startswith(target.file_mark)
    assert f"pod číslem {before} ho najdete dál" in page
    for address in (f"/dokumenty/{document.pk}/", f"/spisy/{target.pk}/", f"/spisy/{target.pk}/obal/"):
        html = client.get(address).content.decode()
        assert document.reference_number in html
        assert before in html
    for number in (before, document.reference_number):
        assert f"/dokumenty/{document.pk}/" in client.get("/hledat/", {"q": number}).content.decode()
