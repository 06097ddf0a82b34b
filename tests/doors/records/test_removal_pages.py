"""Pages of withdrawing: one thing at a time, the header that is left, the appraiser's list, the report (NSESSS 7.2)."""

import pytest
from tests.records_steps import acting, record_class, register
from tests.runs import go

from egon.kernel import clock
from egon.records import operations as records
from egon.records import report_queries
from egon.records.models import CaseFile, DestructionRun, Document, RecordClass, Withdrawal
from egon.records.rules.settling import SettledHow

REASON = "Zaevidováno dvakrát."


def withdrawn(browser, world, received):
    page = browser(world.officer).post(f"/dokumenty/{received.pk}/storno/", {"reason": REASON}, follow=True)
    return page.content.decode()


def results(client, words):
    """The table of what was found, without the form above it."""
    return client.get("/hledat/", {"q": words}).content.decode().partition("<table")[2]


def test_a_refusal_says_all_obstacles_and_changes_nothing(browser, received, world):
    records.configure_removal(
        actor=acting(world.administrator), allows_withdrawal=False, destroys_withdrawn_after=None, header_extras=[]
    )
    page = browser(world.officer).post(f"/dokumenty/{received.pk}/storno/", {"reason": ""}, follow=True)
    html = page.content.decode()
    assert "v nastavení vypnuté" in html
    assert "Napište důvod" in html
    assert Document.objects.get(pk=received.pk).state == "processing"


@pytest.mark.norm("7.2.13", "5.1.10")
def test_pages_of_a_withdrawn_document_show_the_header_to_all_but_the_appraiser(browser, received, world):
    assert "je stornovaný" in withdrawn(browser, world, received)
    component = received.components.get(name="žádost.txt").versions.get()
    for person in (world.officer, world.head, world.auditor):
        client = browser(person)
        html = client.get(f"/dokumenty/{received.pk}/").content.decode()
        assert "byl zničen" in html
        assert received.reference_number in html
        assert REASON not in html
        assert received.sender.name not in html
        assert "žádost.txt" not in html
        assert client.get(f"/komponenty/{component.pk}/stahnout").status_code == 404
        assert client.get(f"/dokumenty/{received.pk}/udaje/").status_code == 404
        assert received.reference_number not in client.get("/dokumenty/").content.decode()
        found = results(client, received.reference_number)
        assert "zničený" in found
        assert received.sender.name not in found
        assert "stornovaný" not in found
    assert browser(world.outsider).get(f"/dokumenty/{received.pk}/").status_code == 404
    assert "zničený" not in results(browser(world.outsider), received.reference_number)
    page = browser(world.records_keeper).get(f"/dokumenty/{received.pk}/").content.decode()
    assert REASON in page
    assert "žádost.txt" in page
    assert "Zpřístupnit dokument" in page


@pytest.mark.norm("7.2.13")
def test_a_document_somebody_waits_for_in_a_register_book_is_gone_too(browser, world, in_region):
    document = register(in_region, "Dvakrát zapsaná pošta")
    clerk = browser(world.clerk)
    book = "/podatelna/denik/"
    assert "Dvakrát zapsaná pošta" in clerk.get(book).content.decode()
    clerk.post(f"/dokumenty/{document.pk}/storno/", {"reason": REASON})
    assert "Dvakrát zapsaná pošta" not in clerk.get(book).content.decode()


@pytest.mark.norm("7.2.15")
def test_the_appraiser_restores_a_document_and_others_may_not(browser, received, world):
    withdrawn(browser, world, received)
    assert browser(world.officer).post(f"/dokumenty/{received.pk}/zpristupnit/", {"reason": "Omyl"}).status_code == 404
    browser(world.records_keeper).post(f"/dokumenty/{received.pk}/zpristupnit/", {"reason": "Omyl"})
    assert Document.objects.get(pk=received.pk).state == "processing"
    assert "Zařaďte dokument" in browser(world.officer).get(f"/dokumenty/{received.pk}/").content.decode()


