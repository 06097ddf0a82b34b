"""The whole result of a search as a file: made in the background, with the rights its person has when it is made."""

import io
from datetime import date, datetime, time, timedelta

import openpyxl
import pypdfium2
import pytest
from tests.records_steps import acting, register
from tests.runs import go

from egon import search
from egon.audit.models import LogRecord
from egon.jobs.runs.states import RunState
from egon.kernel import clock
from egon.kernel.clock import PRAGUE, today
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import searching
from egon.records.errors import InvalidInput
from egon.records.models import Document, SearchExport, SearchExportMonth
from egon.records.rules.exporting import ExportForm, months_between
from egon.web.records import search_runs


@pytest.fixture
def found(in_region):
    """Nine documents about a sprinkler of which the officer holds every second; the oldest came a year ago."""
    world = in_region
    documents = []
    for number in range(9):
        document = register(world, f"Kropicí vůz {number}")
        if number % 2 == 0:
            unit = world.office.units["OD"]
            records.place_in_unit(actor=acting(world.clerk), document=document, unit=unit, holder=world.officer)
        documents.append(document)
    for number, days in ((0, 365), (2, 40)):
        at = datetime.combine(today() - timedelta(days=days), time(12), PRAGUE)
        Document.objects.filter(pk=documents[number].pk).update(registered_at=at)
        from egon.records import indexing

        indexing.reindex(documents[number].pk)
    return documents


def asked(browser, person, podoba="csv", **query):
    """The run that the button under the results starts."""
    query = {"q": "kropicí", "kde": "dokumenty", **query}
    address = "/hledat/export/?" + "&".join(f"{name}={value}" for name, value in query.items())
    assert browser(person).post(address, {"podoba": podoba}).status_code == 302
    return SearchExport.objects.order_by("-pk").first()


def taken(browser, person, run):
    return browser(person).get(f"/hledat/exporty/{run.pk}/stahnout/")


def lines_of(answer):
    return answer.content.decode("utf-8-sig").splitlines()[1:]


@pytest.mark.norm("5.1.1", "5.2.11")
def test_everything_one_may_see_is_in_the_file_and_nothing_else(browser, found, world):
    run = asked(browser, world.officer)
    page = browser(world.officer).get(f"/hledat/exporty/{run.pk}/").content.decode()
    assert "probíhá" in page and "Zastavit" in page and "Stáhnout" not in page
    go(run)
    assert (run.state, run.rows, run.refused) == (RunState.FINISHED, 5, 0)
    lines = lines_of(taken(browser, world.officer, run))
    assert [number in "".join(lines) for number in (one.reference_number for one in found)] == [True, False] * 4 + [
        True
    ]
    assert lines[-1].split(";")[1] == found[0].reference_number  # the oldest is the last
    assert LogRecord.objects.filter(operation="records.search.export.take").count() == 1
    assert not SearchExportMonth.objects.exclude(rows=[]).exists()
    page = browser(world.officer).get(f"/hledat/exporty/{run.pk}/").content.decode()
    assert f"Stáhnout hledani-{run.pk}.csv" in page and "Prohledáno měsíců" in page
    assert "kropicí" in browser(world.officer).get("/hledat/exporty/").content.decode()


def test_more_than_a_page_shows_is_in_it_in_the_order_that_was_chosen(browser, found, world, monkeypatch):
    monkeypatch.setattr(searching, "MOST_FOUND", 3)
    html = browser(world.records_keeper).get("/hledat/?q=kropicí&kde=dokumenty&razeni=nazev").content.decode()
    assert 'action="/hledat/export/?q=kropic%C3%AD&amp;kde=dokumenty&amp;razeni=nazev"' in html
    for podoba, down in (("csv", ""), ("xlsx", ""), ("csv", "on")):
        run = go(asked(browser, world.records_keeper, podoba, razeni="nazev", sestupne=down))
        answer = taken(browser, world.records_keeper, run)
        if podoba == "csv":
            subjects = [line.split(";")[2] for line in lines_of(answer)]
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
            subjects = [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)]
        expected = [f"Kropicí vůz {number}" for number in range(9)]
        assert subjects == (expected[::-1] if down else expected)


