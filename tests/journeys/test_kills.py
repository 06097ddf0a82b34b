"""``kill -9`` of the worker, of the database and of ISDS at random moments, and faults of single calls.

In the end both sides have the same messages, each once. ``EGON_KILLS`` sets how many kills there are at least,
``EGON_KILLS_MESSAGES`` how many messages go each way at least. The whole proof, some half an hour:
``EGON_KILLS=60 EGON_KILLS_MESSAGES=500 EGON_KILLS_PAUSE=30 EGON_KILLS_PATIENCE=900``.
"""

import contextlib
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from tests.database import fill, pointed_at
from tests.journeys.killing import PATIENCE, Killer, OwnServerDatabase, SimulatorProcess, until_it_works
from tests.letters import approved_letter, citizen_as_party

from egon.audit import sealing
from egon.databox import operations as databox
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
MESSAGES = int(os.environ.get("EGON_KILLS_MESSAGES", "0"))
SEED = int(os.environ.get("EGON_KILLS_SEED", "0")) or random.SystemRandom().randrange(1_000_000)


@pytest.fixture
def killable(tmp_path: Path, django_db_blocker: Any) -> Iterator[Killer]:
    """An installation of its own: server, demo world, worker, simulator."""
    server = EmbeddedServer(tmp_path / "pg", durable=False).start()
    server.ensure_database("egon")
    database = OwnServerDatabase("egon", tmp_path / "var" / "storage", server.url("egon"))
    database.storage.mkdir(parents=True)
    isds = SimulatorProcess(tmp_path / "isds")
    isds.start()
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
            killer = Killer(server, isds, environment, tmp_path / "worker.log", random.Random(SEED))
            yield killer
    finally:
        if killer:
            killer.stop()
        isds.kill()
        server.stop()


def test_after_many_kills_both_sides_have_the_same_messages_each_once(killable: Killer) -> None:
    from egon.world import load

    region = until_it_works(lambda: load().region.pk)
    box = box_id_of(region)
    received, sent, number = [], [], 0
    while sum(killable.kills.values()) < KILLS or number < MESSAGES:
        number += 1
        killable.isds.write(f"Podání {number}", sender=CITIZEN.box, to=box)
        received.append(f"Podání {number}")
        until_it_works(lambda: send_letter(region, f"Dopis {number}"))  # noqa: B023 - called at once
        sent.append(f"Dopis {number}")
        until_it_works(lambda: register_what_waits(region))
        if number >= MESSAGES:
            time.sleep(killable.chance.uniform(0, 1.5))
    killable.killing = False
    killable.isds.mend()
    until_it_works(lambda: look_now(region))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        until_it_works(lambda: register_what_waits(region))
        if until_it_works(lambda: is_settled(region, received, sent)):
            break
        time.sleep(1)
    check_both_sides(region, killable.isds, received, sent)
    sys.stdout.write(
        f"seed {SEED}: {dict(killable.kills)}, {len(received)} messages registered, {len(sent)} letters sent\n"
    )


def check_both_sides(region: int, isds: SimulatorProcess, received: list[str], sent: list[str]) -> None:
    with tenant_scope(region):
        assert sorted(DataMessage.objects.filter(direction="received").values_list("annotation", flat=True)) == sorted(
            received
        )
        registered = Document.objects.filter(direction="received", subject__startswith="Podání")
        assert sorted(registered.values_list("subject", flat=True)) == sorted(received)
        assert all(document.components.count() == 3 for document in registered)
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


def look_now(region: int) -> None:
    """The clerk does not wait out the delay after so many failures."""
    from egon.world import load

    world = load()
    with tenant_scope(region):
        databox.fetch_now(actor=world.actor(world.clerk), box=Box.objects.get(), at=clock.now())


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
