"""Fetching messages of 100 kB from the simulator, beside the simulator's answers fetched and thrown away."""

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

from django.conf import settings

from bench.memory import _free_port
from bench.report import Row
from egon import world
from egon.cli.layout import python_environment
from egon.databox import connection, fetching
from egon.databox.models import Box, DataMessage
from egon.databox.operations import add_box
from egon.kernel.actor import Actor

SIZE = 100_000
TARGET = 0.3
BATCH = 200


def measure(server: Any, given: Any) -> list[Row]:
    """Messages per second through the product: list, download, check the seal, store, log, register in the inbox."""
    school = world.load().school
    with _simulator() as (address, roots):
        settings.ISDS_URL, settings.ISDS_TRUST_DIR = address, str(roots)
        own, other = _box(address, "OVM_PO", "skola"), _box(address, "OVM", "urad")
        _fill(address, sender=other, recipient=own, count=given.messages)
        with school.scope():
            box = add_box(
                actor=Actor.system(school.pk), box_id=own, name="Měření", login="skola", password="Schranka-2026"
            )
            discarded = _fetch_and_throw_away(box, given.messages)
            begun = time.perf_counter()
            fetching.fetch_box(box.pk, forced=True)
            seconds = time.perf_counter() - begun
            stored = DataMessage.objects.filter(box=box).exclude(zfo_digest="").count()
            Box.objects.filter(pk=box.pk).update(active=False)
    if stored < given.messages:
        raise RuntimeError(f"only {stored} of {given.messages} messages were stored")
    rate, plain = stored / seconds, given.messages / discarded
    return [
        Row("stažení datových zpráv (100 kB)", f"{rate:.1f} zpráv/s"),
        Row("stažení a zahození odpovědí simulátoru", f"{plain:.1f} zpráv/s"),
        Row("poměr stažení k zahození", f"{rate / plain:.2f}", "≥ 0,3", rate / plain >= TARGET),
    ]


def _fetch_and_throw_away(box: Box, count: int) -> float:
    """Seconds for the bare answers: the same client, nothing done with what comes."""
    begun = time.perf_counter()
    with connection.client_for(box) as client:
        offset, numbers = 1, list[str]()
        while page := client.list_received(None, None, offset=offset, limit=1000):
            numbers.extend(record.dm_id for record in page)
            offset += 1000
        for number in numbers[:count]:
            client.download_signed(number)
    return time.perf_counter() - begun


@contextmanager
def _simulator() -> Iterator[tuple[str, Path]]:
    port = _free_port()
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


def _box(address: str, kind: str, login: str) -> str:
    described = {
        "type": kind,
        "name": f"Měření {login}",
        "ic": "00000019",
        "users": [{"login": login, "password": "Schranka-2026"}],
    }
    return str(_call(address, "POST", "/api/boxes", described)["id"])


def _fill(address: str, *, sender: str, recipient: str, count: int) -> None:
    for start in range(0, count, BATCH):
        body = {"from": sender, "to": recipient, "count": min(BATCH, count - start), "size": SIZE}
        _call(address, "POST", "/api/messages", body)


def _call(address: str, method: str, path: str, body: Any = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(address + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.loads(answer.read() or b"null")
