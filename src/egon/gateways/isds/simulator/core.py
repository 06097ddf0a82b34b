"""The simulator as one object: everything the SOAP door, the JSON door and the pages work with."""

import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

from egon.gateways.isds.simulator import archiving, clock, pki
from egon.gateways.isds.simulator.accounts import Accounts
from egon.gateways.isds.simulator.asynchronous import AsyncRequests
from egon.gateways.isds.simulator.boxes import Box
from egon.gateways.isds.simulator.certificates import Certificates
from egon.gateways.isds.simulator.clock import MovableClock
from egon.gateways.isds.simulator.credit import Credit
from egon.gateways.isds.simulator.database import Database
from egon.gateways.isds.simulator.directory import Directory
from egon.gateways.isds.simulator.faults import Faults
from egon.gateways.isds.simulator.messages import Messages
from egon.gateways.isds.simulator.seal import Sealer
from egon.gateways.isds.simulator.sessions import Sessions
from egon.gateways.isds.simulator.switches import Switches
from egon.gateways.isds.simulator.uploads import Uploads
from egon.gateways.isds.simulator.vaults import Vaults


class Simulator:
    """All state of one simulator, kept in ``folder``. ``starts_at`` (ms) sets the clock of a new folder only."""

    def __init__(
        self, folder: Path, *, starts_at: int | None = None, seal_bits: int = 3072, delivery_delay_ms: int = 0
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.database = Database(folder / "simulator.sqlite3")
        self.clock = self._clock(starts_at)
        self.roots = folder / "pki" / "roots"
        self.pki = pki.load_or_make(folder / "pki", now=clock.utc(self.clock.now()), seal_bits=seal_bits)
        self.sealer = Sealer(self.pki)
        self.directory = Directory(self.database)
        self.accounts = Accounts(self.database)
        self.certificates = Certificates(self.database)
        self.sessions = Sessions(self.accounts)
        self.tls_authority = folder / "pki" / "tls" / "ca.pem"
        self.messages = Messages(
            self.database, folder / "contents", self.sealer, self.directory, delivery_delay_ms=delivery_delay_ms
        )
        self.async_requests = AsyncRequests(self.database)
        self.credit = Credit(self.database)
        self.vaults = Vaults(self.database)
        self.switches = Switches(self.database)
        self.uploads = Uploads(self.database, folder / "uploads")
        self.archiving = archiving.Queue()
        self.archive_every_day = False
        """The rule of the public test environment: further archive stamps after 24 hours already."""
        self.incoming = _empty(folder / "incoming")
        self.faults = Faults()
        self.stopping = threading.Event()

    def _clock(self, starts_at: int | None) -> MovableClock:
        stored = self.database.setting("clock_offset_ms")
        if stored is None and starts_at is not None:
            stored = str(starts_at - int(time.time() * 1000))
        offset = int(stored or 0)
        self.database.remember("clock_offset_ms", str(offset))
        return MovableClock(offset, lambda changed: self.database.remember("clock_offset_ms", str(changed)))

    def now(self) -> int:
        """The present moment (ms), with everything that became due by it already done."""
        now = self.clock.now()
        self.messages.settle(now)
        self.uploads.settle(now)
        return now

    def set_box_state(self, box: Box, state: int) -> Box:
        """Open or close a box; closing makes what waits in it undeliverable."""
        changed = self.directory.save(replace(box, state=state))
        self.directory.note_state(box.id, state, at=self.clock.now())
        if state != 1:
            self.messages.make_undeliverable(box.id, now=self.now())
        return changed

    def close(self) -> None:
        self.stopping.set()
        self.database.close()


def _empty(folder: Path) -> Path:
    """A folder for requests under way; what a killed process left there is of no use."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
