"""Jobs of dead workers go on; one that was asked for again meanwhile gives way, and holds up nobody."""

import asyncio
from types import SimpleNamespace
from typing import Any

from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from egon.jobs import rescue


class Manager:
    """Stands for the queue: jobs whose lock waits there again cannot go back into it."""

    def __init__(self, stalled: list[str], waiting: set[str]) -> None:
        self.stalled, self.waiting = stalled, waiting
        self.retried: list[str] = []
        self.finished: list[tuple[str, Status, bool]] = []

    async def get_stalled_jobs(self, *, seconds_since_heartbeat: float) -> list[str]:
        assert seconds_since_heartbeat == rescue.DEAD_AFTER
        return self.stalled

    async def retry_job(self, job: str) -> None:
        if job in self.waiting:
            raise UniqueViolation(constraint_name="procrastinate_jobs_queueing_lock_idx_v1", queueing_lock=job)
        self.retried.append(job)

    async def finish_job(self, job: str, status: Status, delete_job: bool) -> None:
        self.finished.append((job, status, delete_job))


def test_a_job_asked_for_again_does_not_hold_up_the_others() -> None:
    manager = Manager(["a", "b", "c"], {"b"})
    context: Any = SimpleNamespace(app=SimpleNamespace(job_manager=manager))
    asyncio.run(rescue.rescue.func(context, 0))
    assert manager.retried == ["a", "c"]
    assert manager.finished == [("b", Status.ABORTED, True)]
