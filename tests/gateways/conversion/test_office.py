"""Office documents, texts and pages become PDF/A-2b; nothing in them runs and nothing is asked for."""

import io
import socketserver
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import openpyxl
import pypdfium2
import pytest
from PIL import Image

from egon.gateways import formats
from egon.gateways.conversion import NotConverted, ToolMissing, Way, convert, office, tool_for, way_for
from egon.gateways.conversion.archival import faults_of_archival

needs_office = pytest.mark.skipif(tool_for(Way.WRITER) is None, reason="LibreOffice is not installed")


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def docx(body: str, *, links: str = "") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        opening = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        package.writestr(
            "_rels/.rels",
            f'{opening}<Relationship Id="r1" Type="{relations}/officeDocument" Target="word/document.xml"/>'
            "</Relationships>",
        )
        package.writestr("word/_rels/document.xml.rels", f"{opening}{links}</Relationships>")
        package.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            f'xmlns:r="{relations}"><w:body>{body}</w:body></w:document>',
        )
    return written.getvalue()


def odt(body: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
            'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry '
            'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        )
        package.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
            'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
            'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
            'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"><office:body><office:text>'
            f"{body}</office:text></office:body></office:document-content>",
        )
    return written.getvalue()


def xlsx(value: str) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = value
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """A server that remembers whoever asks it for anything."""
    asked: list[bytes] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked.append(self.request.recv(200))
            self.request.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


WRITTEN = "Žluťoučký kůň úpěl ďábelské ódy"
RTF = (
    "{\\rtf1\\ansi\\ansicpg1250 \\u381?lu\\u357?ou\\u269?k\\u253? k\\u367?\\u328? "
    "\\u250?p\\u283?l \\u271?\\u225?belsk\\u233? \\u243?dy}"
)
SAMPLES = {
    "a.docx": docx(f"<w:p><w:r><w:t>{WRITTEN}</w:t></w:r></w:p>"),
    "a.odt": odt(f"<text:p>{WRITTEN}</text:p>"),
    "a.rtf": RTF.encode(),
    "a.txt": WRITTEN.encode("cp1250"),
    "a.html": f"<html><body><p>{WRITTEN}</p></body></html>".encode(),
}


@needs_office
@pytest.mark.parametrize("name", SAMPLES)
def test_text_becomes_archival_and_keeps_its_words(name: str) -> None:
    content = SAMPLES[name]
    found = formats.identify(content, name)
    way = way_for(found.pronom_id if found.known else "", name)
    assert way is not None, found
    made = convert(content, way, title="Žádost")
    assert formats.is_output_format(formats.identify(made.content, "a.pdf").pronom_id)
    assert faults_of_archival(made.content) == []
    assert WRITTEN in text_of(made.content)
    assert (made.suffix, made.tool) == (".pdf", "LibreOffice")


@needs_office
def test_a_page_is_read_in_the_encoding_it_names() -> None:
    page = f'<html><head><meta charset="iso-8859-2"></head><body>{WRITTEN}</body></html>'.encode("iso-8859-2")
    assert WRITTEN in text_of(convert(page, Way.HTML, title="").content)


@needs_office
def test_a_table_becomes_archival() -> None:
    content = xlsx(WRITTEN)
    assert way_for(formats.identify(content, "a.xlsx").pronom_id) is Way.CALC
    if tool_for(Way.CALC) is None:
        pytest.skip("LibreOffice Calc is not installed")
    made = convert(content, Way.CALC, title="Tabulka")
    assert formats.identify(made.content, "a.pdf").pronom_id == "fmt/477"
    assert WRITTEN in text_of(made.content)


@needs_office
def test_a_page_asks_the_network_for_nothing() -> None:
    with listening() as (address, asked):
        page = f"""<html><head><link rel=stylesheet href="{address}/a.css"><script src="{address}/a.js"></script>
            <base href="{address}/"></head><body background="{address}/b.png" style="background:url({address}/c.png)">
            <img src="{address}/d.png"><iframe src="{address}/e"></iframe><form action="{address}/f">Text ve formuláři
            </form></body></html>"""
        made = convert(page.encode(), Way.HTML, title="")
    assert asked == []
    assert "Text ve formuláři" in text_of(made.content)


@needs_office
@pytest.mark.parametrize("shuts_network", [True, False])
def test_a_document_asks_neither_the_network_nor_the_disk(
    shuts_network: bool, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Both where the system lets us cut the network off, and where only the program's settings stand in the way."""
    if not shuts_network:
        monkeypatch.setattr("egon.gateways.conversion.running._without_network", tuple)
    secret = tmp_path_factory.mktemp("elsewhere") / "tajne.txt"
    secret.write_text("heslo cizího původce", encoding="utf-8")
    Image.new("RGB", (200, 200), (255, 0, 0)).save(secret.with_suffix(".png"))
    with listening() as (address, asked):
        body = (
            f'<text:section text:name="s"><text:section-source xlink:href="{secret.as_uri()}" '
            'text:filter-name="Text (encoded)"/><text:p>staré</text:p></text:section>'
            f'<text:p><draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:href="{address}/a.png" '
            'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>konec</text:p>'
            f'<text:p><draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:type="simple" '
            f'xlink:href="{secret.with_suffix(".png").as_uri()}"/></draw:frame></text:p>'
        )
        made = convert(odt(body), Way.WRITER, title="")
    assert asked == []
    assert "heslo" not in text_of(made.content)
    assert "konec" in text_of(made.content)
    shown = pypdfium2.PdfDocument(made.content)[0].render().to_pil().convert("RGB")
    assert (255, 0, 0) not in {colour for _, colour in shown.getcolors(1 << 20)}


def test_a_missing_program_is_named_with_who_can_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "office_for", lambda way: None)
    with pytest.raises(ToolMissing, match=r"LibreOffice .* není.* správce systému"):
        convert(SAMPLES["a.docx"], Way.WRITER, title="")


@needs_office
def test_a_damaged_document_is_refused() -> None:
    with pytest.raises(NotConverted, match="poškozený"):
        convert(SAMPLES["a.docx"][:300], Way.WRITER, title="")


@needs_office
def test_a_program_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("egon.gateways.conversion.running.LONGEST_WAIT", 0.01)
    with pytest.raises(NotConverted, match="příliš dlouho"):
        convert(SAMPLES["a.txt"], Way.TEXT, title="")


@pytest.mark.parametrize("content", [b"%PDF-1.7\n1 0 obj\n<< /Type /Sig /ByteRange [0 1 2 3] >>", None])
def test_a_signed_file_waits_for_verification(content: bytes | None) -> None:
    if content is None:
        written = io.BytesIO(SAMPLES["a.docx"])
        with zipfile.ZipFile(written, "a") as package:
            package.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
        content = written.getvalue()
    with pytest.raises(NotConverted, match=r"§ 69a odst\. 3"):
        convert(content, Way.WRITER, title="")
