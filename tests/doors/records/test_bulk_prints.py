"""Many files or documents printed at once: with the rights of who asked, item by item, stopped, resumed, forgotten."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from tests.doors.records.test_prints import blank_pdf, open_file
from tests.doors.texts import text_of_pdf
from tests.records_steps import acting, register
from tests.runs import go
from tests.typed_steps import file_in, section, typed_class, typed_file, volumes

from egon import storage
from egon.audit.models import LogRecord
from egon.gateways.formats import identify
from egon.jobs.runs.errors import RunInOtherState
from egon.jobs.runs.kind import DEFECT
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.records import operations, print_queries
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import CaseFile, Document, PrintItem, PrintRun, TypedFile
from egon.records.operations import PRINTING, NewFile
from egon.records.rules.printing import BulkPrint, Printed, faults_of_bulk
from egon.storage.errors import BlobMissing
from egon.web.records import bulk_printing, jobs

PDF_A_2B = "fmt/477"
PLAIN = (Printed.FILES, Printed.DOCUMENTS)


@pytest.fixture
def files(in_region):
    return [open_file("Oznámení o uzavírce"), open_file("Dotaz k jízdnímu")]


def started(world, what, entities):
    return operations.start_printing(actor=acting(world.officer), what=what, chosen=[one.pk for one in entities])


def result_of(browser, world, run):
    return browser(world.officer).get(f"/tisk/{run.pk}/soubor")


@pytest.mark.norm("5.2.8")
@pytest.mark.parametrize("what", [one for one in BulkPrint if one is not BulkPrint.WHOLE and one.of in PLAIN])
def test_each_kind_is_printed_of_many_into_one_pdf_a(browser, files, world, what):
    entities = files if what.of is Printed.FILES else [one.documents.first() for one in files]
    run = started(world, what, entities)
    go(run)
    answer = result_of(browser, world, run)
    text = text_of_pdf(answer)
    assert identify(answer.content, "tisk.pdf").pronom_id == PDF_A_2B
    assert [one for one in entities if str(one) not in text] == []
    with pikepdf.open(BytesIO(answer.content)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [f"00{n} {one}" for n, one in enumerate(entities, 1)]
    printed = LogRecord.objects.filter(operation="records.print.batch")
    told = {(kind, key) for record in printed for kind, key, _ in record.subjects}
    assert {(one._meta.label_lower, one.pk) for one in entities} <= told


@pytest.fixture
def typed_files(in_region):
    entry = typed_class(in_region)
    made = [typed_file(in_region, entry, name) for name in ("Domov u Lesa", "Domov u Řeky")]
    for one in made:
        file_in(in_region, section(one, "1.2"), f"Rozbor: {one}")
    return made


def parts_of(typed_files, of):
    sections = [section(one, "1.2") for one in typed_files]
    parts = {
        Printed.TYPED_FILES: typed_files,
        Printed.SECTIONS: sections,
        Printed.VOLUMES: [volumes(one)[0] for one in sections],
    }
    return parts[of]


@pytest.mark.norm("5.2.8")
@pytest.mark.parametrize("what", [one for one in BulkPrint if one.of not in PLAIN])
def test_typed_files_their_sections_and_volumes_are_printed_of_many(browser, typed_files, world, what):
    entities = parts_of(typed_files, what.of)
    run = started(world, what, entities)
    go(run)
    answer = result_of(browser, world, run)
    text = text_of_pdf(answer)
    assert identify(answer.content, "tisk.pdf").pronom_id == PDF_A_2B
    wanted = ["Domov u Lesa", "Domov u Řeky"]
    if what in (BulkPrint.TYPED_FILES, BulkPrint.VOLUME_FILES):
        wanted += ["Rozbor: Domov u Lesa", "Rozbor: Domov u Řeky"]
    assert [part for part in wanted if part not in text] == []
    with pikepdf.open(BytesIO(answer.content)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [f"00{n} {one.full_name}" for n, one in enumerate(entities, 1)]
    printed = LogRecord.objects.filter(operation="records.typed.print")
    told = {(kind, key) for record in printed for kind, key, _ in record.subjects}
    assert {("records.typedfile", one.pk) for one in typed_files} <= told


@pytest.mark.parametrize("of", [of for of in Printed if of not in PLAIN])
def test_parts_of_typed_files_one_does_not_see_are_not_printed(typed_files, world, of):
    what = next(one for one in BulkPrint if one.of is of)
    parts = parts_of(typed_files, of)
    with pytest.raises(InvalidInput, match="nespustil"):
        operations.start_printing(actor=acting(world.outsider), what=what, chosen=[one.pk for one in parts])
    run = started(world, what, parts)
    TypedFile.objects.filter(pk=typed_files[1].pk).update(processor=world.head, unit=world.office.units["KH"])
    inside = CaseFile.objects.filter(volume__section__typed_file=typed_files[1])
    Document.objects.filter(case_file__in=inside).update(holder=world.head)
    inside.update(processor=world.head)
    go(run)
    run = print_queries.run_for(acting(world.officer), run.pk)
    assert (run.done, run.refused) == (1, 1)
    [refused] = PRINTING.refused_in(run)
    assert typed_files[1].identifier in str(refused) and "Řeky" not in str(refused)


def test_parts_of_typed_files_are_chosen_on_the_page(browser, typed_files, world):
    client = browser(world.officer)
    assert "/tisk/novy/?q=lesa&amp;co=typove" in client.get("/typove-spisy/?q=lesa").content.decode()
    page = client.get("/tisk/novy/?q=lesa&co=typove").content.decode()
    assert typed_files[0].identifier in page and typed_files[1].identifier not in page
    assert "co=dily" in page and "co=soucasti" in page
    assert "Domov u Lesa – Rozbory" in client.get("/tisk/novy/?q=lesa&co=soucasti").content.decode()
    page = client.get(f"/tisk/novy/?co=dily&spis={typed_files[1].pk}").content.decode()
    assert "65.30.1.2, díl 1" in page and "Domov u Řeky – Rozbory" in page and "Lesa" not in page
    one = section(typed_files[1], "2")
    page = client.get(f"/tisk/novy/?co=dily&spis={typed_files[1].pk}&soucast={one.pk}").content.decode()
    assert "Domov u Řeky – Provoz" in page and "Rozbory" not in page
    assert f"soucast={one.pk}" in client.get(f"/typove-spisy/soucasti/{one.pk}/?dily=1").content.decode()
    answer = client.post("/tisk/novy/?co=dily", {"what": "volume_cover", "item": [volumes(one)[0].pk]}, follow=True)
    assert "obaly dílů" in answer.content.decode()
    assert PrintRun.objects.get().items.get().volume == volumes(one)[0]
    assert "Výběr je prázdný" in browser(world.outsider).get("/tisk/novy/?q=lesa&co=dily").content.decode()


@pytest.mark.norm("5.2.13a", "5.2.13f")
def test_whole_files_are_kept_apart_with_all_they_carry(browser, files, world):
    new = [NewFile("žádost.txt", "text/plain", storage.put(b"prosba"), "main"),
           NewFile("mapa.pdf", "application/pdf", storage.put(blank_pdf(2)), "attachment")]  # fmt: skip
    document, unit = register(world, "Připomínka", files=new), world.office.units["OD"]
    operations.place_in_unit(actor=acting(world.clerk), document=document, unit=unit, holder=world.officer)
    operations.put_in_file(actor=acting(world.officer), document=document, file=files[0])
    run = started(world, BulkPrint.WHOLE, files)
    go(run)
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
    go(run)
    page = client.get(f"/tisk/{run.pk}/").content.decode()
    assert "dokončen" in page and f"hromadny-tisk-{run.pk}.pdf" in page
    assert "spisové obaly" in client.get("/tisk/").content.decode()
    assert "nic hromadně netiskli" in browser(world.outsider).get("/tisk/").content.decode()


def test_others_neither_see_a_print_nor_take_it(browser, files, world):
    run = started(world, BulkPrint.COVER, files)
    go(run)
    client = browser(world.head)
    assert client.get(f"/tisk/{run.pk}/").status_code == client.get(f"/tisk/{run.pk}/soubor").status_code == 404
    for step in ("zastavit", "pokracovat", "zahodit"):
        assert client.post(f"/tisk/{run.pk}/{step}/").status_code == 404
    for operation in (operations.stop_printing, operations.resume_printing, operations.discard_printing):
        with pytest.raises(AccessDenied):
            operation(actor=acting(world.head), run=run)


def test_what_one_does_not_see_is_not_printed_and_what_is_lost_meanwhile_is_refused(files, world):
    outsider = acting(world.outsider)
    with pytest.raises(InvalidInput):
        operations.start_printing(actor=outsider, what=BulkPrint.COVER, chosen=[one.pk for one in files])
    run = started(world, BulkPrint.COVER, files)
    Document.objects.filter(case_file=files[1]).update(holder=world.head)
    CaseFile.objects.filter(pk=files[1].pk).update(processor=world.head)
    go(run)
    run = print_queries.run_for(acting(world.officer), run.pk)
    assert (run.state, run.done, run.refused) == ("finished", 1, 1)
    [refused] = PRINTING.refused_in(run)
    assert refused.file == files[1] and "nemáte přístup" in refused.message


def test_a_print_stopped_while_a_sheet_is_made_keeps_it_and_goes_on_from_the_next(files, world, monkeypatch):
    run = started(world, BulkPrint.COVER, files)
    made = []
    rendered = bulk_printing.render_sheet

    def stopping(sheet):
        made.append(sheet.title)
        if len(made) == 1:
            operations.stop_printing(actor=acting(world.officer), run=run)
        return rendered(sheet)

    monkeypatch.setattr(bulk_printing, "render_sheet", stopping)
    go(run)
    assert (run.state, run.done) == ("stopped", 1)
    operations.resume_printing(actor=acting(world.officer), run=run)
    go(run)
    assert (run.state, run.done, len(made)) == ("finished", 2, 2)


def test_a_defect_in_one_sheet_is_told_and_the_rest_is_printed(browser, files, world, monkeypatch):
    run = started(world, BulkPrint.COVER, files)
    rendered, made = bulk_printing.render_sheet, []

    def faulty(sheet):
        made.append(sheet)
        if len(made) == 1:
            raise ValueError("a defect")
        return rendered(sheet)

    monkeypatch.setattr(bulk_printing, "render_sheet", faulty)
    go(run)
    [refused] = PRINTING.refused_in(run)
    assert (run.state, run.done, refused.message) == ("finished", 1, DEFECT)
    assert str(files[1]) in text_of_pdf(result_of(browser, world, run))


def test_when_sheets_cannot_be_bound_the_print_says_so_and_is_gone_on_with(browser, files, world, monkeypatch):
    run = started(world, BulkPrint.COVER, files)
    with monkeypatch.context() as patch:
        patch.setattr(bulk_printing.storage, "read", lambda digest: (_ for _ in ()).throw(BlobMissing(digest)))
        go(run)
    assert run.state == "failed" and "chybí" in run.problem and run.done == 2
    operations.resume_printing(actor=acting(world.officer), run=run)
    go(run)
    assert run.state == "finished" and result_of(browser, world, run).status_code == 200


def test_pieces_of_a_print_nobody_goes_on_with_are_forgotten(browser, files, world):
    run = started(world, BulkPrint.COVER, files)
    PRINTING.step(run, actor=Actor.system(world.region.pk))
    operations.stop_printing(actor=acting(world.officer), run=run)
    bulk_printing.forget_old(now=clock.now() + timedelta(days=6))
    assert PrintItem.objects.exclude(part_digest="").count() == 1
    assert "Co je vytištěné, se uchová 7 dní" in browser(world.officer).get(f"/tisk/{run.pk}/").content.decode()
    bulk_printing.forget_old(now=clock.now() + timedelta(days=8))
    run.refresh_from_db()
    assert run.state == "dropped" and not PrintItem.objects.exclude(part_digest="").exists()
    with pytest.raises(RunInOtherState, match="zahozeno"):
        operations.resume_printing(actor=acting(world.officer), run=run)


def test_a_full_print_refuses_the_rest(files, world, monkeypatch):
    monkeypatch.setattr("egon.records.operations.bulk_printing.LARGEST_PRINT", 10)
    run = started(world, BulkPrint.COVER, files)
    go(run)
    assert {one.message for one in PRINTING.refused_in(run)} == {"Tisk už je plný. Vytiskněte tuto položku v dalším."}


def test_a_result_is_kept_some_days_and_discarded_sooner_when_wanted(browser, files, world):
    run, other = (started(world, BulkPrint.COVER, files) for _ in range(2))
    with pytest.raises(NotInThisState, match="probíhá"):
        operations.discard_printing(actor=acting(world.officer), run=run)
    for one in (run, other):
        go(one)
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