@pytest.mark.norm("7.2.14")
def test_one_request_withdraws_one_document(browser, received, world, in_region):
    other = records.place_in_unit(
        actor=acting(world.clerk), document=register(in_region), unit=received.unit, holder=world.officer
    )
    client = browser(world.officer)
    client.post(f"/dokumenty/{received.pk}/storno/", {"reason": REASON, "document": [received.pk, other.pk]})
    assert list(Document.objects.filter(state="withdrawn")) == [received]
    assert client.post("/dokumenty/", {"document": [other.pk], "storno": "1"}).status_code == 405
    assert 'type="checkbox" name="document"' not in client.get("/dokumenty/").content.decode()


def test_an_empty_file_is_withdrawn_and_restored_on_its_pages(browser, world, received):
    file = records.open_file(
        actor=acting(world.officer), record_class=record_class("80.1"), unit=received.unit, processor=world.officer,
        subject="Omylem založený",
    )  # fmt: skip
    client = browser(world.officer)
    assert "Stornovat spis" in client.get(f"/spisy/{file.pk}/").content.decode()
    client.post(f"/spisy/{file.pk}/storno/", {"reason": REASON})
    html = client.get(f"/spisy/{file.pk}/").content.decode()
    assert "byl zničen" in html
    assert REASON not in html
    keeper = browser(world.records_keeper)
    assert REASON in keeper.get(f"/spisy/{file.pk}/").content.decode()
    keeper.post(f"/spisy/{file.pk}/zpristupnit/", {"reason": "Není to omyl"})
    assert CaseFile.objects.get(pk=file.pk).state == "open"


@pytest.mark.norm("7.2.12b")
def test_the_administrator_withdraws_by_number_without_seeing_content(browser, world, in_region, received):
    loose, client = register(in_region, "Nikdy ve spisu"), browser(world.administrator)
    page = client.post("/odstranene/podle-cisla/", {"number": "NENÍ", "reason": REASON})
    assert "Takový dokument ani spis tu není." in page.content.decode()
    assert REASON in page.content.decode()
    page = client.post("/odstranene/podle-cisla/", {"number": loose.identifier, "reason": REASON}, follow=True)
    assert "Nikdy ve spisu" not in page.content.decode()
    assert Document.objects.get(pk=loose.pk).state == "withdrawn"
    for person in (world.officer, world.records_keeper):
        assert browser(person).get("/odstranene/podle-cisla/").status_code == 403


def test_the_list_of_withdrawn_is_the_appraisers_and_is_narrowed(browser, world, received):
    withdrawn(browser, world, received)
    keeper = browser(world.records_keeper)
    page = "/odstranene/"
    assert received.reference_number in keeper.get(page).content.decode()
    assert received.reference_number in keeper.get(page, {"q": "dvakrát", "stav": "withdrawn"}).content.decode()
    for narrowed in ({"q": "jinde"}, {"stav": "restored"}, {"stav": "destroyed"}, {"do": "2020-01-01"}):
        html = keeper.get(page, narrowed).content.decode()
        assert received.reference_number not in html
        assert "Nic znepřístupněného tu není" in html
    for person in (world.officer, world.auditor):
        assert browser(person).get(page).status_code == 403
    administrator = browser(world.administrator)
    assert f'href="{page}"' in administrator.get("/").content.decode()
    assert administrator.get(page).headers["Location"] == "/odstranene/podle-cisla/"


@pytest.mark.norm("7.2.11")
def test_withdrawing_is_turned_off_on_a_page(browser, world, in_region):
    from egon.records.queries import settings_of_originator

    client = browser(world.administrator)
    client.post("/odstranene/nastaveni/", {})
    assert settings_of_originator().allows_withdrawal is False
    client.post("/odstranene/nastaveni/", {"allows_withdrawal": "on"})
    assert settings_of_originator().allows_withdrawal is True
    assert browser(world.officer).get("/odstranene/nastaveni/").status_code == 403


