"""Pages of routes: composing, the picture, answering; who may, who may not, what is kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.doors.texts import text_of_page

from egon.circulation import operations
from egon.circulation.models import Route, RouteStep, RouteTemplate
from egon.circulation.operations import PlannedStep
from egon.circulation.route_rules import Answer, RouteState, StepPurpose, StepState

pytestmark = pytest.mark.django_db


def rows(*steps, **more):
    """What the form of steps sends; each step is (place, addressee, purpose, instruction)."""
    sent = {"form-TOTAL_FORMS": len(steps), "form-INITIAL_FORMS": 0, **more}
    for index, step in enumerate(steps):
        names = ("place", "addressee", "purpose", "instruction")
        sent |= {f"form-{index}-{name}": value for name, value in zip(names, step, strict=True)}
    return sent


@pytest.fixture
def running(office):
    return operations.start_route(
        actor=office.acting("officer"),
        document=office.draft(subject="Stanovisko k mostu"),
        steps=[
            PlannedStep(1, StepPurpose.OPINION, person=office.world.head2, days=3, instruction="Jen náklady."),
            PlannedStep(1, StepPurpose.INFORMATION, unit=office.world.units["OS"]),
            PlannedStep(2, StepPurpose.APPROVAL, person=office.world.head),
        ],
        at=office.now,
    )


def step_of(route, place=1):
    return RouteStep.objects.filter(route=route, place=place).order_by("pk").first()


def test_a_route_is_composed_on_one_page(browser, office):
    world, draft = office.world, office.draft()
    officer = browser(world.officer)
    assert f'href="/obeh/dokument/{draft.pk}/kroky/"' in officer.get(f"/dokumenty/{draft.pk}/").content.decode()
    page = officer.get(f"/obeh/dokument/{draft.pk}/kroky/")
    assert "Spustit oběh" in text_of_page(page)
    sent = rows(
        (1, f"person:{world.head2.pk}", "opinion", "Prosím o názor."),
        (1, f"unit:{world.units['OS'].pk}", "information", ""),
        (2, f"person:{world.head.pk}", "approval", ""),
        (3, "", "opinion", ""),
    )
    page = officer.post(f"/obeh/dokument/{draft.pk}/kroky/", sent, follow=True)
    assert page.redirect_chain == [(f"/dokumenty/{draft.pk}/", 302)]
    told = text_of_page(page)
    assert "Dokument obíhá" in told
    assert "Pokyn: Prosím o názor." in told
    route = Route.objects.get(document=draft)
    assert list(route.steps.order_by("pk").values_list("place", flat=True)) == [1, 1, 2]


def test_more_rows_keep_what_was_typed_and_start_nothing(browser, office):
    draft = office.draft()
    sent = rows((1, f"person:{office.world.head2.pk}", "opinion", "Rozepsaný pokyn"), pridat=1)
    page = browser(office.world.officer).post(f"/obeh/dokument/{draft.pk}/kroky/", sent)
    assert "Rozepsaný pokyn" in page.content.decode()
    assert 'name="form-3-addressee"' in page.content.decode()
    assert not Route.objects.filter(document=draft).exists()


def test_all_obstacles_stand_above_the_form_that_keeps_what_was_typed(browser, office):
    world, draft = office.world, office.draft()
    sent = rows(
        (1, f"person:{world.officer.pk}", "approval", "Prosím"), (2, f"person:{world.officer2.pk}", "approval", "")
    )
    page = browser(world.officer).post(f"/obeh/dokument/{draft.pk}/kroky/", sent)
    told = text_of_page(page)
    assert "vlastní dokument nemůžete schválit sami" in told
    assert "neschvaluje dokumenty" in told
    assert 'value="Prosím"' in page.content.decode()
    sent = rows((1, "", "opinion", "Pokyn pro nikoho"))
    assert "komu je krok určen" in text_of_page(browser(world.officer).post(f"/obeh/dokument/{draft.pk}/kroky/", sent))
    assert not Route.objects.filter(document=draft).exists()


def test_the_desk_leads_to_the_answer_and_the_answer_back_to_the_document(browser, office, running):
    step, head2 = step_of(running), browser(office.world.head2)
    assert f'href="/obeh/krok/{step.pk}/"' in head2.get("/?co=vyjadrit").content.decode()
    assert "Jen náklady." in text_of_page(head2.get(f"/obeh/krok/{step.pk}/"))
    refused = head2.post(f"/obeh/krok/{step.pk}/", {"answer": "reservation", "comment": ""})
    assert "v čem je výhrada" in text_of_page(refused)
    page = head2.post(f"/obeh/krok/{step.pk}/", {"answer": "reservation", "comment": "Drahé."}, follow=True)
    assert "je zapsaná" in text_of_page(page)
    step.refresh_from_db()
    assert (step.answer, step.comment) == (Answer.RESERVATION, "Drahé.")


def test_note_is_taken_in_one_click(browser, office, running):
    step = running.steps.get(purpose="information")
    admin = browser(office.world.node_admins["OS"])
    assert f'action="/obeh/krok/{step.pk}/na-vedomi/"' in admin.get("/").content.decode()
    admin.post(f"/obeh/krok/{step.pk}/na-vedomi/")
    step.refresh_from_db()
    assert step.state == StepState.DONE


def test_the_head_approves_or_returns_on_the_documents_page(browser, office, running):
    for step, key in zip(running.steps.filter(place=1).order_by("pk"), ("head2", "OS"), strict=True):
        actor = office.node_admin(key) if key == "OS" else office.acting(key)
        said = Answer.NOTED if step.purpose == "information" else Answer.AGREES
        operations.answer_step(actor=actor, step=step, answer=said, at=office.now)
    step, head = step_of(running, 2), browser(office.world.head)
    page = head.get(f"/dokumenty/{running.document_id}/")
    assert f'action="/obeh/krok/{step.pk}/"' in page.content.decode()
    assert "Schvalte dokument, nebo ho vraťte autorovi" in text_of_page(page)
    head.post(f"/obeh/krok/{step.pk}/vratit/", {"reason": "Doplňte termín."})
    running.refresh_from_db()
    assert running.state == RouteState.RETURNED
    officer = text_of_page(browser(office.world.officer).get("/"))
    assert "Vráceno z oběhu." in officer
    assert "Doplňte termín." in officer


def test_the_author_recalls_a_route(browser, office, running):
    browser(office.world.officer).post(f"/obeh/trasa/{running.pk}/odvolat/", {"reason": "Chyba."})
    running.refresh_from_db()
    assert (running.state, running.reason) == (RouteState.RECALLED, "Chyba.")


def test_outsiders_and_other_organisations_change_nothing(browser, office, world, running):
    step, before = step_of(running), list(RouteStep.objects.order_by("pk").values())
    addresses = [
        f"/obeh/dokument/{running.document_id}/kroky/",
        f"/obeh/krok/{step.pk}/",
        f"/obeh/krok/{step.pk}/na-vedomi/",
        f"/obeh/krok/{step.pk}/vratit/",
        f"/obeh/trasa/{running.pk}/odvolat/",
    ]
    outsider = browser(office.world.outsider)
    for address in addresses:
        assert outsider.post(address, {"reason": "x", "answer": "agrees"}).status_code in (403, 404)
    assert list(RouteStep.objects.order_by("pk").values()) == before


def test_the_desk_with_routes_keeps_to_twenty_queries(browser, office, running):
    client = browser(office.world.head2)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len(asked) <= 20


def test_steps_are_saved_used_changed_and_deleted(browser, office):
    world, draft, officer = office.world, office.draft(), browser(office.world.officer)
    assert "Zatím tu není žádná šablona" in text_of_page(officer.get("/obeh/sablony/"))
    step = (1, f"person:{world.head2.pk}", "opinion", "Prosím o názor.")
    refused = officer.post("/obeh/sablony/nova/", rows(step, name=""))
    assert "Prosím o názor." in refused.content.decode()
    page = officer.post("/obeh/sablony/nova/", rows(step, name="Stanoviska"), follow=True)
    assert page.redirect_chain == [("/obeh/sablony/", 302)]
    template = RouteTemplate.objects.get(name="Stanoviska")
    page = officer.get(f"/obeh/dokument/{draft.pk}/kroky/?sablona={template.pk}")
    assert 'value="Prosím o názor."' in page.content.decode()
    assert officer.get(f"/obeh/dokument/{draft.pk}/kroky/?sablona=nesmysl").status_code == 200
    officer.post(f"/obeh/sablony/{template.pk}/", rows(step, name="Stanoviska k ceně"))
    template.refresh_from_db()
    assert template.name == "Stanoviska k ceně"
    head = browser(world.head)
    assert head.get(f"/obeh/sablony/{template.pk}/").status_code == 404
    assert head.post(f"/obeh/sablony/{template.pk}/smazat/").status_code == 404
    assert "Pro celou organizaci" in text_of_page(head.get("/obeh/sablony/nova/"))
    officer.post(f"/obeh/sablony/{template.pk}/smazat/")
    assert not RouteTemplate.objects.filter(pk=template.pk).exists()


def test_the_author_skips_and_adds_steps_with_reasons(browser, office, running):
    officer, step = browser(office.world.officer), step_of(running)
    page = officer.get(f"/dokumenty/{running.document_id}/").content.decode()
    assert f'href="/obeh/krok/{step.pk}/preskocit/"' in page
    assert f'href="/obeh/trasa/{running.pk}/pridat/"' in page
    assert "preskocit" not in browser(office.world.head2).get(f"/dokumenty/{running.document_id}/").content.decode()
    assert officer.post(f"/obeh/krok/{step.pk}/preskocit/", {"reason": ""}).status_code == 200
    assert step_of(running).state == StepState.WAITING
    officer.post(f"/obeh/krok/{step.pk}/preskocit/", {"reason": "Je nemocný."})
    step.refresh_from_db()
    assert step.state == StepState.SKIPPED
    sent = {"addressee": f"person:{office.world.officer2.pk}", "purpose": "opinion", "where": "beside", "reason": ""}
    refused = officer.post(f"/obeh/trasa/{running.pk}/pridat/", sent)
    assert running.steps.count() == 3
    assert f'value="{sent["addressee"]}" selected' in refused.content.decode()
    officer.post(f"/obeh/trasa/{running.pk}/pridat/", {**sent, "reason": "Zastoupí ho."})
    assert running.steps.get(to_person=office.world.officer2).state == StepState.WAITING
    outsider = browser(office.world.head2)
    assert outsider.post(f"/obeh/krok/{step.pk}/preskocit/", {"reason": "x"}).status_code == 403
    assert outsider.post(f"/obeh/trasa/{running.pk}/pridat/", {**sent, "reason": "x"}).status_code == 403


def test_the_head_returns_a_step_back(browser, office, running):
    first, head = step_of(running), browser(office.world.head)
    operations.answer_step(actor=office.acting("head2"), step=first, answer=Answer.AGREES, at=office.now)
    operations.answer_step(
        actor=office.node_admin("OS"), step=running.steps.get(to_person=None), answer=Answer.NOTED, at=office.now
    )
    asked = running.steps.get(purpose="approval")
    assert "o krok zpět" in text_of_page(head.get(f"/obeh/krok/{asked.pk}/"))
    page = head.post(f"/obeh/krok/{asked.pk}/vratit/", {"to": "previous", "reason": "Kolik s DPH?"}, follow=True)
    assert "přijde zase k vám" in text_of_page(page)
    assert "Kolik s DPH?" in text_of_page(browser(office.world.head2).get("/"))
