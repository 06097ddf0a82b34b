"""Background entry points of the jmenný rejstřík."""

from egon.jobs.job import job, periodic
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.tenancy.scope import current_tenant_id


@periodic("40 2 * * *")
@job("parties.duplicates", queue="parties")
def look_for_duplicates() -> None:
    """Look for several records of one person, every night (NSESSS 2.8.14)."""
    from egon.parties import operations

    operations.find_duplicates(actor=Actor.system(current_tenant_id()), at=clock.now())
