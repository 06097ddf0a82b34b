"""What tables of runs and of their items have in common; every kind has its own two tables."""

from typing import Any, ClassVar

from django.db import models

from egon.jobs.runs.states import RESUMABLE, TONES, ItemState, RunState
from egon.tenancy.models import TenantModel


class Run(TenantModel):
    """One run. The counts are kept by the driver, so that no page has to count the items."""

    state = models.CharField("stav", max_length=8, choices=RunState, default=RunState.DRAFT)
    started_at = models.DateTimeField("spuštěno", null=True, blank=True)
    started_by = models.CharField("spustil", max_length=200, blank=True)
    stopped_at = models.DateTimeField("naposledy zastaveno", null=True, blank=True)
    stopped_by = models.CharField("zastavil", max_length=200, blank=True)
    finished_at = models.DateTimeField("dokončeno", null=True, blank=True)
    total = models.PositiveIntegerField("celkem", default=0)
    done = models.PositiveIntegerField("hotovo", default=0)
    refused = models.PositiveIntegerField("odmítnuto", default=0)
    problem = models.TextField("co se nepovedlo", blank=True)

    called: ClassVar[str] = "Úloha"
    """What people call it at the beginning of a sentence."""
    done_words: ClassVar[tuple[str, str]] = ("Provedeno", "Neprovedeno")
    """What is said of items that were done, and of those that were not."""

    class Meta:
        abstract = True

    @property
    def is_running(self) -> bool:
        """Whether the job has something to do."""
        return self.state == RunState.RUNNING

    @property
    def is_resumable(self) -> bool:
        """Whether it may be gone on with."""
        return self.state in RESUMABLE

    @property
    def has_begun(self) -> bool:
        """Whether it was ever started."""
        return self.state not in (RunState.DRAFT, RunState.DROPPED)

    @property
    def processed(self) -> int:
        """Items whose fate is known."""
        return self.done + self.refused

    @property
    def remaining(self) -> int:
        """Items that wait."""
        return self.total - self.processed

    @property
    def tone(self) -> str:
        """The tone of its chip."""
        return TONES[RunState(self.state)]


class RunItem(TenantModel):
    """One item of a run, and what became of it. A kind adds ``run`` and what the item is about."""

    state = models.CharField("stav", max_length=8, choices=ItemState, default=ItemState.WAITING)
    message = models.CharField("proč ne", max_length=1000, blank=True)

    run: Any

    class Meta:
        abstract = True

    def refuse(self, reason: str) -> None:
        """Note that it was not done, and why (Czech); whoever has it in hand saves it."""
        self.state, self.message = ItemState.REFUSED, reason[:1000]
