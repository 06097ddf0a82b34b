"""What is printed of files: it carries what the standard asks for, is written in the log, and is closed to others."""

from io import BytesIO

import pikepdf
import pytest
from tests.doors.texts import text_of_pdf
from tests.gateways.cms.test_signers import signed_pdf
from tests.records_steps import acting, register

from egon import storage
from egon.audit.models import LogRecord
from egon.gateways.formats import identify
from egon.kernel.clock import today
from egon.kernel.errors import AccessDenied
from egon.records import operations, queries
from egon.records.models import CaseFile, Document
from egon.records.operations import NewFile, printing

PDF_A_2A = "fmt/476"


def open_file(subject):
    return CaseFile.objects.get(subject__startswith=subject)


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
    text = text_of_pdf(answer)
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
    text = text_of_pdf(browser(world.officer).get(f"/spisy/{file.pk}/dokumenty.pdf"))
    documents = list(file.documents.all())
    assert documents
    for document in documents:
        assert document.identifier in text
        assert document.reference_number in text
    assert f"volný spis {other.file_mark}" in text
    assert "táž linka" in text
    assert f"pevný spis {joined.file_mark}" in text
    # Each of the joined files names the other.
    assert f"pevný spis {file.file_mark}" in text_of_pdf(
        browser(world.officer).get(f"/spisy/{joined.pk}/dokumenty.pdf")
    )


def test_a_character_without_a_font_does_not_stop_a_print(browser, file, world):
    CaseFile.objects.filter(pk=file.pk).update(subject="Uzavírka 😀 mostu 道")
    assert "Uzavírka □ mostu □" in text_of_pdf(browser(world.officer).get(f"/spisy/{file.pk}/obal.pdf"))


@pytest.mark.norm("5.2.9", "5.2.11")
def test_the_list_of_files_is_printed_as_it_was_filtered_with_classes(browser, file, world):
    other = open_file("Dotaz k jízdnímu")
    client = browser(world.officer)
    html = client.get("/spisy/", {"q": "uzavírce"}).content.decode()
    assert "tisk=1" in html and file.class_code in html
    text = text_of_pdf(client.get("/spisy/", {"q": "uzavírce", "tisk": "1"}))
    assert file.file_mark in text and file.record_class.name in text and file.class_code in text
    assert other.subject not in text
    assert "Značka nebo obsah uzavírce" in text


def test_a_list_that_is_too_long_is_refused_on_the_page(browser, file, world, monkeypatch):
    monkeypatch.setattr(printing, "LONGEST_LIST", 1)
    answer = browser(world.officer).get("/spisy/", {"tisk": "1"})
    assert answer.status_code == 422
    assert "víc než 1 řádků" in answer.content.decode()


@pytest.mark.parametrize("path", ["obal.pdf", "dokumenty.pdf", "cely.pdf"])
def test_a_print_is_written_in_the_log_and_closed_to_an_outsider(browser, file, world, path):
    def printed():
        return LogRecord.objects.filter(operation__startswith="records.file.print").count()

    before = printed()
    assert browser(world.outsider).get(f"/spisy/{file.pk}/{path}").status_code == 404
    assert printed() == before
    browser(world.officer).get(f"/spisy/{file.pk}/{path}")
    assert printed() == before + 1
    assert "Tisk " in browser(world.officer).get(f"/spisy/{file.pk}/").content.decode()


def test_the_operations_themselves_refuse_an_outsider(file, world):
    with pytest.raises(AccessDenied):
        operations.print_file(actor=acting(world.outsider), file=file, what=operations.FilePrint.COVER)
    with pytest.raises(AccessDenied):
        operations.print_whole_file(actor=acting(world.outsider), file=file)
    everything = CaseFile.objects.order_by("pk")
    printed = [row.pk for row in operations.print_files(actor=acting(world.officer), found=everything)]
    assert file.pk in printed
    assert file.pk not in [row.pk for row in operations.print_files(actor=acting(world.outsider), found=everything)]


def test_an_outsider_prints_no_file_of_others(browser, file, world):
    text = text_of_pdf(browser(world.outsider).get("/spisy/", {"tisk": "1"}))
    assert file.subject not in text
    assert Document.objects.exists()


def blank_pdf(pages=1, **options):
    pdf, written = pikepdf.new(), BytesIO()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(123, 456))
    pdf.save(written, **options)
    return written.getvalue()


@pytest.fixture
def received(in_region, world):
    """A document with a text, a PDF of two pages, a PDF locked by a password, and a damaged one."""
    locked = blank_pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
    contents = {
        "žádost.txt": "Prosíme.".encode(),
        "mapa.pdf": blank_pdf(2),
        "zámek.pdf": locked,
        "kus.pdf": b"%PDF-1.4",
    }
    kinds = {"txt": "text/plain", "pdf": "application/pdf"}
    files = [
        NewFile(name, kinds[name[-3:]], storage.put(content), "main" if name == "žádost.txt" else "attachment")
        for name, content in contents.items()
    ]
    document, unit = register(world, "Uzavírka: připomínky", files=files), world.office.units["OD"]
    return operations.place_in_unit(actor=acting(world.clerk), document=document, unit=unit, holder=world.officer)


