"""The background work of an import of an uploaded file."""

from egon.jobs.job import defer, job


def _give_up(*, run_id: int, error: Exception) -> None:
    from egon.databox.importing import queries
    from egon.databox.operations import importing as operations
    from egon.kernel import clock
    from egon.kernel.actor import Actor
    from egon.kernel.errors import GatewayError
    from egon.tenancy.scope import current_tenant_id

    reason = error.message if isinstance(error, GatewayError) else "Import přerušila neočekávaná chyba."
    operations.stop_import(
        actor=Actor.system(current_tenant_id()),
        run=queries.run_for(run_id),
        reason=f"{reason} Co bylo uloženo, uloženo zůstává; po odstranění příčiny můžete pokračovat.",
        at=clock.now(),
    )


@job("databox.import", queue="imports", on_failure=_give_up)
def import_uploaded(*, run_id: int) -> None:
    """Go through an uploaded store; killed and run again it goes on where it ended."""
    from egon.databox.importing import work

    work.run_upload(run_id)


def ask_to_import(run_id: int) -> None:
    """Have an uploaded store gone through once this transaction commits."""
    defer(import_uploaded, run_id=run_id, only_one=f"databox.import:{run_id}")
