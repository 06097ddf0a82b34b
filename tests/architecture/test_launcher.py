"""The launcher finds a Python, makes the environment once, heals a half-made one, and says in Czech what is wrong.

No network: uv is replaced by a script that makes an environment of links to the Python of the tests and notes calls.
"""

import importlib.machinery
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parents[2]

UV = """#!/bin/sh
echo "$@" >> "$EGON_TEST_CALLS"
case "$1 $2" in
  "--version ") echo "uv 0" ;;
  "venv "*) for last; do :; done; mkdir -p "$last/bin" && ln -s "{python}" "$last/bin/python" ;;
  "pip sync") [ -z "$EGON_TEST_FAILURE" ] || {{ echo "$EGON_TEST_FAILURE"; exit 1; }} ;;
esac
"""


def load_launcher(path: Path) -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("egon_launcher", str(path))
    spec = importlib.util.spec_from_loader("egon_launcher", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what the launcher needs, in a folder with a space and diacritics."""
    copy = tmp_path / "náš projekt"
    copy.mkdir()
    for name in ("egon", "requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        shutil.copy(PROJECT / name, copy / name)
    uv = copy / "var" / "uv" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(UV.format(python=sys.executable))
    uv.chmod(0o755)
    return copy


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What uv was asked for since the last question, without asking for its version."""
    noted = tmp_path / "calls"
    monkeypatch.setenv("EGON_TEST_CALLS", str(noted))
    monkeypatch.delenv("EGON_TEST_FAILURE", raising=False)

    def since_last() -> list[str]:
        lines = noted.read_text().splitlines() if noted.exists() else []
        noted.unlink(missing_ok=True)
        return [line for line in lines if not line.startswith("--version")]

    return since_last


def script(path: Path, text: str) -> str:
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return str(path)


def test_an_interpreter_that_does_not_run_or_is_too_old_is_passed_over(tmp_path: Path) -> None:
    launcher = load_launcher(PROJECT / "egon")
    shim = script(tmp_path / "shim", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    old = script(tmp_path / "old", """echo '[[3, 11, 9], "/usr/bin/python3.11", false, ""]'""")
    chatty = script(tmp_path / "chatty", "echo hello")
    new = script(tmp_path / "new", """echo '[[3, 12, 1], "/opt/python 3/bin/python3.12", false, ""]'""")
    assert launcher.find_interpreter([shim, old, chatty, new]) == "/opt/python 3/bin/python3.12"
    assert launcher.find_interpreter([shim, old, str(tmp_path / "missing")]) is None


def test_the_interpreter_under_a_virtual_environment_is_taken_not_the_environment() -> None:
    launcher = load_launcher(PROJECT / "egon")
    found = launcher.find_interpreter([sys.executable])
    assert found is not None
    assert Path(found).parent == Path(sys.base_prefix) / "bin"


def test_interpreters_of_pyenv_are_found_when_path_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = load_launcher(PROJECT / "egon")
    home = tmp_path / "pyenv [s mezerou]" / "versions" / "3.12.7" / "bin"
    home.mkdir(parents=True)
    expected = script(home / "python3.12", "exit 0")
    script(home / "python3.9", "exit 0")
    monkeypatch.setenv("PYENV_ROOT", str(home.parents[2]))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert expected in launcher.candidate_interpreters()
    assert not [path for path in launcher.candidate_interpreters() if path.endswith("python3.9")]


def test_the_environment_is_made_once_and_then_left_alone(folder: Path, calls: Callable[[], list[str]]) -> None:
    launcher = load_launcher(folder / "egon")
    launcher.ensure_environment(launcher.ROOT, "runtime")
    made = calls()
    assert [line.split()[0] for line in made] == ["venv", "pip"]
    assert "--require-hashes" in made[1] and made[1].endswith("/requirements.lock")
    launcher.ensure_environment(launcher.ROOT, "runtime")
    assert calls() == []


def test_the_environment_for_development_serves_the_product_too(folder: Path, calls: Callable[[], list[str]]) -> None:
    launcher = load_launcher(folder / "egon")
    launcher.ensure_environment(launcher.ROOT, "runtime")
    calls()
    launcher.ensure_environment(launcher.ROOT, "dev")
    grown = calls()
    assert len(grown) == 1 and grown[0].endswith("requirements-dev.lock"), "growing must not build from nothing"
    launcher.ensure_environment(launcher.ROOT, "runtime")
    assert calls() == [], "going back to a product command must not remove the tools"


def test_a_changed_lock_is_brought_in(folder: Path, calls: Callable[[], list[str]]) -> None:
    launcher = load_launcher(folder / "egon")
    launcher.ensure_environment(launcher.ROOT, "runtime")
    calls()
    with (folder / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    launcher.ensure_environment(launcher.ROOT, "runtime")
    assert [line.split()[0] for line in calls()] == ["pip"]


@pytest.mark.parametrize("harm", ["no stamp", "damaged stamp", "no interpreter", "moved"])
def test_a_half_made_or_moved_environment_is_built_anew(
    folder: Path, calls: Callable[[], list[str]], harm: str
) -> None:
    launcher = load_launcher(folder / "egon")
    launcher.ensure_environment(launcher.ROOT, "runtime")
    calls()
    stamp = folder / ".venv" / "egon-stamp.json"
    if harm == "no stamp":
        stamp.unlink()
    elif harm == "damaged stamp":
        stamp.write_text(stamp.read_text()[:20])
    elif harm == "no interpreter":
        (folder / ".venv" / "bin" / "python").unlink()
    else:
        folder = folder.rename(folder.with_name("jinde"))
        launcher = load_launcher(folder / "egon")
    (folder / ".venv" / "left-over").touch()
    launcher.ensure_environment(launcher.ROOT, "runtime")
    assert [line.split()[0] for line in calls()] == ["venv", "pip"]
    assert not (folder / ".venv" / "left-over").exists()
    assert json.loads((folder / ".venv" / "egon-stamp.json").read_text())["folder"] == str(folder)


def test_a_failed_installation_leaves_no_stamp_and_the_next_run_heals_it(
    folder: Path, calls: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = load_launcher(folder / "egon")
    monkeypatch.setenv("EGON_TEST_FAILURE", "error: error sending request for url")
    with pytest.raises(launcher.CannotStart, match="Registr balíků Pythonu není dostupný"):
        launcher.ensure_environment(launcher.ROOT, "runtime")
    assert launcher.read_stamp(launcher.ROOT) == {}
    calls()
    monkeypatch.delenv("EGON_TEST_FAILURE")
    launcher.ensure_environment(launcher.ROOT, "runtime")
    assert [line.split()[0] for line in calls()] == ["venv", "pip"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("OSError: [Errno 28] No space left on device", "místo na disku"),
        ("Hash mismatch for `django==6.1.3`", "otisk"),
        ("[Errno 13] Permission denied: '.venv'", "nelze zapisovat"),
        ("Name or service not known; timed out", "Registr balíků"),
    ],
)
def test_usual_causes_are_told_in_czech(said: str, told: str) -> None:
    assert told in load_launcher(PROJECT / "egon").explain(said)


def test_only_development_commands_ask_for_the_tools() -> None:
    launcher = load_launcher(PROJECT / "egon")
    assert [launcher.level_for([name]) for name in ("test", "check", "bench", "lock")] == ["dev"] * 4
    assert [launcher.level_for(words) for words in (["demo", "test"], ["web"], [], ["--help"])] == ["runtime"] * 4


def test_run_as_a_program_it_reports_a_failure_without_a_traceback(
    folder: Path, calls: Callable[[], list[str]]
) -> None:
    environment = {**os.environ, "EGON_TEST_FAILURE": "No space left on device"}
    done = subprocess.run(
        [sys.executable, str(folder / "egon"), "help"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Došlo místo na disku" in done.stderr
    assert "Traceback" not in done.stderr


def test_run_as_a_program_it_hands_over_to_the_command_line(folder: Path, calls: Callable[[], list[str]]) -> None:
    package = folder / "src" / "egon" / "cli"
    package.mkdir(parents=True)
    (folder / "src" / "egon" / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("import sys; print(sys.argv[1:]); sys.exit(7)")
    done = subprocess.run(
        [sys.executable, str(folder / "egon"), "demo", "--port", "9"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (7, "['demo', '--port', '9']\n")


def test_the_launcher_keeps_to_syntax_of_old_pythons() -> None:
    import ast

    ast.parse((PROJECT / "egon").read_text(encoding="utf-8"), feature_version=(3, 6))
