"""A simulator in a process of its own, for tests that go through the real client."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from tests import simulator_keys

from egon.gateways.isds import Environment, IsdsClient, PasswordLogin

PASSWORD = "Heslo-12345x"
SOURCES = Path(__file__).resolve().parents[3] / "src"
BOXES = [
    {
        "type": "OVM",
        "name": "Krajský úřad Středohoří",
        "ic": "70890001",
        "users": [{"login": "office", "password": PASSWORD}],
    },
    {
        "type": 40,
        "name": "Jan Řeháček",
        "birth_date": "1980-02-29",
        "users": [{"login": "citizen", "password": PASSWORD, "name": "Jan Řeháček"}],
    },
]


@dataclass
class Running:
    """The simulator's process."""

    url: str
    roots: Path

    def client(self, login: str, password: str = PASSWORD) -> IsdsClient:
        return IsdsClient(Environment("simulátor", base_url=self.url, read_timeout=60), PasswordLogin(login, password))

    def fault(self, operation: str, kind: str, **options: object) -> None:
        answer = httpx.post(f"{self.url}/api/faults", json={"operation": operation, "kind": kind, **options})
        assert answer.status_code == 200, answer.text

    def state_of(self, dm_id: str, box: str) -> int:
        """The state of a message as the simulator keeps it; asking delivers nothing."""
        answer: Any = httpx.get(f"{self.url}/api/messages", params={"box": box, "side": "received"}).json()
        found = answer["messages"] if isinstance(answer, dict) else answer
        return next(int(item["state"]) for item in found if str(item["id"]) == dm_id)

    def advance(self, moved: timedelta) -> None:
        answer = httpx.post(f"{self.url}/api/clock", json={"advance_seconds": moved.total_seconds()})
        assert answer.status_code == 200, answer.text


@contextmanager
def running_simulator(folder: Path) -> Iterator[Running]:
    """A simulator with two boxes over ``folder``."""
    simulator_keys.give(folder / "data")
    seed = folder / "boxes.json"
    seed.write_text(json.dumps({"boxes": BOXES}), encoding="utf-8")
    command = [sys.executable, "-m", "egon.gateways.isds.simulator", "--port", "0", "--seal-bits", "2048"]
    process = subprocess.Popen(
        [*command, "--data", str(folder / "data"), "--seed", str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(SOURCES), "PYTHONIOENCODING": "utf-8"},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"(http://\S+?)/ .* v (.*)\)", line)
    assert found, line
    try:
        yield Running(found.group(1), Path(found.group(2)))
    finally:
        process.terminate()
        process.wait(60)
