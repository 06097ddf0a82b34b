"""States of runs and of their items, with the transitions and the Czech words. No other code has them."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices


class RunState(TextChoices):
    """How far a run is."""

    DRAFT = "draft", "čeká na spuštění"
    RUNNING = "running", "probíhá"
    STOPPED = "stopped", "zastaveno"
    FAILED = "failed", "přerušeno chybou"
    FINISHED = "finished", "dokončeno"
    DROPPED = "dropped", "zahozeno"


class ItemState(TextChoices):
    """What became of one item of a run."""

    WAITING = "waiting", "čeká"
    DONE = "done", "provedeno"
    REFUSED = "refused", "neprovedeno"


COMES_FROM: Final[Mapping[RunState, frozenset[RunState]]] = {
    RunState.DRAFT: frozenset(),
    RunState.RUNNING: frozenset({RunState.DRAFT, RunState.STOPPED, RunState.FAILED}),
    RunState.STOPPED: frozenset({RunState.RUNNING}),
    RunState.FAILED: frozenset({RunState.RUNNING}),
    RunState.FINISHED: frozenset({RunState.RUNNING}),
    RunState.DROPPED: frozenset({RunState.DRAFT}),
}
"""From which states a run may come to each."""

TONES: Final[Mapping[RunState, str]] = {
    RunState.DRAFT: "warning",
    RunState.RUNNING: "primary",
    RunState.STOPPED: "warning",
    RunState.FAILED: "error",
    RunState.FINISHED: "success",
    RunState.DROPPED: "neutral",
}
"""Tones of the chips."""

RESUMABLE: Final = frozenset({RunState.STOPPED, RunState.FAILED})
