"""Text of files: each format gives its words, and what is damaged, locked or exploding gives a reason in time."""

import io
import lzma
import struct
import zipfile
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pytest
from tests.gateways.texts.compounds import compound, forwarded, message

from egon.gateways import pdfa, texts
from egon.gateways.texts import archives, child, packages, reading
from egon.gateways.texts.readers import Within, text_of

WORDS = "Žluťoučký kůň"
HERE = Path(__file__).parent  # RAR samples come from the tests of rarfile (ISC), for nothing free writes that format
PPT = lzma.decompress((HERE / "sample.ppt.xz").read_bytes())

try:
    import libarchive
except (OSError, AttributeError, TypeError):
    libarchive = None
needs_libarchive = pytest.mark.skipif(libarchive is None, reason="the library libarchive is not installed")


def package(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx(body: str) -> bytes:
    return package(**{"word/document.xml": f'<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>'})


def odf(kind: str, body: str) -> bytes:
    content = f'<o:document-content xmlns:o="urn:o" xmlns:t="urn:t"><o:body>{body}</o:body></o:document-content>'
    return package(mimetype=f"application/vnd.oasis.opendocument.{kind}", **{"content.xml": content})


XLSX = package(
    **{
        "xl/workbook.xml": "<workbook/>",
        "xl/sharedStrings.xml": f"<sst><si><t>{WORDS}</t></si></sst>",
        "xl/worksheets/sheet1.xml": '<worksheet><c t="s"><v>0</v></c><c><v>1234</v></c></worksheet>',
    }
)
PPTX = package(
    **{
        "ppt/presentation.xml": "<p/>",
        "ppt/slides/slide1.xml": f'<s xmlns:a="urn:a"><a:p><a:r><a:t>{WORDS}</a:t></a:r></a:p></s>',
    }
)


def mail() -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "Pozvánka", "jan@example.cz"
    message.set_content(f"Text {WORDS}")
    message.add_attachment(docx("<w:p><w:t>příloha dopisu</w:t></w:p>"), maintype="application", subtype="zip")
    message.add_attachment(b"%PDF-1.7 broken", maintype="application", subtype="pdf", filename="vada.pdf")
    return message.as_bytes()


def archive_in(content: bytes, name: str = "uvnitř.zip") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


FILES = [
    ("a.docx", docx("<w:p><w:r><w:t>Žluťou</w:t></w:r><w:r><w:t>čký kůň</w:t></w:r></w:p><w:p/>")),
    ("a.xlsx", XLSX),
    ("a.pptx", PPTX),
    ("a.odt", odf("text", "<t:p>Žluťou<t:span>čký</t:span> kůň</t:p>")),
    ("a.ods", odf("spreadsheet", f"<t:p>{WORDS}</t:p>")),
    ("a.odp", odf("presentation", f"<t:p>{WORDS}</t:p>")),
    ("a.html", "<html><script>tajne()</script><p>Žluťou<b>čký</b> kůň</p></html>".encode()),
    ("a.html", f'<meta charset="windows-1250"><p>{WORDS}</p>'.encode("cp1250")),
    ("a.txt", WORDS.encode()),
    ("a.txt", WORDS.encode("cp1250")),
    ("a.txt", WORDS.encode("utf-16")),
    ("a.eml", mail()),
    ("a.rtf", b"{\\rtf1\\ansi\\ansicpg1250 \\u381?lu\\'9dou\\'e8k\\'fd \\b k\\'f9\\u328?\\b0\\par}"),
    ("a.doc", (HERE / "sample.doc").read_bytes()),
    ("a.xls", (HERE / "sample.xls").read_bytes()),
    ("a.ppt", PPT),
    ("a.msg", message("Pozvánka", WORDS, {})),
    ("a.msg", forwarded("Pozvánka", WORDS)),
    ("a.msg", message("Pozvánka", "text", {"dopis.docx": docx(f"<w:p><w:t>{WORDS}</w:t></w:p>")})),
    ("a.zip", package(**{"složka/a.txt": WORDS, "b.bin": "\x01"})),
    ("a.zip", archive_in(package(**{"a.txt": WORDS}))),
    ("a.asice", package(mimetype="application/vnd.etsi.asic-e+zip", **{"dopis.html": f"<p>{WORDS}</p>"})),
]


@pytest.mark.norm("5.1.5")
@pytest.mark.parametrize(("name", "content"), FILES)
def test_each_format_gives_its_words(name: str, content: bytes) -> None:
    kind = texts.kind_of(content, name=name, media_type="application/octet-stream")
    assert kind is not None
    text = text_of(kind, content)
    assert WORDS in text
    assert "tajne" not in text


def test_archives_within_archives_are_read_to_a_depth() -> None:
    deep = package(**{"a.txt": WORDS})
    for _ in range(2):
        deep = archive_in(deep)
    assert WORDS in text_of(texts.Kind.PACKAGE, deep)
    assert text_of(texts.Kind.PACKAGE, archive_in(deep)).split() == ["uvnitř.zip"] * 3


def test_a_bomb_within_an_archive_hides_nothing_else() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomba.zip", archive_in(b"\0" * (101 * 1024 * 1024)))
        archive.writestr("dopis.txt", WORDS)
    assert WORDS in texts.read(file.getvalue(), texts.Kind.PACKAGE).text


def test_fields_of_word_tell_their_result_and_not_their_code() -> None:
    text = "před \x13 PAGE \x147\x15 za\r".encode("utf-16-le")
    header = bytearray(b"\xec\xa5".ljust(0x1AA, b"\0"))
    header[0x1A2:0x1AA] = (0).to_bytes(4, "little") + (21).to_bytes(4, "little")
    count = len(text) // 2
    table = b"\x02" + (16).to_bytes(4, "little") + (0).to_bytes(4, "little") + count.to_bytes(4, "little")
    table += b"\0\0" + len(header).to_bytes(4, "little") + b"\0\0"
    content = compound({"WordDocument": bytes(header) + text, "0Table": table})
    assert text_of(texts.Kind.COMPOUND, content).split() == ["před", "7", "za"]


def test_numbers_of_a_sheet_are_found_and_pointers_are_not() -> None:
    assert text_of(texts.Kind.PACKAGE, XLSX).split() == [*WORDS.split(), "1234"]


def test_a_damaged_attachment_does_not_hide_the_message_and_its_others() -> None:
    text = text_of(texts.Kind.MAIL, mail())
    assert all(word in text for word in ("Pozvánka", "příloha dopisu", "vada.pdf"))


def test_what_was_struck_out_is_not_found() -> None:
    assert "smazáno" not in text_of(texts.Kind.PACKAGE, docx("<w:p><w:delText>smazáno</w:delText></w:p>"))
    struck = "<t:tracked-changes><t:p>smazáno</t:p></t:tracked-changes><t:p>zůstalo</t:p>"
    assert text_of(texts.Kind.PACKAGE, odf("text", struck)).split() == ["zůstalo"]


@needs_libarchive
@pytest.mark.norm("5.1.5")
@pytest.mark.parametrize("form", ["7zip", "ustar"])
def test_archives_give_names_and_texts_of_what_is_in_them(form: str) -> None:
    content = archived(form, {"složka/dopis.txt": WORDS.encode(), "uvnitř.zip": package(**{"b.txt": "hlouběji"})})
    assert texts.kind_of(content, name="příloha", media_type="") is texts.Kind.ARCHIVE
    reading = texts.read(content, texts.Kind.ARCHIVE)
    assert reading.unread == ()
    assert all(word in reading.text for word in (WORDS, "složka/dopis.txt", "hlouběji"))


def archived(form: str, files: dict[str, bytes]) -> bytes:
    """An archive made by libarchive."""
    made = bytearray()
    with libarchive.custom_writer(lambda part: made.extend(part) or len(part), form) as archive:
        for name, content in files.items():
            archive.add_file_from_memory(name, len(content), content)
    return bytes(made)


@needs_libarchive
@pytest.mark.parametrize("name", ["sample4.rar", "sample5.rar"])
def test_rar_of_both_kinds_is_read(name: str) -> None:
    reading = texts.read((HERE / name).read_bytes(), texts.Kind.ARCHIVE)
    assert reading.unread == ()
    assert {"sub/üȵĩöḋè/file.txt", "file1", "file2"} <= set(reading.text.split())


@needs_libarchive
def test_what_was_read_before_a_damage_is_kept_and_the_rest_is_told_of() -> None:
    within = Within()
    assert "stest1.txt" in text_of(texts.Kind.ARCHIVE, (HERE / "solid4.rar").read_bytes(), within)
    assert within.unread == ["zbytek archivu: Starší souvislý (solid) archiv RAR se nečte"]


@needs_libarchive
def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 100_000)
    bomb = archived("7zip", {"bomba.txt": b"0" * 200_000})
    assert len(bomb) < 1_000
    with pytest.raises(texts.NoText, match="rozbaluje"):
        text_of(texts.Kind.ARCHIVE, bomb)


