"""Background entry points of the registry."""

from egon.jobs.job import job
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.tenancy.scope import current_tenant_id


@job("registry.changes", queue="records")
def do_changes(*, change_set_id: int) -> None:
    """Do a confirmed proposal, batch by batch, until it is finished or somebody stops it.

    Each batch commits by itself, so a killed worker's job goes on from the first change not yet done.
    """
    from egon.registry import operations
    from egon.registry.models import ChangeSet

    actor = Actor.system(current_tenant_id())
    change_set = ChangeSet.objects.get(pk=change_set_id)
    while change_set.is_running:
        operations.change_batch(actor=actor, change_set=change_set, at=clock.now())
