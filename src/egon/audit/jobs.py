"""Background entry points of the transaction log."""

from egon.audit import sealing
from egon.jobs.job import job, periodic
from egon.kernel import clock


@periodic("*/1 * * * *")
@job("audit.seal", queue="audit")
def seal_log() -> None:
    """Seal what was logged since the last run."""
    sealing.seal_new_records(now=clock.now())
