"""Pages of routes of files: composing, answering on the page of the file, the end on the author's desk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.doors.circulation.test_route_pages import rows
from tests.doors.texts import text_of_page
from tests.records_steps import record_class

from egon.circulation.models import Route, RouteStep
from egon.circulation.route_rules import RouteState, StepState
from egon.records import operations as records

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(office):
    return records.open_file(
        actor=office.acting("officer"), record_class=record_class("80.1"), unit=office.world.units["OD"],
        processor=office.world.officer, document=office.draft(subject="Podklad"),
    )  # fmt: skip


@pytest.fixture
def running(browser, office, file):
    world = office.world
    sent = rows(
        (1, f"person:{world.outsider.pk}", "opinion", "Jen náklady."),
        (2, f"person:{world.head.pk}", "approval", ""),
        (3, f"person:{world.clerk.pk}", "information", ""),
    )
    browser(world.officer).post(f"/obeh/spis/{file.pk}/kroky/", sent)
    return Route.objects.get(file=file)


def waiting(route):
    return RouteStep.objects.get(route=route, state=StepState.WAITING)


@pytest.mark.norm("2.7.6")
def test_a_route_of_a_file_is_composed_with_instructions_on_its_page(browser, office, file):
    world, officer = office.world, browser(office.world.officer)
    assert f'href="/obeh/spis/{file.pk}/kroky/"' in officer.get(f"/spisy/{file.pk}/").content.decode()
    assert file.file_mark in text_of_page(officer.get(f"/obeh/spis/{file.pk}/kroky/"))
    sent = rows((1, f"person:{world.outsider.pk}", "opinion", "Prosím o názor."))
    page = officer.post(f"/obeh/spis/{file.pk}/kroky/", sent, follow=True)
    assert page.redirect_chain == [(f"/spisy/{file.pk}/", 302)]
    told = text_of_page(page)
    assert "Spis obíhá" in told and "Pokyn: Prosím o názor." in told
    assert "Oběh po krocích" in told


def test_the_desk_leads_to_the_answer_and_back_to_the_file(browser, office, file, running):
    world = office.world
    asked = browser(world.outsider)
    step = waiting(running)
    desk = asked.get("/")
    assert f"/obeh/krok/{step.pk}/" in desk.content.decode() and f'href="/spisy/{file.pk}/"' in desk.content.decode()
    assert "Vyjádřete se k spisu" in text_of_page(asked.get(f"/spisy/{file.pk}/"))
    assert "stránce spisu" in text_of_page(asked.get(f"/obeh/krok/{step.pk}/"))
    page = asked.post(f"/obeh/krok/{step.pk}/", {"answer": "agrees", "comment": "V pořádku."}, follow=True)
    assert page.redirect_chain == [(f"/spisy/{file.pk}/", 302)]
    assert "„V pořádku.“" in text_of_page(page)
    browser(world.head).post(f"/obeh/krok/{waiting(running).pk}/", {"answer": "approved"})
    assert f"/obeh/krok/{waiting(running).pk}/na-vedomi/" in browser(world.clerk).get("/").content.decode()
    browser(world.clerk).post(f"/obeh/krok/{waiting(running).pk}/na-vedomi/")
    officer = browser(world.officer)
    assert "Projít výsledek oběhu" in text_of_page(officer.get("/"))
    assert "Oběh skončil: oběh skončil" in text_of_page(officer.get(f"/spisy/{file.pk}/"))
    officer.post(f"/obeh/trasa/{running.pk}/na-vedomi/")
    assert "Projít výsledek oběhu" not in text_of_page(officer.get("/"))


def test_a_return_is_read_on_the_desk_and_on_the_file(browser, office, file, running):
    step = waiting(running)
    page = browser(office.world.outsider).post(f"/obeh/krok/{step.pk}/vratit/", {"reason": ""})
    assert page.status_code in (200, 422)
    browser(office.world.outsider).post(f"/obeh/krok/{step.pk}/vratit/", {"reason": "Chybí smlouva."})
    officer = browser(office.world.officer)
    assert "Chybí smlouva." in text_of_page(officer.get("/"))
    assert "Chybí smlouva." in text_of_page(officer.get(f"/spisy/{file.pk}/"))


def test_the_author_skips_adds_and_recalls(browser, office, file, running):
    officer = browser(office.world.officer)
    officer.post(f"/obeh/krok/{waiting(running).pk}/preskocit/", {"reason": "Spěchá."})
    assert waiting(running).to_person == office.world.head
    added = {"addressee": f"person:{office.world.head2.pk}", "purpose": "opinion", "where": "end", "reason": "Ještě."}
    assert officer.post(f"/obeh/trasa/{running.pk}/pridat/", added)["Location"] == f"/spisy/{file.pk}/"
    page = officer.post(f"/obeh/trasa/{running.pk}/odvolat/", {"reason": "Omyl."}, follow=True)
    assert "Oběh spisu" in text_of_page(page)
    assert Route.objects.get(pk=running.pk).state == RouteState.RECALLED


def test_outsiders_change_nothing(browser, office, file, running):
    step, before = waiting(running), list(RouteStep.objects.order_by("pk").values())
    addresses = [
        f"/obeh/spis/{file.pk}/kroky/", f"/obeh/krok/{step.pk}/", f"/obeh/krok/{step.pk}/vratit/",
        f"/obeh/trasa/{running.pk}/odvolat/", f"/obeh/trasa/{running.pk}/na-vedomi/",
    ]  # fmt: skip
    stranger = browser(office.world.head2)
    for address in addresses:
        assert stranger.post(address, {"reason": "x", "answer": "agrees"}).status_code in (403, 404), address
    assert list(RouteStep.objects.order_by("pk").values()) == before


def test_the_desk_with_routes_of_files_keeps_to_twenty_queries(browser, office, running):
    client = browser(office.world.outsider)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len(asked) <= 20