def test_without_the_library_an_archive_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "libarchive", None)
    with pytest.raises(texts.NoText, match="chybí knihovna libarchive"):
        text_of(texts.Kind.ARCHIVE, b"7z\xbc\xaf\x27\x1c")


def test_numbers_and_dates_of_an_old_sheet_are_found() -> None:
    text = text_of(texts.Kind.COMPOUND, (HERE / "sample.xls").read_bytes())
    assert {"1234.5", "12. 3. 2026", "Částka"} <= set(text.split("\n"))


def test_slides_and_notes_are_read_and_masters_are_not() -> None:
    text = text_of(texts.Kind.COMPOUND, PPT)
    assert all(words in text for words in ("Plain words\nsecond line", "Druhý snímek", "Poznámka řečníka"))
    assert "Click to edit" not in text


def presentation(*edits: dict[int, str], token: int = 0xE391C05F) -> bytes:
    """A presentation saved several times; each edit writes slides by their numbers anew."""
    stream, edit = bytearray(), 0
    for slides in edits:
        places = {}
        for number, text in slides.items():
            places[number] = len(stream)
            atom = record(4008, text.encode("latin-1"))
            stream += record(1006, record(1036, atom, container=True), container=True)
        directory = len(stream)
        stream += record(6002, b"".join(struct.pack("<II", number | 1 << 20, at) for number, at in places.items()))
        previous, edit = edit, len(stream)
        stream += record(4085, struct.pack("<IIIIIII", 0, 0, previous, directory, 1, 0, 0))
    user = record(4086, struct.pack("<III", 20, token, edit))
    return compound({"Current User": user, "PowerPoint Document": bytes(stream)})


