"""The documentation is written every night."""

from egon.jobs.job import job, periodic
from egon.kernel.actor import Actor
from egon.tenancy.scope import current_tenant_id


@periodic("20 2 * * *")
@job("documentation.write", queue="records")
def write_documentation() -> None:
    """Every night, for every originator; how it ended stands on the administrator's page."""
    from egon.web.documentation import files

    files.write(Actor.system(current_tenant_id()))
