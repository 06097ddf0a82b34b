"""Pages of documents: what a person sees and does there, and that strangers see and change nothing."""

import errno
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.records_steps import acting

from egon.audit.models import LogRecord, Outcome
from egon.kernel.clock import today
from egon.parties import operations as parties
from egon.parties.operations import PartyDetails
from egon.records import queries
from egon.records.models import CaseFile, Document
from egon.storage.blobs import path_of


def class_with(code):
    return queries.classes_for_files(on=today()).get(code=code)


def put_in_new_file(client, document, code="80.1"):
    return client.post(f"/dokumenty/{document.pk}/spis/", {"record_class": code, "subject": document.subject})


def test_the_officer_sees_the_document_its_text_and_the_next_step(browser, received, world):
    page = browser(world.officer).get(f"/dokumenty/{received.pk}/")
    assert page.status_code == 200
    html = page.content.decode()
    assert "Žádost o rekonstrukci zastávky U Mlýna" in html
    assert "Prosíme o zastřešení čekárny." in html
    assert "Zařaďte dokument do spisu" in html
    assert "Zaevidování doručeného dokumentu" in html


def test_the_document_page_needs_few_queries(browser, received, world):
    client = browser(world.officer)
    with CaptureQueriesContext(connection) as found:
        client.get(f"/dokumenty/{received.pk}/")
    assert len(found) <= 30


def test_the_list_needs_at_most_twenty_queries(browser, received, world):
    client = browser(world.head)
    with CaptureQueriesContext(connection) as found:
        page = client.get("/dokumenty/")
    assert received.reference_number in page.content.decode()
    assert len(found) <= 20


def test_who_sees_only_what_came_gets_no_link_to_the_file_and_the_unfinished_reply(browser, received, world):
    officer, clerk = browser(world.officer), browser(world.clerk)
    put_in_new_file(officer, received)
    officer.post(f"/dokumenty/{received.pk}/odpoved/", {"subject": "Návrh odpovědi"})
    reply = Document.objects.get(replies_to=received)
    received.refresh_from_db()
    for reader, sees in ((officer, True), (clerk, False)):
        page = reader.get(f"/dokumenty/{received.pk}/").content.decode()
        assert ("<h2>Odpovědi</h2>" in page) is sees
        assert (f'href="/dokumenty/{reply.pk}/"' in page) is sees
        assert (f'href="/spisy/{received.case_file_id}/"' in page) is sees
        assert received.case_file.file_mark in page


@pytest.mark.parametrize("path", ["", "udaje/", "spis/", "odpoved/", "text/", "vyridit/"])
def test_an_outsider_learns_nothing_of_the_document(browser, received, world, path):
    page = browser(world.outsider).get(f"/dokumenty/{received.pk}/{path}")
    assert page.status_code == 404
    assert "zastávky" not in page.content.decode()


@pytest.mark.parametrize("path", ["", "udaje/", "spis/", "odpoved/", "text/", "vyridit/"])
def test_another_organisation_learns_nothing_of_the_document(received, world, path):
    from django.test import Client

    client = Client()
    client.force_login(world.school.director.account)
    session = client.session
    session["tenant_id"] = world.school.pk
    session.save()
    from egon.tenancy.scope import _current

    token = _current.set(None)  # the request opens its own scope, as in the running product
    try:
        page = client.get(f"/dokumenty/{received.pk}/{path}")
    finally:
        _current.reset(token)
    assert page.status_code == 404
    assert "zastávky" not in page.content.decode()


def test_the_administrator_sees_no_content_by_that_role(browser, received, world):
    client = browser(world.administrator)
    assert client.get(f"/dokumenty/{received.pk}/").status_code == 404
    version = queries.components_of(received)[0].latest
    assert client.get(f"/komponenty/{version.pk}/stahnout").status_code == 404


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("udaje/", {"subject": "Podvržená věc"}),
        ("odpoved/", {"subject": "Podvržená odpověď"}),
        ("vyridit/", {"how": "noting", "on": "2026-11-22", "note": ""}),
        ("storno/", {"reason": "zlý úmysl"}),
        ("spis/vyjmout/", {"reason": "zlý úmysl"}),
        ("prilohy/", {}),
        ("adresat/", {"name": "Podvržený"}),
        ("text/", {"subject": "x", "body": "podvržený text"}),
    ],
)
def test_an_outsider_changes_nothing(browser, received, world, path, data):
    before = Document.objects.filter(pk=received.pk).values().get()
    count = Document.objects.count()
    assert browser(world.outsider).post(f"/dokumenty/{received.pk}/{path}", data).status_code == 404
    assert Document.objects.filter(pk=received.pk).values().get() == before
    assert Document.objects.count() == count


def test_the_auditor_reads_everything_and_changes_nothing(browser, received, world):
    client = browser(world.auditor)
    assert client.get(f"/dokumenty/{received.pk}/").status_code == 200
    answer = client.post(f"/dokumenty/{received.pk}/udaje/", {"subject": "Změněná věc"})
    assert "smí pracovat jeho zpracovatel" in answer.content.decode()
    received.refresh_from_db()
    assert received.subject.startswith("Žádost")
    assert LogRecord.objects.filter(operation="records.document.edit", outcome=Outcome.DENIED).exists()


