"""The desk, the steps of a hand-over and of an approval, circulars: who may, who may not, what is kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.doors.texts import text_of_page

from egon.circulation import operations
from egon.circulation.models import Approval, Distribution, Handover
from egon.circulation.rules import ApprovalState, HandoverState
from egon.kernel import clock
from egon.records.models import Document
from egon.records.rules.states import DocumentState
from egon.registry import queries as registry
from egon.tenancy.scope import _current
from egon.web import errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def assigned(office):
    return office.assigned("OD", subject="Oprava mostu přes Sázavu")


@pytest.fixture
def asked(office):
    draft = office.draft(subject="Odpověď starostovi")
    return operations.request_approval(
        actor=office.acting("officer"), document=draft, approver=office.world.head, at=office.now
    )


def test_the_desk_offers_the_one_next_step_as_one_click(browser, office, assigned):
    page = browser(office.world.head).get("/")
    assert page.status_code == 200
    assert f'action="/obeh/predani/{assigned.pk}/prevzit/"' in page.content.decode()
    assert "Oprava mostu přes Sázavu" in text_of_page(page)
    assert "Oprava mostu" not in text_of_page(browser(office.world.outsider).get("/"))


def test_the_desk_of_somebody_with_nothing_says_so(browser, world):
    page = text_of_page(browser(world.administrator).get("/"))
    assert "Všechno je hotové" in page


def test_the_desk_shows_the_mailroom_what_lies_there(browser, office):
    document = office.received(subject="Právě zaevidované")
    page = browser(office.world.clerk).get("/?co=podatelna")
    assert f'href="/obeh/dokument/{document.pk}/utvaru/"' in page.content.decode()
    assert "v podatelně k zaevidování" in text_of_page(page)


def test_tabs_narrow_the_inbox(browser, office):
    office.assigned("OD", subject="Opožděná", deadline=clock.today() - timedelta(days=3))
    office.assigned("OD", subject="Včasná")
    head = browser(office.world.head)
    late = text_of_page(head.get("/?co=pozde"))
    assert "Opožděná" in late
    assert "3 dny po termínu" in late
    assert "Včasná" not in late
    assert head.get("/?co=nesmysl&strana=99").status_code == 200


@pytest.mark.parametrize("key", ["head", "clerk", "substitute", "officer", "secretariat"])
def test_the_desk_asks_at_most_twenty_queries_however_much_waits(browser, office, key):
    for index in range(6):
        handover = office.assigned("OD", subject=f"Věc {index}")
        if index % 2:
            operations.take_over(actor=office.acting("head"), handover=handover, at=office.now)
        office.received(subject=f"Leží v podatelně {index}")
    client = browser(getattr(office.world, key))
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len(asked) <= 20, "\n".join(query["sql"][:110] for query in asked)


def test_the_head_takes_over_and_gives_it_to_an_officer(browser, office, assigned):
    head, document = browser(office.world.head), assigned.document
    page = head.post(f"/obeh/predani/{assigned.pk}/prevzit/", follow=True)
    assert page.redirect_chain == [(f"/dokumenty/{document.pk}/", 302)]
    assert "jste převzali" in text_of_page(page)
    assert "Předejte dokument zpracovateli" in text_of_page(page)

    refused = head.post(f"/obeh/dokument/{document.pk}/zpracovateli/", {"note": "Prosím do pátku."})
    assert "Prosím do pátku." in refused.content.decode()
    officer = office.world.officer
    page = head.post(
        f"/obeh/dokument/{document.pk}/zpracovateli/", {"person": officer.pk, "note": "Do pátku."}, follow=True
    )
    assert "je předán: Mgr. Petr Dvořák" in text_of_page(page)
    document.refresh_from_db()
    assert document.holder == officer
    assert "Do pátku." in text_of_page(browser(officer).get("/"))


def test_who_comes_second_is_told_who_was_faster(browser, office, assigned):
    browser(office.world.head).post(f"/obeh/predani/{assigned.pk}/prevzit/")
    page = browser(office.world.node_admins["OD"]).post(f"/obeh/predani/{assigned.pk}/prevzit/", follow=True)
    assert "O předání už je rozhodnuto (převzato): Ing. Marie Horáková" in text_of_page(page)


def test_a_document_is_returned_with_a_reason(browser, office, assigned):
    head = browser(office.world.head)
    page = head.post(f"/obeh/predani/{assigned.pk}/vratit/", {"reason": ""})
    assert page.status_code == 200
    assigned.refresh_from_db()
    assert assigned.state == HandoverState.WAITING
    page = head.post(f"/obeh/predani/{assigned.pk}/vratit/", {"reason": "Patří odboru školství."}, follow=True)
    assert "je vrácený: Jana Nováková" in text_of_page(page)
    assert "Patří odboru školství." in text_of_page(browser(office.world.clerk).get("/"))


def test_the_clerk_recalls_and_assigns_elsewhere(browser, office, assigned):
    clerk, document = browser(office.world.clerk), assigned.document
    assert "odvolané" in text_of_page(clerk.post(f"/obeh/predani/{assigned.pk}/odvolat/", follow=True))
    unit = office.world.units["OS"]
    page = clerk.post(f"/obeh/dokument/{document.pk}/utvaru/", {"unit": unit.pk, "deadline": "2030-01-31"}, follow=True)
    assert "Čeká na převzetí" in text_of_page(page)
    assert Handover.objects.get(document=document, state="waiting").deadline.year == 2030


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/obeh/predani/{handover}/prevzit/", {}),
        ("/obeh/predani/{handover}/vratit/", {"reason": "Nechci."}),
        ("/obeh/predani/{handover}/odvolat/", {}),
        ("/obeh/predani/{handover}/v-utvaru/", {"people": ["{person}"]}),
        ("/obeh/dokument/{document}/utvaru/", {"unit": "{unit}"}),
        ("/obeh/dokument/{document}/zpracovateli/", {"person": "{person}"}),
        ("/obeh/dokument/{draft}/ke-schvaleni/", {"approver": "{approver}"}),
        ("/obeh/schvaleni/{approval}/schvalit/", {}),
        ("/obeh/schvaleni/{approval}/vratit/", {"comment": "Ne."}),
        ("/obeh/schvaleni/{approval}/odvolat/", {}),
        ("/obezniky/novy/?dokument={draft}", {"units": ["{unit}"]}),
    ],
)
@pytest.mark.parametrize("who", ["outsider", "other organisation"])
def test_outsiders_change_nothing(browser, office, assigned, asked, address, data, who):
    names = {
        "handover": assigned.pk,
        "document": assigned.document_id,
        "draft": asked.document_id,
        "approval": asked.pk,
        "unit": office.world.units["OE"].pk,
        "person": office.world.outsider.pk,
        "approver": office.world.head2.pk,
    }
    filled = {
        key: [one.format(**names) for one in value] if isinstance(value, list) else value.format(**names)
        for key, value in data.items()
    }
    before = _state()
    if who == "outsider":
        response = browser(office.world.outsider).post(address.format(**names), filled)
    else:
        response = _from_the_school(browser, office, address.format(**names), filled)
    assert response.status_code in (403, 404)
    assert _state() == before


def _from_the_school(browser, office, address, filled):
    """A request opens the scope of its own organisation, so the test's one has to be left for that time."""
    school = office.world.school
    client = browser(school.director, school.tenant)
    token = _current.set(None)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant_id', '', false)")
        return client.post(address, filled)
    finally:
        _current.reset(token)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant_id', %s, false)", [str(office.world.region.pk)])


