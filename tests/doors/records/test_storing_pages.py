"""Pages of places where paper is kept, of storing the paper of a file, and of notes."""

import pytest
from tests.doors.records.test_prints import open_file
from tests.doors.texts import text_of_pdf
from tests.records_steps import acting

from egon.kernel.clock import today
from egon.records import operations, storing_queries
from egon.records.models import FileNote, StoragePlace


@pytest.fixture
def file(in_region):
    return open_file("Oznámení o uzavírce")


@pytest.fixture
def place(in_region, world):
    return operations.save_place(actor=acting(world.records_keeper), name="Spisovna, sál 2", valid_from=today())


@pytest.mark.norm("5.2.6j")
def test_where_the_paper_of_a_file_lies_is_written_and_shown(browser, file, place, world):
    client = browser(world.officer)
    assert "Uložení listinné části" in client.get(f"/spisy/{file.pk}/").content.decode()
    answer = client.post(f"/spisy/{file.pk}/ulozeni/", {"place": place.pk, "detail": "regál 12"}, follow=True)
    assert "Spisovna, sál 2, regál 12" in answer.content.decode()
    assert "Spisovna, sál 2, regál 12" in client.get(f"/spisy/{file.pk}/metadata/").content.decode()
    assert "Spisovna, sál 2, regál 12" in text_of_pdf(client.get(f"/spisy/{file.pk}/obal.pdf"))
    again = client.post(f"/spisy/{file.pk}/ulozeni/", {"place": place.pk, "detail": "regál 12"})
    assert "leží už tam" in again.content.decode() and "regál 12" in again.content.decode()
    assert browser(world.outsider).get(f"/spisy/{file.pk}/ulozeni/").status_code == 404


def test_the_keeper_keeps_the_code_list_of_places(browser, file, place, world):
    client = browser(world.records_keeper)
    client.post("/evidence/mista/nove/", {"name": "Depozit", "valid_from": "2026-01-01", "address": "Jihlava"})
    html = client.get("/evidence/mista/").content.decode()
    assert "Depozit" in html and "Jihlava" in html and "Spisovna, sál 2" in html
    assert "Depozit" not in client.get("/evidence/mista/?hledat=sál").content.decode()
    depot = StoragePlace.objects.get(name="Depozit")
    refused = client.post(f"/evidence/mista/{depot.pk}/", {"name": "Spisovna, sál 2", "valid_from": "2026-01-01"})
    assert "už v číselníku je" in refused.content.decode()
    client.post(f"/evidence/mista/{depot.pk}/", {"name": "Depozit II", "valid_from": "2026-01-01"})
    assert "Depozit II" in client.get(f"/evidence/mista/{depot.pk}/").content.decode()
    client.post(f"/evidence/mista/{depot.pk}/odstranit/")
    assert not StoragePlace.objects.filter(pk=depot.pk).exists()
    for path in ("/evidence/mista/", f"/evidence/mista/{place.pk}/", "/evidence/mista/nove/"):
        assert browser(world.officer).get(path).status_code == 403


@pytest.mark.norm("5.2.13k")
def test_notes_of_people_stand_at_the_file_and_in_its_print_with_names_and_days(browser, file, world):
    client = browser(world.officer)
    assert client.post(f"/spisy/{file.pk}/poznamky/", {"text": ""}).status_code == 200
    page = client.post(f"/spisy/{file.pk}/poznamky/", {"text": "Volala paní Malá."}, follow=True).content.decode()
    assert "Volala paní Malá." in page and "Vzít zpět" in page
    printed = text_of_pdf(client.get(f"/spisy/{file.pk}/cely.pdf"))
    notes = printed[printed.index("Poznámky uživatelů") :]
    day = f"{today().day}. {today().month}. {today().year}"
    assert world.officer.name in notes and day in notes and "Volala paní Malá." in notes
    note = FileNote.objects.get()
    assert browser(world.outsider).post(f"/poznamky/{note.pk}/zpet/").status_code == 404
    client.post(f"/poznamky/{note.pk}/zpet/")
    assert storing_queries.notes_of(file) == []
