"""Background work that prints: it needs the sheets of pages."""

from egon.jobs.job import job, periodic
from egon.kernel import clock


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
