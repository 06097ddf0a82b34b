"""PDFs and bitmaps are converted by our own libraries, without changing how they look."""

import io
from collections.abc import Callable
from datetime import date

import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String
from PIL import Image

from egon.gateways import formats
from egon.gateways.conversion import NotConverted, Way, convert, way_for
from egon.gateways.conversion.archival import faults_of_archival
from egon.gateways.pdfa import TableReport, render_table_report


def embedded() -> bytes:
    """A plain PDF 1.7 with embedded fonts: our own one with its marks taken off."""
    report = TableReport(organisation="Kraj", title="Příloha", date=date(2026, 3, 1), columns=["A"], rows=[["ěščř"]])
    with Pdf.open(io.BytesIO(render_table_report(report))) as pdf:
        del pdf.Root["/Metadata"], pdf.Root["/OutputIntents"]
        return saved(pdf)


def saved(pdf: Pdf, **options: object) -> bytes:
    written = io.BytesIO()
    pdf.save(written, **options)  # type: ignore[arg-type]
    return written.getvalue()


def changed(change: Callable[[Pdf], None]) -> bytes:
    with Pdf.open(io.BytesIO(embedded())) as pdf:
        change(pdf)
        return saved(pdf)


def test_a_pdf_becomes_archival_and_looks_the_same() -> None:
    content = embedded()
    assert not formats.is_output_format(formats.identify(content, "a.pdf").pronom_id)
    made = convert(content, Way.PDF, title="Příloha & <jiné>")
    assert formats.identify(made.content, "a.pdf").pronom_id == "fmt/477"
    assert faults_of_archival(made.content) == []
    pictures = [pypdfium2.PdfDocument(one)[0].render().to_pil().tobytes() for one in (content, made.content)]
    assert pictures[0] == pictures[1]


def test_scripts_are_taken_out() -> None:
    def add(pdf: Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch))

    made = convert(changed(add), Way.PDF, title="")
    with Pdf.open(io.BytesIO(made.content)) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert "/AA" not in pdf.pages[0].obj


def without_font(pdf: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].obj.Resources.Font["/F9"] = font


def with_cmyk(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 1 1 0 k 0 0 9 9 re f")


def with_file(pdf: Pdf) -> None:
    pdf.attachments["a.exe"] = b"MZ"


def with_video(pdf: Pdf) -> None:
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 1, 1]))
    pdf.pages[0].obj.Annots = Array([annotation])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (without_font, "nemá vložené písmo Helvetica"),
        (with_cmyk, "CMYK"),
        (with_file, "vložené soubory"),
        (with_video, "video"),
    ],
)
def test_what_cannot_be_mended_is_refused_with_the_reason(change: Callable[[Pdf], None], why: str) -> None:
    with pytest.raises(NotConverted, match=why):
        convert(changed(change), Way.PDF, title="")


def test_an_encrypted_pdf_is_refused() -> None:
    with Pdf.open(io.BytesIO(embedded())) as pdf:
        locked = saved(pdf, encryption=Encryption(owner="a", user="b"))
    with pytest.raises(NotConverted, match="heslem"):
        convert(locked, Way.PDF, title="")


@pytest.mark.parametrize("content", [b"%PDF-1.4 nothing", b"%PDF-1.4\n" + b"<<" * 5000])
def test_a_damaged_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(NotConverted, match=r"poškozen"):
        convert(content, Way.PDF, title="")


def test_a_bitmap_becomes_png_without_loss() -> None:
    picture = Image.new("RGB", (7, 5), (200, 10, 30))
    written = io.BytesIO()
    picture.save(written, "BMP")
    assert way_for(formats.identify(written.getvalue(), "a.bmp").pronom_id) is Way.BITMAP
    made = convert(written.getvalue(), Way.BITMAP, title="")
    assert formats.is_output_format(formats.identify(made.content, "a.png").pronom_id)
    with Image.open(io.BytesIO(made.content)) as shown:
        assert shown.getpixel((3, 3)) == (200, 10, 30)


def test_a_huge_bitmap_is_refused() -> None:
    written = io.BytesIO()
    Image.new("RGB", (2, 2)).save(written, "BMP")
    header = bytearray(written.getvalue())
    header[18:26] = (60_000).to_bytes(4, "little") * 2
    with pytest.raises(NotConverted, match="příliš velký"):
        convert(bytes(header), Way.BITMAP, title="")


def test_what_has_no_output_format_has_no_way() -> None:
    assert way_for("x-fmt/263") is None
    assert way_for("", "archiv.bin") is None
    assert way_for("", "Dopis.TXT") is Way.TEXT
