"""Background entry points of reorganisations; the runs themselves are done by ``egon.jobs.runs``."""

from egon.jobs.job import job, periodic
from egon.jobs.runs.states import RunState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.reorganisation import operations
from egon.reorganisation.models import Reorganisation
from egon.tenancy.scope import current_tenant_id


@periodic("5 0 * * *")
@job("reorganisation.begin_due", queue="records")
def begin_due() -> None:
    """Every night after midnight: start those whose day has come."""
    actor = Actor.system(current_tenant_id())
    for run in Reorganisation.objects.filter(state=RunState.DRAFT, on__lte=clock.today()).order_by("pk"):
        operations.begin_reorganisation(actor=actor, run=run, at=clock.now())