def record(kind: int, content: bytes, *, container: bool = False) -> bytes:
    return struct.pack("<HHI", 0xF if container else 0, kind, len(content)) + content


def test_a_slide_written_again_is_read_as_it_is_now() -> None:
    text = text_of(texts.Kind.COMPOUND, presentation({1: "smazano", 2: "trva"}, {1: "nove"}))
    assert sorted(text.split()) == ["nove", "trva"]


def test_what_within_a_message_cannot_be_read_is_named() -> None:
    reading = texts.read(mail(), texts.Kind.MAIL)
    assert "příloha dopisu" in reading.text
    assert reading.unread == ("vada.pdf: PDF je poškozené",)


def test_a_message_attached_to_a_message_is_read_with_its_subject() -> None:
    outer = EmailMessage()
    outer["Subject"] = "Přeposílám"
    outer.set_content("viz příloha")
    inner = EmailMessage()
    inner["Subject"] = "Původní"
    inner.set_content(WORDS)
    inner.add_attachment(docx("<w:p><w:t>uvnitř</w:t></w:p>"), maintype="application", subtype="zip")
    outer.add_attachment(inner)
    text = text_of(texts.Kind.MAIL, outer.as_bytes())
    assert all(word in text for word in ("Přeposílám", "Původní", WORDS, "uvnitř"))


def test_a_text_in_an_unknown_encoding_does_not_hide_the_message() -> None:
    letter = b"Subject: Dopis\nContent-Type: text/plain; charset=neznamo\n\n" + WORDS.encode("cp1250")
    assert WORDS in text_of(texts.Kind.MAIL, letter)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"\x1f\x8b", b"?"])
def test_what_has_no_text_is_not_read(content: bytes) -> None:
    assert texts.kind_of(content, name="soubor", media_type="application/octet-stream") is None


