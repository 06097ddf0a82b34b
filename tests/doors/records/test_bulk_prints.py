"""Many files or documents printed at once: with the rights of who asked, item by item, stopped, resumed, forgotten."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from tests.doors.records.test_prints import blank_pdf, open_file
from tests.doors.texts import text_of_pdf
from tests.records_steps import acting, register

from egon import storage
from egon.audit.models import LogRecord
from egon.gateways.formats import identify
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations, print_queries
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import CaseFile, Document, PrintItem, PrintRun
from egon.records.operations import NewFile, finish_printing, keep_part
from egon.records.rules.printing import BulkPrint, faults_of_bulk
from egon.web.records import bulk_printing, jobs

PDF_A_2B = "fmt/477"


@pytest.fixture
def files(in_region):
    return [open_file("Oznámení o uzavírce"), open_file("Dotaz k jízdnímu")]


def started(world, what, entities):
    return operations.start_printing(actor=acting(world.officer), what=what, chosen=[one.pk for one in entities])


def result_of(browser, world, run):
    return browser(world.officer).get(f"/tisk/{run.pk}/soubor")


@pytest.mark.norm("5.2.8")
@pytest.mark.parametrize("what", [one for one in BulkPrint if one is not BulkPrint.WHOLE])
def test_each_kind_is_printed_of_many_into_one_pdf_a(browser, files, world, what):
    entities = files if what.of_files else [one.documents.first() for one in files]
    run = started(world, what, entities)
    bulk_printing.work(run.pk)
    answer = result_of(browser, world, run)
    text = text_of_pdf(answer)
    assert identify(answer.content, "tisk.pdf").pronom_id == PDF_A_2B
    assert [one for one in entities if str(one) not in text] == []
    with pikepdf.open(BytesIO(answer.content)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [f"00{n} {one}" for n, one in enumerate(entities, 1)]
    printed = LogRecord.objects.filter(operation="records.print.item")
    told = {(kind, key) for record in printed for kind, key, _ in record.subjects}
    assert {(one._meta.label_lower, one.pk) for one in entities} <= told


@pytest.mark.norm("5.2.13a", "5.2.13f")
def test_whole_files_are_kept_apart_with_all_they_carry(browser, files, world):
    new = [NewFile("žádost.txt", "text/plain", storage.put(b"prosba"), "main"),
           NewFile("mapa.pdf", "application/pdf", storage.put(blank_pdf(2)), "attachment")]  # fmt: skip
    document, unit = register(world, "Připomínka", files=new), world.office.units["OD"]
    operations.place_in_unit(actor=acting(world.clerk), document=document, unit=unit, holder=world.officer)
    operations.put_in_file(actor=acting(world.officer), document=document, file=files[0])
    run = started(world, BulkPrint.WHOLE, files)
    bulk_printing.work(run.pk)
    with zipfile.ZipFile(BytesIO(result_of(browser, world, run).content)) as archive:
        names = archive.namelist()
        first = archive.read(names[0])
    assert names == [f"00{n} {one.file_mark.replace('/', '-')}.pdf" for n, one in enumerate(files, 1)]
    with pikepdf.open(BytesIO(first)) as pdf:
        assert any(name.endswith("žádost.txt") for name in pdf.attachments)
    answer = type("Answer", (), {"status_code": 200, "headers": {"Content-Type": "application/pdf"}, "content": first})
    assert world.region.name in text_of_pdf(answer) and files[0].subject in text_of_pdf(answer)


def test_what_a_filter_found_is_chosen_on_the_page_and_followed(browser, files, world):
    client = browser(world.officer)
    assert "/tisk/novy/?q=uzav" in client.get("/spisy/?q=uzav*").content.decode()
    page = client.get("/tisk/novy/?q=uzav*").content.decode()
    assert files[0].file_mark in page and files[1].file_mark not in page
    assert files[0].documents.first().reference_number in client.get("/tisk/novy/?co=dokumenty").content.decode()
    empty = client.post("/tisk/novy/", {"what": "cover"}).content.decode()
    assert "Vyberte alespoň jednu" in empty
    answer = client.post("/tisk/novy/", {"what": "cover", "item": [one.pk for one in files]}, follow=True)
    run = PrintRun.objects.get()
    assert "hx-get" in answer.content.decode() and "0 z 2" in answer.content.decode()
    bulk_printing.work(run.pk)
    page = client.get(f"/tisk/{run.pk}/").content.decode()
    assert "dokončen" in page and f"hromadny-tisk-{run.pk}.pdf" in page
    assert "spisové obaly" in client.get("/tisk/").content.decode()
    assert "nic hromadně netiskli" in browser(world.outsider).get("/tisk/").content.decode()


def test_others_neither_see_a_print_nor_take_it(browser, files, world):
    run = started(world, BulkPrint.COVER, files)
    bulk_printing.work(run.pk)
    client = browser(world.head)
    assert client.get(f"/tisk/{run.pk}/").status_code == client.get(f"/tisk/{run.pk}/soubor").status_code == 404
    for step in ("zastavit", "pokracovat", "zahodit"):
        assert client.post(f"/tisk/{run.pk}/{step}/").status_code == 404
    for operation in (operations.stop_printing, operations.resume_printing, operations.discard_printing):
        with pytest.raises(AccessDenied):
            operation(actor=acting(world.head), run=run)
    with pytest.raises(AccessDenied):
        keep_part(actor=acting(world.officer), item=run.items.first(), part=None)
    with pytest.raises(AccessDenied):
        finish_printing(actor=acting(world.officer), run=run, result=None)


def test_what_one_does_not_see_is_not_printed_and_what_is_lost_meanwhile_is_refused(files, world):
    outsider = acting(world.outsider)
    with pytest.raises(InvalidInput):
        operations.start_printing(actor=outsider, what=BulkPrint.COVER, chosen=[one.pk for one in files])
    run = started(world, BulkPrint.COVER, files)
    Document.objects.filter(case_file=files[1]).update(holder=world.head)
    CaseFile.objects.filter(pk=files[1].pk).update(processor=world.head)
    bulk_printing.work(run.pk)
    run = print_queries.run_for(acting(world.officer), run.pk)
    assert (run.state, run.done, run.refused) == ("finished", 1, 1)
    [refused] = print_queries.refused_items(run)
    assert refused.file == files[1] and "nemáte přístup" in refused.message


def test_a_stopped_or_killed_print_goes_on_from_the_next_item(files, world, monkeypatch):
    run = started(world, BulkPrint.COVER, files)
    made = []
    rendered = bulk_printing.render_sheet

    def stopping(sheet):
        made.append(sheet.title)
        if len(made) == 1:
            operations.stop_printing(actor=acting(world.officer), run=run)
        return rendered(sheet)

    monkeypatch.setattr(bulk_printing, "render_sheet", stopping)
    bulk_printing.work(run.pk)
    assert print_queries.run_for(acting(world.officer), run.pk).done == 1
    with pytest.raises(NotInThisState):
        operations.stop_printing(actor=acting(world.officer), run=run)
    operations.resume_printing(actor=acting(world.officer), run=run)
    monkeypatch.setattr(bulk_printing, "render_sheet", lambda sheet: (_ for _ in ()).throw(MemoryError))
    with pytest.raises(MemoryError):
        jobs.print_many(run_id=run.pk)
    bulk_printing.give_up(run.pk, MemoryError())
    run.refresh_from_db()
    assert run.state == "failed" and "MemoryError" in run.problem
    operations.resume_printing(actor=acting(world.officer), run=run)
    monkeypatch.setattr(bulk_printing, "render_sheet", stopping)
    jobs.print_many(run_id=run.pk)
    assert print_queries.run_for(acting(world.officer), run.pk).state == "finished"
    assert len(made) == 2


def test_a_full_print_refuses_the_rest(files, world, monkeypatch):
    monkeypatch.setattr("egon.records.operations.bulk_printing.LARGEST_PRINT", 10)
    run = started(world, BulkPrint.COVER, files)
    bulk_printing.work(run.pk)
    assert {one.message for one in print_queries.refused_items(run)} == {
        "Tisk už je plný. Vytiskněte tuto položku v dalším."
    }


def test_a_result_is_kept_some_days_and_discarded_sooner_when_wanted(browser, files, world):
    run, other = (started(world, BulkPrint.COVER, files) for _ in range(2))
    with pytest.raises(NotInThisState, match="probíhá"):
        operations.discard_printing(actor=acting(world.officer), run=run)
    for one in (run, other):
        bulk_printing.work(one.pk)
    bulk_printing.forget_old(now=clock.now() + timedelta(days=6))
    assert result_of(browser, world, run).status_code == 200
    operations.discard_printing(actor=acting(world.officer), run=other)
    assert result_of(browser, world, other).status_code == 404
    bulk_printing.forget_old(now=clock.now() + timedelta(days=8))
    assert result_of(browser, world, run).status_code == 404
    assert not PrintItem.objects.exclude(part_digest="").exists()
    jobs.forget_prints()


def test_everything_wrong_with_a_bulk_print_is_told():
    assert len(faults_of_bulk(None, 0)) == 2
    assert "nejvýš 500" in faults_of_bulk(BulkPrint.COVER, 501)[0]
    assert faults_of_bulk(BulkPrint.COVER, 500) == []
