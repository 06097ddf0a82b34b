"""Numbers of reports that are counted in the background."""

from django.db import models

from egon.tenancy.models import TenantModel


class KeptReport(TenantModel):
    """What a report found when it was last counted; derived, may be counted anew at any time."""

    key = models.CharField("hlášení", max_length=20)
    asked = models.CharField("na co se ptá", max_length=80)
    rows = models.JSONField("řádky", default=list)
    counted_at = models.DateTimeField("spočteno")

    class Meta:
        verbose_name = "spočtené hlášení"
        verbose_name_plural = "spočtená hlášení"
        constraints = [models.UniqueConstraint(fields=["tenant", "key", "asked"], name="records_report_once")]
        indexes = [models.Index(fields=["tenant", "counted_at"], name="records_report_counted")]

    def __str__(self) -> str:
        return f"{self.key} {self.asked}".strip()