# The beginning of a workbook: BOF of BIFF8, then FILEPASS.
LOCKED_SHEET = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0x1FAA, 1997, 0, 6) + struct.pack(
    "<HHH", 0x2F, 54, 1
).ljust(58, b"\0")


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"\n%PDF-1.7", "a", texts.Kind.PDF),
        (archive_in(b"%PDF-1.7 x", "a.pdf"), "a.zip", texts.Kind.PACKAGE),
        (b"Subject: %PDF-1.7 v nadpisu", "a.eml", texts.Kind.MAIL),
    ],
)
def test_a_file_is_what_it_begins_as(content: bytes, name: str, kind: texts.Kind) -> None:
    assert texts.kind_of(content, name=name, media_type="") is kind


def locked_pdf() -> bytes:
    file = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(file, encryption=pikepdf.Encryption(owner="a", user="b"))
    return file.getvalue()


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        (texts.Kind.PDF, b"%PDF-1.7 nothing", "poškozené"),
        (texts.Kind.PDF, locked_pdf(), "heslem"),
        (texts.Kind.PACKAGE, b"PK\x03\x04broken", "nejde rozbalit"),
        (texts.Kind.COMPOUND, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken", "poškozený"),
        (texts.Kind.COMPOUND, compound({"WordDocument": b"\xec\xa5" + b"\0" * 8 + b"\x00\x01"}), "heslem"),
        (texts.Kind.COMPOUND, compound({"WordDocument": b"\x99\xa6"}), "starším formátu"),
        (texts.Kind.COMPOUND, compound({"Workbook": b"\x09\x08\x10\x00"}), "Sešit je poškozený"),
        (texts.Kind.COMPOUND, compound({"Workbook": LOCKED_SHEET}), "Sešit je chráněný heslem"),
        (texts.Kind.COMPOUND, compound({"EncryptedPackage": b"x"}), "chráněný heslem"),
        (texts.Kind.COMPOUND, presentation({1: "x"}, token=0xF3D1C4DF), "Prezentace je chráněná heslem"),
        (texts.Kind.COMPOUND, compound({"PowerPoint Document": b"x", "Current User": b""}), "Prezentace je poškozená"),
        pytest.param(
            texts.Kind.ARCHIVE, (HERE / "locked5.rar").read_bytes(), "chráněný heslem", marks=needs_libarchive
        ),
        pytest.param(texts.Kind.ARCHIVE, b"7z\xbc\xaf\x27\x1c" + b"x" * 90, "poškozený", marks=needs_libarchive),
        (texts.Kind.PACKAGE, archive_in(b"\0" * (101 * 1024 * 1024)), "rozbaluje"),
        (texts.Kind.PACKAGE, docx("<w:p>"), "nepodařilo přečíst"),
    ],
)
def test_what_cannot_be_read_says_why(kind: texts.Kind, content: bytes, reason: str) -> None:
    with pytest.raises(texts.NoText) as refusal:
        texts.read(content, kind)
    assert reason in refusal.value.message


def test_a_pdf_is_read_in_a_process_of_its_own() -> None:
    report = pdfa.TableReport("Kraj", "Zpráva", date(2026, 3, 1), ["Co"], [[WORDS]])
    assert WORDS in texts.read(pdfa.render_table_report(report), texts.Kind.PDF).text


def test_a_package_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "LARGEST_UNPACKED", 1_000)
    with pytest.raises(texts.NoText, match="rozbaluje na víc"):
        text_of(texts.Kind.PACKAGE, docx("<w:p/>" * 1_000))


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "tajné"><!ENTITY f SYSTEM "file:///etc/passwd">]><d><t>&a;&f; vidět</t></d>'
    text = text_of(texts.Kind.PACKAGE, package(**{"word/document.xml": bomb}))
    assert "root:" not in text
    assert "tajné" not in text


def test_reading_that_takes_too_long_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_WAIT", 0.001)
    with pytest.raises(texts.NoText, match="příliš dlouho"):
        texts.read(b"x", texts.Kind.PLAIN)


def test_a_large_file_is_not_even_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_CONTENT", 3)
    with pytest.raises(texts.NoText, match="větší"):
        texts.read(b"xxxx", texts.Kind.PLAIN)


def test_the_text_is_cut_where_it_would_be_endless() -> None:
    assert len(text_of(texts.Kind.PLAIN, b"slovo " * 100_000)) == texts.MOST_CHARACTERS


def test_the_child_gets_no_passwords() -> None:
    assert not [name for name in reading._PASSED_ON if "EGON" in name or "PASS" in name]
    assert child.NO_TEXT not in (0, 1, 2)
