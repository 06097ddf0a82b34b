"""Fetching messages of 100 kB from the simulator, beside the simulator's answers fetched and thrown away."""

import time
from typing import Any

from django.conf import settings

from bench import simulator
from bench.report import Row
from egon import world
from egon.databox import connection, fetching
from egon.databox.models import Box, DataMessage
from egon.databox.operations import add_box
from egon.kernel.actor import Actor

SIZE = 100_000
TARGET = 0.3


def measure(server: Any, given: Any) -> list[Row]:
    """Messages per second through the product: list, download, check the seal, store, log, register in the inbox."""
    school = world.load().school
    with simulator.running() as (address, roots):
        settings.ISDS_URL, settings.ISDS_TRUST_DIR = address, str(roots)
        own, other = simulator.add_box(address, "OVM_PO", "skola"), simulator.add_box(address, "OVM", "urad")
        simulator.fill(address, sender=other, recipient=own, count=given.messages, size=SIZE)
        with school.scope():
            box = add_box(
                actor=Actor.system(school.pk), box_id=own, name="Měření", login="skola", password=simulator.PASSWORD
            )
            discarded = _fetch_and_throw_away(box, given.messages)
            begun = time.perf_counter()
            fetching.fetch_box(box.pk)
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
