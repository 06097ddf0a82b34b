"""Commands for whoever develops the product: tests, measuring, lock files."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from egon.cli.layout import PROJECT, SOURCE

LOCKED = {
    "requirements": "3.12",
    "requirements-dev": "3.12",
    "requirements-uv": "3.8",
}
"""Which lists of libraries are locked, and for the oldest Python they serve (the launcher's uv: any old one)."""


def test(argv: Sequence[str]) -> int:
    """pytest with everything, on every core; arguments are passed through and then one process does it."""
    return _become(["-m", "pytest", *(argv or _everything())])


def bench(argv: Sequence[str]) -> int:
    """The measurements of ``bench/``."""
    return _become(["-m", "bench", *argv])


def lock(argv: Sequence[str]) -> int:
    """Compile the lock files anew: with hashes, for all platforms, without the address of any registry.

    Arguments go to uv, for example ``--upgrade`` or ``--upgrade-package django``.
    """
    uv = _find_uv()
    for name, oldest in LOCKED.items():
        fixed = [
            "--universal",
            "--python-version",
            oldest,
            "--generate-hashes",
            "--no-emit-index-url",
            "--no-header",
            "-q",
        ]
        done = subprocess.run([uv, "pip", "compile", *fixed, *argv, f"{name}.in", "-o", f"{name}.lock"], cwd=PROJECT)
        if done.returncode != 0:
            print(f"{name}.lock se nepodařilo sestavit; předchozí soubor zůstal beze změny.", file=sys.stderr)
            return done.returncode
        print(f"{name}.lock je sestaven.")
    return 0


def _everything() -> list[str]:
    """Whole files go to one process, since their tests share a simulator or a browser."""
    return ["-n", str(os.cpu_count() or 1), "--dist", "loadfile"]


def _find_uv() -> str:
    own = PROJECT / "var" / "uv" / "bin" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if not found:
        raise SystemExit("Nástroj uv tu není. Nainstalujte ho (pip install uv) a spusťte příkaz znovu.")
    return found


def _become(arguments: Sequence[str]) -> int:
    """Replace this process, so that signals and exit codes are the tool's own."""
    os.chdir(PROJECT)
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(SOURCE), str(PROJECT), os.environ.get("PYTHONPATH", "")])
    )
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - our own Python, no shell wanted
