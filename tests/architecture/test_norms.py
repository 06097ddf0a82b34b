"""The traceability table says what the tests say."""

import csv

import pytest

from egon.cli import norms
from egon.cli.layout import PROJECT


def test_table_is_generated_from_the_present_tests():
    written = (PROJECT / norms.TABLE).read_text(encoding="utf-8")
    assert written == norms.as_csv(norms.proofs(PROJECT / "tests")), "run ./egon norms"


def test_marks_name_requirements_that_exist(standards):
    with (standards / "nsesss" / "nsesss-requirements.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    known = {row["id"] for row in rows}
    of_the_standard = [p for p in norms.proofs(PROJECT / "tests") if p.requirement[0].isdigit()]
    assert [proof for proof in of_the_standard if proof.requirement not in known] == []


def test_marks_of_functions_and_modules_are_read(tmp_path):
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_x.py").write_text(
        "import pytest\npytestmark = [pytest.mark.django_db, pytest.mark.norm('2.10.1')]\n"
        "@pytest.mark.norm('2.9.1')\ndef test_a(): ...\n"
    )
    assert [(proof.requirement, proof.test) for proof in norms.proofs(folder)] == [
        ("2.9.1", "test_a"),
        ("2.10.1", "test_a"),
    ]


@pytest.mark.parametrize("argument", ["--check"])
def test_check_tells_when_the_table_is_old(tmp_path, monkeypatch, capsys, argument):
    monkeypatch.setattr(norms, "PROJECT", tmp_path)
    (tmp_path / "tests").mkdir()
    assert norms.main([argument]) == 1
    assert norms.main([]) == 0
    assert norms.main([argument]) == 0
