"""An installation that may be killed: a worker, a database and a simulator of ISDS as processes of their own."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from django.db import InterfaceError, OperationalError, connections
from tests import simulator_keys
from tests.database import ScratchDatabase

from egon.gateways.isds import Environment, IsdsClient, PasswordLogin
from egon.gateways.postgres import EmbeddedServer
from egon.world import telling
from egon.world.organisations import BoxData

PATIENCE = float(os.environ.get("EGON_KILLS_PATIENCE", "240"))
"""Seconds to wait for what has to come right in the end."""

LONGEST_PAUSE = float(os.environ.get("EGON_KILLS_PAUSE", "7"))
"""Seconds; the next kill comes after half a second to this."""

FAULTS = {
    "CreateMessage": ("drop_before", "drop_after", "half_answer", "soap_503", "nonsense", "stall", "status"),
    "GetListOfReceivedMessages": ("drop_after", "half_answer", "soap_503", "duplicate_list", "wrong_encoding"),
    "SignedMessageDownload": ("drop_before", "half_answer", "nonsense", "stall", "status"),
    "GetListOfSentMessages": ("drop_after", "half_answer", "soap_503", "duplicate_list"),
    "GetMessageStateChanges": ("half_answer", "nonsense"),
    "GetSignedDeliveryInfo": ("drop_before", "half_answer"),
    "CheckDataBox": ("soap_503", "delay"),
}
"""What may go wrong by itself and comes right by itself; a refused login waits for a person and is left out."""


@dataclass(frozen=True)
class OwnServerDatabase(ScratchDatabase):
    """A database on a server that only this test uses, so that it may be killed."""

    address: str = ""

    @property
    def url(self) -> str:
        return self.address


class SimulatorProcess:
    """A simulator that keeps its port and its data however often it is killed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        simulator_keys.give(folder / "data")
        self.roots = folder / "data" / "pki" / "roots"
        self._seed = folder / "boxes.json"
        self._seed.write_text(json.dumps(telling.boxes()), encoding="utf-8")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "egon.gateways.isds.simulator", "--port", str(self._port)]
        command += ["--seal-bits", "2048", "--data", str(self._folder / "data"), "--seed", str(self._seed)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, env=environment, stdout=subprocess.DEVNULL, stderr=log,
            )  # fmt: skip
        self._until_it_answers(lambda: self._ask("GET", "/api/health"))

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()

    def write(self, subject: str, *, sender: BoxData, to: str) -> None:
        """A message from outside, once: after a lost answer the sent ones are looked at first."""
        files = [{"name": "dopis.txt", "text": "Dobrý den"}]
        asked = {"from": sender.box_id, "to": to, "annotation": subject, "files": files}

        def write_unless_there() -> None:
            newest = self._ask("GET", "/api/messages", params={"box": sender.box_id, "side": "sent", "limit": 3})
            if subject not in [message["annotation"] for message in newest]:
                self._ask("POST", "/api/messages", json=asked)

        self._until_it_answers(write_unless_there)

    def break_something(self, chance: random.Random) -> None:
        """One call of some operation will go wrong in some way; nothing when the simulator is down just now."""
        operation = chance.choice(list(FAULTS))
        kind = chance.choice(FAULTS[operation])
        fault = {"operation": operation, "kind": kind, "seconds": 3, "code": "3006", "count": chance.randint(1, 2)}
        try:
            self._ask("POST", "/api/faults", json=fault)
        except httpx.HTTPError:
            return

    def mend(self) -> None:
        self._until_it_answers(lambda: self._ask("DELETE", "/api/faults"))

    def received_by(self, box: BoxData) -> list[str]:
        """Subjects of all messages that lie in a box, asked the way its owner would."""
        with IsdsClient(Environment.at(self.url), PasswordLogin(box.login, box.password)) as client:
            return [record.envelope.annotation for record in client.list_received(limit=10_000)]

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        answer = httpx.request(method, self.url + path, timeout=30, **more)
        answer.raise_for_status()
        return answer.json()

    def _until_it_answers(self, step: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                step()
            except httpx.HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return


def victims(chance: random.Random) -> Iterator[str]:
    """Of any four kills one takes the database and one the simulator, nobody knows which."""
    while True:
        yield from chance.sample(["worker", "worker", "database", "isds"], 4)


class Killer:
    """Keeps a worker, a database and ISDS running; kills one of them, or breaks a call, at random moments."""

    def __init__(
        self,
        server: EmbeddedServer,
        isds: SimulatorProcess,
        environment: dict[str, str],
        log: Path,
        chance: random.Random,
    ) -> None:
        self.server, self.isds, self.environment, self.log, self.chance = server, isds, environment, log, chance
        self.kills: Counter[str] = Counter()
        self.victims = victims(chance)
        self.killing = True
        self.stopping = threading.Event()
        self.worker = self._start_worker()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()
        self.worker.kill()
        self.worker.wait()

    def _run(self) -> None:
        next_kill = time.monotonic() + 3
        while not self.stopping.wait(0.05):
            if self.worker.poll() is not None:
                self.worker = self._start_worker()
            if self.killing and time.monotonic() >= next_kill:
                self._kill_one()
                self.isds.break_something(self.chance)
                next_kill = time.monotonic() + self.chance.uniform(0.5, LONGEST_PAUSE)

    def _kill_one(self) -> None:
        match next(self.victims):
            case "database":
                running = self.server.running()
                assert running
                os.kill(running.pid, signal.SIGKILL)
                self.kills["database"] += 1
                time.sleep(self.chance.uniform(0, 1))
                self.server.start()
            case "isds":
                self.isds.kill()
                self.kills["isds"] += 1
                time.sleep(self.chance.uniform(0, 1))
                self.isds.start()
            case _:
                self.worker.kill()
                self.worker.wait()
                self.kills["worker"] += 1

    def _start_worker(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "django", "worker"], env=self.environment, stdout=log, stderr=log
            )


def until_it_works[R](step: Callable[[], R]) -> R:
    """A person whose page failed because the database was down tries again."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return step()
        except (OperationalError, InterfaceError):
            connections.close_all()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
