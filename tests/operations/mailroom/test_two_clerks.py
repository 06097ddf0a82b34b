"""Two clerks register the same message at the same moment: one document, and the slower one learns who was faster."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection
from tests.letters import citizen_as_party

from egon import storage
from egon.databox.models import Box, DataMessage
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.mailroom import operations
from egon.mailroom.errors import IntakeDecided
from egon.mailroom.models import IntakeItem
from egon.records.models import Document
from egon.tenancy.scope import tenant_scope

CLERKS = 4


def waiting_item(world: Any) -> IntakeItem:
    now = clock.now()
    message = DataMessage.objects.create(
        box=Box.objects.get(), dm_id="77", direction="received", progress="complete", annotation="Podání",
        zfo_digest=storage.put(b"zfo").digest, zfo_size=3, announced_at=now, accepted_at=now,
    )  # fmt: skip
    operations.receive_items(actor=Actor.system(world.region.pk), messages=[message], at=now)
    return IntakeItem.objects.get(data_message=message)


def test_clerks_at_once_make_one_document(own_database: Any, world: Any) -> None:
    with tenant_scope(world.region.pk):
        item = waiting_item(world)
        clerk = world.actor(world.clerk)
        sender = citizen_as_party(clerk)
    start = threading.Barrier(CLERKS)

    def register(_: int) -> str:
        try:
            with tenant_scope(world.region.pk):
                mine = IntakeItem.objects.get(pk=item.pk)
                start.wait(timeout=20)
                operations.register_intake(actor=clerk, item=mine, sender=sender, subject="Podání", at=clock.now())
                return ""
        except IntakeDecided as refusal:
            return refusal.message
        finally:
            connection.close()

    with ThreadPoolExecutor(CLERKS) as pool:
        refusals = [told for told in pool.map(register, range(CLERKS)) if told]
    assert len(refusals) == CLERKS - 1
    assert all(clerk.name in told for told in refusals)
    with tenant_scope(world.region.pk):
        assert Document.objects.filter(subject="Podání").count() == 1
