"""Reading and verifying a ZFO of 5 MB in this process, against ``openssl cms -verify`` on the same file.

Compared by processor time, which other work on the machine does not spoil.
"""

import os
import resource
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from bench.report import Row
from egon.gateways.isds import (
    Environment,
    IsdsClient,
    OutgoingFile,
    OutgoingMessage,
    PasswordLogin,
    TrustStore,
    read_zfo,
    verify_zfo,
)
from egon.gateways.isds.simulator import seed
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.server import SimulatorServer
from egon.gateways.isds.zfo import Level
from egon.kernel import clock

MOST = 1.5
ROUNDS = 15
PASSWORD = "Heslo-12345x"
BOXES = '{"boxes": [{"type": %s, "name": "%s", "users": [{"login": "%s", "password": "Heslo-12345x"}]}]}'


def measure(server: Any, given: Any) -> list[Row]:
    """Processor time of both, the best of several rounds."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        document, roots = _sealed_message(folder)
        ours, theirs = _ours(document, roots), _theirs(document, roots, folder)
    ratio = ours / theirs
    value = f"{ours * 1000:.0f} ms, openssl {theirs * 1000:.0f} ms ({ratio:.2f}násobek)".replace(".", ",")
    return [Row("ověření ZFO 5 MB (čas procesoru)", value, f"≤ {MOST:.1f}násobek".replace(".", ","), ratio <= MOST)]


def _sealed_message(folder: Path) -> tuple[Path, Path]:
    """A message of 5 MB as the simulator seals it, and the folder of roots."""
    simulator = Simulator(folder / "isds")
    for number, (kind, name, login) in enumerate(((10, "Úřad", "urad"), (40, "Jan Řeháček", "obcan"))):
        file = folder / f"{number}.json"
        file.write_text(BOXES % (kind, name, login), encoding="utf-8")
        seed.from_file(simulator, file)
    listening = SimulatorServer(("127.0.0.1", 0), simulator)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    environment = Environment.at(f"http://127.0.0.1:{listening.server_address[1]}")
    content = b"%PDF-1.7\n" + os.urandom(5 * 1024 * 1024) + b"\n%%EOF\n"
    with (
        IsdsClient(environment, PasswordLogin("urad", PASSWORD)) as office,
        IsdsClient(environment, PasswordLogin("obcan", PASSWORD)) as citizen,
    ):
        file = OutgoingFile("a.pdf", content, "application/pdf", "main")
        dm_id = citizen.create_message(OutgoingMessage(office.owner().box_id, "Měření", (file,)))
        office.list_received()
        document = folder / "zprava.zfo"
        document.write_bytes(office.download_signed(dm_id))
    listening.shutdown()
    listening.server_close()
    simulator.close()
    return document, Path(simulator.roots)


def _ours(document: Path, roots: Path) -> float:
    trust, times = TrustStore.from_pem_folder(roots), []
    for _ in range(ROUNDS):
        begun = time.process_time()
        level = verify_zfo(read_zfo(document.read_bytes()), trust, clock.now()).summary().level
        times.append(time.process_time() - begun)
        if level is not Level.OK:
            raise RuntimeError("the message does not verify")
    return min(times)


def _theirs(document: Path, roots: Path, folder: Path) -> float:
    authorities = folder / "roots.pem"
    authorities.write_bytes(b"".join(path.read_bytes() for path in sorted(roots.glob("*.pem"))))
    options = ["-inform", "DER", "-in", str(document), "-CAfile", str(authorities), "-purpose", "any"]
    times = []
    for _ in range(ROUNDS):
        before = _children()
        subprocess.run(["openssl", "cms", "-verify", *options, "-out", os.devnull], check=True, capture_output=True)
        times.append(_children() - before)
    return min(times)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
