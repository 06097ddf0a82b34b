"""What ISDS would refuse is told before sending, everything at once and in Czech."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.gateways.isds import OutgoingFile, OutgoingMessage
from egon.gateways.isds.attachment_types import CONTENT_TYPES, content_type_for
from egon.gateways.isds.rules import (
    MAX_TOTAL_SIZE,
    box_check_character,
    file_obstacles,
    is_box_id,
    obstacles_to_attaching,
    obstacles_to_sending,
)

MAIN = OutgoingFile("dopis.pdf", b"%PDF", "application/pdf", "main")
MESSAGE = OutgoingMessage("mw7dqvw", "Věc", (MAIN,))


def _enclosures(count: int, name: str = "a.txt", kind: str = "text/plain") -> tuple[OutgoingFile, ...]:
    return (MAIN, *(OutgoingFile(name, b"x", kind) for _ in range(count)))


def test_a_proper_message_has_no_obstacle() -> None:
    assert obstacles_to_sending(MESSAGE) == []


def test_the_list_has_71_extensions_each_with_a_type() -> None:
    assert len(CONTENT_TYPES) == 71
    assert all(file_obstacles(f"x.{name}", 1, types[0]) == [] for name, types in CONTENT_TYPES.items())
    assert content_type_for("Zpráva.PDF") == "application/pdf"
    assert content_type_for("program.exe") == ""


def test_all_obstacles_come_together() -> None:
    bad = OutgoingMessage(
        "mw7dqvx",
        "x" * 256,
        (OutgoingFile("../heslo.exe", b"", "application/x-msdownload", "hlavní"),),
        sender_reference_number="č" * 51,
    )
    found = "\n".join(obstacles_to_sending(bad))
    for part in (
        "mw7dqvx",
        "256 znaků",
        "51 znaků",
        "nepovolené znaky (/)",
        ".exe ISDS nepřijímá",
        "prázdná",
        "hlavní",
    ):
        assert part in found


@pytest.mark.parametrize(
    ("name", "size", "kind", "expected"),
    [
        ("a.pdf", 0, "application/pdf", "je prázdná"),
        ("a.pdf", 1, "", "chybí typ obsahu"),
        ("a.pdf", 1, "text/plain", "neodpovídá příponě .pdf"),
        ("a.pdf", MAX_TOTAL_SIZE + 1, "application/pdf", "20,0 MB"),
        ("bez_pripony", 1, "text/plain", "soubor bez přípony"),
        (".pdf", 1, "application/pdf", "soubor bez přípony"),
        ("..\\a.pdf", 1, "application/pdf", "nepovolené znaky (\\)"),
        ("a\x00b.pdf", 1, "application/pdf", "řídicí znaky"),
        ("x" * 252 + ".pdf", 1, "application/pdf", "256 znaků"),
        ("  ", 1, "application/pdf", "chybí název"),
    ],
)
def test_each_fault_of_an_attachment_is_named(name: str, size: int, kind: str, expected: str) -> None:
    assert any(expected in obstacle for obstacle in file_obstacles(name, size, kind))


def test_a_bare_extension_and_parameters_are_taken_as_a_type() -> None:
    assert file_obstacles("a.txt", 1, "txt") == []
    assert file_obstacles("a.txt", 1, "text/plain; charset=utf-8") == []


def test_numbers_of_attachments_are_limited() -> None:
    assert obstacles_to_attaching(_enclosures(99)) == []
    assert any("101 příloh" in obstacle for obstacle in obstacles_to_attaching(_enclosures(100)))
    archives = _enclosures(11, "a.zip", "application/zip")
    assert any("11 archivů" in obstacle for obstacle in obstacles_to_attaching(archives))
    assert any("žádnou přílohu" in obstacle for obstacle in obstacles_to_attaching(()))


def test_the_sum_of_sizes_is_limited_to_the_byte() -> None:
    half = b"x" * (MAX_TOTAL_SIZE // 2)
    files = (replace(MAIN, content=half), OutgoingFile("b.txt", half, "text/plain"))
    assert obstacles_to_attaching(files) == []
    over = (*files, OutgoingFile("c.txt", b"x", "text/plain"))
    assert any("dohromady" in obstacle for obstacle in obstacles_to_attaching(over))


def test_exactly_one_main_document_comes_first() -> None:
    second = (OutgoingFile("b.txt", b"x", "text/plain"), MAIN)
    assert any("První příloha" in obstacle for obstacle in obstacles_to_attaching(second))
    assert any("jen jeden" in obstacle for obstacle in obstacles_to_attaching((MAIN, MAIN)))


@pytest.mark.parametrize("box_id", ["aydaadk", "mw7dqvw", "vqbab52", "qrdae26", "ga2dqwf"])
def test_real_box_ids_have_the_right_check_character(box_id: str) -> None:
    assert is_box_id(box_id)
    assert box_check_character(box_id[:6]) == box_id[6]


@given(
    st.sampled_from(["aydaadk", "mw7dqvw", "vqbab52"]),
    st.integers(0, 6),
    st.sampled_from("abcdefghijkmnpqrstuvwxyz23456789"),
)
def test_one_mistyped_character_is_found(box_id: str, place: int, char: str) -> None:
    mistyped = box_id[:place] + char + box_id[place + 1 :]
    assert is_box_id(mistyped) == (mistyped == box_id)


@pytest.mark.parametrize("text", ["", "aydaad", "aydaadkk", "AYDAADK", "aydaa0k", "aydaalk"])
def test_what_is_no_box_id(text: str) -> None:
    assert not is_box_id(text)
