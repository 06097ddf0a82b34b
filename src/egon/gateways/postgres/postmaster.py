"""What runs over a data folder: reading ``postmaster.pid`` and telling a live server from a stale note.

A number alone proves nothing: after a crash or in a new container it may belong to any process, and PostgreSQL
itself would then refuse to start. So a process counts as ours only when its command line
names the program and our data folder.
"""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Postmaster:
    """A live server over the data folder."""

    pid: int
    socket_folder: Path | None
    ready: bool


def live_postmaster(data_dir: Path) -> Postmaster | None:
    """The server running over ``data_dir``, or None when nothing runs there (a stale note does not count)."""
    try:
        lines = (data_dir / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not is_server_over(pid, data_dir):
        return None
    folder = Path(lines[4].strip()) if len(lines) > 4 and lines[4].strip() else None
    return Postmaster(pid, folder, ready=len(lines) > 7 and lines[7].strip() == "ready")


def is_server_over(pid: int, data_dir: Path) -> bool:
    """True when process ``pid`` is a PostgreSQL started over ``data_dir``."""
    command = command_line_of(pid)
    return bool(command) and "postgres" in command[0] and str(data_dir) in " ".join(command)


def command_line_of(pid: int) -> list[str]:
    """Arguments of a live process; empty when there is none, or only its remains (a zombie)."""
    if pid <= 0:
        return []
    if Path("/proc/self/cmdline").exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return []
        return [part.decode("utf-8", "replace") for part in raw.split(b"\0") if part]
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip().split(" ") if shown.stdout.strip() else []


def forget_stale_notes(data_dir: Path, socket_folder: Path, port: int) -> None:
    """Remove what a killed server left behind. Call only under the start lock, with no live server over the data."""
    (data_dir / "postmaster.pid").unlink(missing_ok=True)
    (socket_folder / f".s.PGSQL.{port}").unlink(missing_ok=True)
    (socket_folder / f".s.PGSQL.{port}.lock").unlink(missing_ok=True)


def server_holding_socket(socket_folder: Path, port: int, data_dir: Path) -> int | None:
    """A live server that still holds our socket although the data folder under it was deleted and made anew."""
    try:
        pid = int((socket_folder / f".s.PGSQL.{port}.lock").read_text(encoding="utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if is_server_over(pid, data_dir) else None


def wait_until_gone(pid: int, data_dir: Path, seconds: float) -> bool:
    """Wait for the end of the server; True when it ended in time."""
    deadline = time.monotonic() + seconds
    while is_server_over(pid, data_dir):
        _reap(pid)
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _reap(pid: int) -> None:
    """Take the exit status when the server is our own child, so that it does not stay as a zombie."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def end_server(pid: int, data_dir: Path, *, fast_seconds: float = 60.0) -> bool:
    """Fast shutdown (transactions roll back, a checkpoint is written), after ``fast_seconds`` the immediate one."""
    for how, patience in ((signal.SIGINT, fast_seconds), (signal.SIGQUIT, 10.0)):
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return True
        if wait_until_gone(pid, data_dir, patience):
            return True
    return False
