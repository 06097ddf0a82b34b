"""Background entry points of this domain."""

from egon.jobs.job import job
from egon.kernel.actor import Actor
from egon.tenancy.scope import current_tenant_id


@job("records.resort", queue="records")
def resort(*, resorting_id: int) -> None:
    """Move the files of a bulk re-sorting, batch by batch, until it is finished or somebody stops it.

    Each batch commits by itself, so a killed worker's job goes on from the first file not yet moved.
    """
    from egon.records import operations
    from egon.records.models import Resorting

    actor = Actor.system(current_tenant_id())
    resorting = Resorting.objects.get(pk=resorting_id)
    while resorting.is_running:
        operations.resort_batch(actor=actor, resorting=resorting)
