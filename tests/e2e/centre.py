"""The whole centre as real processes: web, worker and the simulator of ISDS on free ports, on a database of its own."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import database, simulator_keys

from egon.cli.demo.children import end_with_parent
from egon.cli.product import granian_arguments
from egon.world import telling

STARTED_WITHIN = 90.0


@dataclass(frozen=True)
class Centre:
    """Addresses of a running centre, and where its data and logs are."""

    url: str
    isds_url: str
    environment: dict[str, str]
    logs: Path

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the product on this centre's data."""
        return subprocess.run(
            [sys.executable, *arguments], env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Centre]:
    """Start a centre in ``folder`` and stop all of it at the end."""
    with _own_copy() as copy:
        web_port, isds_port = _free_port(), _free_port()
        isds_url = f"http://127.0.0.1:{isds_port}"
        environment = copy.environment() | {
            "EGON_ISDS_URL": isds_url,
            "EGON_ISDS_TRUST_DIR": str(folder / "isds" / "pki" / "roots"),
            "EGON_DEMO": "1",
            "PYTHONUNBUFFERED": "1",
        }
        centre = Centre(f"http://127.0.0.1:{web_port}", isds_url, environment, folder)
        simulator_keys.give(folder / "isds")
        seed = folder / "boxes.json"
        seed.write_text(json.dumps(telling.boxes()), encoding="utf-8")
        simulator = ["-m", "egon.gateways.isds.simulator", "--port", str(isds_port), "--data", str(folder / "isds")]
        with contextlib.ExitStack() as processes:
            processes.enter_context(
                _process("isds", [sys.executable, *simulator, "--seed", str(seed), "--seal-bits", "2048"], centre)
            )
            processes.enter_context(_process("web", granian_arguments("127.0.0.1", web_port, threads=4), centre))
            processes.enter_context(_process("worker", [sys.executable, "-m", "django", "worker"], centre))
            _wait_for(f"{isds_url}/api/health", centre, "isds")
            _wait_for(f"{centre.url}/health", centre, "web")
            yield centre


@contextlib.contextmanager
def _own_copy() -> Iterator[database.ScratchDatabase]:
    """A copy of the template that this test process itself never connects to: other tests keep their database."""
    template = database._template()
    name = f"egon_test_e2e_{os.getpid()}_{uuid.uuid4().hex[:6]}"
    copy = database.ScratchDatabase(name, database.FOLDER / "copies" / uuid.uuid4().hex / "storage")
    copy.storage.parent.mkdir(parents=True)
    if template.storage.exists():
        shutil.copytree(template.storage, copy.storage)
    database._create(copy.name, template.name)
    try:
        yield copy
    finally:
        database._drop(copy.name)
        shutil.rmtree(copy.storage.parent, ignore_errors=True)


@contextlib.contextmanager
def _process(name: str, arguments: list[str], centre: Centre) -> Iterator[None]:
    with (centre.logs / f"{name}.log").open("w") as log:
        process = subprocess.Popen(
            arguments,
            env=centre.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,  # a killed test run leaves nothing behind
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, centre: Centre, name: str) -> None:
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until:
        with contextlib.suppress(OSError, urllib.error.URLError):
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return
            except urllib.error.HTTPError as answer:
                if answer.code < 500:
                    return
        time.sleep(0.2)
    log = (centre.logs / f"{name}.log").read_text(errors="replace")
    raise RuntimeError(f"{name} does not answer at {url}:\n{log[-3000:]}")
