"""``egon norms``: which test proves which requirement, read from the marks ``@pytest.mark.norm("2.3.1")``.

``docs/norms/traceability.csv`` and ``matrix.json`` are generated; a test fails when they are not what the marks say.
"""

import argparse
import ast
import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from egon.cli import norm_states
from egon.cli.layout import PROJECT

FOLDER = Path("docs/norms")
TABLE = FOLDER / "traceability.csv"
MATRIX = FOLDER / "matrix.json"


@dataclass(frozen=True, order=True)
class Proof:
    """One test that proves one requirement: ``file`` is relative to the project."""

    requirement: str
    file: str
    test: str


def proofs(tests: Path) -> list[Proof]:
    """Every marked test below ``tests``, by requirement in the order of the standard."""
    found = {proof for path in tests.rglob("test_*.py") for proof in _proofs_in(path, tests.parent)}
    return sorted(found, key=lambda proof: (_natural(proof.requirement), proof.file, proof.test))


def as_csv(table: Sequence[Proof]) -> str:
    """The table as CSV with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["requirement", "file", "test"])
    writer.writerows([proof.requirement, proof.file, proof.test] for proof in table)
    return text.getvalue()


def verdicts(table: Sequence[Proof], project: Path) -> list[norm_states.Verdict]:
    """The state of every requirement by the proofs and by the notes kept in ``docs/norms``."""
    tests_of: dict[str, list[str]] = defaultdict(list)
    for proof in table:
        tests_of[proof.requirement].append(f"{proof.file}::{proof.test}")
    requirements = norm_states.read_requirements(_read(project / FOLDER / "requirements.csv"))
    notes = norm_states.read_notes(_read(project / FOLDER / "notes.csv"))
    return norm_states.judge(requirements, tests_of, notes)


def generated(project: Path) -> dict[Path, str]:
    """What the generated files are to hold, by their paths."""
    table = proofs(project / "tests")
    return {TABLE: as_csv(table), MATRIX: norm_states.as_json(verdicts(table, project))}


def main(argv: Sequence[str]) -> int:
    """Write the generated files and print the matrix; with ``--check`` only say whether they are up to date."""
    parser = argparse.ArgumentParser(
        prog="egon norms", description="Co testy dokazují z požadavků NSESSS, po oddílech."
    )
    parser.add_argument("--check", action="store_true", help="nezapisuj, jen ověř, že soubory odpovídají testům")
    parser.add_argument("--json", action="store_true", help="vypiš stav všech požadavků jako JSON, nic nezapisuj")
    options = parser.parse_args(argv)
    if options.check:
        current = all(_read(PROJECT / path) == text for path, text in generated(PROJECT).items())
        print("Tabulky odpovídají testům." if current else "Tabulky neodpovídají testům. Spusťte ./egon norms.")
        return 0 if current else 1
    found = verdicts(proofs(PROJECT / "tests"), PROJECT)
    if options.json:
        print(norm_states.as_json(found), end="")
        return 0
    for path, text in generated(PROJECT).items():
        (PROJECT / path).parent.mkdir(parents=True, exist_ok=True)
        (PROJECT / path).write_text(text, encoding="utf-8")
    print(norm_states.as_table(found))
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _proofs_in(path: Path, root: Path) -> Iterator[Proof]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    file = path.relative_to(root).as_posix()
    of_module = _marks(_pytestmark(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            for requirement in [*_marks(node.decorator_list), *of_module]:
                yield Proof(requirement, file, node.name)


def _pytestmark(tree: ast.Module) -> list[ast.expr]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
            return list(node.value.elts) if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
    return []


def _marks(decorators: Sequence[ast.expr]) -> list[str]:
    """The requirements named by ``pytest.mark.norm(...)`` among decorators."""
    return [
        str(argument.value)
        for decorator in decorators
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr == "norm"
        for argument in decorator.args
        if isinstance(argument, ast.Constant)
    ]


def _natural(requirement: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", requirement)]
