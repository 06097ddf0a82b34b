"""Reports count what is there, by period, as a page, a table and a PDF; who only works with documents reads none."""

import re
from datetime import datetime, time, timedelta
from io import BytesIO

import pypdfium2
import pytest
from tests.records_steps import acting, record_class, register
from tests.typed_steps import section, typed_class, typed_file, volumes

from egon import storage
from egon.databox.importing.tables import ImportEntry, ImportRun
from egon.gateways.tables import read_table
from egon.kernel import clock
from egon.kernel.clock import today
from egon.records import operations
from egon.records.models import (
    CaseFile,
    Component,
    Document,
    RecordClass,
    Resorting,
    ResortingItem,
    TypedFile,
    TypedSection,
    Volume,
)
from egon.records.operations import NewFile
from egon.records.report_queries import Period
from egon.web.records.views.reporting import REPORTS


def rows_of(key, *, since=None, until=None, **narrowed):
    period = Period(since=since or today() - timedelta(days=400), until=until or today(), **narrowed)
    return REPORTS[key].rows(period)


@pytest.fixture
def place(in_region, world):
    return operations.save_place(actor=acting(world.records_keeper), name="Sál 2", valid_from=today())


@pytest.fixture
def something(in_region, world, place):
    """A file whose paper is stored, one whose period has lapsed."""
    stored, closed = CaseFile.objects.order_by("pk")[:2]
    operations.store_paper(actor=acting(world.records_keeper), file=stored, storage_place=place, detail="regál 1")
    CaseFile.objects.filter(pk=closed.pk).update(state="closed", closed_on=today(), disposal_year=today().year)
    return closed


@pytest.mark.norm("7.3.3a")
def test_files_are_counted_by_state(in_region):
    rows = dict(rows_of("spisy"))
    assert rows["celkem"] == CaseFile.objects.count() > 0
    assert rows["typové: celkem"] == rows["typové: otevřený"] == TypedFile.objects.count() > 0
    CaseFile.objects.filter(pk=CaseFile.objects.filter(state="open").first().pk).update(state="settled")
    after = dict(rows_of("spisy"))
    assert (after["otevřený"], after["vyřízený"]) == (rows["otevřený"] - 1, rows["vyřízený"] + 1)


@pytest.mark.norm("7.3.3b")
def test_components_are_counted_once_by_the_format_of_their_newest_version(in_region, world):
    def counted():
        return {name: count for name, _, count in rows_of("formaty")}

    before = counted()
    assert sum(before.values()) == Component.objects.filter(removed_at__isnull=True).count()
    register(world, files=[NewFile("a.txt", "text/plain", storage.put(b"prosty text"), "main")])
    after = counted()
    assert after["prostý text"] == before.get("prostý text", 0) + 1
    assert sum(after.values()) == sum(before.values()) + 1


@pytest.mark.norm("7.3.3c", "7.3.3d")
def test_what_a_chosen_person_holds_is_counted_with_their_roles(in_region, world):
    [[name, roles, documents, unsettled, files, opened, *_]] = rows_of("drzeni", person=world.officer)
    assert name == world.officer.name
    assert "zpracovatel" in roles.lower()
    assert documents == Document.objects.filter(holder=world.officer).count()
    assert files == CaseFile.objects.filter(processor=world.officer).count() > 0
    mine = register(world)
    operations.place_in_unit(
        actor=acting(world.clerk), document=mine, unit=world.office.units["OD"], holder=world.officer
    )
    assert rows_of("drzeni", person=world.officer)[0][2:4] == [documents + 1, unsettled + 1]
    everybody = {row[0]: row for row in rows_of("drzeni")}
    typed = TypedFile.objects.filter(processor=world.officer)
    sections = TypedSection.objects.filter(typed_file__in=typed).count()
    assert everybody[world.officer.name][4:] == [files, opened, typed.count(), sections]
    assert sum(row[6] for row in everybody.values()) == TypedFile.objects.count() > 0
    assert sum(row[7] for row in everybody.values()) == TypedSection.objects.count() > 10
    assert everybody[world.clerk.name][4] == 0


@pytest.mark.norm("7.3.5a")
def test_received_documents_are_counted_within_the_period(in_region, world):
    before = dict(rows_of("prijate", since=today())).get("celkem", 0)
    document = register(world)
    assert dict(rows_of("prijate", since=today()))["celkem"] == before + 1
    Document.objects.filter(pk=document.pk).update(
        registered_at=datetime.combine(today() - timedelta(days=40), time(12), clock.PRAGUE)
    )
    rows = dict(rows_of("prijate", since=today() - timedelta(days=41), until=today() - timedelta(days=39)))
    assert rows[today() - timedelta(days=40)] >= 1
    assert dict(rows_of("prijate", since=today())).get("celkem", 0) == before
    by_month = rows_of("prijate", since=today() - timedelta(days=100))
    assert "/" in by_month[0][0]


