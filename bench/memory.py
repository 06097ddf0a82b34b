"""Memory of web, worker and database together: proportional share (PSS), so that shared pages count once."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.report import Row
from egon.cli.layout import python_environment
from egon.cli.product import granian_arguments

MOST_MB = 700.0
THREADS = 4
REST_SECONDS = 12
REQUESTS = 400


def measure(server: Any, given: Any) -> list[Row]:
    """At rest after the start, and after some hundreds of pages."""
    # Our own connections have their backends in the server, too; they are no part of the product at rest.
    from django.db import connections

    connections.close_all()
    port = free_port()
    with _processes(port) as (web, worker):
        _wait_for(port)
        time.sleep(REST_SECONDS)
        at_rest = _usage(server, web, worker)
        _visit(port)
        after = _usage(server, web, worker)
    return [
        Row("paměť v klidu (PSS)", _told(at_rest), f"< {MOST_MB:.0f} MB", sum(at_rest.values()) < MOST_MB),
        Row("paměť po běhu (PSS)", _told(after)),
    ]


def _told(usage: dict[str, float]) -> str:
    parts = ", ".join(f"{name} {size:.0f}" for name, size in usage.items())
    return f"{sum(usage.values()):.0f} MB ({parts})"


@contextmanager
def _processes(port: int) -> Iterator[tuple[int, int]]:
    environment = python_environment(Path(os.environ["EGON_DATA_DIR"]), EGON_LOG_LEVEL="ERROR")
    commands = (granian_arguments("127.0.0.1", port, threads=THREADS), [sys.executable, "-m", "django", "worker"])
    started: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            started.append(
                subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            )
        yield started[0].pid, started[1].pid
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def _usage(server: Any, web: int, worker: int) -> dict[str, float]:
    postmaster = server.running()
    return {"web": _tree_mb(web), "úlohy": _tree_mb(worker), "databáze": _tree_mb(postmaster.pid)}


def _tree_mb(pid: int) -> float:
    return sum(_pss_kb(one) for one in _tree(pid)) / 1024


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in thread.read_text().split():
            yield from _tree(int(child))


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            _get(port, "/health")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the web did not start")


def _visit(port: int) -> None:
    for number in range(REQUESTS):
        _get(port, ("/prihlaseni/", "/health", "/static/egon/egon.css")[number % 3])


def _get(port: int, path: str) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        link.request("GET", path, headers={"Host": "localhost"})
        answer = link.getresponse()
        answer.read()
        return answer.status
    finally:
        link.close()