@pytest.mark.norm("7.3.7a", "7.3.7b", "7.3.7c", "7.3.7d", "7.3.7e")
def test_the_report_of_withdrawals_names_all_the_standard_wants(browser, world, received):
    file = records.open_file(
        actor=acting(world.officer), record_class=record_class("80.1"), unit=received.unit, processor=world.officer,
        document=received, subject="Spis o zastávce",
    )  # fmt: skip
    withdrawn(browser, world, received)
    records.withdraw_file(actor=acting(world.officer), file=file, reason="Prázdný spis")
    keeper, today = browser(world.records_keeper), str(clock.today())
    table = keeper.get("/hlaseni/znepristupnene/", {"od": today, "do": today, "soubor": "csv"}).content.decode()
    of_document, of_file = table.splitlines()[1:]
    for told in (received.identifier, file.file_mark, received.subject, world.officer.name, REASON):
        assert told in of_document
    for told in (file.file_mark, "Spis o zastávce", world.officer.name, "Prázdný spis"):
        assert told in of_file
    assert received.identifier in keeper.get("/hlaseni/znepristupnene/", {"od": today, "do": today}).content.decode()
    earlier = keeper.get("/hlaseni/znepristupnene/", {"od": "2020-01-01", "do": "2020-12-31"}).content.decode()
    assert received.identifier not in earlier
    for person in (world.administrator, world.auditor):
        page = browser(person).get("/hlaseni/znepristupnene/", {"od": today, "do": today}).content.decode()
        assert received.identifier not in page
        assert "Znepřístupněné dokumenty" not in page
    assert Withdrawal.objects.count() == 2


@pytest.fixture
def lapsed(world, received):
    """A closed file with ``received``, in a class under a standing consent, its period over."""
    officer, today = acting(world.officer), clock.today()
    file = records.open_file(
        actor=officer, record_class=record_class("80.1"), unit=received.unit, processor=world.officer, document=received
    )
    records.settle_document(actor=officer, document=received, how=SettledHow.BY_NOTING, on=today)
    records.close_file(actor=officer, file=file, on=today)
    RecordClass.objects.filter(pk=file.record_class_id).update(standing_consent=True)
    CaseFile.objects.filter(pk=file.pk).update(disposal_year=today.year)
    return file


@pytest.mark.norm("7.2.3", "7.2.4", "7.3.8a", "7.3.8b", "7.3.8c", "7.3.8d")
def test_the_appraiser_destroys_under_consent_and_reports_it_to_the_archive(browser, world, received, lapsed):
    keeper, page = browser(world.records_keeper), "/odstranene/souhlas/"
    assert lapsed.file_mark in keeper.get(page, {"znak": "80"}).content.decode()
    assert lapsed.file_mark not in keeper.get(page, {"znak": "51"}).content.decode()
    given = {"reference": "SOA-1234/2026", "scope": "marked", "file": lapsed.pk, "reason": "pro archiv"}
    refused = keeper.post(page, given).content.decode()
    assert "pro archiv" in refused
    assert not DestructionRun.objects.exists()
    answer = keeper.post(page, {**given, "sure": "on"})
    run = DestructionRun.objects.get()
    assert answer["Location"] == f"/odstranene/niceni/{run.pk}/"
    go(run)
    html = keeper.get(f"/odstranene/niceni/{run.pk}/").content.decode()
    assert "dokončeno" in html
    assert "/hlaseni/znicene/" in html
    assert lapsed.file_mark in keeper.get("/odstranene/znicene/").content.decode()
    header = keeper.get(f"/spisy/{lapsed.pk}/").content.decode()
    for told in ("byl zničen", "SOA-1234/2026", received.identifier, world.records_keeper.name):
        assert told in header
    today = str(clock.today())
    table = keeper.get("/hlaseni/znicene/", {"od": today, "do": today, "soubor": "csv"}).content.decode()
    row = table.splitlines()[1]
    for told in (world.records_keeper.name, "SOA-1234/2026", "trvalý skartační souhlas", lapsed.class_code, ";1;1"):
        assert told in row
    assert "SOA" not in keeper.get("/hlaseni/znicene/", {"od": "2020-01-01", "do": "2020-12-31"}).content.decode()


