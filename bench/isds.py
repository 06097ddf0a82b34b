"""The library of data boxes against the simulator: ten thousand messages, a hundred megabytes, long lists."""

import io
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench import simulator
from bench.report import Row
from egon.cli.layout import PROJECT, python_environment
from egon.gateways.isds import Environment, IsdsClient, PasswordLogin, TrustStore, read_zfo, verify_zfo
from egon.gateways.isds.zfo import Level
from egon.kernel import clock

LONG, SHORT = 100_000, 1_000
PAGE = 1000
ROUNDS = 7
MOST_RATIO = 1.5
BIG = 100 * 1024 * 1024 - 64 * 1024
MOST_MB = 120.0
SMALL_MESSAGE = 10_000


def measure(server: Any, given: Any) -> list[Row]:
    """All figures of one simulator."""
    with simulator.running() as (address, roots):
        sender = simulator.add_box(address, "OVM", "odesilatel")
        return [
            *_hundred_megabytes(address, simulator.add_box(address, "OVM_PO", "prijemce")),
            *_receiving(address, roots, sender, simulator.add_box(address, "OVM_PO", "mnoho"), given.received),
            *_long_list(address, sender),
        ]


def _hundred_megabytes(address: str, box: str) -> list[Row]:
    file = Path(os.environ["EGON_DATA_DIR"]) / "sto-megabajtu.csv"
    file.write_bytes(b"0123456789abcde\n" * (BIG // 16))
    try:
        sent, received = (_in_a_process(what, address, box, file) for what in ("send", "receive"))
    finally:
        file.unlink(missing_ok=True)
    return [_large_row("odeslání 100 MB", sent), _large_row("stažení 100 MB jako ZFO", received)]


def _large_row(what: str, told: dict[str, Any]) -> Row:
    value = f"{told['seconds']:.1f} s, nejvýše {told['peak']:.0f} MB paměti"
    return Row(what, value.replace(".", ","), f"≤ {MOST_MB:.0f} MB", told["peak"] <= MOST_MB)


def _in_a_process(what: str, address: str, box: str, file: Path) -> dict[str, Any]:
    environment = python_environment(Path(os.environ["EGON_DATA_DIR"]))
    environment["PYTHONPATH"] = os.pathsep.join([environment["PYTHONPATH"], str(PROJECT)])
    command = [sys.executable, "-m", "bench.large_message", what, address, box, str(file)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, cwd=PROJECT)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _receiving(address: str, roots: Path, sender: str, box: str, count: int) -> list[Row]:
    """List in pages, download, read and verify each: all that is done before anything is stored."""
    simulator.fill(address, sender=sender, recipient=box, count=count, size=SMALL_MESSAGE)
    trust, sound = TrustStore.from_pem_folder(roots), 0
    begun = time.perf_counter()
    with IsdsClient(Environment.at(address), PasswordLogin("mnoho", simulator.PASSWORD)) as client:
        for offset in range(1, count + 1, PAGE):
            for record in client.list_received(offset=offset, limit=PAGE):
                target = io.BytesIO()
                client.download_signed_into(record.dm_id, target)
                level = verify_zfo(read_zfo(target.getvalue()), trust, clock.now()).summary().level
                sound += level is Level.OK
    seconds = time.perf_counter() - begun
    if sound != count:
        raise RuntimeError(f"only {sound} of {count} messages verify")
    shown = f"{count:,}".replace(",", "\u00a0")
    return [Row(f"příjem {shown} zpráv klientem (10 kB, ověřených)", f"{seconds:.0f} s, {count / seconds:.0f} zpráv/s")]


def _long_list(address: str, sender: str) -> list[Row]:
    """The same page of a long and of a short list."""
    times: dict[int, float] = {}
    for count in (SHORT, LONG):
        login = f"seznam{count}"
        box = simulator.add_box(address, "OVM_PO", login)
        simulator.fill(address, sender=sender, recipient=box, count=count, size=100, batch=20_000)
        with IsdsClient(Environment.at(address), PasswordLogin(login, simulator.PASSWORD)) as client:
            client.list_received(limit=PAGE)  # delivers, which is done once
            times[count] = statistics.median(_seconds_of_page(client) for _ in range(ROUNDS))
    ratio = times[LONG] / times[SHORT]
    value = f"{times[LONG] * 1000:.0f} ms, z 1 000 zpráv {times[SHORT] * 1000:.0f} ms ({ratio:.2f}násobek)"
    return [
        Row("stránka seznamu ze 100 000 zpráv", value.replace(".", ","), "≤ 1,5násobek", ratio <= MOST_RATIO),
    ]


def _seconds_of_page(client: IsdsClient) -> float:
    begun = time.perf_counter()
    if len(client.list_received(limit=PAGE)) != PAGE:
        raise RuntimeError("the page is not full")
    return time.perf_counter() - begun
