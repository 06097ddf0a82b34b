"""Letters and reports: PDF/A, the same bytes each time, and nobody's text is markup."""

import dataclasses
import io
from datetime import date

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.gateways.formats import identify
from egon.gateways.pdfa import (
    BulletList,
    Heading,
    Letter,
    NumberedList,
    Paragraph,
    RenderingFailed,
    Run,
    TableReport,
    parse_body,
    render_letter,
    render_table_report,
)

LETTER = Letter(
    organisation="Kraj Sázavský",
    address_lines=["Náměstí 1", "123 45 Sázavov"],
    reference_number="KSA/123/2026",
    date=date(2026, 3, 1),
    addressee_lines=["Petr Řehoř", "Dlouhá 1"],
    subject="Sdělení k podání",
    body=parse_body("Vážený pane,\n\n- první\n- **druhá**\n\nS pozdravem"),
    signer_lines=["Ing. Jana Kůňová", "vedoucí odboru"],
    annexes=["příloha.pdf"],
)


def test_a_letter_is_pdf_a_2a_with_its_metadata() -> None:
    rendered = render_letter(LETTER)
    assert identify(rendered, "dopis.pdf").pronom_id == "fmt/476"
    with pikepdf.open(io.BytesIO(rendered)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Sdělení k podání"
        assert "2026" in str(pdf.docinfo["/CreationDate"])
        assert pdf.Root.Lang == "cs-CZ"


def test_the_same_letter_is_the_same_bytes() -> None:
    assert render_letter(LETTER) == render_letter(LETTER)


@pytest.mark.parametrize(
    "text",
    ["#panic()", '#read("/etc/passwd")', "$x^2$", "*a* _b_ `c`", "<label> @ref", "]#[", "\\ // /* */", '"', "= x"],
)
def test_markup_of_the_typesetter_is_only_text(text: str) -> None:
    letter = dataclasses.replace(
        LETTER, subject=text, organisation=text, body=parse_body(f"{text}\n\n- {text}"), note=text, annexes=[text]
    )
    assert render_letter(letter).startswith(b"%PDF")


def test_a_character_without_a_font_is_named() -> None:
    with pytest.raises(RenderingFailed, match="😀"):
        render_letter(dataclasses.replace(LETTER, body=parse_body("Hezký den 😀")))


def test_control_characters_do_no_harm() -> None:
    assert render_letter(dataclasses.replace(LETTER, body=parse_body("a\x00b\x07\ud800c\t\x85d"))).startswith(b"%PDF")


def test_a_letter_almost_without_content() -> None:
    empty = Letter("", [], "", date(2026, 1, 1), [], "", [])
    assert render_letter(empty).startswith(b"%PDF")


def test_a_long_report_repeats_on_pages() -> None:
    report = TableReport(
        "Kraj", "Podací deník", date(2026, 1, 2), ["Č. j.", "Věc"], [["1", "#věc"]] * 300, [("Počet", "300")]
    )
    with pikepdf.open(io.BytesIO(render_table_report(report))) as pdf:
        assert len(pdf.pages) > 3


def test_the_body_is_parsed_into_blocks() -> None:
    text = "# Nadpis\nprvní **tučně** řádek\ndruhý\n\n- a\n- b\n1. c\n2) d\ntext"
    assert parse_body(text) == [
        Heading(1, (Run("Nadpis"),)),
        Paragraph((Run("první "), Run("tučně", bold=True), Run(" řádek\ndruhý"))),
        BulletList(((Run("a"),), (Run("b"),))),
        NumberedList(((Run("c"),), (Run("d"),))),
        Paragraph((Run("text"),)),
    ]


@given(st.text(alphabet="ab #*-1.\n\r", max_size=80))
def test_no_letter_of_the_body_is_lost(text: str) -> None:
    def letters(block: object) -> str:
        items = getattr(block, "items", None) or (getattr(block, "runs", ()),)
        return "".join(run.text for item in items for run in item)

    shown = "".join(map(letters, parse_body(text)))
    assert [c for c in shown if c in "ab"] == [c for c in text if c in "ab"]