def _state():
    return (
        sorted(Handover.objects.values_list("pk", "state")),
        sorted(Approval.objects.values_list("pk", "state")),
        sorted(Document.objects.values_list("pk", "state", "holder", "unit")),
        Distribution.objects.count(),
    )


def test_a_draft_is_shown_returned_and_approved(browser, office):
    draft = office.draft(subject="Stanovisko k uzavírce")
    officer, head = browser(office.world.officer), browser(office.world.head)
    page = officer.get(f"/obeh/dokument/{draft.pk}/ke-schvaleni/")
    assert f'<option value="{office.world.head.pk}" selected' in page.content.decode()
    page = officer.post(f"/obeh/dokument/{draft.pk}/ke-schvaleni/", {"approver": office.world.head.pk}, follow=True)
    assert "čeká na schválení: Ing. Marie Horáková" in text_of_page(page)
    approval = Approval.objects.get(document=draft)
    assert f"/obeh/schvaleni/{approval.pk}/schvalit/" in head.get(f"/dokumenty/{draft.pk}/").content.decode()

    head.post(f"/obeh/schvaleni/{approval.pk}/vratit/", {"comment": "Doplňte termín uzavírky."})
    assert "Doplňte termín uzavírky." in text_of_page(officer.get("/"))
    officer.post(f"/obeh/dokument/{draft.pk}/ke-schvaleni/", {"approver": office.world.head.pk})
    second = Approval.objects.get(document=draft, round=2)
    page = head.post(f"/obeh/schvaleni/{second.pk}/schvalit/", {"comment": ""}, follow=True)
    assert "je schválený" in text_of_page(page)
    draft.refresh_from_db()
    assert draft.state == DocumentState.APPROVED


