"""A simulator of data boxes in a process of its own, and what measurements ask of it."""

import json
import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.memory import free_port
from egon.cli.layout import python_environment

PASSWORD = "Schranka-2026"
BATCH = 200
"""Messages written by one call, each with its time stamp; more at once get theirs when they are first downloaded."""


@contextmanager
def running() -> Iterator[tuple[str, Path]]:
    """Its address and the folder of its roots."""
    port = free_port()
    folder = Path(os.environ["EGON_DATA_DIR"]) / f"isds-{uuid.uuid4().hex[:8]}"
    command = [sys.executable, "-m", "egon.gateways.isds.simulator", "--port", str(port), "--data", str(folder)]
    environment = python_environment(Path(os.environ["EGON_DATA_DIR"]))
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address, folder / "pki" / "roots"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        try:
            _call(address, "GET", "/api/health")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the simulator did not start")


def add_box(address: str, kind: str, login: str) -> str:
    """A new box with one login; its identifier."""
    described = {
        "type": kind,
        "name": f"Měření {login}",
        "ic": "00000019",
        "users": [{"login": login, "password": PASSWORD}],
    }
    return str(_call(address, "POST", "/api/boxes", described)["id"])


def fill(address: str, *, sender: str, recipient: str, count: int, size: int, batch: int = BATCH) -> None:
    """Put messages with attachments of ``size`` bytes into a box."""
    for start in range(0, count, batch):
        body = {"from": sender, "to": recipient, "count": min(batch, count - start), "size": size}
        _call(address, "POST", "/api/messages", body)


def _call(address: str, method: str, path: str, body: Any = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(address + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.loads(answer.read() or b"null")