def test_a_signed_out_person_is_asked_to_sign_in(client, received):
    answer = client.get(f"/dokumenty/{received.pk}/")
    assert answer.status_code == 302
    assert answer.url.startswith("/prihlaseni/")


def test_filing_brings_the_regime_of_the_class(browser, received, world):
    answer = put_in_new_file(browser(world.officer), received)
    assert answer.status_code == 302, answer.context["form"].errors
    received.refresh_from_db()
    assert received.case_file.regime == "S/5"
    assert received.case_file.subject == received.subject
    assert received.order_in_file == 1


def test_an_existing_file_is_found_by_words_and_takes_the_document(browser, received, world):
    client = browser(world.officer)
    page = client.get(f"/dokumenty/{received.pk}/spis/?q=jízdnímu")
    file = CaseFile.objects.get(subject__startswith="Dotaz k jízdnímu")
    assert file.file_mark in page.content.decode()
    client.post(f"/dokumenty/{received.pk}/spis/", {"file": file.pk})
    received.refresh_from_db()
    assert (received.case_file_id, received.order_in_file) == (file.pk, 2)


def test_a_reply_is_written_from_a_template_with_its_pdf_and_annexes(browser, received, world):
    client = browser(world.officer)
    put_in_new_file(client, received)
    template = queries.templates().get(name="Odpověď na žádost")
    answer = client.post(f"/dokumenty/{received.pk}/odpoved/", {"template": template.pk, "subject": ""})
    reply = Document.objects.get(replies_to=received)
    assert answer.url == f"/dokumenty/{reply.pk}/text/"
    page = client.get(answer.url).content.decode()
    assert "zastávky U Mlýna" in page

    client.post(f"/dokumenty/{reply.pk}/text/", {"subject": reply.subject, "body": "Vyhovujeme.\n\n- bod"})
    upload = SimpleUploadedFile("../../etc/plán.txt", b"obsah", content_type="text/plain")
    client.post(f"/dokumenty/{reply.pk}/prilohy/", {"uploads": [upload], "zpet": "text"})
    views = queries.components_of(Document.objects.get(pk=reply.pk))
    assert [view.component.name for view in views][1] == "plán.txt"
    assert views[0].latest.format_name == "PDF/A-2a"
    assert views[0].latest.number == 2
    pdf = client.get(f"/komponenty/{views[0].latest.pk}/nahled")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert reply.addressees.get().party == received.sender

    client.post(f"/komponenty/{views[1].latest.pk}/odebrat/")
    assert len(queries.components_of(reply)) == 1


def test_obstacles_to_settling_are_listed_before_and_after(browser, received, world):
    client = browser(world.officer)
    html = client.get(f"/dokumenty/{received.pk}/vyridit/").content.decode()
    assert "není zařazen ve spisu" in html
    answer = client.post(f"/dokumenty/{received.pk}/vyridit/", {"how": "referral", "on": "2001-01-01", "note": ""})
    html = answer.content.decode()
    for obstacle in ("není zařazen ve spisu", "nemůže předcházet", "napište záznam"):
        assert obstacle in html
    received.refresh_from_db()
    assert received.state == "processing"


@pytest.mark.norm("3.2.7")
def test_a_document_is_settled_on_its_page_and_the_file_goes_on(browser, received, world):
    client = browser(world.officer)
    put_in_new_file(client, received)
    typed = {"how": "noting", "on": today().isoformat(), "note": "bere se na vědomí"}
    answer = client.post(f"/dokumenty/{received.pk}/vyridit/", typed)
    assert answer.url == f"/dokumenty/{received.pk}/"
    received.refresh_from_db()
    assert (received.state, received.settled_on, received.settled_how) == ("settled", today(), "noting")
    assert received.case_file.state == "open"
    assert "vyřízen" in client.get(answer.url).content.decode()
    assert (
        browser(world.outsider).post(f"/dokumenty/{received.pk}/zrusit-vyrizeni/", {"reason": "x"}).status_code == 404
    )


@pytest.mark.norm("3.2.4a", "3.2.1a")
def test_the_subject_of_the_document_is_offered_for_the_file_and_may_be_changed_at_once(browser, received, world):
    client, address = browser(world.officer), f"/dokumenty/{received.pk}/spis/"
    assert f'value="{received.subject}"' in client.get(address).content.decode()
    client.post(address, {"record_class": "80.1", "subject": "Zastávky na Mlýnské"})
    received.refresh_from_db()
    assert (received.case_file.subject, received.case_file.class_code) == ("Zastávky na Mlýnské", "80.1")
    assert received.subject == "Žádost o rekonstrukci zastávky U Mlýna"


