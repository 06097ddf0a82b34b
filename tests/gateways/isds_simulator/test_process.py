"""The simulator as a process: start, seed, restart, stop, many clients at once, rude clients."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from .conftest import BOXES, CITIZEN, OFFICE, PASSWORD, Running, envelope

SOURCE = Path(__file__).resolve().parents[3] / "src"


class Process:
    """``python -m egon.gateways.isds.simulator`` over one folder."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "egon.gateways.isds.simulator", "--port", "0", "--data", str(folder), *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(SOURCE)}
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[2].rstrip("/")

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@pytest.fixture
def run(keys: Path, tmp_path: Path) -> Iterator[Callable[..., Process]]:
    started: list[Process] = []

    def run_one(*options: str) -> Process:
        if not (tmp_path / "data" / "pki").exists():
            shutil.copytree(keys, tmp_path / "data" / "pki")
        process = Process(tmp_path / "data", *options)
        started.append(process)
        return process

    yield run_one
    for process in started:
        if process.process.poll() is None:
            process.stop(signal.SIGKILL)


def test_restart_and_kill_keep_everything(run: Callable[..., Process], tmp_path: Path) -> None:
    seed = tmp_path / "svět.json"
    seed.write_text(json.dumps({"boxes": BOXES}), encoding="utf-8")
    first = run("--seed", str(seed), "--clock", "2026-03-01T08:00:00")
    boxes = httpx.get(f"{first.url}/api/boxes").json()
    assert httpx.get(f"{first.url}/api/clock").json()["now"].startswith("2026-03-01T08:00:")
    one, other = boxes[0]["id"], boxes[1]["id"]
    filled = httpx.post(f"{first.url}/api/messages", json={"from": one, "to": other, "count": 3, "size": 600_000})
    if filled.status_code == 409:
        filled = httpx.post(f"{first.url}/api/messages", json={"from": one, "to": boxes[2]["id"], "count": 3})
    assert len(filled.json()["ids"]) == 3
    httpx.post(f"{first.url}/api/clock", json={"advance_seconds": 3600})
    before = httpx.get(f"{first.url}/api/messages", params={"box": one, "side": "sent"}).json()
    assert first.stop(signal.SIGKILL) != 0
    second = run("--seed", str(seed))
    assert httpx.get(f"{second.url}/api/boxes").json() == boxes
    assert httpx.get(f"{second.url}/api/messages", params={"box": one, "side": "sent"}).json() == before
    assert httpx.get(f"{second.url}/api/clock").json()["now"].startswith("2026-03-01T09:00:")
    assert second.stop() == 0


def test_taken_port_is_said(run: Callable[..., Process], tmp_path: Path) -> None:
    first = run()
    port = first.url.rpartition(":")[2]
    command = [sys.executable, "-m", "egon.gateways.isds.simulator", "--port", port, "--data", str(tmp_path / "data")]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    second = subprocess.run(command, capture_output=True, text=True, timeout=90, env=environment)
    assert (second.returncode, second.stderr.startswith("Simulátor se nespustil")) == (1, True)


def test_two_hundred_messages_from_twenty_threads_arrive_each_once(isds: Running) -> None:
    def send(order: int) -> str:
        return isds.send(annotation=f"Zpráva {order}")

    with ThreadPoolExecutor(20) as threads:
        numbers = list(threads.map(send, range(200)))
    listed = isds.deliver()
    assert sorted(listed.texts("dmID")) == sorted(numbers)
    assert sorted(listed.texts("dmAnnotation")) == sorted(f"Zpráva {order}" for order in range(200))


def test_two_lists_at_once_deliver_each_message_once(isds: Running) -> None:
    numbers = [isds.send() for _ in range(20)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: isds.deliver(), range(8)))
    for number in numbers:
        record = isds.call("dx", "GetDeliveryInfo", f"<dmID>{number}</dmID>", CITIZEN)
        assert [text.partition(":")[0] for text in record.texts("dmEventDescr")] == ["EV0", "EV5", "EV11"]


def test_fifty_connections_stay_open_side_by_side(isds: Running) -> None:
    clients = [httpx.Client(base_url=isds.url) for _ in range(50)]
    for _ in range(2):
        assert {client.get("/api/health").status_code for client in clients} == {200}
    for client in clients:
        client.close()


def test_client_that_waits_for_continue_and_sends_in_chunks(isds: Running) -> None:
    host, port = isds.url.removeprefix("http://").split(":")
    body = (
        '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><CreateMessage '
        f'xmlns="http://isds.czechpoint.cz/v20">{envelope(isds.boxes[OFFICE])}</CreateMessage></Body></Envelope>'
    ).encode()
    login = httpx.BasicAuth(CITIZEN, PASSWORD)._auth_header
    head = (
        f"POST /DS/dz HTTP/1.1\r\nHost: {host}\r\nAuthorization: {login}\r\nContent-Type: text/xml\r\n"
        "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue")
        for start in range(0, len(body), 400):
            piece = body[start : start + 400]
            connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        connection.sendall(b"0\r\n\r\n")
        answer = connection.recv(20000)
    assert b"200 OK" in answer
    assert b"<q:dmStatusCode>0000<" in answer


def test_rude_clients_do_no_harm(isds: Running) -> None:
    host, port = isds.url.removeprefix("http://").split(":")
    for rude in (b"\x00\xff\xfe\r\n\r\n", b"POST /DS/dz HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                 b"POST /DS/dz HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
                 b"POST /DS/dz HTTP/1.1\r\nContent-Length: 1000\r\n\r\n<half"):  # fmt: skip
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(rude)
    time.sleep(0.1)
    assert isds.http.get("/api/health").json()["status"] == "ok"
    assert isds.http.get("/DS/../../etc/passwd").status_code == 404
    assert isds.http.post("/DS/nic", content=b"x").status_code == 404
    assert isds.http.post("/DS/vodz", content=b"x").status_code == 400


def test_json_door_is_closed_to_web_pages_and_to_other_names(isds: Running) -> None:
    for headers in ({"Origin": "https://example.cz"}, {"Host": "example.cz"}):
        refused = isds.http.post("/api/clock", json={"advance_seconds": 5}, headers=headers)
        assert refused.status_code == 403
    assert isds.http.get("/api/clock").json()["offset_seconds"] == 0
    assert isds.http.post("/api/clock", json={"advance_seconds": -5}).status_code == 400
    assert isds.http.post("/api/clock", json={}).status_code == 400
    assert isds.http.post("/api/boxes", json={"type": "NESMYSL", "name": "x"}).status_code == 400
