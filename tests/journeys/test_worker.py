"""The worker as a process of its own: it knows only what it imports itself."""

import importlib
import subprocess
import sys
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from egon.audit import log
from egon.audit.models import LogRecord, LogSeal
from egon.jobs.job import defer, jobs
from egon.kernel.actor import Actor
from egon.tenancy.scope import tenant_scope

PROBE = """
import django; django.setup()
from django.core.management import call_command
call_command("worker", "--one-shot")
"""


def test_the_worker_serves_every_queue(own_database: Any, world: Any) -> None:
    """A job in each queue, of a task nobody has: what is not served would wait for ever, this at least fails."""
    for module in settings.PROCRASTINATE_IMPORT_PATHS:
        importlib.import_module(module)
    for queue in sorted({spec.queue for spec in jobs()}):
        app.configure_task("nobody.knows.this", queue=queue, allow_unknown=True).defer()
    with tenant_scope(world.region.pk):
        log.record("test.step", actor=Actor.system(world.region.pk))
        defer(next(spec for spec in jobs() if spec.name == "audit.seal"))
        recorded = set(LogRecord.objects.values_list("pk", flat=True))
    environment = own_database.environment()
    done = subprocess.run(
        [sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    waiting = ProcrastinateJob.objects.filter(status="todo", task_name="nobody.knows.this")
    assert sorted(waiting.values_list("queue_name", flat=True)) == []
    with tenant_scope(world.region.pk):
        sealed = {pk for ids in LogSeal.objects.values_list("record_ids", flat=True) for pk in ids}
    assert recorded <= sealed  # what other jobs of the same worker record meanwhile may wait for the next seal
