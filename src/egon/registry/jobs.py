"""Background entry points of the registry."""

from egon.jobs.job import defer, job, periodic
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import GatewayError
from egon.tenancy.scope import current_tenant_id


def _unreadable(*, confirms: bool = False, error: Exception) -> None:
    """The administrator is told why the directory could not be read."""
    from egon.registry import operations

    message = error.message if isinstance(error, GatewayError) else "Adresář nejde přečíst kvůli chybě aplikace."
    operations.fail_directory(actor=Actor.system(current_tenant_id()), message=message, at=clock.now())


@job("registry.read_directory", queue="records", on_failure=_unreadable)
def read_directory(*, confirms: bool = False) -> None:
    """Read the directory and propose what it says; ``confirms`` also does it, within the safety limit.

    What fails outside is told at once and not repeated: a person waits for the answer, and the next night comes anyway.
    """
    from egon.registry import change_queries, operations

    actor = Actor.system(current_tenant_id())
    try:
        entries = list(change_queries.directory().people())
    except GatewayError as error:
        _unreadable(error=error)
        return
    operations.take_directory(actor=actor, entries=entries, at=clock.now(), confirms=confirms)


@periodic("20 2 * * *")
@job("registry.sync_directory", queue="records")
def sync_directory() -> None:
    """Every night: compare with the directory, where the administrator wants it."""
    from egon.registry.models import DirectorySettings

    if DirectorySettings.objects.filter(daily=True).exists():
        defer(read_directory, only_one="registry.directory", confirms=True)
