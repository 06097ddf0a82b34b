"""What the demo has already done, so that the next start does not do it again; and the lock against a second demo."""

import fcntl
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import IO, Any

from egon.cli.layout import PROJECT, SOURCE


class DemoRunsAlready(Exception):
    """Another demo uses the folder. ``pid`` 0 when it is not known."""

    def __init__(self, pid: int) -> None:
        super().__init__(str(pid))
        self.pid = pid


def take_lock(folder: Path) -> IO[str]:
    """Hold the folder for this process; a killed demo leaves no lock behind. Raises DemoRunsAlready."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "demo.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        noted = lock.read().strip()
        lock.close()
        raise DemoRunsAlready(int(noted) if noted.isdigit() else 0) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def code_fingerprint(source: Path = SOURCE) -> str:
    """A mark of the code that decides how the database looks: any change means that migrations are looked at again."""
    mark = hashlib.sha256((PROJECT / "requirements.lock").read_bytes())
    for path in sorted(source.rglob("*.py")):
        mark.update(path.relative_to(source).as_posix().encode())
        mark.update(path.read_bytes())
    return mark.hexdigest()


def read_state(folder: Path) -> dict[str, Any]:
    """The notes of the last start; empty when there are none or they are damaged."""
    try:
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(folder: Path, state: dict[str, Any]) -> None:
    unfinished = folder / "state.json.new"
    unfinished.write_text(json.dumps(state, ensure_ascii=False, indent=1), encoding="utf-8")
    unfinished.replace(folder / "state.json")


def forget_everything(folder: Path) -> None:
    """Delete the demo's data, all but the lock that is held."""
    for path in folder.iterdir():
        if path.name == "demo.lock":
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
