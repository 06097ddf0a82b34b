"""Background entry points of the storage."""

import logging

from egon.jobs.job import job, periodic
from egon.storage.sweep import sweep

logger = logging.getLogger(__name__)


@periodic("17 3 * * *")
@job("storage.sweep", queue="storage")
def sweep_blobs() -> None:
    """Remove what no row names, every night."""
    swept = sweep()
    logger.info("storage swept: %s", swept)
