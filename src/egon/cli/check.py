"""``./egon check``: what can be said about the code without a run of the tests; steps side by side, then a summary."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from egon.cli.layout import PROJECT, python_environment, standing_data_dir

IMPORT_CONTRACT = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"


@dataclass(frozen=True)
class Step:
    """One check: its name and the arguments for our Python."""

    name: str
    arguments: tuple[str, ...]


# The longest comes first: the others run beside it.
STEPS = (
    Step("typy (mypy --strict)", ("-m", "mypy")),
    Step("styl (ruff check)", ("-m", "ruff", "check", ".")),
    Step("formát (ruff format)", ("-m", "ruff", "format", "--check", ".")),
    Step("vrstvy (import-linter)", ("-c", IMPORT_CONTRACT)),
    Step("chybějící migrace", ("-m", "django", "makemigrations", "--check", "--dry-run")),
    Step(
        "šablony",
        (
            "-m",
            "egon.cli.templates",
        ),
    ),
)


def main(argv: Sequence[str]) -> int:
    """Run all steps, or those whose name contains a given word. Exit code 1 when any fails."""
    if any(word in ("-h", "--help") for word in argv):
        print("Použití: ./egon check [část názvu kroku …]\n\n" + "\n".join(f"  {step.name}" for step in STEPS))
        return 0
    chosen = [step for step in STEPS if not argv or any(word in step.name for word in argv)]
    with ThreadPoolExecutor(os.cpu_count()) as side_by_side:
        results = list(zip(chosen, side_by_side.map(_run, chosen), strict=True))
    print("\nSouhrn:")
    for step, (passed, seconds) in results:
        print(f"  {'v pořádku' if passed else 'CHYBA    '}  {seconds:6.1f} s  {step.name}")
    failed = [step.name for step, (passed, _) in results if not passed]
    print("Vše v pořádku." if chosen and not failed else f"Selhalo: {', '.join(failed) or 'žádný krok neodpovídá'}.")
    return 0 if chosen and not failed else 1


def _run(step: Step) -> tuple[bool, float]:
    """Run one step and print all it said at once, so that steps side by side do not mix their words."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, *step.arguments],
        cwd=PROJECT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    print(f"== {step.name}\n{done.stdout}", end="", flush=True)
    return done.returncode == 0, time.monotonic() - begun


def _environment() -> dict[str, str]:
    """Nothing here needs a database; where Django would only warn that it has none, it is told not to."""
    quiet = "ignore:Got an error checking a consistent migration history:RuntimeWarning"
    warnings = os.environ.get("PYTHONWARNINGS", quiet)
    return python_environment(standing_data_dir(), PYTHONWARNINGS=warnings, EGON_LOG_LEVEL="WARNING")
