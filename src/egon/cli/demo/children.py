"""The processes of the demo: started, watched, restarted with a growing pause, stopped in order.

Each lives in a session of its own, so that Ctrl-C in the terminal reaches only us and we stop them in the right order;
on Linux the kernel ends them when we are killed outright.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
GRACE_SECONDS = 25.0

_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent() -> None:
    """Between fork and exec: SIGTERM when the thread that started us ends."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


@dataclass
class Child:
    """One process that should keep running. ``title`` is Czech, for the person at the terminal."""

    title: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log_file: Path
    process: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    started_at: float = 0.0
    log_began: int = 0
    again_at: float | None = None
    deaths: int = field(default=0)

    def start(self) -> None:
        """Start it; output goes to the end of its log. Call from the main thread (the kernel watches that one)."""
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            self.log_began = log.tell()
            self.process = subprocess.Popen(
                list(self.arguments),
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        self.started_at = time.monotonic()
        self.again_at = None

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def log_tail(self, lines: int = 12) -> list[str]:
        """The last lines it wrote."""
        try:
            with self.log_file.open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - 16384))
                return log.read().decode("utf-8", "replace").strip().splitlines()[-lines:]
        except OSError:
            return []

    def has_said(self, words: str) -> bool:
        """Whether these words stand in what it wrote since it was last started."""
        try:
            with self.log_file.open("rb") as log:
                log.seek(self.log_began)
                return words.encode() in log.read(65536)
        except OSError:
            return False

    def ask_to_end(self) -> None:
        if self.process is not None and self.alive():
            self.process.send_signal(signal.SIGTERM)

    def make_sure_it_ended(self, grace: float = GRACE_SECONDS) -> None:
        """Wait for the end, then end what is left of its session (children it started itself)."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=grace)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.sweep()

    def sweep(self) -> None:
        """Kill what the ended process left in its own group. The group exists only while it has members."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


class Watch:
    """Looks after children: reports a death with the last lines of the log and starts again after a growing pause."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: list[Child] = []

    def start(self, child: Child) -> Child:
        self.children.append(child)
        child.start()
        return child

    def look(self) -> None:
        """One round; call it a few times a second."""
        now = time.monotonic()
        for child in self.children:
            if child.alive():
                continue
            if child.again_at is None:
                self._report(child, now)
            elif now >= child.again_at:
                child.start()
                self.say(f"{child.title}: znovu spuštěno.")

    def _report(self, child: Child, now: float) -> None:
        child.sweep()
        if now - child.started_at > STEADY_AFTER:
            child.pause = FIRST_PAUSE
        child.deaths += 1
        child.again_at = now + child.pause
        code = child.process.returncode if child.process else None
        self.say(
            f"\n{child.title}: proces skončil ({_czech_ending(code)}). Poslední řádky ze souboru {child.log_file}:"
        )
        for line in child.log_tail():
            self.say(f"    {line}")
        self.say(f"Data zůstala beze změny. Znovu ho spustím za {child.pause:.0f} s.")
        child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def stop_all(self) -> None:
        """Ask all to end, newest first, and wait for them."""
        for child in reversed(self.children):
            child.ask_to_end()
        for child in reversed(self.children):
            child.make_sure_it_ended()


def _czech_ending(code: int | None) -> str:
    if code is None:
        return "nespuštěno"
    return f"signál {-code}" if code < 0 else f"kód {code}"
