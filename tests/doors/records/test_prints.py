"""What is printed of files: it carries what the standard asks for, is written in the log, and is closed to others."""

from io import BytesIO

import pypdfium2
import pytest
from tests.records_steps import acting

from egon.audit.models import LogRecord
from egon.gateways.formats import identify
from egon.kernel.clock import today
from egon.kernel.errors import AccessDenied
from egon.records import operations
from egon.records.models import CaseFile, Document
from egon.records.operations import printing

PDF_A_2A = "fmt/476"


def open_file(subject):
    return CaseFile.objects.get(subject__startswith=subject)


def text_of(answer):
    """The text of a PDF, its white space made single, for lines break where there is no more room."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.content[:300]
    pages = pypdfium2.PdfDocument(BytesIO(answer.content))
    return " ".join("\n".join(page.get_textpage().get_text_range() for page in pages).split())


@pytest.fixture
def file(in_region):
    return open_file("Oznámení o uzavírce")


@pytest.mark.norm("5.2.5a", "5.2.5c", "5.2.5d", "5.2.5e", "5.2.5f", "5.2.5g")
def test_the_cover_carries_the_main_data_and_a_code_that_opens_the_file(browser, file, world, monkeypatch):
    drawn = []
    from egon.gateways.pdfa import sheets

    code_image = sheets.code_image
    monkeypatch.setattr(sheets, "code_image", lambda text: drawn.append(text) or code_image(text))
    client = browser(world.officer)
    answer = client.get(f"/spisy/{file.pk}/obal.pdf")
    text = text_of(answer)
    for told in (file.file_mark, file.subject, file.identifier, str(file.record_class), file.regime, "Uzavřen"):
        assert told in text
    assert f"Založen {file.opened_on.day}." in text
    assert identify(answer.content, "obal.pdf").pronom_id == PDF_A_2A
    assert drawn == [file.identifier]
    scanned = client.get("/podatelna/kod/", {"kod": drawn[0]})
    assert scanned.headers["Location"] == f"/spisy/{file.pk}/"
    assert browser(world.outsider).get("/podatelna/kod/", {"kod": drawn[0]}).status_code == 422


@pytest.mark.norm("5.2.7a", "5.2.7c")
def test_the_list_of_documents_tells_their_identifiers_and_numbers_and_what_the_file_refers_to(browser, file, world):
    other = open_file("Dotaz k jízdnímu")
    operations.make_reference(actor=acting(world.officer), on=today(), file=file, to_file=other, reason="táž linka")
    joined = open_file("Žádost o opravu výtluků")
    operations.join_files(actor=acting(world.officer), file=file, to_file=joined, on=today())
    text = text_of(browser(world.officer).get(f"/spisy/{file.pk}/dokumenty.pdf"))
    documents = list(file.documents.all())
    assert documents
    for document in documents:
        assert document.identifier in text
        assert document.reference_number in text
    assert f"volný spis {other.file_mark}" in text
    assert "táž linka" in text
    assert f"pevný spis {joined.file_mark}" in text


def test_a_character_without_a_font_does_not_stop_a_print(browser, file, world):
    CaseFile.objects.filter(pk=file.pk).update(subject="Uzavírka 😀 mostu 道")
    assert "Uzavírka □ mostu □" in text_of(browser(world.officer).get(f"/spisy/{file.pk}/obal.pdf"))


@pytest.mark.norm("5.2.9", "5.2.11")
def test_the_list_of_files_is_printed_as_it_was_filtered_with_classes(browser, file, world):
    other = open_file("Dotaz k jízdnímu")
    client = browser(world.officer)
    html = client.get("/spisy/", {"q": "uzavírce"}).content.decode()
    assert "tisk=1" in html and file.class_code in html
    text = text_of(client.get("/spisy/", {"q": "uzavírce", "tisk": "1"}))
    assert file.file_mark in text and file.record_class.name in text and file.class_code in text
    assert other.subject not in text
    assert "Značka nebo obsah uzavírce" in text


def test_a_list_that_is_too_long_is_refused_on_the_page(browser, file, world, monkeypatch):
    monkeypatch.setattr(printing, "LONGEST_LIST", 1)
    answer = browser(world.officer).get("/spisy/", {"tisk": "1"})
    assert answer.status_code == 422
    assert "víc než 1 řádků" in answer.content.decode()


@pytest.mark.parametrize("path", ["obal.pdf", "dokumenty.pdf"])
def test_a_print_is_written_in_the_log_and_closed_to_an_outsider(browser, file, world, path):
    def printed():
        return LogRecord.objects.filter(operation="records.file.print").count()

    before = printed()
    assert browser(world.outsider).get(f"/spisy/{file.pk}/{path}").status_code == 404
    assert printed() == before
    browser(world.officer).get(f"/spisy/{file.pk}/{path}")
    assert printed() == before + 1
    assert "Tisk spisu" in browser(world.officer).get(f"/spisy/{file.pk}/").content.decode()


def test_the_operations_themselves_refuse_an_outsider(file, world):
    with pytest.raises(AccessDenied):
        operations.print_file(actor=acting(world.outsider), file=file, what=operations.FilePrint.COVER)
    everything = CaseFile.objects.order_by("pk")
    printed = [row.pk for row in operations.print_files(actor=acting(world.officer), found=everything)]
    assert file.pk in printed
    assert file.pk not in [row.pk for row in operations.print_files(actor=acting(world.outsider), found=everything)]


def test_an_outsider_prints_no_file_of_others(browser, file, world):
    text = text_of(browser(world.outsider).get("/spisy/", {"tisk": "1"}))
    assert file.subject not in text
    assert Document.objects.exists()
