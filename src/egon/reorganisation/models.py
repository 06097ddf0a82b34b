"""Tables of reorganisations."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from egon.jobs.runs.models import Run, RunItem
from egon.jobs.runs.states import RunState
from egon.reorganisation.rules import KIND_WORDS
from egon.tenancy.models import TenantForeignKey

UNDER_WAY = (RunState.DRAFT, RunState.RUNNING, RunState.STOPPED, RunState.FAILED)


class Reorganisation(Run):
    """What a unit holds passes to another one; in a merger the unit ends by it."""

    unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    successor = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("druh", max_length=8, choices=[(kind.value, name) for kind, name in KIND_WORDS.items()])
    positions = ArrayField(models.BigIntegerField(), verbose_name="funkční místa", default=list, blank=True)
    on = models.DateField("účinnost", help_text="První den, kdy to má přebírající útvar.")
    reason = models.CharField("důvod", max_length=250)
    planned_at = models.DateTimeField("zadáno")
    planned_by = models.CharField("zadal", max_length=200)

    log_with = ("unit", "successor")
    called = "Reorganizace"
    done_words = ("Převedeno", "Nepřevedeno")

    class Meta:
        verbose_name = "reorganizace"
        verbose_name_plural = "reorganizace"
        constraints = [
            models.CheckConstraint(condition=~Q(unit=F("successor")), name="reorganisation_two_units"),
            models.UniqueConstraint(
                fields=["tenant", "unit"],
                condition=Q(state__in=[state.value for state in UNDER_WAY]),
                name="reorganisation_one_at_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-planned_at", "-id"], name="reorganisation_newest"),
            models.Index(fields=["tenant", "successor"], name="reorganisation_successor"),
        ]

    def __str__(self) -> str:
        return f"reorganizace {self.unit.code} → {self.successor.code}"

    @property
    def is_planned(self) -> bool:
        """Whether it waits for its day."""
        return self.state == RunState.DRAFT


class ReorganisationItem(RunItem):
    """One thing that passes: its kind (:data:`egon.reorganisation.links.LINKS`) and its key."""

    run = TenantForeignKey(Reorganisation, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField("druh", max_length=24)
    entity_id = models.BigIntegerField("co")

    class Meta:
        verbose_name = "položka reorganizace"
        verbose_name_plural = "položky reorganizace"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "kind", "entity_id"], name="reorganisation_item_once")
        ]
        indexes = [models.Index(fields=["tenant", "run", "state", "id"], name="reorganisation_item_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.entity_id}"
