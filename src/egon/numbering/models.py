"""The last number taken in each series."""

from django.db import models

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
