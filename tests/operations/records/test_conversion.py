"""Components are changed into output formats as new versions; failures are told, retried, or decided about."""

import io
from datetime import date
from functools import cache

import pypdfium2
import pytest
from pikepdf import Pdf
from tests.records_steps import acting, register

from egon import storage
from egon.audit.models import LogRecord
from egon.gateways.conversion import NotConverted, Way, tool_for
from egon.gateways.pdfa import TableReport, render_table_report
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import conversion_queries, converting, jobs, queries
from egon.records import operations as records
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import ComponentVersion, FormatConversion
from egon.records.operations import NewFile
from egon.records.rules.conversion import ConversionState, counted
from egon.records.rules.states import Direction

needs_office = pytest.mark.skipif(tool_for(Way.TEXT) is None, reason="LibreOffice is not installed")


@cache
def plain_pdf() -> bytes:
    report = TableReport(organisation="Kraj", title="Příloha", date=date(2026, 3, 1), columns=["A"], rows=[["ěščř"]])
    with Pdf.open(io.BytesIO(render_table_report(report))) as pdf:
        del pdf.Root["/Metadata"], pdf.Root["/OutputIntents"]
        written = io.BytesIO()
        pdf.save(written)
        return written.getvalue()


@pytest.fixture
def with_pdf(in_region, file):
    """The file with one more document: a received plain PDF and an archive nobody converts."""
    files = [
        NewFile("smlouva.pdf", "application/pdf", storage.put(plain_pdf()), "main"),
        NewFile("data.bin", "application/octet-stream", storage.put(b"\x00\x01nothing known\xff")),
    ]
    document = register(in_region, "Smlouva", files=files)
    records.put_in_file(actor=acting(in_region.officer), document=taken(in_region, document), file=file)
    return document


def taken(world, document):
    document.holder, document.state = world.officer, "processing"
    document.unit = world.office.units["OD"]
    document.save()
    return document


def versions(document, name):
    return list(ComponentVersion.objects.filter(component__document=document, component__name=name).order_by("number"))


def run(file):
    jobs.convert_formats(file_id=file.pk)


@pytest.mark.norm("2.5.1", "2.5.2", "3.2.9a")
def test_a_pdf_becomes_a_new_version_with_a_clause(in_region, file, with_pdf, received, monkeypatch):
    monkeypatch.setattr("egon.records.converting.convert", without_office(converting.convert))
    officer = acting(in_region.officer)
    assert records.start_conversion(actor=officer, file=file) == 2
    run(file)
    original, output = versions(with_pdf, "smlouva.pdf")
    assert storage.read(original.digest) == plain_pdf()
    assert (output.number, output.form, output.format_id) == (2, "output", "fmt/477")
    assert storage.read(output.digest).startswith(b"%PDF-")
    clause = queries.components_of(with_pdf)[-1]
    assert clause.component.name == "Doložka o změně datového formátu, smlouva.pdf.pdf"
    told = text_of(storage.read(clause.latest.digest))
    for said in (output.digest, "SHA-256", in_region.officer.name, original.format_id):
        assert said in told
    with_pdf.refresh_from_db()
    assert with_pdf.component_count == 3
    assert FormatConversion.objects.get(version=original).result == output


def text_of(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)).replace("\r\n", "")


def without_office(convert):
    def converted(content, way, *, title):
        if way.needs_office:
            raise NotConverted("Bez kancelářského programu to v této zkoušce nejde.")
        return convert(content, way, title=title)

    return converted


@needs_office
@pytest.mark.norm("2.5.3b", "3.2.9a")
def test_closing_converts_own_documents_without_a_clause(in_region, file, received):
    officer = acting(in_region.officer)
    own = records.create_document(actor=officer, direction=Direction.INTERNAL, subject="Záznam", text="")
    annex = NewFile("záznam.txt", "text/plain", storage.put("Žluťoučký kůň".encode()), form="own")
    records.add_component(actor=officer, document=own, new_file=annex)
    records.put_in_file(actor=officer, document=own, file=file)
    records.settle_file(actor=officer, file=file, on=clock.today())
    records.close_file(actor=officer, file=file, on=clock.today())
    run(file)
    assert [one.form for one in versions(own, "záznam.txt")] == ["own", "output"]
    assert not any("Doložka" in view.component.name for view in queries.components_of(own))
    assert any("Doložka" in view.component.name for view in queries.components_of(received))
    assert counted(conversion_queries.unconverted_in(file)).all == 0


