"""Background work that prints: it needs the sheets of pages."""

from egon.jobs.job import job, periodic
from egon.kernel import clock


def _failed(*, run_id: int, error: Exception) -> None:
    from egon.web.records import bulk_printing

    bulk_printing.give_up(run_id, error)


@job("records.print_many", queue="records", on_failure=_failed)
def print_many(*, run_id: int) -> None:
    """Make the items of a bulk print one by one, then put them together; a killed job goes on from the next one."""
    from egon.web.records import bulk_printing

    bulk_printing.work(run_id)


@periodic("50 3 * * *")
@job("records.forget_prints", queue="records")
def forget_prints() -> None:
    """Every night: results of bulk prints older than some days are forgotten, the sweep takes their content."""
    from egon.web.records import bulk_printing

    bulk_printing.forget_old(now=clock.now())


@periodic("55 3 * * *")
@job("records.forget_exports", queue="records")
def forget_exports() -> None:
    """Every night: whole results of searches kept long enough are forgotten, the sweep takes their content."""
    from egon.web.records import search_runs

    search_runs.forget_old(now=clock.now())