@pytest.mark.norm("7.3.5b", "7.3.5c")
def test_new_and_all_files_are_counted_by_class_in_the_order_of_the_plan(in_region, world):
    file = CaseFile.objects.order_by("pk").first()
    CaseFile.objects.filter(pk=file.pk).update(opened_on=today() - timedelta(days=30))

    def of_class(**period):
        return {row[0]: row[3:] for row in rows_of("skupiny", **period)}.get(file.class_code, [0, 0, 0])

    assert CaseFile.objects.filter(record_class=file.record_class).count() == of_class()[2]
    new, typed, filed = of_class(since=today() - timedelta(days=31), until=today() - timedelta(days=29))
    assert (new, typed, filed) == (1, 0, 1)
    assert of_class(since=today() - timedelta(days=28), until=today())[0] == of_class()[0] - 1
    founded = TypedFile.objects.get()
    on = {"since": founded.opened_on, "until": founded.opened_on}
    assert {row[0]: row[4] for row in rows_of("skupiny", **on)}[founded.class_code] == 1
    codes = [row[0] for row in rows_of("skupiny")]
    in_plan = RecordClass.objects.filter(code__in=codes, plan__draft=False).order_by("plan__valid_from", "sort_key")
    assert codes == list(dict.fromkeys(in_plan.filter(files__isnull=False).values_list("code", flat=True)))


@pytest.mark.norm("7.3.5d")
def test_classes_open_at_a_date_are_listed_by_their_codes(in_region):
    some = record_class(CaseFile.objects.first().class_code)
    assert some.code in [row[0] for row in rows_of("otevrene")]
    RecordClass.objects.filter(pk=some.pk).update(valid_to=today() - timedelta(days=2))
    assert some.code not in [row[0] for row in rows_of("otevrene")]
    assert some.code in [row[0] for row in rows_of("otevrene", until=today() - timedelta(days=2))]


@pytest.mark.norm("7.3.4")
def test_where_paper_lies_is_told_by_place(browser, in_region, world, place):
    keeper = acting(world.records_keeper)
    depot = operations.save_place(actor=keeper, name="Depozit", valid_from=today())
    first, second, third = CaseFile.objects.order_by("pk")[:3]
    operations.store_paper(actor=keeper, file=first, storage_place=place, detail="regál 1")
    operations.store_paper(actor=keeper, file=second, storage_place=place, detail="regál 1")
    operations.store_paper(actor=keeper, file=third, storage_place=depot)
    assert rows_of("ulozeni") == [["Depozit", "neuvedeno", "", 1, 0], ["Sál 2", "regál 1", "", 2, 0]]
    marks = [row[2] for row in rows_of("ulozeni", place=place)]
    assert sorted(marks) == sorted([first.file_mark, second.file_mark])
    html = browser(world.records_keeper).get(f"/hlaseni/ulozeni/?misto={place.pk}").content.decode()
    assert first.file_mark in html and third.file_mark not in html


@pytest.mark.norm("7.3.4")
def test_where_the_paper_of_volumes_lies_is_told_by_place(browser, in_region, world, place):
    keeper, officer = acting(world.records_keeper), acting(world.officer)
    first = section(typed_file(in_region, typed_class(in_region)), "1.2")
    (volume,) = volumes(first)
    operations.store_volume(actor=officer, volume=volume, storage_place=place, detail="regál 2")
    operations.store_paper(actor=keeper, file=CaseFile.objects.first(), storage_place=place, detail="regál 1")
    assert rows_of("ulozeni") == [["Sál 2", "regál 1", "", 1, 0], ["Sál 2", "regál 2", "", 0, 1]]
    name = f"{first.typed_file.identifier}, {first.template.code}, díl 1"
    assert rows_of("ulozeni", place=place)[1] == ["Sál 2", "regál 2", name, 0, 1]
    page = browser(world.records_keeper).get(f"/hlaseni/ulozeni/?misto={place.pk}").content.decode()
    assert name in page and first.typed_file.name not in page
    listed = browser(world.records_keeper).get("/evidence/mista/").content.decode()
    assert re.search(r'data-label="Dílů"[^>]*>1<', listed)
    assert (
        "1\xa0díl typového spisu" in browser(world.records_keeper).get(f"/evidence/mista/{place.pk}/").content.decode()
    )


@pytest.mark.norm("7.3.9")
def test_files_and_documents_whose_period_has_lapsed_by_a_day_are_counted(browser, in_region, world, something):
    documents = something.documents.exclude(state="withdrawn").count()
    assert documents
    year, mark = str(today().year), something.disposal_mark
    assert rows_of("lhuty") == [[year, mark, 1, documents, 0], ["celkem", "", 1, documents, 0]]
    assert rows_of("lhuty", on=today().replace(year=today().year - 1, month=12, day=31)) == []
    assert rows_of("lhuty", since=today() - timedelta(days=9), until=today() - timedelta(days=1)) == []
    CaseFile.objects.filter(pk=something.pk).update(resolved_mark="A")
    assert rows_of("lhuty")[0][1] == "A"
    page = browser(world.records_keeper).get("/hlaseni/lhuty/")
    assert page.context["rows"][0][2] == ("Spisů", "1")