@pytest.mark.norm("7.2.13")
def test_others_cannot_tell_the_withdrawn_from_the_destroyed(browser, world, in_region, received):
    withdrawn(browser, world, received)
    officer, head = browser(world.officer), browser(world.head)
    before = head.get(f"/dokumenty/{received.pk}/").content.decode()
    keeper, today = browser(world.records_keeper), str(clock.today())
    keeper.post("/odstranene/niceni/znepristupnene/", {"since": today, "until": today, "sure": "on"})
    go(DestructionRun.objects.get())
    after = head.get(f"/dokumenty/{received.pk}/").content.decode()
    assert before.partition("<main")[2].partition("</main>")[0] == after.partition("<main")[2].partition("</main>")[0]
    assert "zničený" in results(head, received.reference_number)
    assert officer.get(f"/dokumenty/{received.pk}/").status_code == 404  # who held it is not in the header


def test_runs_are_stopped_and_resumed_by_the_appraiser_only(browser, world, received):
    withdrawn(browser, world, received)
    keeper, today = browser(world.records_keeper), str(clock.today())
    keeper.post("/odstranene/niceni/znepristupnene/", {"since": today, "until": today, "sure": "on"})
    run = DestructionRun.objects.get()
    assert f"/odstranene/niceni/{run.pk}/" in keeper.get("/odstranene/niceni/").content.decode()
    for person in (world.officer, world.administrator, world.auditor):
        client = browser(person)
        for page in ("niceni/", f"niceni/{run.pk}/", "znicene/", "souhlas/"):
            assert client.get(f"/odstranene/{page}").status_code == 403
        assert client.post(f"/odstranene/niceni/{run.pk}/zastavit/").status_code == 403
    keeper.post(f"/odstranene/niceni/{run.pk}/zastavit/")
    assert "zastaveno" in keeper.get(f"/odstranene/niceni/{run.pk}/").content.decode()
    keeper.post(f"/odstranene/niceni/{run.pk}/pokracovat/")
    run.refresh_from_db()
    assert run.state == "running"


@pytest.mark.norm("7.2.10", "7.2.16")
def test_headers_and_the_period_of_destroying_are_set_on_a_page(browser, world, in_region):
    from egon.records.queries import settings_of_originator

    client = browser(world.administrator)
    page = "/odstranene/nastaveni/"
    client.post(page, {"allows_withdrawal": "on", "destroys_withdrawn_after": "90", "header_extras": ["kind", "unit"]})
    settings = settings_of_originator()
    assert (settings.destroys_withdrawn_after, settings.header_extras) == (90, ["kind", "unit"])
    refused = client.post(page, {"destroys_withdrawn_after": "0"})
    assert settings_of_originator().destroys_withdrawn_after == 90
    assert refused.status_code == 200


@pytest.mark.norm("7.2.13", "7.2.15")
def test_of_a_restricted_file_the_appraiser_restores_what_they_do_not_read(browser, world, received):
    file = records.open_file(
        actor=acting(world.officer),
        record_class=record_class("80.1"),
        unit=received.unit,
        processor=world.officer,
        document=received,
    )
    records.restrict_file(actor=acting(world.officer), file=file, reason="osobní spis")
    browser(world.officer).post(f"/dokumenty/{received.pk}/storno/", {"reason": REASON})
    for person in (world.head, world.clerk, world.auditor):
        client = browser(person)
        assert client.get(f"/dokumenty/{received.pk}/").status_code == 404
        assert received.subject not in results(client, received.reference_number)
        assert client.post(f"/dokumenty/{received.pk}/zpristupnit/", {"reason": "Omyl"}).status_code == 404
    keeper = browser(world.records_keeper)
    for address in ("/odstranene/", f"/dokumenty/{received.pk}/"):
        html = keeper.get(address).content.decode()
        assert received.reference_number in html
        assert received.subject not in html
        assert REASON not in html
        assert "bez přístupu" in html
    sought = keeper.get("/odstranene/", {"q": received.subject}).content.decode()
    assert received.reference_number not in sought
    today = clock.today()
    assert all(
        received.subject not in map(str, row)
        for row in report_queries.withdrawn(report_queries.Period(since=today, until=today))
    )
    keeper.post(f"/dokumenty/{received.pk}/zpristupnit/", {"reason": "Omyl"})
    assert Document.objects.get(pk=received.pk).case_file == file
