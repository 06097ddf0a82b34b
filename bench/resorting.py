"""Moving ten thousand files into another class, as the job of the product does it."""

import time
from collections.abc import Iterator
from typing import Any

from django.db.models import Count

from bench.processor import processor_seconds
from bench.report import Row
from egon import world
from egon.jobs.runs import work
from egon.kernel import clock
from egon.records import operations
from egon.records.models import CaseFile, RecordClass
from egon.registry import queries as registry

FILES = 10_000


def measure(server: Any, given: Any) -> Iterator[Row]:
    """Start the run as a records keeper would, and do its batches one after another."""
    office = world.load().office
    with office.scope():
        actor = registry.actor_of(office.records_keeper, at=clock.now())
        classes = _largest()
        filed = CaseFile.objects.filter(record_class__in=classes).order_by("pk")
        files = list(filed.values_list("pk", flat=True)[:FILES])
        leaves = RecordClass.objects.filter(holds_files=True, plan__draft=False, plan__valid_to=None, valid_to=None)
        target = leaves.exclude(pk__in=[one.pk for one in classes]).order_by("pk").last()
        run = operations.start_resorting(
            actor=actor,
            moves=dict.fromkeys(classes, target),
            reason="Měření",
            include_closed=True,
            files=files,
        )
        begun, worked = time.monotonic(), processor_seconds()
        work.go_on(kind=operations.RESORTING.code, run_id=run.pk)
        took, worked = time.monotonic() - begun, processor_seconds() - worked
        run.refresh_from_db()
        done = run.done
    if done != len(files):
        raise RuntimeError(f"{done} of {len(files)} files were moved")
    count = f"{done:,}".replace(",", "\u00a0")
    yield Row(f"přetřídění {count} spisů", f"{took:.1f} s, z toho procesor {worked:.1f} s ({done / took:.0f} spisů/s)")


def _largest() -> list[RecordClass]:
    """The classes with most files, as many as have enough together."""
    counted = CaseFile.objects.order_by().values_list("record_class").annotate(count=Count("pk")).order_by("-count")
    chosen, have = [], 0
    for pk, count in counted:
        chosen.append(pk)
        have += count
        if have >= FILES:
            break
    return list(RecordClass.objects.filter(pk__in=chosen))
