"""A file is what its content says, not its name."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from egon.gateways.formats import UNKNOWN, identify, is_output_format

PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0) + b"\0" * 8 + b"IEND\xaeB`\x82"


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "a")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "pronom_id", "media_type", "czech"),
    [
        (PDF, "smlouva.pdf", "fmt/276", "application/pdf", "dokument PDF 1.7"),
        (PNG, "obrázek.PNG", "fmt/11", "image/png", "obrázek PNG"),
        ("Dobrý den".encode(), "dopis.txt", "x-fmt/111", "text/plain", "prostý text"),
        (zipped(), "a.zip", "x-fmt/263", "application/zip", "archiv ZIP"),
        (b'<?xml version="1.0"?><a/>', "a.xml", "fmt/101", "application/xml", "dokument XML"),
    ],
)
def test_formats_are_recognised(content: bytes, name: str, pronom_id: str, media_type: str, czech: str) -> None:
    found = identify(content, name)
    assert (found.pronom_id, found.media_type, found.description_cs) == (pronom_id, media_type, czech)
    assert found.known and not found.mismatch


def test_a_name_that_promises_something_else_is_told() -> None:
    assert identify(PDF, "smlouva.docx").mismatch
    assert identify(b"MZ" + b"\0" * 200, "faktura.pdf").mismatch
    assert not identify(PDF, "smlouva").mismatch


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 30])
def test_the_unknown_is_called_unknown(content: bytes) -> None:
    assert identify(content, "x.bin").pronom_id == UNKNOWN


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.pdf", "a\x00b.pdf", "č" * 300 + ".pdf", "..\\..\\x.pdf", ".pdf", ""]
)
def test_a_hostile_name_does_no_harm(name: str) -> None:
    assert identify(PDF, name).pronom_id == "fmt/276"


def test_a_file_on_the_disk_is_not_copied(tmp_path: Path) -> None:
    stored = tmp_path / ("ab" * 32)
    stored.write_bytes(PDF)
    assert identify(stored, "smlouva.pdf").pronom_id == "fmt/276"


def test_output_formats_of_section_23() -> None:
    assert all(
        map(is_output_format, ("fmt/477", "fmt/95", "fmt/11", "fmt/353", "fmt/43", "fmt/4", "fmt/134", "fmt/101"))
    )
    assert not any(map(is_output_format, ("fmt/276", "fmt/412", "x-fmt/111", UNKNOWN, "fmt/480")))
    assert is_output_format("fmt/480", embeds_only_output_formats=True)
