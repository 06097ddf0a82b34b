"""Pages of handing a file over: its page, the desk, who has what, the printed list of paper."""

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.doors.texts import text_of_page
from tests.letters import citizen_as_party
from tests.records_steps import record_class

from egon.circulation import operations as circulation
from egon.circulation.models import Handover
from egon.circulation.rules import HandoverState
from egon.mailroom import operations as mailroom
from egon.mailroom.models import HandoverList
from egon.mailroom.rules import EnvelopeFacts
from egon.records import operations as records

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(office):
    return records.open_file(
        actor=office.acting("officer"), record_class=record_class("80.1"), unit=office.world.units["OD"],
        processor=office.world.officer, document=office.draft(subject="Podklad"),
    )  # fmt: skip


@pytest.fixture
def waiting(office, file):
    return circulation.hand_file(
        actor=office.acting("officer"), file=file, person=office.world.head2, note="Prosím převzít.", at=office.now
    )


@pytest.mark.norm("2.7.5")
def test_a_file_is_handed_over_on_its_page_and_taken_over_from_the_desk(browser, office, file):
    world, officer = office.world, browser(office.world.officer)
    address = f"/obeh/spis/{file.pk}/predat/"
    assert f'href="{address}"' in officer.get(f"/spisy/{file.pk}/").content.decode()
    assert file.file_mark in text_of_page(officer.get(address))
    page = officer.post(address, {"unit": world.units["OS"].pk, "note": "Patří školství."}, follow=True)
    assert page.redirect_chain == [(f"/spisy/{file.pk}/", 302)]
    assert "čeká na převzetí OS" in text_of_page(page) and "Pokyn: Patří školství." in text_of_page(page)
    handover, head2 = Handover.objects.get(file=file), browser(world.head2)
    desk = head2.get("/")
    assert f"/obeh/predani/{handover.pk}/prevzit/" in desk.content.decode() and file.file_mark in text_of_page(desk)
    assert "Převezměte spis i s dokumenty za útvar OS" in text_of_page(head2.get(f"/spisy/{file.pk}/"))
    taken = head2.post(f"/obeh/predani/{handover.pk}/prevzit/", follow=True)
    assert taken.redirect_chain == [(f"/spisy/{file.pk}/", 302)]
    assert "i s dokumenty jste převzali" in text_of_page(taken)
    inside = text_of_page(head2.get(f"/dokumenty/{file.documents.get().pk}/"))
    assert "přišel se spisem" in inside


def test_what_was_typed_stays_when_the_hand_over_is_refused(browser, office, file):
    world = office.world
    sent = {"unit": world.units["OS"].pk, "person": world.head2.pk, "note": "Spěchá to."}
    page = browser(world.officer).post(f"/obeh/spis/{file.pk}/predat/", sent)
    assert page.status_code in (200, 409, 422)
    assert "buď útvar, nebo osobu" in text_of_page(page) and "Spěchá to." in page.content.decode()
    assert not Handover.objects.filter(file=file).exists()


def test_a_returned_file_is_read_about_and_noted(browser, office, file, waiting):
    head2, officer = browser(office.world.head2), browser(office.world.officer)
    page = head2.post(f"/obeh/predani/{waiting.pk}/vratit/", {"reason": ""})
    assert "Vrácení spisu" in text_of_page(page)
    head2.post(f"/obeh/predani/{waiting.pk}/vratit/", {"reason": "Není naše."})
    assert "Není naše." in text_of_page(officer.get("/"))
    assert "Spis se vám vrátil" in text_of_page(officer.get(f"/spisy/{file.pk}/"))
    officer.post(f"/obeh/predani/{waiting.pk}/na-vedomi/")
    assert "Není naše." not in text_of_page(officer.get("/"))


def test_the_sender_recalls_on_the_page_of_the_file(browser, office, file, waiting):
    officer = browser(office.world.officer)
    assert f"/obeh/predani/{waiting.pk}/odvolat/" in officer.get(f"/spisy/{file.pk}/").content.decode()
    page = officer.post(f"/obeh/predani/{waiting.pk}/odvolat/", follow=True)
    assert f"Předání spisu {file} je odvolané." in text_of_page(page)
    assert Handover.objects.get(pk=waiting.pk).state == HandoverState.RECALLED


