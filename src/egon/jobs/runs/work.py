"""The one background job of all kinds of runs."""

from egon.jobs.job import job, periodic
from egon.jobs.runs.kind import kind_called, kinds
from egon.jobs.runs.states import RunState
from egon.kernel.actor import Actor
from egon.kernel.errors import GatewayError
from egon.tenancy.scope import current_tenant_id


def _give_up(*, kind: str, run_id: int, error: Exception) -> None:
    found = kind_called(kind)
    reason = error.message if isinstance(error, GatewayError) else f"Přerušila ji chyba ({type(error).__name__})."
    run = found.runs._default_manager.get(pk=run_id)
    problem = f"{reason} Co je hotové, zůstává; můžete pokračovat."
    found.fail(actor=Actor.system(current_tenant_id()), run=run, problem=problem)


@job("jobs.run", queue="records", on_failure=_give_up)
def go_on(*, kind: str, run_id: int) -> None:
    """Do what is left of a run, batch by batch, until it is finished or somebody stops it.

    Each batch commits by itself, so the job of a killed worker goes on from the first item that waits.
    """
    actor, found = Actor.system(current_tenant_id()), kind_called(kind)
    while (run := found.runs._default_manager.get(pk=run_id)).is_running:
        found.step(run, actor=actor)


@periodic("*/10 * * * *")
@job("jobs.runs_left", queue="records")
def look_for_left() -> None:
    """Every ten minutes: a run that is said to be running and whose job got lost gets another one."""
    for kind in kinds():
        for run in kind.runs._default_manager.filter(state=RunState.RUNNING):
            kind.ask(run)