@pytest.mark.norm("7.3.9")
def test_volumes_whose_period_has_lapsed_are_counted_beside_files(in_region):
    year = today().year
    volume = Volume.objects.filter(state="open").first()
    Volume.objects.filter(pk=volume.pk).update(state="closed", closed_on=today(), disposal_year=year)
    assert rows_of("lhuty") == [[str(year), volume.disposal_mark, 0, 0, 1], ["celkem", "", 0, 0, 1]]
    assert rows_of("lhuty", on=today().replace(year=year - 1, month=12, day=31)) == []
    assert rows_of("lhuty", since=today() - timedelta(days=9), until=today() - timedelta(days=1)) == []
    Volume.objects.filter(pk=volume.pk).update(resolved_mark="A")
    assert rows_of("lhuty")[0] == [str(year), "A", 0, 0, 1]
    Volume.objects.filter(pk=volume.pk).update(state="destroyed", destroyed_on=today())
    assert rows_of("lhuty") == []


@pytest.mark.norm("7.3.6")
def test_results_of_imports_resortings_and_withdrawals_name_what_failed(browser, in_region, world, received):
    now = clock.now()
    run = ImportRun.objects.create(name="stará schránka.zip", state="done", started_by="x", started_at=now, total=2)
    ImportEntry.objects.create(run=run, name="dobra.zfo", outcome="imported", at=now)
    ImportEntry.objects.create(
        run=run, name="spatna.zfo", outcome="refused", reason="poškozená", dm_id="1234567", at=now
    )
    file = CaseFile.objects.order_by("pk").first()
    target = RecordClass.objects.exclude(pk=file.record_class_id).filter(holds_files=True).first()
    moving = Resorting.objects.create(reason="nový plán", state="finished", started_at=now, refused=1)
    ResortingItem.objects.create(
        run=moving, file=file, source=file.record_class, target=target, state="refused", message="je uzavřená"
    )
    operations.withdraw_document(actor=acting(world.officer), document=received, reason="zapsán dvakrát")
    rows = rows_of("procesy", since=today())
    told = [row[1:] for row in rows]
    assert ["Import datových zpráv", "stará schránka.zip", 1, 1, "dokončen"] in told
    assert ["– soubor importu", "spatna.zfo (zpráva 1234567)", 0, 1, "neuloženo: poškozená"] in told
    moved = f"spis {file.file_mark}, {file.record_class.code} → {target.code}"
    assert ["– spis k přetřídění", moved, 0, 1, "je uzavřená"] in told
    assert [f"dokument {received.reference_number}", 1, 0, "zapsán dvakrát"] in [row[1:] for row in told]
    before = today() - timedelta(days=9)
    assert not [row for row in rows_of("procesy", since=before, until=before) if "stará" in row[2]]
    assert "poškozená" in browser(world.records_keeper).get("/hlaseni/procesy/").content.decode()


@pytest.mark.norm("7.3.1")
@pytest.mark.parametrize("key", REPORTS)
def test_each_report_is_a_page_tables_and_a_pdf(browser, in_region, world, something, key):
    client = browser(world.records_keeper)
    page = client.get(f"/hlaseni/{key}/")
    assert page.status_code == 200
    assert ("<svg" in page.content.decode()) == (REPORTS[key].charted is not None)
    table = client.get(f"/hlaseni/{key}/", {"soubor": "csv"}).content.decode("utf-8-sig").splitlines()
    assert table[0] == ";".join(REPORTS[key].columns)
    assert len(table) == len(page.context["rows"]) + 1
    book = client.get(f"/hlaseni/{key}/", {"soubor": "xlsx"})
    [[_, head], *lines] = read_table(book.content)
    assert head == list(REPORTS[key].columns) and len(lines) == len(table) - 1
    pdf = client.get(f"/hlaseni/{key}/", {"soubor": "pdf"})
    assert REPORTS[key].title in pypdfium2.PdfDocument(BytesIO(pdf.content))[0].get_textpage().get_text_range()


def test_a_period_turned_round_is_refused_and_an_empty_one_says_so(browser, in_region, world):
    client = browser(world.records_keeper)
    turned = client.get("/hlaseni/prijate/", {"od": "2026-02-01", "do": "2026-01-01"})
    assert turned.status_code == 422 and "před jeho začátkem" in turned.content.decode()
    assert "V tomto období nic není" in client.get("/hlaseni/prijate/?od=1990-01-01&do=1990-01-02").content.decode()


def test_a_name_that_a_spreadsheet_would_compute_stays_a_text(browser, in_region, world):
    file = CaseFile.objects.first()
    RecordClass.objects.filter(pk=file.record_class_id).update(name="=1+1")
    table = browser(world.records_keeper).get("/hlaseni/skupiny/", {"soubor": "csv"}).content.decode()
    assert ";'=1+1;" in table


@pytest.mark.parametrize("who", ["officer", "outsider"])
def test_who_only_works_with_documents_reads_no_reports(browser, in_region, world, who):
    client = browser(getattr(world, who))
    assert client.get("/hlaseni/").status_code == 403
    assert client.get("/hlaseni/drzeni/", {"soubor": "csv"}).status_code == 403
    assert "/hlaseni/" not in client.get("/").content.decode()
