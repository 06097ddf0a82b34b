"""Jobs of a worker that died (kill -9, power cut) are done by another: they must not keep their locks for ever."""

import os
from typing import Any, Final

import procrastinate
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

QUEUE: Final = "rescue"
HEARTBEAT: Final = float(os.environ.get("EGON_WORKER_HEARTBEAT") or 5)
"""Seconds between signs of life of a worker."""
DEAD_AFTER: Final = HEARTBEAT * 4


@app.periodic(cron="* * * * * */5")
@app.task(name="jobs.rescue", queue=QUEUE, queueing_lock="jobs.rescue", pass_context=True)
async def rescue(context: procrastinate.JobContext, timestamp: int) -> None:
    """Put the jobs of workers without a sign of life back into their queues. Every job may be done again safely."""
    manager: Any = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        try:
            await manager.retry_job(stalled)
        except procrastinate.exceptions.UniqueViolation:
            # The same job was asked for meanwhile; it waits for the lock the dead one holds.
            await manager.finish_job(stalled, status=Status.ABORTED, delete_job=True)
