"""The tables of ``docs/norms`` say what the tests say, and no more."""

import csv
import json

import pytest

from egon.cli import norm_states, norms
from egon.cli.layout import PROJECT
from egon.cli.norm_states import Note, Requirement, State, judge

NOTES = PROJECT / norms.FOLDER / "notes.csv"


def test_generated_files_are_what_the_present_tests_say():
    for path, text in norms.generated(PROJECT).items():
        assert (PROJECT / path).read_text(encoding="utf-8") == text, "run ./egon norms"


def test_requirements_are_exactly_those_in_force(standards):
    with (standards / "nsesss" / "nsesss-requirements.csv").open(encoding="utf-8") as file:
        in_force = [row["id"] for row in csv.DictReader(file) if row["stav"] == "platný"]
    assert [one.id for one in requirements()] == in_force
    assert len(in_force) == 289


def test_marks_name_requirements_and_parts_that_exist():
    known = {mark for one in requirements() for mark in (one.id, *one.marks)}
    of_the_standard = [p for p in norms.proofs(PROJECT / "tests") if p.requirement[0].isdigit()]
    assert [proof for proof in of_the_standard if proof.requirement not in known] == []


def test_notes_speak_of_requirements_and_never_claim_more_than_tests_prove():
    notes = norm_states.read_notes(NOTES.read_text(encoding="utf-8"))
    unnoted = norms.proofs(PROJECT / "tests")
    proved = {norm_states.base_of(proof.requirement) for proof in unnoted}
    known = {one.id for one in requirements()}
    assert set(notes) <= known
    assert [note.id for note in notes.values() if note.state is State.PARTLY and note.id not in proved] == []
    assert [note.id for note in notes.values() if note.state is State.NOT and note.id in proved] == []


@pytest.mark.parametrize(
    ("marks", "note", "state"),
    [
        ([], None, State.NOT),
        (["3.1.4"], None, State.PARTLY),
        (["3.1.4a", "3.1.4b"], None, State.PARTLY),
        (["3.1.4a", "3.1.4b", "3.1.4c"], None, State.MET),
        (["3.1.4a", "3.1.4b", "3.1.4c"], State.PARTLY, State.PARTLY),
        ([], State.PARTLY, State.NOT),
    ],
)
def test_a_requirement_of_parts_is_met_when_each_part_is_and_a_note_only_lowers(marks, note, state):
    notes = {"3.1.4": Note("3.1.4", note, "Chybí stránka.")} if note else {}
    tests_of = {mark: ["tests/test_x.py::test_x"] for mark in marks}
    assert judge([Requirement("3.1.4", 3)], tests_of, notes)[0].state is state


def test_a_requirement_without_parts_is_met_by_its_number_and_the_missing_parts_are_named():
    single, several = judge(
        [Requirement("3.1.5", 1), Requirement("8.1.10", 28)], {"3.1.5": ["t::a"], "8.1.10a": ["t::b"]}, {}
    )
    assert single.state is State.MET
    assert several.note.endswith("z, aa, ab.")


def test_json_holds_every_requirement(capsys):
    assert norms.main(["--json"]) == 0
    found = json.loads(capsys.readouterr().out)["requirements"]
    assert [one["id"] for one in found] == [one.id for one in requirements()]
    assert {one["state"] for one in found} <= {"met", "partly", "not"}
    assert all(one["tests"] for one in found if one["state"] != "not")


def test_marks_of_functions_and_modules_are_read(tmp_path):
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_x.py").write_text(
        "import pytest\npytestmark = [pytest.mark.django_db, pytest.mark.norm('2.10.1')]\n"
        "@pytest.mark.norm('2.9.1', '2.9.2a')\ndef test_a(): ...\n"
    )
    assert [(proof.requirement, proof.test) for proof in norms.proofs(folder)] == [
        ("2.9.1", "test_a"),
        ("2.9.2a", "test_a"),
        ("2.10.1", "test_a"),
    ]


def test_check_tells_when_the_tables_are_old(tmp_path, monkeypatch):
    monkeypatch.setattr(norms, "PROJECT", tmp_path)
    (tmp_path / "tests").mkdir()
    assert norms.main(["--check"]) == 1
    assert norms.main([]) == 0
    assert norms.main(["--check"]) == 0


def requirements():
    return norm_states.read_requirements((PROJECT / norms.FOLDER / "requirements.csv").read_text(encoding="utf-8"))
