"""Changes of components into output formats: asked for, done, or why not."""

from django.db import models

from egon.records.rules import labels
from egon.records.rules.conversion import LONGEST_REASON, ConversionState
from egon.tenancy.models import TenantForeignKey, TenantModel


class FormatConversion(TenantModel):
    """What became of one version of a component that is in no output format. NSESSS 2.5.1, 3.2.9.

    ``version`` is what is converted, ``result`` the newer version with the output; ``asked_by`` is the person who
    carried the change out (vyhláška 259/2012 § 24 odst. 3 písm. d), ``clause`` the component that tells of it.
    """

    version = TenantForeignKey("records.ComponentVersion", on_delete=models.PROTECT, related_name="conversions")
    result = TenantForeignKey(
        "records.ComponentVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    clause = TenantForeignKey("records.Component", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField("stav převodu", max_length=7, choices=labels.choices(ConversionState))
    message = models.CharField("proč ne", max_length=LONGEST_REASON, blank=True)
    tool = models.CharField("čím", max_length=60, blank=True)
    asked_at = models.DateTimeField("zadáno")
    asked_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField("dokončeno", null=True, blank=True)

    log_with = ("version",)

    class Meta:
        verbose_name = "změna datového formátu"
        verbose_name_plural = "změny datových formátů"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="records_conversion_once"),
            models.CheckConstraint(
                condition=~models.Q(state=ConversionState.DONE.value) | models.Q(result__isnull=False),
                name="records_conversion_result",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "result"], name="records_conversion_result_of"),
            models.Index(fields=["tenant", "clause"], name="records_conversion_clause"),
            models.Index(
                fields=["tenant", "state"],
                condition=models.Q(state=ConversionState.WAITING.value),
                name="records_conversion_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"změna formátu, {self.version}"
