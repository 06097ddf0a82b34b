"""The demo names a taken port, refuses a second run, restarts what dies and ends all it started."""

import os
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from egon.cli.__main__ import main
from egon.cli.demo import run, state
from egon.cli.demo.children import Child, Watch
from egon.cli.demo.ports import free_port


def child(tmp_path: Path, code: str) -> Child:
    return Child("Web", [sys.executable, "-c", code], os.environ, tmp_path / "web.log")


def wait_until_dead(process: Child) -> None:
    assert process.process is not None
    process.process.wait(timeout=20)


def test_a_taken_port_is_named_and_the_next_one_used() -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        found = free_port(taken, said.append)
    assert found > taken
    assert f"Port {taken} je obsazený" in said[0]


def test_a_second_demo_in_the_folder_is_refused_and_a_dead_one_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "demo.lock").write_text("1")
    with state.take_lock(tmp_path):
        with pytest.raises(state.DemoRunsAlready) as refused:
            state.take_lock(tmp_path)
        assert refused.value.pid == os.getpid()
    state.take_lock(tmp_path).close()


def test_a_stranger_answering_on_the_port_is_not_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "DEATHS_ENDURED_AT_START", 1)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as stranger:
        threading.Thread(target=stranger.serve_forever, args=(0.02,)).start()
        port, watch = stranger.server_address[1], Watch(lambda text: None)
        ours = watch.start(child(tmp_path, "raise SystemExit('Address already in use')"))
        with pytest.raises(run.CannotStart, match="nespustil"):
            run._wait_for_answer(watch, ours, port, "/", any_answer=True)
        stranger.shutdown()


def test_only_what_a_process_said_since_its_start_counts(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("Listening at: http://127.0.0.1:8800\n")
    ours = child(tmp_path, "print('http://127.0.0.1:8801')")
    ours.start()
    wait_until_dead(ours)
    assert ours.has_said("127.0.0.1:8801")
    assert not ours.has_said("127.0.0.1:8800")


def test_a_process_that_dies_is_reported_with_its_last_words_and_started_again_after_a_pause(tmp_path: Path) -> None:
    said: list[str] = []
    watch = Watch(said.append)
    web = watch.start(child(tmp_path, "print('poslední slova'); raise SystemExit(3)"))
    wait_until_dead(web)
    watch.look()
    assert "kód 3" in said[0] and any("poslední slova" in line for line in said)
    first_pause = web.pause
    watch.look()
    assert not web.alive(), "it must wait before it starts again"
    web.again_at = time.monotonic()
    watch.look()
    assert "znovu spuštěno" in said[-1]
    wait_until_dead(web)
    watch.look()
    assert web.pause > first_pause
    watch.stop_all()


def test_stopping_ends_also_what_the_process_started(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)']).pid, flush=True)\ntime.sleep(99)"
    )
    watch = Watch(lambda text: None)
    web = watch.start(child(tmp_path, code))
    deadline = time.monotonic() + 20
    while not web.log_tail() and time.monotonic() < deadline:
        time.sleep(0.05)
    grandchild = int(web.log_tail()[0])
    watch.stop_all()
    assert not web.alive()
    deadline = time.monotonic() + 10
    while _lives(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(grandchild)


def test_an_unknown_command_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dmeo"]) == 2
    told = capsys.readouterr().err
    assert "„dmeo“ neznám" in told and "isds-simulator" in told


def _lives(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
