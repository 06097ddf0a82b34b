"""``python -m bench.large_message send|receive ADDRESS BOX FILE``: one large message in a process that tells its peak.

A process of its own, because memory of the whole process is what counts.
"""

import json
import sys
import time
from pathlib import Path

from bench.simulator import PASSWORD
from egon.gateways.isds import Environment, IsdsClient, MemoryLedger, OutgoingMessage, PasswordLogin, Source
from egon.gateways.isds.dispatch import Attachment, send


def main(what: str, address: str, box: str, file: str) -> None:
    """Print seconds, the peak of memory in MB and the number of the message as JSON."""
    login = PasswordLogin("odesilatel" if what == "send" else "prijemce", PASSWORD)
    with IsdsClient(Environment.at(address), login) as client:
        begun = time.perf_counter()
        number = _send(client, box, Path(file)) if what == "send" else _receive(client, Path(file))
        seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "peak": _peak_mb(), "number": number}))


def _send(client: IsdsClient, box: str, file: Path) -> str:
    attachment = Attachment("data.csv", Source.of_path(file), "text/csv", "main")
    return send(client, OutgoingMessage(box, "Sto megabajtů", ()), [attachment], MemoryLedger()).dm_id


def _receive(client: IsdsClient, file: Path) -> str:
    (record,) = [record for record in client.list_received(limit=5) if record.is_big][:1]
    with file.open("wb") as target:
        client.download_big_signed_into(record.dm_id, target)
    return record.dm_id


def _peak_mb() -> float:
    """Not ``ru_maxrss``: after a fork it counts the memory of the parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:5])
