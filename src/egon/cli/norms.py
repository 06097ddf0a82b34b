"""``egon norms``: which test proves which requirement, read from the marks ``@pytest.mark.norm("2.3.1")``.

The table ``docs/norms/traceability.csv`` is generated; a test fails when it is not what the marks say.
"""

import argparse
import ast
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from egon.cli.layout import PROJECT

TABLE = Path("docs/norms/traceability.csv")


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


def main(argv: Sequence[str]) -> int:
    """Write the table, or with ``--check`` only say whether it is up to date."""
    parser = argparse.ArgumentParser(prog="egon norms", description="Sestaví tabulku požadavek → test ze značek testů.")
    parser.add_argument("--check", action="store_true", help="nezapisuj, jen ověř, že tabulka odpovídá testům")
    options = parser.parse_args(argv)
    table = proofs(PROJECT / "tests")
    target = PROJECT / TABLE
    if options.check:
        current = target.exists() and target.read_text(encoding="utf-8") == as_csv(table)
        print("Tabulka odpovídá testům." if current else "Tabulka neodpovídá testům. Spusťte ./egon norms.")
        return 0 if current else 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(as_csv(table), encoding="utf-8")
    print(f"{TABLE}: {len({proof.requirement for proof in table})} požadavků, {len(table)} důkazů.")
    return 0


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
