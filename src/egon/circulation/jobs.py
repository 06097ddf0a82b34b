"""Background entry points of circulation."""

from egon.jobs.job import job
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.tenancy.scope import current_tenant_id


@job("circulation.agenda", queue="records")
def hand_over_agenda(*, agenda_id: int) -> None:
    """Hand an agenda over, batch by batch, until it is finished or somebody stops it.

    Each batch commits by itself, so a killed worker's job goes on from the first item not yet handed over.
    """
    from egon.circulation import operations
    from egon.circulation.models import Agenda

    actor = Actor.system(current_tenant_id())
    agenda = Agenda.objects.get(pk=agenda_id)
    while agenda.is_running:
        operations.agenda_batch(actor=actor, agenda=agenda, at=clock.now())
