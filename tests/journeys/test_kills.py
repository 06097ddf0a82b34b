"""``kill -9`` of the worker and of the database at random moments of fetching, registering and sending.

In the end both sides have the same messages, each once. ``EGON_KILLS`` sets how many kills there are.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connections, transaction
from tests.database import ScratchDatabase, fill, pointed_at
from tests.isds import RunningSimulator
from tests.letters import approved_letter, citizen_as_party

from egon.audit import sealing
from egon.databox.models import Box, DataMessage, OutboxItem, OutboxState
from egon.gateways.postgres import EmbeddedServer
from egon.kernel import clock
from egon.mailroom import operations as mailroom
from egon.mailroom.errors import IntakeDecided
from egon.mailroom.models import IntakeItem, IntakeState
from egon.parties.models import Party
from egon.records.models import Document
from egon.tenancy.scope import tenant_scope
from egon.world.outside import CITIZEN

pytestmark = pytest.mark.long

KILLS = int(os.environ.get("EGON_KILLS", "24"))
SEED = int(os.environ.get("EGON_KILLS_SEED", "0")) or random.SystemRandom().randrange(1_000_000)
PATIENCE = 240.0


@dataclass(frozen=True)
class OwnServerDatabase(ScratchDatabase):
    """A database on a server that only this test uses, so that it may be killed."""

    address: str = ""

    @property
    def url(self) -> str:
        return self.address


def victims(chance: random.Random) -> Iterator[str]:
    """Of any three kills one takes the database, nobody knows which."""
    while True:
        yield from chance.sample(["worker", "worker", "database"], 3)


class Killer:
    """Keeps a worker and a database running, and kills one of them at random moments."""

    def __init__(self, server: EmbeddedServer, environment: dict[str, str], log: Path, chance: random.Random) -> None:
        self.server, self.environment, self.log, self.chance = server, environment, log, chance
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
                next_kill = time.monotonic() + self.chance.uniform(0.5, 7)

    def _kill_one(self) -> None:
        if next(self.victims) == "database":
            running = self.server.running()
            assert running
            os.kill(running.pid, signal.SIGKILL)
            self.kills["database"] += 1
            time.sleep(self.chance.uniform(0, 1))
            self.server.start()
        else:
            self.worker.kill()
            self.worker.wait()
            self.kills["worker"] += 1

    def _start_worker(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "django", "worker"], env=self.environment, stdout=log, stderr=log
            )


@pytest.fixture
def killable(tmp_path: Path, isds: RunningSimulator, django_db_blocker: Any) -> Iterator[Killer]:
    """An installation of its own: server, demo world, worker; the simulator stands outside and is not killed."""
    server = EmbeddedServer(tmp_path / "pg", durable=False).start()
    server.ensure_database("egon")
    database = OwnServerDatabase("egon", tmp_path / "var" / "storage", server.url("egon"))
    database.storage.mkdir(parents=True)
    environment = {
        **database.environment(),
        "EGON_ISDS_URL": isds.url,
        "EGON_ISDS_TRUST_DIR": str(isds.roots),
        "EGON_ISDS_READ_TIMEOUT": "2",
        "EGON_WORKER_HEARTBEAT": "0.5",
        "EGON_LOG_LEVEL": "WARNING",
    }
    killer = None
    try:
        with django_db_blocker.unblock():
            fill(database)
        with django_db_blocker.unblock(), pointed_at(database):
            killer = Killer(server, environment, tmp_path / "worker.log", random.Random(SEED))
            yield killer
    finally:
        if killer:
            killer.stop()
        server.stop()


def test_after_many_kills_both_sides_have_the_same_messages_each_once(
    killable: Killer,
    isds: RunningSimulator,
) -> None:
    from egon.world import load

    region = until_it_works(lambda: load().region.pk)
    received, sent, number = [], [], 0
    while sum(killable.kills.values()) < KILLS:
        number += 1
        isds.write(f"Podání {number}", to=box_id_of(region))
        received.append(f"Podání {number}")
        until_it_works(lambda: send_letter(region, f"Dopis {number}"))  # noqa: B023 - called at once
        sent.append(f"Dopis {number}")
        until_it_works(lambda: register_what_waits(region))
        time.sleep(killable.chance.uniform(0, 1.5))
    killable.killing = False
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        until_it_works(lambda: register_what_waits(region))
        if until_it_works(lambda: is_settled(region, received, sent)):
            break
        time.sleep(1)
    check_both_sides(region, isds, received, sent)
    sys.stdout.write(
        f"seed {SEED}: {dict(killable.kills)}, {len(received)} messages registered, {len(sent)} letters sent\n"
    )


def check_both_sides(region: int, isds: RunningSimulator, received: list[str], sent: list[str]) -> None:
    with tenant_scope(region):
        assert sorted(DataMessage.objects.filter(direction="received").values_list("annotation", flat=True)) == sorted(
            received
        )
        registered = Document.objects.filter(direction="received", subject__startswith="Podání")
        assert sorted(registered.values_list("subject", flat=True)) == sorted(received)
        assert all(document.components.count() == 2 for document in registered)
        letters = OutboxItem.objects.order_by("pk")
        assert {item.state for item in letters} <= {OutboxState.SENT, OutboxState.DELIVERED}
        assert sorted(isds.received_by(CITIZEN.box)) == sorted(sent)
        assert sorted(letters.values_list("annotation", flat=True)) == sorted(sent)
        identifiers = list(Document.objects.values_list("identifier", flat=True))
        assert len(identifiers) == len(set(identifiers))
        sealing.seal_new_records(now=clock.now())
        assert sealing.verify().intact


def send_letter(region: int, subject: str) -> None:
    """Approve a letter and hand it to dispatch, all or nothing; a repeat after a lost commit finds it done."""
    from egon.world import load

    world = load()
    with tenant_scope(region), transaction.atomic():
        if OutboxItem.objects.filter(annotation=subject).exists():
            return
        addressee = approved_letter(world, subject=subject)
        mailroom.dispatch_document(
            actor=world.actor(world.clerk),
            document=addressee.document,
            addressee=addressee,
            box=Box.objects.get(),
            recipient_box_id=CITIZEN.box.box_id,
            at=clock.now(),
        )


def register_what_waits(region: int) -> None:
    """What the clerk does, as long as there is something."""
    from egon.world import load

    world = load()
    clerk = world.actor(world.clerk)
    with tenant_scope(region):
        sender = Party.objects.filter(databox_id=CITIZEN.box.box_id).first() or citizen_as_party(clerk)
        for item in IntakeItem.objects.filter(state=IntakeState.WAITING):
            with contextlib.suppress(IntakeDecided):
                mailroom.register_intake(actor=clerk, item=item, sender=sender, subject=item.subject, at=clock.now())


def is_settled(region: int, received: list[str], sent: list[str]) -> bool:
    """Whether everything that was written was registered, and everything handed over was sent."""
    with tenant_scope(region):
        registered = IntakeItem.objects.filter(state=IntakeState.REGISTERED).count()
        gone = OutboxItem.objects.filter(state__in=[OutboxState.SENT, OutboxState.DELIVERED]).count()
        return registered == len(received) and gone == len(sent)


def box_id_of(region: int) -> str:
    def read() -> str:
        with tenant_scope(region):
            return Box.objects.get().box_id

    return until_it_works(read)


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