def test_the_author_takes_the_request_back(browser, office, asked):
    page = browser(office.world.officer).post(f"/obeh/schvaleni/{asked.pk}/odvolat/", follow=True)
    assert "je znovu rozpracovaný" in text_of_page(page)
    asked.refresh_from_db()
    assert asked.state == ApprovalState.CANCELLED


def test_the_secretariat_registers_and_sends_a_circular_in_one_form(browser, office):
    secretariat = browser(office.world.secretariat)
    form = secretariat.get("/obezniky/novy/").content.decode()
    assert form.count('name="units"') == registry.records_nodes().count() == form.count("checked")
    units = [unit.pk for unit in registry.records_nodes()]
    page = secretariat.post(
        "/obezniky/novy/",
        {"subject": "Pokyn k inventurám", "text": "Do pátku.", "units": units, "deadline": "2030-05-31"},
        follow=True,
    )
    shown = text_of_page(page)
    assert "Pokyn k inventurám" in shown
    assert shown.count("čeká na převzetí") == 8
    assert "Pokyn k inventurám" in text_of_page(secretariat.get("/obezniky/"))

    handover = Handover.objects.get(
        distribution__isnull=False, document__subject="Pokyn k inventurám", to_unit__code="OD"
    )
    admin = browser(office.world.node_admins["OD"])
    admin.post(f"/obeh/predani/{handover.pk}/prevzit/")
    page = admin.post(
        f"/obeh/predani/{handover.pk}/v-utvaru/",
        {"people": [office.world.head.pk, office.world.officer.pk]},
        follow=True,
    )
    assert "předaný na vědomí: Mgr. Petr Dvořák, Ing. Marie Horáková" in text_of_page(page)
    assert "předáno dál" in text_of_page(secretariat.get(f"/obezniky/{Distribution.objects.latest('pk').pk}/"))


def test_a_circular_without_content_keeps_what_was_typed(browser, office):
    page = browser(office.world.secretariat).post(
        "/obezniky/novy/", {"subject": "Prázdný", "units": [office.world.units["OD"].pk]}
    )
    assert "Napište text, nebo nahrajte aspoň jeden soubor." in text_of_page(page)
    assert 'value="Prázdný"' in page.content.decode()
    assert not Document.objects.filter(subject="Prázdný").exists()


def test_officers_have_no_circulars(browser, office):
    officer = browser(office.world.officer)
    assert officer.get("/obezniky/").status_code == 403
    assert officer.get("/obezniky/novy/").status_code == 403


def test_the_substitute_sees_for_whom_and_until_when(browser, world):
    page = text_of_page(browser(world.substitute).get("/"))
    assert "Pracujete v zástupu za: Ing. Marie Horáková do" in page
    assert "v zástupu za" not in text_of_page(browser(world.officer).get("/"))


def test_the_navigation_tells_how_much_waits(browser, office, assigned):
    page = browser(office.world.head).get("/dokumenty/").content.decode()
    assert 'class="nav__count"' in page


def test_the_page_for_a_defect_needs_no_database(rf):
    with CaptureQueriesContext(connection) as asked:
        page = errors.server_error(rf.get("/"))
    assert page.status_code == 500
    assert "na naší straně" in page.content.decode()
    assert len(asked) == 0
