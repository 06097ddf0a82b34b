"""Pages of typed files: the list, one of them, its sections and volumes, templates; files opened in them; prints."""

import re
from datetime import timedelta

import pytest
from tests.doors.texts import text_of_pdf
from tests.records_steps import acting, record_class
from tests.runs import go
from tests.typed_steps import (
    OPENED,
    close,
    drafts,
    file_in,
    full_file,
    regime,
    section,
    typed_class,
    typed_file,
    volumes,
)

from egon.gateways.pdfa import sheets
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.records import operations as records
from egon.records import typed_queries
from egon.records.models import CaseFile, DisposalHold, RecordClass, Resorting, TypedFile
from egon.records.operations import SectionDraft
from egon.records.rules.retention import Trigger
from egon.tenancy.scope import tenant_scope

NEXT_YEAR = OPENED.replace(year=OPENED.year + 1, month=1, day=1)


@pytest.fixture
def officer(browser, in_region):
    return browser(in_region.officer)


@pytest.fixture
def keeper(browser, in_region):
    return browser(in_region.records_keeper)


@pytest.fixture
def entry(in_region):
    return typed_class(in_region)


@pytest.fixture
def typed(in_region, entry):
    return typed_file(in_region, entry)


@pytest.fixture
def running(typed):
    return section(typed, "1.2")


