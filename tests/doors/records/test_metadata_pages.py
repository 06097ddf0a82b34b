"""What stands above, what is linked, all metadata and the history of documents, files and classes: pages and prints."""

from datetime import timedelta

import pytest
from tests.doors.records.test_prints import PDF_A_2A, open_file
from tests.doors.texts import text_of_pdf
from tests.records_steps import acting, record_class

from egon.audit.models import LogRecord
from egon.circulation import operations as circulation
from egon.gateways.formats import identify
from egon.kernel import clock
from egon.kernel.clock import today
from egon.kernel.errors import AccessDenied
from egon.records import operations, plan_queries, queries
from egon.records.models import CaseFile, Document, FilingPlan, RecordClass
from egon.records.operations import DocumentPrint
from egon.web.records import metadata


@pytest.fixture
def file(in_region):
    return open_file("Oznámení o uzavírce")


@pytest.fixture
def filed(file, received, world):
    operations.put_in_file(actor=acting(world.officer), document=received, file=file)
    received.refresh_from_db()
    return received


def html_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.mark.norm("5.2.1a")
@pytest.mark.parametrize("of", ["document", "file", "class"])
def test_everything_above_is_shown_from_the_plan_down(browser, file, filed, world, of):
    paths = {"document": f"/dokumenty/{filed.pk}/", "file": f"/spisy/{file.pk}/"}
    html = html_of(browser(world.officer), paths.get(of, f"/plan/skupiny/{file.record_class_id}/"))
    panel = html[html.index('id="zarazeni"') :]
    panel = panel[: panel.index("</section>")]
    above = [*plan_queries.path_of(file.record_class), file.record_class]
    assert len(above) > 1
    told = [file.record_class.plan.name, *(str(one).split(" ", 1)[1] for one in above[: -1 if of == "class" else None])]
    places = [panel.index(one) for one in told]
    assert places == sorted(places)
    assert (file.file_mark in panel) == (of == "document")


@pytest.mark.norm("5.2.1b", "5.2.6i")
def test_what_is_linked_is_shown_on_both_pages(browser, file, filed, world):
    other = open_file("Dotaz k jízdnímu")
    officer = acting(world.officer)
    operations.make_reference(actor=officer, on=today(), file=file, to_file=other, reason="táž linka")
    operations.make_reference(actor=officer, on=today(), document=filed, to_file=other, reason="příloha")
    for path in (f"/spisy/{file.pk}/", f"/dokumenty/{filed.pk}/"):
        assert other.file_mark in html_of(browser(world.officer), path)
        assert other.file_mark in html_of(browser(world.officer), f"{path}metadata/")


@pytest.mark.norm("5.2.2")
def test_a_closed_class_and_its_closed_files_are_read_like_open_ones(browser, file, world):
    path = f"/plan/skupiny/{file.record_class_id}/"
    assert file.file_mark in html_of(browser(world.officer), path)
    CaseFile.objects.filter(pk=file.pk).update(state="closed", closed_on=today())
    RecordClass.objects.filter(pk=file.record_class_id).update(valid_to=today() - timedelta(days=1))
    assert file.file_mark in html_of(browser(world.officer), path)
    assert file.subject in html_of(browser(world.officer), f"/spisy/{file.pk}/")
    assert file.file_mark not in html_of(browser(world.outsider), path)


@pytest.mark.norm("5.2.4", "5.2.6a", "5.2.6b", "5.2.6c", "5.2.6e", "5.2.6h")
def test_all_metadata_of_a_received_document_are_on_one_page(browser, file, filed, world):
    html = html_of(browser(world.officer), f"/dokumenty/{filed.pk}/metadata/")
    told = [
        filed.identifier, filed.reference_number, file.class_code, file.file_mark, file.regime, filed.sender.name,
        "ZN-77", filed.subject, "datová schránka", "žádost.txt", "plánek.html", str(filed.holder), str(filed.unit),
        metadata.write_datetime(filed.delivered_at), metadata.write_datetime(filed.registered_at),
    ]  # fmt: skip
    assert [one for one in told if one not in html] == []
    assert [one.latest.digest for one in queries.components_of(filed) if one.latest.digest not in html] == []


@pytest.mark.norm("5.2.6d")
def test_the_history_tells_the_circulation_with_who_and_when(browser, filed, world):
    circulation.give_to(actor=acting(world.officer), document=filed, person=world.head, at=clock.now())
    client = browser(world.officer)
    html = html_of(client, f"/dokumenty/{filed.pk}/historie/?obeh=1")
    record = LogRecord.objects.filter(operation__startswith="circulation.").order_by("-pk").first()
    assert metadata.entry_of(record).title in html and world.officer.name in html
    assert metadata.write_datetime(record.recorded_at) in html
    assert "Vložení dokumentu do spisu" not in html
    assert "Vložení dokumentu do spisu" in html_of(client, f"/dokumenty/{filed.pk}/historie/")
    printed = text_of_pdf(client.get(f"/dokumenty/{filed.pk}/historie.pdf?obeh=1"))
    assert metadata.entry_of(record).title in printed and world.officer.name in printed


