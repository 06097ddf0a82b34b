"""The last number taken in each series, and the periods in which they run."""

from django.db import models

from egon.numbering.rules import PeriodFacts
from egon.tenancy.models import TenantModel


class Series(TenantModel):
    """An uninterrupted series of numbers within a period (číselná řada): identifiers, reference numbers, file marks."""

    code = models.CharField("řada", max_length=60)
    period = models.CharField("období", max_length=20)
    last = models.BigIntegerField("poslední číslo", default=0)

    class Meta:
        verbose_name = "číselná řada"
        verbose_name_plural = "číselné řady"
        constraints = [models.UniqueConstraint(fields=["tenant", "code", "period"], name="numbering_series_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.period}: {self.last}"


class Period(TenantModel):
    """A period of numbering set by the administrator before it begins (NSESSS 2.7.2); outside of any it is the year."""

    label = models.CharField("označení v číslech", max_length=20)
    starts_on = models.DateField("první den")
    ends_on = models.DateField("poslední den")

    class Meta:
        verbose_name = "období číslování"
        verbose_name_plural = "období číslování"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "label"], name="numbering_period_label"),
            models.UniqueConstraint(fields=["tenant", "starts_on"], name="numbering_period_start"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="numbering_period_order"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def facts(self) -> PeriodFacts:
        """The period as the rules take it."""
        return PeriodFacts(self.label, self.starts_on, self.ends_on)