@pytest.fixture
def filed(received, world):
    """A file whose second document is ``received``."""
    file = open_file("Oznámení o uzavírce")
    operations.put_in_file(actor=acting(world.officer), document=received, file=file)
    return file


def outline_of(pdf):
    with pdf.open_outline() as outline:
        return [(item.title, [below.title for below in item.children]) for item in outline.root]


@pytest.mark.norm(
    "5.2.13a",
    "5.2.13b",
    "5.2.13c",
    "5.2.13d",
    "5.2.13e",
    "5.2.13f",
    "5.2.13g",
    "5.2.13i",
    "5.2.13j",
    "5.2.13l",
    "5.2.13m",
    "5.2.13p",
    "5.2.13q",
)
def test_a_whole_file_is_one_pdf_in_the_prescribed_order(browser, filed, received, world):
    other, joined = open_file("Dotaz k jízdnímu"), open_file("Žádost o opravu výtluků")
    operations.make_reference(actor=acting(world.officer), on=today(), file=filed, to_file=other)
    operations.join_files(actor=acting(world.officer), file=filed, to_file=joined, on=today())
    answer = browser(world.officer).get(f"/spisy/{filed.pk}/cely.pdf")
    text = text_of_pdf(answer)
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        outline, attached = outline_of(pdf), set(pdf.attachments)
        sizes = [tuple(page.mediabox)[2:] for page in pdf.pages]
        kept = pdf.attachments["002–01 žádost.txt"].get_file().read_bytes().decode()
    first, second = filed.documents.order_by("order_in_file")
    assert second == received
    titles = [title for title, _ in outline]
    assert titles[:3] == ["Údaje spisu", "Část transakčního protokolu", "Soupis dokumentů"]
    assert titles[3:] == [f"001 {first.reference_number}", f"002 {second.reference_number}"]
    names = ["žádost.txt", "mapa.pdf", "zámek.pdf", "kus.pdf"]
    assert outline[4][1] == [f"002–0{n} {name}" for n, name in enumerate(names, start=1)]
    assert sizes.count((123, 456)) == 2
    assert {f"002–0{n} {names[n - 1]}" for n in (1, 3, 4)} <= attached
    assert "002–02 mapa.pdf" not in attached
    assert kept == "Prosíme."
    first_page = text[: text.index("Část transakčního protokolu:")]
    assert "zamčený heslem nebo poškozený" in text
    for told in (
        world.region.name, str(filed.record_class), filed.regime, filed.file_mark, filed.subject, str(filed.processor),
        first.reference_number, second.reference_number,
        f"volný spis {other.file_mark}", f"pevný spis {joined.file_mark}",
    ):  # fmt: skip
        assert told in first_page, told
    log_part = text[text.index("Část transakčního protokolu:") : text.index("Seznam dokumentů spisu")]
    assert "Vložení dokumentu do spisu" in log_part and world.officer.name in log_part
    assert received.identifier in text[text.index("Seznam dokumentů spisu") :]


def test_of_a_document_closed_to_the_reader_only_what_the_list_says_is_printed(browser, filed, received, world):
    Document.objects.filter(pk=received.pk).update(holder=world.head, unit=world.office.units["OD"])
    CaseFile.objects.filter(pk=filed.pk).update(processor=None)
    assert not queries.visible_ids(acting(world.officer), [received.pk])
    answer = browser(world.officer).get(f"/spisy/{filed.pk}/cely.pdf")
    assert "K tomuto dokumentu nemáte přístup" in text_of_pdf(answer)
    assert "mapa.pdf" not in text_of_pdf(answer)
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert not [name for name in pdf.attachments if name.startswith("002")]


def test_a_file_too_large_to_be_printed_says_every_reason(browser, filed, world, monkeypatch):
    monkeypatch.setattr(printing, "MOST_COMPONENTS", 2)
    monkeypatch.setattr(printing, "LARGEST", 10)
    html = browser(world.officer).get(f"/spisy/{filed.pk}/cely.pdf", follow=True).content.decode()
    assert "nejvýš 2." in html and "nejvýš 0 MB" in html


@pytest.mark.norm("5.2.13h")
def test_who_signed_a_component_is_printed_with_it(browser, file, received, world):
    signed = storage.put(signed_pdf(("Jana Dvořáková", "Kraj Ukázka")))
    new = NewFile("podepsáno.pdf", "application/pdf", signed, "main")
    document = register(world, "Podepsané podání", files=[new])
    unit = world.office.units["OD"]
    operations.place_in_unit(actor=acting(world.clerk), document=document, unit=unit, holder=world.officer)
    operations.put_in_file(actor=acting(world.officer), document=document, file=file)
    text = text_of_pdf(browser(world.officer).get(f"/spisy/{file.pk}/cely.pdf"))
    assert "Podepsal(a) Jana Dvořáková, Kraj Ukázka" in text