def html(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_typed_files_are_under_files_in_the_navigation(officer, typed):
    active = r'<a[^>]*href="([^"]*)"[^>]*aria-current="page"'
    for address in ("/typove-spisy/", f"/typove-spisy/{typed.pk}/"):
        assert "/spisy/" in re.findall(active, html(officer.get(address)))


@pytest.mark.norm("3.3.1", "3.3.2", "5.2.9")
def test_a_typed_file_is_founded_and_listed(in_region, officer, entry):
    form = html(officer.get(f"/typove-spisy/novy/?znak={entry.pk}"))
    assert "65.30 Zkušební typové spisy" in form
    answer = officer.post("/typove-spisy/novy/", {"record_class": entry.pk, "name": "Domov Pod Lipou"})
    made = TypedFile.objects.get(name="Domov Pod Lipou")
    assert answer["Location"] == f"/typove-spisy/{made.pk}/"
    assert made.processor == in_region.officer
    page = html(officer.get(answer["Location"]))
    for part in ("Výroční zprávy", "A/10", "Založit spis", made.identifier):
        assert part in page
    assert "díl 1" not in page
    listed = html(officer.get("/typove-spisy/?q=lip&razeni=-zalozen"))
    assert "Domov Pod Lipou" in listed
    row = next(one for one in listed.split("<tr") if "Domov Pod Lipou" in one)
    assert "65.30" in row
    assert "Filtru nic neodpovídá" in html(officer.get("/typove-spisy/?q=nic+takového"))
    again = html(officer.post("/typove-spisy/novy/", {"record_class": entry.pk, "name": " "}))
    assert "Název" in again


@pytest.mark.norm("3.3.20", "3.3.10", "3.2.1b")
def test_who_works_with_a_section_need_not_know_of_volumes(in_region, officer, typed, running):
    form = html(officer.get(f"/spisy/novy/?soucast={running.pk}"))
    assert "Domov u Lesa" in form
    assert "Spisový znak" not in form.partition('<form class="form"')[2]
    answer = officer.post(f"/spisy/novy/?soucast={running.pk}", {"subject": "Rozbor hospodaření"})
    file = CaseFile.objects.get(subject="Rozbor hospodaření")
    assert answer["Location"] == f"/spisy/{file.pk}/"
    assert file.volume == volumes(running)[0]
    page = html(officer.get(f"/typove-spisy/soucasti/{running.pk}/"))
    assert file.file_mark in page
    assert "díl 1" not in page
    assert "Domov u Lesa, Rozbory" in html(officer.get(f"/spisy/{file.pk}/"))
    with_volumes = html(officer.get(f"/typove-spisy/soucasti/{running.pk}/?dily=1"))
    assert "díl 1" in with_volumes
    assert file.file_mark in html(officer.get(f"/typove-spisy/soucasti/{running.pk}/?dil=1"))
    assert "žádný spis" in html(officer.get(f"/typove-spisy/soucasti/{running.pk}/?dil=7"))


@pytest.mark.norm("3.2.1b")
def test_a_document_opens_a_file_in_a_section_found_by_words(in_region, officer, received, running):
    found = html(officer.get(f"/dokumenty/{received.pk}/spis/?soucast_q=lesa+rozbory"))
    assert f"?soucast={running.pk}" in found
    assert f"?soucast={section(running.typed_file, '2').pk}" not in found
    officer.post(f"/dokumenty/{received.pk}/spis/?soucast={running.pk}", {"subject": "Zastávka"})
    received.refresh_from_db()
    assert received.case_file.volume.section == running


def test_a_file_is_put_into_a_section_from_its_page(in_region, officer, running):
    file = records.open_file(
        actor=acting(in_region.officer), record_class=record_class("80.20"), unit=in_region.office.units["OD"],
        processor=in_region.officer, subject="Přesouvaný",
    )  # fmt: skip
    address = f"/spisy/{file.pk}/typovy-spis/"
    assert f'value="{running.pk}"' in html(officer.get(address))
    refused = html(officer.post(address, {"section": running.pk, "reason": " "}), 409)
    assert "Napište, proč se spis přetřiďuje" in refused
    officer.post(address, {"section": running.pk, "reason": "Patří k organizaci"})
    file.refresh_from_db()
    assert file.volume.section == running


@pytest.mark.norm("3.3.12", "3.3.13")
def test_closing_says_every_obstacle_and_reopening_asks_for_a_reason(in_region, officer, keeper, typed, running):
    file = full_file(in_region, running)
    assert file.file_mark in html(officer.post(f"/typove-spisy/soucasti/{running.pk}/uzavrit/"), 409)
    assert file.file_mark in html(officer.post(f"/typove-spisy/{typed.pk}/uzavrit/"), 409)
    close(in_region, file)
    assert officer.post(f"/typove-spisy/soucasti/{running.pk}/uzavrit/").status_code == 302
    assert "Znovu otevřít" in html(keeper.get(f"/typove-spisy/soucasti/{running.pk}/"))
    assert "proč se znovu" in html(keeper.post(f"/typove-spisy/soucasti/{running.pk}/otevrit/", {"reason": ""}), 409)
    keeper.post(f"/typove-spisy/soucasti/{running.pk}/otevrit/", {"reason": "Omyl"})
    assert section(typed, "1.2").is_open
    assert officer.post(f"/typove-spisy/{typed.pk}/uzavrit/").status_code == 302
    assert officer.post(f"/typove-spisy/{typed.pk}/otevrit/", {"reason": "Omyl"}).status_code == 403
    keeper.post(f"/typove-spisy/{typed.pk}/otevrit/", {"reason": "Omyl"})
    typed.refresh_from_db()
    assert typed.is_open


def test_data_of_a_typed_file_are_edited_by_who_works_on_it(browser, in_region, officer, typed):
    address = f"/typove-spisy/{typed.pk}/udaje/"
    assert "Domov u Lesa" in html(officer.get(address))
    officer.post(address, {"name": "Domov u Rybníka", "processor": in_region.officer.pk, "shared": "on"})
    typed.refresh_from_db()
    assert (typed.name, typed.shared) == ("Domov u Rybníka", True)
    other = browser(in_region.officer2)
    assert "Domov u Rybníka" in html(other.get(f"/typove-spisy/{typed.pk}/"))
    assert "zakládají do něj i jiné útvary" in html(other.get(f"/typove-spisy/{typed.pk}/pristup/"))
    assert in_region.officer2.name in other.get(f"/typove-spisy/{typed.pk}/pristup/?csv").content.decode()
    assert "smí pracovat jeho zpracovatel" in html(
        other.post(address, {"name": "Cizí", "processor": in_region.officer.pk})
    )
    typed.refresh_from_db()
    assert typed.name == "Domov u Rybníka"


def test_a_shared_typed_file_does_not_tell_others_what_is_in_it(browser, in_region, typed, running):
    file_in(in_region, running, "Tajný rozbor")
    TypedFile.objects.filter(pk=typed.pk).update(shared=True)
    other = browser(in_region.officer2)
    for address in (f"/typove-spisy/{typed.pk}/", f"/typove-spisy/soucasti/{running.pk}/?dily=1"):
        page = html(other.get(address))
        assert "Domov u Lesa" in page
        assert "Tajný rozbor" not in page
    assert "Tajný" not in text_of_pdf(other.get(f"/typove-spisy/{typed.pk}/spisy.pdf"))


def test_others_learn_nothing_of_a_typed_file(browser, in_region, typed, running):
    file_in(in_region, running)
    stranger = browser(in_region.officer2)
    for address in (
        f"/typove-spisy/{typed.pk}/", f"/typove-spisy/soucasti/{running.pk}/", f"/typove-spisy/{typed.pk}/spisy.pdf",
        f"/typove-spisy/dily/{volumes(running)[0].pk}/obal.pdf",
    ):  # fmt: skip
        assert stranger.get(address).status_code == 404
    assert "Domov u Lesa" not in html(stranger.get("/typove-spisy/"))
    assert "Domov u Lesa" not in html(stranger.get("/hledat/?q=lesa"))


def test_another_organisation_has_no_such_typed_file(browser, world):
    with tenant_scope(world.region.pk):
        typed = typed_file(world, typed_class(world))
    outside = browser(world.school.director, tenant=world.school.tenant)
    assert outside.get(f"/typove-spisy/{typed.pk}/").status_code == 404
    assert "Domov u Lesa" not in html(outside.get("/typove-spisy/"))


def test_a_typed_file_is_found_by_its_name(officer, typed):
    page = html(officer.get("/hledat/?q=lesa"))
    assert f"/typove-spisy/{typed.pk}/" in page
    assert typed.identifier in page


@pytest.mark.norm("5.2.5a", "5.2.5b", "5.2.5d", "5.2.5e", "5.2.5f", "5.2.5g", "3.3.20a")
def test_the_cover_of_a_volume_says_what_it_must(browser, in_region, officer, typed, running, monkeypatch):
    drawn = []
    code_image = sheets.code_image
    monkeypatch.setattr(sheets, "code_image", lambda text: drawn.append(text) or code_image(text))
    (volume,) = volumes(running)
    text = text_of_pdf(officer.get(f"/typove-spisy/dily/{volume.pk}/obal.pdf"))
    for part in ("Domov u Lesa", "Rozbory", "65.30.1.2", "S/5", f"2. 1. {OPENED.year}", "díl 1"):
        assert part in text
    assert volume.identifier in text.replace(" ", "")
    assert drawn == [volume.identifier]
    scanned = officer.get("/podatelna/kod/", {"kod": drawn[0]})
    assert scanned["Location"] == f"/typove-spisy/soucasti/{running.pk}/?dil=1"
    assert browser(in_region.officer2).get("/podatelna/kod/", {"kod": drawn[0]}).status_code == 422


@pytest.mark.norm("5.2.7b", "3.3.20a")
def test_files_are_listed_by_volumes(in_region, officer, typed, running):
    done, going = close(in_region, full_file(in_region, running, "Hotový")), file_in(in_region, running, "Běžící")
    records.roll_volume(actor=Actor.system(in_region.region.pk), section=running, on=NEXT_YEAR)
    text = text_of_pdf(officer.get(f"/typove-spisy/{typed.pk}/spisy.pdf"))
    order = [text.index(part) for part in ("65.30.1.2 Rozbory, díl 1", "Hotový", "65.30.1.2 Rozbory, díl 2", "Běžící")]
    assert order == sorted(order)
    assert done.identifier in text.replace(" ", "")
    first = text_of_pdf(officer.get(f"/typove-spisy/dily/{volumes(running)[0].pk}/spisy.pdf"))
    assert "Hotový" in first
    assert "Běžící" not in first
    assert going.volume_id


@pytest.mark.norm("3.3.20b")
def test_the_place_of_the_paper_of_a_volume_is_written_down(in_region, officer, running):
    (volume,), keeper = volumes(running), acting(in_region.records_keeper)
    depot = records.save_place(actor=keeper, name="Sklad 2", valid_from=OPENED)
    address = f"/typove-spisy/dily/{volume.pk}/umisteni/"
    refused = officer.post(address, {"detail": "regál 9", "note": "psáno"})
    refused = html(refused, refused.status_code)
    assert "Bez místa uložení" in refused and "regál 9" in refused and "psáno" in refused
    officer.post(address, {"place": depot.pk, "detail": "regál 14", "note": "za dveřmi"})
    shown = html(officer.get(f"/typove-spisy/soucasti/{running.pk}/?dily=1"))
    assert "Sklad 2, regál 14" in shown and "za dveřmi" in shown
    records.save_place(
        actor=keeper, storage_place=depot, name="Sklad 2", valid_from=OPENED, valid_to=OPENED + timedelta(days=1)
    )
    kept = html(officer.get(address))
    assert f'<option value="{depot.pk}" selected>' in kept and "regál 14" in kept
    for printed in ("obal", "spisy"):
        assert "Sklad 2, regál 14" in text_of_pdf(officer.get(f"/typove-spisy/dily/{volume.pk}/{printed}.pdf"))


@pytest.mark.norm("6.1.13")
def test_holds_are_placed_and_lifted_on_every_level(keeper, officer, typed, running):
    (volume,) = volumes(running)
    for address, page in (
        (f"/typove-spisy/{typed.pk}/pozastavit/", f"/typove-spisy/{typed.pk}/"),
        (f"/typove-spisy/soucasti/{running.pk}/pozastavit/", f"/typove-spisy/soucasti/{running.pk}/"),
        (f"/typove-spisy/dily/{volume.pk}/pozastavit/", f"/typove-spisy/soucasti/{running.pk}/?dily=1"),
    ):
        assert officer.post(address, {"reason": "Spor"}).status_code == 403
        assert keeper.post(address, {"reason": "Spor"})["Location"] == page
        (hold,) = DisposalHold.objects.filter(lifted_on__isnull=True)
        assert keeper.post(f"/plan/pozastaveni/{hold.pk}/zrusit/")["Location"] == page
    assert DisposalHold.objects.filter(lifted_on__isnull=False).count() == 3


@pytest.mark.norm("6.1.9c")
def test_the_year_of_an_event_is_recorded_for_a_section(in_region, keeper):
    external = records.save_regime(
        actor=acting(in_region.records_keeper), mark="S", years=50, trigger=Trigger.EXTERNAL, event="konec poměru",
        check_years=10,
    )  # fmt: skip
    staff = typed_file(in_region, typed_class(in_region, "55.40", [SectionDraft("1", "Poměr", external)]), "Novák Jan")
    where = section(staff, "1")
    file = file_in(in_region, where)
    assert "Rok spouštěcí události" in html(keeper.get(f"/typove-spisy/soucasti/{where.pk}/"))
    refused = html(keeper.post(f"/typove-spisy/soucasti/{where.pk}/udalost/", {"year": today().year + 1}))
    assert "nejvýš" in refused
    keeper.post(f"/typove-spisy/soucasti/{where.pk}/udalost/", {"year": OPENED.year})
    file.refresh_from_db()
    assert file.trigger_year == OPENED.year


def rows(*sections, more=0):
    """Posted rows of a template, with ``more`` empty ones after them."""
    posted = {"form-TOTAL_FORMS": len(sections) + more, "form-INITIAL_FORMS": 0}
    for number, one in enumerate(sections):
        posted |= {f"form-{number}-{key}": value for key, value in one.items()}
    return posted


@pytest.mark.norm("3.3.5", "3.3.6")
def test_a_class_for_typed_files_leads_to_its_template(in_region, keeper):
    plan = record_class("65.10").plan
    parent = record_class("65.10").parent
    answer = keeper.post(
        f"/plan/verze/{plan.pk}/skupina/?nad={parent.pk}",
        {"code": "65.60", "name": "Typové", "for_typed_files": "on", "valid_from": OPENED.isoformat()},
    )
    made = RecordClass.objects.get(code="65.60")
    assert answer["Location"] == f"/plan/skupiny/{made.pk}/sablona/"
    address, mark = answer["Location"], regime(in_region)
    page = html(keeper.get(address))
    assert "form-4-code" in page
    assert "Určete šablonu" in html(keeper.get(f"/plan/skupiny/{made.pk}/"))
    refused = html(keeper.post(address, rows({"code": "1", "name": "Provoz"}, more=2) | {"save": "1"}))
    assert "chybí skartační režim" in refused
    assert 'value="Provoz"' in refused
    longer = html(keeper.post(address, rows({"code": "1", "name": "Provoz"}, more=2) | {"more": "1"}))
    assert "form-7-code" in longer
    assert 'value="Provoz"' in longer
    keeper.post(
        address, rows({"code": "1", "name": "Provoz", "regime": mark.pk, "period": "school"}, more=1) | {"save": "1"}
    )
    (only,) = typed_queries.template_of(made)
    assert (only.code, only.written_period) == ("65.60.1", "školní rok")
    assert "školní rok" in html(keeper.get(f"/plan/skupiny/{made.pk}/"))


@pytest.mark.norm("3.3.8a", "3.3.8b")
def test_a_section_of_a_template_is_renamed_on_its_page(keeper, officer, entry):
    one = typed_queries.template_of(entry).get(code="65.30.2")
    address = f"/plan/soucasti/{one.pk}/"
    assert "Provoz" in html(keeper.get(address))
    keeper.post(address, {"name": "Údržba", "period": "years", "period_years": "3"})
    one.refresh_from_db()
    assert (one.name, one.written_period) == ("Údržba", "3 roky")
    assert officer.get(address).status_code == 403


@pytest.mark.norm("3.3.7")
def test_a_template_in_force_is_changed_on_its_page(in_region, keeper, entry, typed):
    address = f"/plan/skupiny/{entry.pk}/sablona/"
    assert "novou skupinou se stejným znakem" in html(keeper.get(address))
    kept = [
        {
            "code": one.code.removeprefix("65.30."), "name": one.name, "source": one.pk,
            "regime": one.disposal_regime_id or "", "period": one.period, "period_years": one.period_years or "",
        }
        for one in typed_queries.template_of(entry)
    ]  # fmt: skip
    audits = {"code": "3", "name": "Audity", "regime": regime(in_region, "A", 5).pk, "period": "calendar"}
    answer = keeper.post(address, rows(*kept, audits) | {"save": "1", "on": today().isoformat()})
    entry.refresh_from_db()
    assert answer["Location"] == f"/plan/skupiny/{entry.successor_id}/"
    go(Resorting.objects.get())
    typed.refresh_from_db()
    assert typed.record_class == entry.successor


@pytest.mark.norm("3.3.4b", "3.4.3")
def test_sections_are_mapped_and_typed_files_re_sorted_on_a_page(in_region, keeper, entry, typed):
    other = typed_class(in_region, "65.31", drafts(in_region))
    address = f"/plan/skupiny/{entry.pk}/soucasti/"
    assert "65.31" in html(keeper.get(address))
    assert "je tato skupina sama" in html(keeper.post(address, {"target": "65.30"}))
    assert keeper.post(address, {"target": "65.31"})["Location"] == f"{address}?cil={other.pk}"
    address += f"?cil={other.pk}"
    assert "65.31.1.2 Rozbory" in html(keeper.get(address))
    refused = html(keeper.post(address, {"reason": ""}))
    assert "není přiřazená" in refused
    pairs = zip(typed_queries.template_of(entry), typed_queries.template_of(other), strict=True)
    posted = {f"to-{one.pk}": two.pk for one, two in pairs}
    assert keeper.post(address, posted)["Location"] == f"/plan/skupiny/{entry.pk}/"
    answer = keeper.post(address, posted | {"reason": "Sloučení"})
    run = Resorting.objects.get()
    assert answer["Location"] == f"/plan/pretrideni/{run.pk}/"
    TypedFile.objects.filter(pk=typed.pk).update(state="closed", closed_on=OPENED + timedelta(days=1))
    go(run)
    assert "Domov u Lesa" in html(keeper.get(f"/plan/pretrideni/{run.pk}/"))


def test_a_choice_without_words_of_its_own_is_czech(in_region, browser):
    typed = typed_file(in_region, typed_class(in_region))
    page = browser(in_region.officer).get(f"/typove-spisy/{typed.pk}/udaje/").content.decode()
    assert "Vyberte…" in page and "Select an option" not in page
