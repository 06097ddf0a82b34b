"""``@job``, ``defer`` and ``@periodic``: our words over procrastinate.

A job gets ids only, opens the scope of its originator and calls one operation or gateway. It never decides about
retries: :class:`RetryByErrorType` does, by the type of the error alone.
"""

import functools
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import procrastinate
from procrastinate.contrib.django import app
from procrastinate.jobs import Job as StoredJob

from egon.kernel.errors import Retryable
from egon.tenancy.models import Tenant
from egon.tenancy.scope import current_tenant_id, tenant_scope

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 12
LONGEST_DELAY = timedelta(hours=1)


class RetryByErrorType(procrastinate.BaseRetryStrategy):
    """Retry what may succeed later, with doubling delays; fail everything else at once, visibly."""

    def get_retry_decision(self, *, exception: BaseException, job: StoredJob) -> procrastinate.RetryDecision | None:
        """The delay before the next attempt, or None when another attempt makes no sense."""
        if not _may_succeed_later(exception) or job.attempts >= MOST_ATTEMPTS:
            return None
        shortest = exception.after if isinstance(exception, Retryable) else timedelta(seconds=5)
        delay = min(shortest * 2 ** min(job.attempts, 10), LONGEST_DELAY)
        return procrastinate.RetryDecision(retry_in={"seconds": int(delay.total_seconds())})


def _may_succeed_later(exception: BaseException) -> bool:
    # A lost database connection says nothing about the job itself.
    from django.db import InterfaceError, OperationalError

    return isinstance(exception, Retryable | OperationalError | InterfaceError)


@dataclass(frozen=True)
class JobSpec:
    """A background entry point: its name, queue, and whether it runs inside one originator's scope."""

    name: str
    queue: str
    function: Callable[..., None]
    task: Any

    def __call__(self, **arguments: Any) -> None:
        """Run it here and now, in the present scope (tests, buttons that wait)."""
        self.function(**arguments)


_jobs: dict[str, JobSpec] = {}


def jobs() -> Iterator[JobSpec]:
    """Every job of the modules imported so far."""
    yield from _jobs.values()


def job(
    name: str, *, queue: str, on_failure: Callable[..., None] | None = None
) -> Callable[[Callable[..., None]], JobSpec]:
    """Make a function a background entry point of one originator.

    ``on_failure(**arguments, error=…)`` runs in the same scope after the last attempt, so that a failure ends in a
    state someone can see, never in silence.
    """

    def decorate(function: Callable[..., None]) -> JobSpec:
        def run(context: procrastinate.JobContext, /, *, tenant_id: int, **arguments: Any) -> None:
            with tenant_scope(tenant_id):
                try:
                    function(**arguments)
                except Exception as error:
                    if on_failure and _is_last_attempt(context, error):
                        on_failure(**arguments, error=error)
                    raise

        task = app.task(name=name, queue=queue, retry=RetryByErrorType(), pass_context=True)(run)
        spec = JobSpec(name, queue, function, task)
        _jobs[name] = spec
        return spec

    return decorate


def defer(spec: JobSpec, *, after: timedelta | None = None, only_one: str | None = None, **arguments: Any) -> None:
    """Have ``spec`` run for the present originator once this transaction commits.

    ``only_one`` names a queueing lock: while such a job waits, another is not added.
    """
    tenant_id = current_tenant_id()
    options: dict[str, Any] = {}
    if after:
        options["schedule_in"] = {"seconds": int(after.total_seconds())}
    if only_one:
        options["queueing_lock"] = options["lock"] = f"{tenant_id}:{only_one}"
    try:
        # A savepoint, because a refused lock would otherwise break the caller's transaction.
        from django.db import transaction

        with transaction.atomic():
            spec.task.configure(**options).defer(tenant_id=tenant_id, **arguments)
    except procrastinate.exceptions.AlreadyEnqueued:
        logger.debug("job %s is waiting already (%s)", spec.name, only_one)


def periodic(cron: str) -> Callable[[JobSpec], JobSpec]:
    """Run a job by the clock (cron, five or six fields, the sixth being seconds) for every active originator."""

    def decorate(spec: JobSpec) -> JobSpec:
        @functools.wraps(spec.function)
        def fan_out(timestamp: int) -> None:
            for tenant_id in Tenant.objects.filter(active=True).values_list("pk", flat=True):
                with tenant_scope(tenant_id):
                    defer(spec, only_one=spec.name)

        task = app.task(name=f"{spec.name}.every", queue=spec.queue)(fan_out)
        app.periodic(cron=cron)(task)
        return spec

    return decorate


def _is_last_attempt(context: procrastinate.JobContext, error: Exception) -> bool:
    return RetryByErrorType().get_retry_decision(exception=error, job=context.job) is None
