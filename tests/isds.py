"""A simulator of ISDS for tests of the product: the demo world's boxes, keys made once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from tests import simulator_keys

from egon.gateways.isds import ClientCertificate, Environment, IsdsClient, OutgoingFile, OutgoingMessage, PasswordLogin
from egon.gateways.isds.simulator import seed
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.server import SimulatorServer
from egon.world import telling
from egon.world.organisations import BoxData
from egon.world.outside import CITIZEN


class RunningSimulator:
    """The simulator in a thread of this process, and what a test asks of it."""

    def __init__(self, folder: Path) -> None:
        simulator_keys.give(folder)
        self.simulator = Simulator(folder, seal_bits=2048)
        for box in telling.boxes()["boxes"]:
            seed.create(self.simulator, box)
        self.server = SimulatorServer(("127.0.0.1", 0), self.simulator)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.roots = folder / "pki" / "roots"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self._thread.start()
        self._tls: SimulatorServer | None = None
        self._tls_thread: threading.Thread | None = None
        self.api = httpx.Client(base_url=self.url, timeout=30)

    def close(self) -> None:
        self.api.close()
        self.simulator.stopping.set()
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()
        if self._tls is not None and self._tls_thread is not None:
            self._tls.shutdown()
            self._tls.server_close()
            self._tls_thread.join()
        self.simulator.close()

    def secure(self) -> str:
        """Address of the same simulator over TLS, where certificates count; its roots are trusted from now on."""
        if self._tls is None:
            self._tls = SimulatorServer(("127.0.0.1", 0), self.simulator, tls=True)
            self._tls_thread = threading.Thread(target=self._tls.serve_forever, args=(0.02,))
            self._tls_thread.start()
            settings.ISDS_CA_FILE = str(self.simulator.tls_authority)
        return f"https://127.0.0.1:{self._tls.server_address[1]}"

    def certificate(self, box: str, *, kind: str = "system", registered: bool = True, **more: Any) -> ClientCertificate:
        """A login certificate of a box, which ISDS knows unless told otherwise."""
        answer = self.api.post("/api/certificates", json={"kind": kind, "box": box, **more}).json()
        if not registered:
            self.api.delete("/api/certificates", params={"fingerprint": answer["fingerprint"]})
        return ClientCertificate.from_pem(answer["certificate_pem"].encode(), answer["key_pem"].encode())

    def register(self, certificate: ClientCertificate, box: str, *, kind: str = "system") -> None:
        """What the administrator does in the portal: ISDS knows the certificate from now on."""
        pem = certificate.to_pem().decode().partition("-----BEGIN PRIVATE KEY")[0]
        self.api.post("/api/certificates", json={"kind": kind, "box": box, "certificate_pem": pem}).raise_for_status()

    def states(self, box: str) -> set[int]:
        """States of the messages a box received, as ISDS keeps them; asking delivers nothing."""
        found = self.api.get("/api/messages", params={"box": box, "side": "received"}).json()
        return {int(item["state"]) for item in found}

    def client(self, box: BoxData) -> IsdsClient:
        """A client with the login of one of the world's boxes."""
        return IsdsClient(Environment.at(self.url), PasswordLogin(box.login, box.password))

    def write(
        self,
        subject: str,
        *,
        to: str,
        sender: BoxData = CITIZEN.box,
        files: tuple[tuple[str, bytes, str], ...] = (("dopis.txt", "Dobrý den".encode(), "text/plain"),),
        **more: Any,
    ) -> str:
        """Send a message as one of the world's boxes; returns its id."""
        attached = tuple(
            OutgoingFile(name, content, mime, role="main" if position == 0 else "enclosure")
            for position, (name, content, mime) in enumerate(files)
        )
        with self.client(sender) as client:
            return client.create_message(OutgoingMessage(recipient_box=to, annotation=subject, files=attached, **more))

    def log_in(self, box: BoxData) -> None:
        """Somebody reads the box: its messages are delivered by login."""
        with self.client(box) as client:
            client.list_received()

    def break_(self, operation: str, kind: str, **more: Any) -> None:
        """Have the next call(s) of an operation fail."""
        answer = self.api.post("/api/faults", json={"operation": operation, "kind": kind, **more})
        assert answer.status_code < 300, answer.text

    @contextmanager
    def little_patience(self) -> Iterator[None]:
        """Inside the block the product waits for an answer half a second only."""
        before, settings.ISDS_READ_TIMEOUT = settings.ISDS_READ_TIMEOUT, 0.5
        try:
            yield
        finally:
            settings.ISDS_READ_TIMEOUT = before

    def mend(self) -> None:
        """Forget all faults."""
        self.api.delete("/api/faults")

    def advance(self, seconds: int) -> None:
        """Move the clock of ISDS."""
        answer = self.api.post("/api/clock", json={"advance_seconds": seconds})
        assert answer.status_code < 300, answer.text

    def received_by(self, box: BoxData) -> list[str]:
        """Subjects of all messages that lie in a box, asked the way its owner would."""
        with self.client(box) as client:
            return [record.envelope.annotation for record in client.list_received()]


@pytest.fixture
def isds(tmp_path: Path) -> Iterator[RunningSimulator]:
    """A running simulator that the product is pointed at; patience is enough for a busy machine."""
    running = RunningSimulator(tmp_path / "isds")
    before = {
        name: getattr(settings, name) for name in ("ISDS_URL", "ISDS_TRUST_DIR", "ISDS_CA_FILE", "ISDS_READ_TIMEOUT")
    }
    settings.ISDS_URL, settings.ISDS_TRUST_DIR, settings.ISDS_READ_TIMEOUT = running.url, str(running.roots), 20.0
    try:
        yield running
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
        running.close()
