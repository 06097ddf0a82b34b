"""Pages of handing an agenda over."""

import pytest
from tests.doors.texts import text_of_page
from tests.runs import go
from tests.typed_steps import typed_class, typed_file

from egon.circulation.models import Agenda

pytestmark = pytest.mark.django_db


def test_the_head_sees_everything_chooses_and_follows_how_it_goes(browser, office):
    world, draft = office.world, office.draft(subject="Rozepsaná odpověď")
    head = browser(world.head)
    page = head.get(f"/obeh/agenda/?leaver={world.officer.pk}")
    assert page.headers["Location"] == f"/obeh/agenda/osoba/{world.officer.pk}/"
    page = head.get(page.headers["Location"])
    assert "Rozepsaná odpověď" in text_of_page(page)
    address = f"/obeh/agenda/osoba/{world.officer.pk}/"
    sent = {"heir": world.head.pk, "kinds": ["document"], "scope": "marked", "reason": "Odchod na mateřskou."}
    refused = head.post(address, sent)
    assert "není co předat" in text_of_page(refused)
    assert "Odchod na mateřskou." in refused.content.decode()
    page = head.post(address, {**sent, "item": [f"document:{draft.pk}", "nesmysl:1"]}, follow=True)
    agenda = Agenda.objects.get()
    assert page.redirect_chain == [(f"/obeh/agenda/{agenda.pk}/", 302)]
    assert "probíhá" in text_of_page(page)
    head.post(f"/obeh/agenda/{agenda.pk}/zastavit/")
    assert "zastaveno" in text_of_page(head.get(f"/obeh/agenda/{agenda.pk}/"))
    head.post(f"/obeh/agenda/{agenda.pk}/pokracovat/")
    go(agenda)
    assert "dokončeno" in text_of_page(head.get("/obeh/agenda/"))
    draft.refresh_from_db()
    assert draft.holder == world.head


def test_a_stopped_one_does_not_go_on_while_another_of_the_same_person_runs(browser, office):
    world, head = office.world, browser(office.world.head)
    address = f"/obeh/agenda/osoba/{world.officer.pk}/"
    sent = {"heir": world.head.pk, "kinds": ["document"], "scope": "marked", "reason": "Odchod."}
    runs = []
    for _ in range(2):
        head.post(address, {**sent, "item": [f"document:{office.draft().pk}"]})
        runs.append(Agenda.objects.order_by("pk").last())
        if len(runs) == 1:
            head.post(f"/obeh/agenda/{runs[0].pk}/zastavit/")
    page = head.post(f"/obeh/agenda/{runs[0].pk}/pokracovat/", follow=True)
    assert "Agenda této osoby se už předává" in text_of_page(page)
    runs[0].refresh_from_db()
    assert runs[0].state == "stopped"
    go(runs[1])
    head.post(f"/obeh/agenda/{runs[0].pk}/pokracovat/")
    assert go(runs[0]).state == "finished"


def test_the_administrator_sees_how_much_but_no_subject(browser, office):
    office.draft(subject="Rozepsaná odpověď")
    administrator = browser(office.world.administrator)
    person = office.world.officer.pk
    assert f'href="/obeh/agenda/osoba/{person}/"' in administrator.get(f"/sprava/osoby/{person}/").content.decode()
    page = text_of_page(administrator.get(f"/obeh/agenda/osoba/{person}/"))
    assert "dokumenty" in page
    assert "Rozepsaná odpověď" not in page


def test_typed_files_are_offered_marked_and_shown_at_who_has_what(browser, office):
    world = office.world
    typed = typed_file(world, typed_class(world), name="Domov u Potoka")
    head, address = browser(world.head), f"/obeh/agenda/osoba/{world.officer.pk}/"
    page = head.get(address).content.decode()
    assert f'value="typed:{typed.pk}"' in page and "Domov u Potoka" in page
    who_has = head.get(f"/obeh/kdo-co-ma/?osoba={world.officer.pk}").content.decode()
    assert f'href="/typove-spisy/{typed.pk}/' in who_has
    sent = {"heir": world.head.pk, "kinds": ["typed"], "scope": "marked", "reason": "Odchod."}
    head.post(address, {**sent, "item": [f"typed:{typed.pk}"]})
    go(Agenda.objects.get())
    typed.refresh_from_db()
    assert typed.processor == world.head


def test_outsiders_start_and_steer_nothing(browser, office):
    world, draft = office.world, office.draft()
    outsider = browser(world.outsider)
    sent = {"heir": world.head.pk, "kinds": ["document"], "scope": "all", "reason": "x"}
    assert outsider.post(f"/obeh/agenda/osoba/{world.officer.pk}/", sent).status_code == 403
    browser(world.head).post(f"/obeh/agenda/osoba/{world.officer.pk}/", sent)
    agenda = Agenda.objects.get()
    for step in ("", "zastavit/", "pokracovat/"):
        address = f"/obeh/agenda/{agenda.pk}/{step}"
        assert (outsider.post(address) if step else outsider.get(address)).status_code == 404
    draft.refresh_from_db()
    assert draft.holder == world.officer


def test_who_has_nothing_is_told_so(browser, office):
    world = office.world
    assert "není co předávat" in text_of_page(browser(world.outsider).get(f"/obeh/agenda/osoba/{world.outsider.pk}/"))