@pytest.mark.norm("5.2.6g")
def test_the_day_of_closing_a_file_and_a_class_is_shown(browser, file, world):
    shut = today() - timedelta(days=1)
    CaseFile.objects.filter(pk=file.pk).update(state="closed", closed_on=today())
    RecordClass.objects.filter(pk=file.record_class_id).update(valid_to=shut)
    html = html_of(browser(world.officer), f"/spisy/{file.pk}/metadata/")
    assert f"Uzavřen</dt><dd>{metadata.write_date(today())}" in html
    assert metadata.write_date(shut) in html


@pytest.mark.norm("5.2.6k")
def test_a_document_with_any_part_on_paper_counts_as_analogue(browser, filed, world):
    client, path = browser(world.officer), f"/dokumenty/{filed.pk}/metadata/"
    assert "digitální" in html_of(client, path) and "analogová" not in html_of(client, path)
    circulation.place_paper(actor=acting(world.officer), document=filed, at=clock.now(), room="regál 7")
    html = html_of(client, path)
    assert "analogová" in html and "regál 7" in html


@pytest.mark.norm("5.2.3", "5.2.11")
def test_metadata_of_a_document_and_a_file_are_printed_as_pdf_a(browser, file, filed, world):
    client = browser(world.officer)
    answer = client.get(f"/dokumenty/{filed.pk}/metadata.pdf")
    assert identify(answer.content, "metadata.pdf").pronom_id == PDF_A_2A
    text = text_of_pdf(answer)
    for told in (filed.identifier, filed.reference_number, file.file_mark, "žádost.txt", "Vložení dokumentu do spisu"):
        assert told in text
    text = text_of_pdf(client.get(f"/spisy/{file.pk}/metadata.pdf"))
    for told in (file.identifier, file.file_mark, filed.reference_number, file.record_class.plan.name, file.regime):
        assert told in text


def test_each_print_is_logged(browser, file, filed, world):
    client = browser(world.officer)
    for path in (f"/dokumenty/{filed.pk}", f"/spisy/{file.pk}"):
        for what in ("metadata", "historie"):
            client.get(f"{path}/{what}.pdf")
    printed = LogRecord.objects.filter(operation__in=["records.document.print", "records.file.print"]).order_by("-pk")
    assert [one.parameters["what"] for one in printed[:4]] == ["historie", "metadata", "historie", "metadata"]


def test_an_outsider_reads_and_prints_none_of_it(browser, file, filed, world):
    client = browser(world.outsider)
    for path in (f"/dokumenty/{filed.pk}", f"/spisy/{file.pk}"):
        for what in ("metadata/", "metadata.pdf", "historie/", "historie.pdf"):
            assert client.get(f"{path}/{what}").status_code == 404
    with pytest.raises(AccessDenied):
        operations.print_document(actor=acting(world.outsider), document=filed, what=DocumentPrint.METADATA)


def test_the_mailroom_learns_of_the_file_only_what_the_document_tells(browser, file, filed, world):
    html = html_of(browser(world.clerk), f"/dokumenty/{filed.pk}/")
    panel = html[html.index('id="zarazeni"') :].split("</section>")[0]
    assert file.file_mark in panel and f"/spisy/{file.pk}/" not in panel


@pytest.mark.norm("5.2.10")
def test_the_plan_is_printed_with_regimes_in_its_order(browser, in_region, world):
    plan = FilingPlan.objects.get(draft=False, valid_to=None)
    answer = browser(world.administrator).get(f"/plan/verze/{plan.pk}/plan.pdf")
    text = text_of_pdf(answer)
    entry = record_class("80.1")
    line = text[text.index(f"{entry.code} ") :]
    assert entry.name.split()[0] in line[:200] and entry.regime in line[:300]
    classes = list(RecordClass.objects.filter(plan=plan).order_by("sort_key"))
    assert f"Skupin {len(classes)}" in text
    assert browser(world.officer).get(f"/plan/verze/{plan.pk}/plan.pdf").status_code == 403


def test_classes_above_are_read_at_once(in_region, django_assert_num_queries):
    entry = record_class("80.1")
    with django_assert_num_queries(1):
        path = plan_queries.path_of(entry)
    assert [one.code for one in path] == ["80"]
    assert Document.objects.exists()
