"""Refusals about runs."""

from egon.jobs.runs.models import Run
from egon.kernel.errors import Conflict


class RunInOtherState(Conflict):
    """Somebody has started, stopped, resumed or finished it meanwhile."""

    code = "jobs.run.state"

    def __init__(self, run: Run) -> None:
        super().__init__(
            f"{run.called} je ve stavu „{run.get_state_display()}“, nic se nezměnilo. Načtěte stránku znovu."
        )
