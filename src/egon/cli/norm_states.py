"""How far each requirement of NSESSS is proved: pure, from the list of requirements, the marks of tests and the notes.

A requirement of several lettered parts is met when each part has its mark (``3.1.4a``, ``3.1.4b``…); one without parts
when it has any. A note may lower what the marks say, never raise it.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum


class State(IntEnum):
    """What tests prove of a requirement; a higher value is more."""

    NOT = 0
    PARTLY = 1
    MET = 2


@dataclass(frozen=True)
class Requirement:
    """One requirement in force; ``parts`` is the number of its lettered parts, 1 when it has none."""

    id: str
    parts: int

    @property
    def chapter(self) -> str:
        """``3.1`` of ``3.1.4``."""
        return self.id.rpartition(".")[0]

    @property
    def marks(self) -> list[str]:
        """The marks that together prove it: ``["3.1.4a", "3.1.4b", "3.1.4c"]``, or its bare number."""
        return [self.id] if self.parts == 1 else [f"{self.id}{_letter(index)}" for index in range(self.parts)]


@dataclass(frozen=True)
class Note:
    """What a person adds in Czech; ``state`` is the most the requirement may count for."""

    id: str
    state: State
    text: str


@dataclass(frozen=True)
class Verdict:
    """The state of one requirement with the tests that prove it."""

    requirement: Requirement
    state: State
    tests: Sequence[str] = field(default_factory=list)
    note: str = ""


def judge(
    requirements: Iterable[Requirement], tests_of: Mapping[str, Sequence[str]], notes: Mapping[str, Note]
) -> list[Verdict]:
    """The verdict of every requirement; ``tests_of`` maps a mark (``3.1.4a``) to its tests."""
    return [_judge(one, tests_of, notes.get(one.id)) for one in requirements]


def _judge(requirement: Requirement, tests_of: Mapping[str, Sequence[str]], note: Note | None) -> Verdict:
    missing = [mark for mark in requirement.marks if mark not in tests_of]
    marks = dict.fromkeys([requirement.id, *requirement.marks])
    tests = list(dict.fromkeys(test for mark in marks for test in tests_of.get(mark, ())))
    proved = State.NOT if not tests else State.PARTLY if missing else State.MET
    state = min(proved, note.state) if note else proved
    told = [note.text] if note else []
    if proved is State.PARTLY and requirement.parts > 1:
        told.append(f"Bez důkazu: {', '.join(mark.removeprefix(requirement.id) for mark in missing)}.")
    return Verdict(requirement, state, tests, " ".join(told))


def read_requirements(text: str) -> list[Requirement]:
    """The list of requirements in force (``id,parts``)."""
    return [Requirement(row["id"], int(row["parts"])) for row in csv.DictReader(io.StringIO(text))]


def read_notes(text: str) -> dict[str, Note]:
    """The notes (``id,state,note``), one a requirement. Raises ``ValueError`` for a second one or an unknown state."""
    notes: dict[str, Note] = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["id"] in notes or row["state"] not in ("partly", "not") or not row["note"].strip():
            raise ValueError(f"note of {row['id']}: one a requirement, partly or not, with a text")
        notes[row["id"]] = Note(row["id"], State[row["state"].upper()], row["note"].strip())
    return notes


def as_json(verdicts: Sequence[Verdict]) -> str:
    """All verdicts, one requirement a line, so that two people's changes merge."""
    lines = ",\n".join(json.dumps(_plain(verdict), ensure_ascii=False) for verdict in verdicts)
    return f'{{"requirements": [\n{lines}\n]}}\n'


def as_table(verdicts: Sequence[Verdict]) -> str:
    """Numbers by chapter with the sum, then what is proved in part only, for reading."""
    chapters = list(dict.fromkeys(verdict.requirement.chapter for verdict in verdicts))
    lines = [f"{'oddíl':<8}{'celkem':>8}{'splněno':>9}{'zčásti':>8}{'ne':>6}"]
    lines += [_row(chapter, [v for v in verdicts if v.requirement.chapter == chapter]) for chapter in chapters]
    lines += [_row("celkem", verdicts), ""]
    partly = [verdict for verdict in verdicts if verdict.state is State.PARTLY]
    lines += [f"{verdict.requirement.id:<8}zčásti  {verdict.note}".rstrip() for verdict in partly]
    return "\n".join(lines)


def _row(title: str, verdicts: Sequence[Verdict]) -> str:
    counts = [sum(verdict.state is state for verdict in verdicts) for state in (State.MET, State.PARTLY, State.NOT)]
    return f"{title:<8}{len(verdicts):>8}{counts[0]:>9}{counts[1]:>8}{counts[2]:>6}"


def _plain(verdict: Verdict) -> dict[str, object]:
    return {
        "id": verdict.requirement.id,
        "state": verdict.state.name.lower(),
        "tests": list(verdict.tests),
        "note": verdict.note,
    }


def base_of(mark: str) -> str:
    """``3.1.4`` of the mark ``3.1.4a``."""
    return re.sub(r"[a-z]+$", "", mark)


def _letter(index: int) -> str:
    """a, b … z, aa, ab …"""
    prefix = _letter(index // 26 - 1) if index >= 26 else ""
    return prefix + chr(ord("a") + index % 26)
