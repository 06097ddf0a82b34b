"""Pages of the filing plan: the tree for all, everything else for who keeps the plan."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.records_steps import acting, record_class
from tests.runs import go

from egon.gateways.nsesss import ClassData, PlanData, RegimeData, read_plan
from egon.kernel.clock import today
from egon.records import offered_classes, plan_queries, queries
from egon.records import operations as records
from egon.records.models import (
    CaseFile,
    DisposalHold,
    DisposalRegime,
    FilingPlan,
    RecordClass,
    Resorting,
    TemplateSection,
)


@pytest.fixture
def keeper(browser, in_region):
    return browser(in_region.records_keeper)


@pytest.fixture
def officer(browser, in_region):
    return browser(in_region.officer)


@pytest.fixture
def plan(in_region):
    return queries.current_plan(on=today())


@pytest.fixture
def draft(in_region, plan):
    return records.copy_plan(
        actor=acting(in_region.records_keeper), plan=plan, name="Nový plán", valid_from=today() + timedelta(days=9)
    )


@pytest.fixture
def file(in_region):
    """An open file of class 80.20."""
    return records.open_file(
        actor=acting(in_region.officer),
        record_class=record_class("80.20"),
        unit=in_region.office.units["OD"],
        processor=in_region.officer,
        subject="Odvolání řidiče",
    )


def html(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_a_long_plan_opens_folded_and_by_branches(officer):
    text = html(officer.get("/plan/"))
    assert "Doprava a silniční hospodářství" in text
    assert "Dopravní obslužnost" not in text
    group = RecordClass.objects.get(code="80")
    opened = html(officer.get(f"/plan/?skupina={group.pk}"))
    assert "Dopravní obslužnost, jízdní řády" in opened
    assert "Petice" not in opened
    assert "Petice" in html(officer.get("/plan/?vse=1"))
    assert "Nic takového" in html(officer.get("/plan/?q=zzzz"))
    assert html(officer.get("/plan/?skupina=abc&verze=x"))


def test_the_tree_of_two_thousand_classes_takes_few_queries(in_region, keeper, django_assert_max_num_queries):
    regime = RegimeData("S", 5)
    classes = [ClassData("1", "Správa"), ClassData("2", "Výkon")]
    classes += [ClassData(f"{n % 2 + 1}.{n}", f"Skupina {n}", parent=n % 2, regime=regime) for n in range(2000)]
    data = PlanData(name="Velký", separator=".", classes=classes)
    big = records.import_plan(actor=acting(in_region.records_keeper), data=data, valid_from=today())
    with django_assert_max_num_queries(30):
        text = html(keeper.get(f"/plan/?verze={big.pk}&vse=1"))
    assert text.count("<tr") == 2003


def test_versions_are_for_who_keeps_the_plan(officer, keeper, draft):
    entry = plan_queries.class_by_code(draft, "80.1")
    pages = ["/plan/verze/", "/plan/rezimy/", "/plan/pretrideni/", "/plan/pretrideni/prevod/", "/plan/rezimy/novy/"]
    pages += [f"/plan/verze/{step}/" for step in ("nova", "nahrat", "vzor")]
    pages += [f"/plan/verze/{draft.pk}/{step}" for step in ("", "export.xml", "udaje/", "dalsi/", "skupina/")]
    pages += [f"/plan/rezimy/{entry.disposal_regime_id}/"]
    pages += [f"/plan/skupiny/{entry.pk}/{step}/" for step in ("popis", "nastaveni", "uzavrit", "rezim", "pretridit")]
    for page in pages:
        assert officer.get(page).status_code == 403, page
        assert keeper.get(page).status_code == 200, page
    assert officer.get(f"/plan/skupiny/{entry.pk}/").status_code == 404
    assert "návrh" in html(keeper.get(f"/plan/skupiny/{entry.pk}/"))
    assert "Nový plán" not in html(officer.get(f"/plan/?verze={draft.pk}"))
    for page in ("/plan/verze/999999/", "/plan/skupiny/999999/", "/plan/rezimy/999999/", "/plan/pretrideni/999999/"):
        assert keeper.get(page).status_code == 404, page


def test_another_organisation_sees_nothing_of_the_plan(browser, world):
    with world.office.scope():
        entry = record_class("80.1")
    school = browser(world.school.clerk, world.school)
    pages = (f"verze/{entry.plan_id}", f"skupiny/{entry.pk}", f"rezimy/{entry.disposal_regime_id}")
    assert school.get("/plan/verze/").status_code == 200
    for page in (f"/plan/{page}/" for page in pages):
        assert school.get(page).status_code == 404


def test_a_class_is_shown_with_its_regime_and_only_keepers_see_numbers_of_files(officer, keeper, file):
    address = f"/plan/skupiny/{file.record_class_id}/"
    for browser in (officer, keeper):
        assert "S/5" in html(browser.get(address))
    assert "z toho neuzavřených" in html(keeper.get(address))
    assert "z toho neuzavřených" not in html(officer.get(address))
    assert "Uzavřít nebo sloučit" not in html(officer.get(address))


def test_a_draft_grows_is_compared_and_put_in_force(keeper, officer, plan, draft):
    group = plan_queries.class_by_code(draft, "80")
    regime = record_class("80.1").disposal_regime
    new = f"/plan/verze/{draft.pk}/skupina/?nad={group.pk}"
    wrong = html(keeper.post(new, {"code": "80.1", "name": "Znovu", "regime": regime.pk, "valid_from": today()}))
    assert "už v plánu je" in wrong
    assert 'value="Znovu"' in wrong
    added = {"code": "80.77", "name": "Lanovky", "regime": regime.pk, "valid_from": draft.valid_from}
    entry_page = keeper.post(new, added).url
    assert keeper.post(f"{entry_page}popis/", {"name": "Lanové dráhy"}).status_code == 302
    assert keeper.post(f"{entry_page}nastaveni/", {"numbers_by_file": "on"}).status_code == 302
    old = plan_queries.class_by_code(draft, "80.14")
    assert keeper.post(f"/plan/skupiny/{old.pk}/odstranit/").url == f"/plan/?verze={draft.pk}"
    page = html(keeper.get(f"/plan/verze/{draft.pk}/"))
    assert "80.77 Lanové dráhy S/5" in page
    assert "80.14 Nadměrná a nadrozměrná přeprava S/3" in page
    keeper.post(f"/plan/verze/{draft.pk}/platnost/", {"on": ""})
    keeper.post(f"/plan/verze/{draft.pk}/platnost/", {"on": today() - timedelta(days=1)})
    assert queries.current_plan(on=today()) == plan
    keeper.post(f"/plan/verze/{draft.pk}/platnost/", {"on": today()})
    assert queries.current_plan(on=today()) == draft
    assert "Lanové dráhy" in html(officer.get("/plan/?q=lanove"))
    assert plan_queries.class_by_code(draft, "80.77").numbers_by_file


def test_a_draft_is_thrown_away(keeper, draft):
    assert keeper.post(f"/plan/verze/{draft.pk}/zahodit/").url == "/plan/verze/"
    assert not FilingPlan.objects.filter(pk=draft.pk).exists()


def test_an_empty_plan_and_one_by_a_pattern_are_drafted_and_edited(keeper):
    day = today() + timedelta(days=40)
    made = keeper.post("/plan/verze/nova/", {"name": "Prázdný", "valid_from": day, "separator": "/"})
    assert "První" in html(keeper.get(f"/plan/?verze={FilingPlan.objects.get(name='Prázdný').pk}")).replace(
        "první", "První"
    )
    keeper.post(f"{made.url}udaje/", {"name": "Přejmenovaný", "valid_from": day, "separator": "-"})
    assert FilingPlan.objects.get(name="Přejmenovaný").separator == "-"
    keeper.post("/plan/verze/vzor/", {"key": "skola", "name": "Školní", "valid_from": day})
    assert FilingPlan.objects.get(name="Školní").classes.count() == 78
    current = queries.current_plan(on=today())
    keeper.post(f"/plan/verze/{current.pk}/dalsi/", {"name": "Další", "valid_from": day})
    assert FilingPlan.objects.get(name="Další").classes.count() == current.classes.count()


@pytest.mark.parametrize("form", ["xml", "csv"])
def test_an_export_is_imported_again(keeper, plan, form):
    content = keeper.get(f"/plan/verze/{plan.pk}/export.{form}").content
    if form == "xml":
        sections = TemplateSection.objects.filter(record_class__plan=plan)
        assert len(read_plan(content).classes) == plan.classes.count() + sections.count()
    upload = SimpleUploadedFile(f"plan.{form}", content)
    answer = keeper.post("/plan/verze/nahrat/", {"upload": upload, "name": "Z tabulky", "valid_from": today()})
    page = html(keeper.get(answer.url))
    assert "Ničím: má tytéž znaky, popisy i režimy." in page
    assert FilingPlan.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<a/>", "není spisový plán"),
        (b"<a", "XML"),
        ("spisový znak;obsah;skartační znak;lhůta\n1;Správa;;\n1.1;;X;pět\n".encode(), "řádek 3"),
        ("spisový znak;obsah;skartační znak;lhůta\n1;Správa;;\n1.1;;X;5\n".encode(), "skartační znak „X“ neexistuje"),
        (b"\x00\xff\xfe", "chybí sloupce"),
    ],
)
def test_faults_of_a_file_come_all_at_once_and_nothing_is_saved(keeper, content, told):
    upload = SimpleUploadedFile("plan.csv", content)
    answer = keeper.post("/plan/verze/nahrat/", {"upload": upload, "name": "Vadný", "valid_from": today()})
    text = html(answer, status=422)
    assert told in text
    assert "nic se nezměnilo" in text
    assert 'value="Vadný"' in text
    assert FilingPlan.objects.count() == 1


def test_regimes_are_added_changed_withdrawn_and_removed(keeper):
    wrong = html(keeper.post("/plan/rezimy/novy/", {"mark": "S", "years": 7, "trigger": "external"}))
    assert "po kolika letech" in wrong
    values = {"mark": "S", "years": 7, "trigger": "external", "event": "zánik mostu", "check_years": 5}
    assert keeper.post("/plan/rezimy/novy/", values).url == "/plan/rezimy/"
    regime = DisposalRegime.objects.get(event="zánik mostu")
    page = f"/plan/rezimy/{regime.pk}/"
    assert keeper.post(page, values | {"years": 8}).status_code == 302
    assert keeper.post(f"{page}znepristupnit/").status_code == 302
    assert "zánik mostu" not in html(keeper.get("/plan/rezimy/"))
    assert "zánik mostu" in html(keeper.get("/plan/rezimy/?vse=1"))
    assert keeper.post(f"{page}odstranit/").url == "/plan/rezimy/"
    used = record_class("80.1").disposal_regime
    assert "se už používá" in html(keeper.post(f"/plan/rezimy/{used.pk}/", values))
    assert keeper.post(f"/plan/rezimy/{used.pk}/odstranit/").url == f"/plan/rezimy/{used.pk}/"


def test_another_regime_and_closing_with_a_merge(keeper, file):
    address = f"/plan/skupiny/{file.record_class_id}/"
    assert "otevřené spisy" in html(keeper.post(f"{address}uzavrit/", {"on": today()}))
    assert "v platném plánu není" in html(keeper.post(f"{address}uzavrit/", {"on": today(), "move_files_to": "99.99"}))
    regime = record_class("80.14").disposal_regime
    successor = keeper.post(f"{address}rezim/", {"regime": regime.pk, "on": today()}).url
    go(Resorting.objects.get())
    file.refresh_from_db()
    assert successor == f"/plan/skupiny/{file.record_class_id}/"
    assert "Pokračuje jako" in html(keeper.get(address))
    answer = keeper.post(f"{successor}uzavrit/", {"on": today(), "move_files_to": "80.14 Nadměrná"})
    assert answer.url == successor
    go(Resorting.objects.latest("pk"))
    file.refresh_from_db()
    assert file.class_code == "80.14"


def test_marked_files_are_resorted_and_the_run_is_watched(keeper, file):
    address = f"/plan/skupiny/{file.record_class_id}/pretridit/"
    assert "Odvolání řidiče" in html(keeper.get(address))
    values = {"target": "80.14", "reason": "Sloučení", "scope": "marked"}
    nothing = html(keeper.post(address, values))
    assert "není žádný spis" in nothing and "Uzavřené spisy se přetřídí, jen když" in nothing
    assert 'value="Sloučení"' in nothing
    run = keeper.post(address, values | {"file": [file.pk]}).url
    assert 'hx-trigger="every 2s"' in html(keeper.get(run))
    keeper.post(f"{run}zastavit/")
    assert "Pokračovat" in html(keeper.get(run))
    keeper.post(f"{run}pokracovat/")
    CaseFile.objects.filter(pk=file.pk).update(state="closed", closed_on=today())
    go(Resorting.objects.get())
    page = html(keeper.get(run))
    assert "Nepřetříděno" in page and "→ 80.14" in page
    assert "uzavřené se přetřídit neměly" in page
    assert "Sloučení" in html(keeper.get("/plan/pretrideni/"))


def test_the_administrator_sees_no_names_of_files(browser, in_region, file):
    page = html(browser(in_region.administrator).get(f"/plan/skupiny/{file.record_class_id}/pretridit/"))
    assert "Odvolání řidiče" not in page
    assert "include_closed" not in page


@pytest.mark.norm("3.2.14")
def test_the_keeper_is_asked_to_move_open_files_to_the_new_plan(keeper, draft, file):
    keeper.post(f"/plan/verze/{draft.pk}/platnost/", {"on": today()})
    assert "Otevřené spisy v uzavřených skupinách" in html(keeper.get("/plan/"))
    page = html(keeper.get("/plan/pretrideni/prevod/"))
    assert f'name="to-{file.record_class_id}"' in page
    assert 'value="80.20"' in page
    wrong = html(keeper.post("/plan/pretrideni/prevod/", {"reason": "Nový plán", f"to-{file.record_class_id}": "x"}))
    assert "v platném plánu není" in wrong
    keeper.post("/plan/pretrideni/prevod/", {"reason": "Nový plán", f"to-{file.record_class_id}": "80.14"})
    go(Resorting.objects.get())
    file.refresh_from_db()
    assert (file.class_code, file.record_class.plan) == ("80.14", draft)


def test_one_file_is_resorted_from_its_page(browser, officer, in_region, file):
    assert f"/spisy/{file.pk}/pretridit/" in html(officer.get(f"/spisy/{file.pk}/"))
    refused = html(officer.post(f"/spisy/{file.pk}/pretridit/", {"target": "80", "reason": "Oprava"}))
    assert "nevkládají" in refused
    answer = officer.post(f"/spisy/{file.pk}/pretridit/", {"target": "80.14", "reason": "Oprava"})
    assert answer.url == f"/spisy/{file.pk}/"
    file.refresh_from_db()
    assert file.class_code == "80.14"
    outsider = browser(in_region.outsider)
    assert outsider.post(f"/spisy/{file.pk}/pretridit/", {"target": "80.1", "reason": "X"}).status_code == 404


@pytest.mark.norm("6.1.9a", "6.1.9b")
def test_the_records_keeper_is_asked_whether_an_event_came(browser, keeper, officer, in_region, file):
    assert "Na žádnou událost" in html(keeper.get("/plan/udalosti/"))
    CaseFile.objects.filter(pk=file.pk).update(
        state="closed", closed_on=today(), trigger="external", trigger_check_year=today().year, check_years=5
    )
    assert "rozhodněte, zda událost nastala" in html(keeper.get("/plan/"))
    assert "rozhodněte" not in html(browser(in_region.administrator).get("/plan/"))
    assert "Odvolání řidiče" in html(keeper.get("/plan/udalosti/"))
    CaseFile.objects.filter(pk=file.pk).update(restricted_because="Jen pro jmenované")
    for address in ("/plan/udalosti/", f"/plan/skupiny/{file.record_class_id}/pretridit/"):
        assert file.file_mark in html(keeper.get(address))
        assert "Odvolání řidiče" not in html(keeper.get(address))
    CaseFile.objects.filter(pk=file.pk).update(restricted_because="")
    assert officer.get("/plan/udalosti/").status_code == 403
    assert browser(in_region.administrator).get("/plan/udalosti/").status_code == 403
    assert "buď rok" in html(keeper.post("/plan/udalosti/", {"file": [file.pk], "year": "", "years": ""}))
    assert "Neoznačili jste" in html(keeper.post("/plan/udalosti/", {"year": today().year}))
    assert keeper.post("/plan/udalosti/", {"file": [file.pk], "years": 2}).status_code == 302
    assert "Odvolání řidiče" not in html(keeper.get("/plan/udalosti/"))
    assert keeper.post("/plan/udalosti/?vse=1", {"file": [file.pk], "year": today().year}).status_code == 302
    file.refresh_from_db()
    assert file.disposal_year == today().year + 6


@pytest.mark.norm("6.1.13", "6.1.16")
def test_a_hold_is_placed_and_lifted_on_pages(browser, keeper, officer, in_region, file):
    for address in (f"/spisy/{file.pk}/", f"/plan/skupiny/{file.record_class_id}/"):
        assert officer.post(f"{address}pozastavit/", {"reason": "X"}).status_code == 403
        assert "Napište důvod" in html(keeper.post(f"{address}pozastavit/", {"reason": ""}, follow=True))
        assert "Soudní spor" in html(keeper.post(f"{address}pozastavit/", {"reason": "Soudní spor"}, follow=True))
        assert "Soudní spor" in html(officer.get(f"/spisy/{file.pk}/"))
        held = DisposalHold.objects.get(lifted_on__isnull=True)
        assert officer.post(f"/plan/pozastaveni/{held.pk}/zrusit/").status_code == 403
        assert keeper.post(f"/plan/pozastaveni/{held.pk}/zrusit/").url == address
        assert "Soudní spor" not in html(officer.get(f"/spisy/{file.pk}/")).partition("Historie")[0]
    assert keeper.post("/plan/pozastaveni/999999/zrusit/").status_code == 404


@pytest.mark.norm("3.2.12")
def test_reopening_in_a_closed_class_asks_for_an_open_one(keeper, file):
    CaseFile.objects.filter(pk=file.pk).update(state="closed", closed_on=today())
    RecordClass.objects.filter(pk=file.record_class_id).update(valid_to=today() - timedelta(days=1))
    assert 'name="record_class"' in html(keeper.get(f"/spisy/{file.pk}/"))
    refused = html(keeper.post(f"/spisy/{file.pk}/otevrit/", {"reason": "Nové podání", "record_class": ""}), status=422)
    assert "Nové podání" in refused
    file.refresh_from_db()
    assert file.state == "closed"
    answer = keeper.post(f"/spisy/{file.pk}/otevrit/", {"reason": "Nové podání", "record_class": "80.14"})
    assert answer.url == f"/spisy/{file.pk}/"
    file.refresh_from_db()
    assert (file.state, file.class_code) == ("open", "80.14")


FORMS_WITH_A_CLASS = ["/spisy/novy/", "/spisy/{file}/pretridit/"]


@pytest.mark.parametrize("address", FORMS_WITH_A_CLASS)
def test_a_form_carries_a_short_plan_and_asks_for_classes_of_a_long_one(officer, file, address, monkeypatch):
    address = address.format(file=file.pk)
    monkeypatch.setattr(offered_classes, "OFFERED_WHOLE", 10_000)
    assert 'value="80.1 ' in html(officer.get(address))
    monkeypatch.setattr(offered_classes, "OFFERED_WHOLE", 5)
    page = html(officer.get(address))
    assert "<option" not in page.partition('id="spisove-znaky"')[2].partition("</datalist>")[0]
    assert 'hx-get="/plan/znaky/?co=spisy"' in page


def test_classes_are_offered_while_one_types(officer, client):
    offered = html(officer.get("/plan/znaky/?co=spisy&target=jizdni+rady"))
    assert 'value="80.1 Dopravní obslužnost, jízdní řády' in offered
    assert "<html" not in offered
    for nothing in ("/plan/znaky/", "/plan/znaky/?co=x&target=", "/plan/znaky/?target=%00", "/plan/znaky/?co=spisy"):
        assert "<option" not in html(officer.get(nothing))
    assert client.get("/plan/znaky/?target=80").status_code == 302


def test_a_word_that_is_no_code_returns_with_codes_like_it_and_keeps_what_was_typed(officer):
    again = html(officer.post("/spisy/novy/", {"record_class": "jízdní řády", "subject": "Uzavírky"}))
    assert "Podobné: 80.1 Dopravní obslužnost" in again
    assert 'value="jízdní řády"' in again
    assert 'value="Uzavírky"' in again
    assert "Zkuste jiné slovo" in html(officer.post("/spisy/novy/", {"record_class": "zzzz", "subject": "Uzavírky"}))
    assert not CaseFile.objects.filter(subject="Uzavírky").exists()


def test_a_class_chosen_in_the_plan_is_filled_in(officer):
    entry = record_class("80.1")
    assert f'value="80.1 {entry.name}"' in html(officer.get(f"/spisy/novy/?znak={entry.pk}"))
    assert html(officer.get("/spisy/novy/?znak=999999999999"))


def test_a_group_takes_no_file(officer):
    refused = html(officer.post("/spisy/novy/", {"record_class": "80", "subject": "Uzavírky"}))
    assert 'value="Uzavírky"' in refused
    assert not CaseFile.objects.filter(subject="Uzavírky").exists()
