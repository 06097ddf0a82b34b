"""A small HTTP server that answers as a test tells it to, and misbehaves on request."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.gateways.isds.running import Running, running_simulator

from egon.gateways.isds import Environment, IsdsClient, PasswordLogin

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


@dataclass
class Script:
    """What the server does with the next requests; each request takes one answer, the last one repeats."""

    answers: list[bytes] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    stall_seconds: float = 0.0
    read_request: bool = True
    port: int = 0

    def answer(self, body: bytes | str, *, status: str = "200 OK", kind: str = "text/xml", extra: str = "") -> None:
        """Answer with a whole HTTP response."""
        payload = body.encode() if isinstance(body, str) else body
        # One connection, one answer: said aloud, or the next call may still try the connection that is being closed.
        plain = f"Content-Type: {kind}\r\nContent-Length: {len(payload)}\r\nConnection: close\r\n"
        head = f"HTTP/1.1 {status}\r\n{plain}{extra}\r\n"
        self.answers.append(head.encode() + payload)

    def answer_operation(self, operation: str, inner: str, *, code: str = "0000", prefix: str = "dm") -> None:
        """Answer with a SOAP answer of ``operation``."""
        self.answer(
            f'<s:Envelope xmlns:s="{SOAP}"><s:Body><p:{operation}Response xmlns:p="http://isds.czechpoint.cz/v20" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{inner}<p:{prefix}Status>'
            f"<p:{prefix}StatusCode>{code}</p:{prefix}StatusCode><p:{prefix}StatusMessage>text</p:{prefix}StatusMessage>"
            f"</p:{prefix}Status></p:{operation}Response></s:Body></s:Envelope>"
        )


def _serve(listener: socket.socket, script: Script, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            _answer_one(connection, script, stop)


def _answer_one(connection: socket.socket, script: Script, stop: threading.Event) -> None:
    try:
        script.requests.append(_whole_request(connection) if script.read_request else b"")
        if script.stall_seconds:
            stop.wait(script.stall_seconds)
            return
        number = min(len(script.requests), len(script.answers)) - 1
        if number >= 0:
            connection.sendall(script.answers[number])
    except OSError:
        return


def _whole_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    deadline = time.monotonic() + 10
    while len(body) < length and time.monotonic() < deadline:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def script() -> Iterator[Script]:
    """The server's script; the server listens on ``script.port``."""
    listener = socket.create_server(("127.0.0.1", 0))
    plan, stop = Script(port=listener.getsockname()[1]), threading.Event()
    thread = threading.Thread(target=_serve, args=(listener, plan, stop), daemon=True)
    thread.start()
    yield plan
    stop.set()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


@pytest.fixture
def client(script: Script) -> Iterator[IsdsClient]:
    """A client of that server with a small limit of answers."""
    environment = Environment(
        "zkušební server",
        base_url=f"http://127.0.0.1:{script.port}",
        connect_timeout=20,
        read_timeout=20,
        total_timeout=60,
        max_answer=200_000,
    )
    with IsdsClient(environment, PasswordLogin("urednik", "tajne-heslo")) as opened:
        yield opened


@pytest.fixture
def isds_standards(standards: Path) -> Path:
    """Official schemas and sample data of ISDS."""
    return standards / "isds"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A simulator of its own for the module, with two boxes."""
    with running_simulator(tmp_path_factory.mktemp("isds")) as started:
        yield started


@pytest.fixture
def office(simulator: Running) -> Iterator[IsdsClient]:
    with simulator.client("office") as client:
        yield client


@pytest.fixture
def citizen(simulator: Running) -> Iterator[IsdsClient]:
    with simulator.client("citizen") as client:
        yield client