@pytest.mark.norm("2.8.2")
def test_an_addressee_is_chosen_from_the_register_and_linked(browser, received, world):
    client = browser(world.officer)
    put_in_new_file(client, received)
    client.post(f"/dokumenty/{received.pk}/odpoved/", {"subject": "Odpověď"})
    reply = Document.objects.get(replies_to=received)
    details = PartyDetails(kind="legal", name="Stavby Kozel, a. s.", ic="70890366", city="Kolín")
    other = parties.register_party(actor=acting(world.clerk), details=details)
    page = client.post(f"/dokumenty/{reply.pk}/adresat/", {"party_text": "kozel kolin"}, follow=True)
    addressee = reply.addressees.get()
    assert (addressee.party, addressee.name, addressee.databox_id) == (other, other.name, other.databox_id)
    assert other.name in page.content.decode()
    assert reply.reference_number in client.get(f"/rejstrik/{other.pk}/").content.decode()


def test_html_is_never_shown_inline_and_text_is_sandboxed(browser, received, world):
    client = browser(world.officer)
    text, html = [view.latest for view in queries.components_of(received)]
    assert client.get(f"/komponenty/{html.pk}/nahled").status_code == 404
    taken = client.get(f"/komponenty/{html.pk}/stahnout")
    assert taken["Content-Disposition"].startswith("attachment")
    assert taken["Content-Type"] == "application/octet-stream"
    shown = client.get(f"/komponenty/{text.pk}/nahled")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Security-Policy"].endswith("sandbox")


def test_components_are_closed_to_an_outsider(browser, received, world):
    version = queries.components_of(received)[0].latest
    client = browser(world.outsider)
    for path in ("nahled", "stahnout"):
        assert client.get(f"/komponenty/{version.pk}/{path}").status_code == 404
    assert client.post(f"/komponenty/{version.pk}/odebrat/").status_code == 404
    assert len(queries.components_of(received)) == 2


def full_disk(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_at_the_form_and_nothing_is_half_done(browser, received, world, monkeypatch):
    client = browser(world.officer)
    put_in_new_file(client, received)
    client.post(f"/dokumenty/{received.pk}/odpoved/", {"subject": "Odpověď"})
    reply = Document.objects.get(replies_to=received)
    before = Document.objects.count()
    upload = SimpleUploadedFile("plán.txt", b"novy obsah", content_type="text/plain")
    steps = {
        "/dokumenty/novy/": {"direction": "internal", "subject": "Při plném disku", "body": "Text"},
        f"/dokumenty/{reply.pk}/text/": {"subject": "Jiná věc", "body": "Jiný text"},
        f"/dokumenty/{reply.pk}/prilohy/": {"uploads": [upload]},
    }
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full_disk)
        for address, typed in steps.items():
            page = client.post(address, typed).content.decode()
            assert "došlo místo" in page, address
            assert typed.get("subject", "") in page, address
    reply.refresh_from_db()
    assert (Document.objects.count(), reply.subject, reply.component_count) == (before, "Odpověď", 0)


def test_a_damaged_file_is_not_given_out_and_its_page_says_so(browser, received, world):
    client = browser(world.officer)
    version = queries.components_of(received)[0].latest
    with world.office.scope():
        path_of(version.digest).write_bytes(b"jiny obsah")
    page = client.get(f"/dokumenty/{received.pk}/")
    assert page.status_code == 200
    assert "poškozený" in page.content.decode()
    answer = client.get(f"/komponenty/{version.pk}/stahnout")
    assert answer.status_code == 503
    assert "požádejte správce systému o obnovu" in answer.content.decode()


def test_a_new_internal_document_is_written_in_the_page(browser, in_region, world):
    answer = browser(world.officer).post(
        "/dokumenty/novy/",
        {"direction": "internal", "subject": "Záznam z jednání", "body": "# Průběh\n\nDohodli jsme se."},
    )
    made = Document.objects.get(subject="Záznam z jednání")
    assert answer.url == f"/dokumenty/{made.pk}/"
    assert (made.holder, made.unit.code) == (world.officer, "OD")
    assert made.reference_number.endswith("OD")


@pytest.mark.parametrize(
    "query",
    ["?stav=processing&razeni=-termin", "?smer=received&od=2020-01-01&do=2100-01-01", "?moje=on&spis=S-KSA",
     "?strana=999",
     "?utvar=neco&razeni=xyz&od=31.2.2026"],
)  # fmt: skip
def test_filters_sorting_and_nonsense_in_the_address_give_a_page(browser, received, world, query):
    assert browser(world.officer).get(f"/dokumenty/{query}").status_code == 200
    assert browser(world.officer).get(f"/spisy/{query.replace('processing', 'open')}").status_code == 200


def test_the_mailroom_does_not_see_drafts(browser, in_region, world):
    from egon.records import operations
    from egon.records.rules.states import Direction

    draft = operations.create_document(
        actor=acting(world.officer), direction=Direction.OUTGOING, subject="Rozepsaný dopis", text="Zatím nic."
    )
    assert browser(world.clerk).get(f"/dokumenty/{draft.pk}/").status_code == 404