@pytest.mark.norm("3.2.9a")
def test_a_failure_is_told_and_tried_again(in_region, file, with_pdf, monkeypatch):
    officer = acting(in_region.officer)

    def fails(content, way, *, title):
        raise NotConverted("Soubor je poškozený.")

    records.start_conversion(actor=officer, file=file)
    with monkeypatch.context() as patched:
        patched.setattr("egon.records.converting.convert", fails)
        run(file)
    assert counted(conversion_queries.unconverted_in(file)).failed == 2
    row = next(one for one in conversion_queries.rows_of(officer, file) if one.name == "smlouva.pdf")
    assert row.message == "Soubor je poškozený."
    monkeypatch.setattr("egon.records.converting.convert", without_office(converting.convert))
    assert records.start_conversion(actor=officer, file=file) == 2
    run(file)
    assert conversion_queries.done_in(file) == 1


def test_what_waits_is_stopped_and_goes_on_later(in_region, file, with_pdf, monkeypatch):
    monkeypatch.setattr("egon.records.converting.convert", without_office(converting.convert))
    officer = acting(in_region.officer)
    records.start_conversion(actor=officer, file=file)
    assert records.stop_conversion(actor=officer, file=file) == 2
    run(file)
    assert counted(conversion_queries.unconverted_in(file)).stopped == 2
    with pytest.raises(NotInThisState, match="nic se nezastavilo"):
        records.stop_conversion(actor=officer, file=file)
    records.start_conversion(actor=officer, file=file)
    run(file)
    assert conversion_queries.done_in(file) == 1


def test_what_was_stopped_while_converted_is_not_stored(in_region, file, with_pdf, monkeypatch):
    officer = acting(in_region.officer)
    records.start_conversion(actor=officer, file=file)
    real = without_office(converting.convert)

    def stopped(content, way, *, title):
        FormatConversion.objects.update(state=ConversionState.STOPPED.value)
        return real(content, Way.PDF, title=title) if way is Way.PDF else real(content, way, title=title)

    monkeypatch.setattr("egon.records.converting.convert", stopped)
    run(file)
    assert len(versions(with_pdf, "smlouva.pdf")) == 1


def test_a_defect_is_told_and_the_others_go_on(in_region, file, with_pdf):
    records.start_conversion(actor=acting(in_region.officer), file=file)
    converting.give_up(file.pk, RuntimeError("defect"))
    states = list(conversions(file).order_by("pk").values_list("state", "message"))
    assert [state for state, _ in states] == ["failed", "waiting"]
    assert "RuntimeError" in states[0][1]


@pytest.mark.norm("3.2.9a")
def test_a_component_stays_in_its_format_for_a_reason(in_region, file, with_pdf):
    officer = acting(in_region.officer)
    (version,) = versions(with_pdf, "data.bin")
    with pytest.raises(InvalidInput, match="Napište, proč"):
        records.keep_format(actor=officer, file=file, version=version, reason="  ")
    records.keep_format(actor=officer, file=file, version=version, reason="Výkres, převod by ho znehodnotil")
    formats = counted(conversion_queries.unconverted_in(file))
    assert (formats.kept, formats.without_way) == (1, 0)
    records.settle_file(actor=officer, file=file, on=clock.today())
    records.close_file(actor=officer, file=file, on=clock.today())
    noted = LogRecord.objects.get(operation="records.file.close", parameters__file=str(file)).parameters
    assert any("Výkres, převod by ho znehodnotil" in one for one in noted["not_output_formats"])


def test_a_file_with_nothing_to_convert_says_so(in_region, file, received):
    officer = acting(in_region.officer)
    (version,) = versions(received, "žádost.txt")
    records.keep_format(actor=officer, file=file, version=version, reason="Zkouška")
    with pytest.raises(InvalidInput, match="není soubor"):
        records.start_conversion(actor=officer, file=file)


def test_an_outsider_converts_nothing(in_region, file, with_pdf):
    outsider = acting(in_region.outsider)
    (version,) = versions(with_pdf, "data.bin")
    for operation, arguments in (
        (records.start_conversion, {}),
        (records.stop_conversion, {}),
        (records.keep_format, {"version": version, "reason": "Chci"}),
    ):
        with pytest.raises(AccessDenied):
            operation(actor=outsider, file=file, **arguments)
    assert not conversions(file).exists()


def test_only_the_job_stores_and_fails_conversions(in_region, file, with_pdf):
    officer = acting(in_region.officer)
    records.start_conversion(actor=officer, file=file)
    conversion = conversion_queries.waiting_in(file.pk).first()
    output = NewFile("smlouva.pdf", "application/pdf", storage.put(plain_pdf()), form="output")
    with pytest.raises(AccessDenied):
        records.store_conversion(actor=officer, document=with_pdf, conversion=conversion, output=output, tool="ruka")
    with pytest.raises(AccessDenied):
        records.fail_conversion(actor=officer, document=with_pdf, conversion=conversion, reason="nechci")
    conversion.refresh_from_db()
    assert conversion.state == "waiting"


def conversions(file):
    return FormatConversion.objects.filter(version__component__document__case_file=file.pk)