def test_outsiders_change_nothing(browser, office, file, waiting):
    stranger, before = browser(office.world.outsider), list(Handover.objects.order_by("pk").values())
    addresses = [f"/obeh/spis/{file.pk}/predat/"]
    addresses += [f"/obeh/predani/{waiting.pk}/{step}/" for step in ("prevzit", "vratit", "odvolat", "na-vedomi")]
    for address in addresses:
        assert stranger.post(address, {"reason": "x"}).status_code in (403, 404), address
    assert list(Handover.objects.order_by("pk").values()) == before


def test_who_has_what_shows_files_of_the_chosen_person_and_for_whom_they_wait(browser, office, file, waiting):
    page = browser(office.world.officer).get("/obeh/kdo-co-ma/", {"osoba": office.world.officer.pk})
    told = text_of_page(page)
    assert file.file_mark in told and f"čeká na převzetí {office.world.head2}" in told


def test_the_desk_keeps_to_twenty_queries(browser, office, waiting):
    client = browser(office.world.head2)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len(asked) <= 20


@pytest.fixture
def on_paper(office, file):
    """The file with a letter on paper in it, handed to OS."""
    world, clerk = office.world, office.acting("clerk")
    letter = mailroom.register_letter(
        actor=clerk, envelope=EnvelopeFacts(kind="ordinary", sheets=3), sender=citizen_as_party(clerk),
        subject="Stížnost na papíře", delivered_at=office.now, at=office.now, unit=world.units["OD"],
    )  # fmt: skip
    given = circulation.give_to(actor=office.acting("head"), document=letter, person=world.officer, at=office.now)
    circulation.take_over(actor=office.acting("officer"), handover=given, at=office.now)
    records.put_in_file(actor=office.acting("officer"), document=letter, file=file)
    letter.refresh_from_db()
    circulation.hand_file(actor=office.acting("officer"), file=file, unit=world.units["OS"], at=office.now)
    return letter


@pytest.mark.norm("2.7.5")
def test_a_list_of_paper_names_the_file_with_its_papers_and_the_unit_takes_it_over(browser, office, file, on_paper):
    clerk, head2 = browser(office.world.clerk), browser(office.world.head2)
    page = clerk.post("/podatelna/protokoly/", {"utvar": office.world.units["OS"].pk})["Location"]
    told = text_of_page(clerk.get(page))
    assert f"spis {file.file_mark}" in told and f"na papíře: {on_paper.reference_number}" in told
    printed = pypdfium2.PdfDocument(clerk.get(page, {"jako": "pdf"}).content)[0].get_textpage().get_text_range()
    assert file.identifier in printed and on_paper.identifier in printed
    assert f"spis {file.file_mark}" in printed and "Spisů" in printed
    head2.post(page)
    file.refresh_from_db()
    assert file.processor == office.world.head2
    assert HandoverList.objects.filter(unit=office.world.units["OS"]).exists()


def test_a_file_that_something_keeps_waits_on_and_the_list_tells_why(browser, office, file, on_paper):
    clerk, head2 = browser(office.world.clerk), browser(office.world.head2)
    page = clerk.post("/podatelna/protokoly/", {"utvar": office.world.units["OS"].pk})["Location"]
    draft = file.documents.exclude(pk=on_paper.pk).get()
    circulation.request_approval(
        actor=office.acting("officer"), document=draft, approver=office.world.head, at=office.now
    )
    told = text_of_page(head2.post(page, follow=True))
    assert f"Spis {file} se nepřevzal" in told and "čeká na schválení" in told
    assert Handover.objects.get(file=file).state == HandoverState.WAITING


def test_the_code_of_the_cover_takes_the_file_over(browser, office, file, waiting):
    head2 = browser(office.world.head2)
    head2.post("/podatelna/prevzit/", {"kod": file.identifier})
    assert Handover.objects.get(pk=waiting.pk).state == HandoverState.TAKEN