def test_rights_lost_meanwhile_hold(browser, found, world):
    run = asked(browser, world.officer)
    Document.objects.filter(pk=found[4].pk).update(holder=world.outsider, unit=world.office.units["OS"])
    go(run)
    text = taken(browser, world.officer, run).content.decode()
    assert run.rows == 4 and found[4].reference_number not in text
    gone = asked(browser, world.officer)
    world.officer.active = False
    world.officer.save()
    go(gone)
    assert gone.state == RunState.FAILED and "tu už nepracuje" in gone.problem
    assert (gone.rows, gone.result_digest) == (0, "")


@pytest.mark.norm("5.1.1")
def test_nobody_else_learns_of_it(browser, found, world):
    run = go(asked(browser, world.officer))
    for person in (world.records_keeper, world.outsider):
        client = browser(person)
        assert client.get(f"/hledat/exporty/{run.pk}/").status_code == 404
        assert taken(browser, person, run).status_code == 404
        for step in ("zastavit", "pokracovat", "smazat"):
            assert client.post(f"/hledat/exporty/{run.pk}/{step}/").status_code == 404
        assert "kropicí" not in client.get("/hledat/exporty/").content.decode()
    for operation in (records.take_search_export, records.discard_search_export):
        with pytest.raises(AccessDenied):
            operation(actor=acting(world.records_keeper), run=run)
    run.refresh_from_db()
    assert run.result_digest
    nothing = go(asked(browser, world.outsider))
    assert nothing.rows == 0 and lines_of(taken(browser, world.outsider, nothing)) == []


def test_a_full_file_says_that_older_ones_are_left(browser, found, world, monkeypatch):
    monkeypatch.setattr("egon.records.rules.exporting.MOST_PRINTED", 2)
    run = go(asked(browser, world.officer, "pdf"))
    assert (run.state, run.rows) == (RunState.FINISHED, 2)
    html = browser(world.officer).get(f"/hledat/exporty/{run.pk}/").content.decode()
    assert "Soubor už je plný: 2 řádků." in html and "Vynecháno měsíců" in html
    pdf = taken(browser, world.officer, run).content
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf and "starší zbývají" in text and found[8].reference_number in text


def test_the_file_is_forgotten_by_hand_and_in_time(browser, found, world):
    first, second = go(asked(browser, world.officer)), go(asked(browser, world.officer))
    assert browser(world.officer).post(f"/hledat/exporty/{first.pk}/smazat/").status_code == 302
    assert taken(browser, world.officer, first).status_code == 409
    assert taken(browser, world.officer, second).status_code == 200
    search_runs.forget_old(now=clock.now())
    second.refresh_from_db()
    assert second.result_digest
    search_runs.forget_old(now=clock.now() + timedelta(days=3))
    second.refresh_from_db()
    assert second.result_digest == "" and taken(browser, world.officer, second).status_code == 409
    assert "Soubor už je smazaný" in browser(world.officer).get(f"/hledat/exporty/{second.pk}/").content.decode()
    assert browser(world.officer).get("/hledat/exporty/").content.decode().count("soubor je smazaný") == 2


def test_what_cannot_be_searched_is_not_exported_and_there_are_not_too_many_at_once(browser, found, world):
    client = browser(world.officer)
    for address in ("?q=(kropicí", "?", "?q=vůz&doslo_od=2026-05-02&doslo_do=2026-05-01"):
        assert client.post(f"/hledat/export/{address}", {"podoba": "csv"}).status_code == 302
    assert client.post("/hledat/export/?q=vůz", {"podoba": "doc"}).status_code == 302
    assert not SearchExport.objects.exists()
    for _ in range(3):
        asked(browser, world.officer)
    with pytest.raises(InvalidInput, match="nespustil"):
        records.start_search_export(actor=acting(world.officer), form=ExportForm.CSV, query="q=vůz", told="vůz")
    assert (
        "Export se nespustil" in client.post("/hledat/export/?q=vůz", {"podoba": "csv"}, follow=True).content.decode()
    )


def test_months_cover_every_day_once():
    months = list(months_between(date(2025, 12, 30), date(2026, 3, 2)))
    assert months == [
        (date(2026, 3, 1), date(2026, 3, 2)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2025, 12, 30), date(2025, 12, 31)),
    ]
    assert list(months_between(date(2026, 1, 2), date(2026, 1, 1))) == []


def test_an_empty_index_has_an_empty_file(browser, found, world):
    search.models.Entry.objects.all().delete()
    run = go(asked(browser, world.officer))
    assert (run.state, run.rows) == (RunState.FINISHED, 0)
