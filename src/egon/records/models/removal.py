"""What was withdrawn: by whom, why, and what it was before (NSESSS 7.2.11 to 7.2.16)."""

from django.db import models
from django.db.models import Q

from egon.tenancy.models import TenantForeignKey, TenantModel

ONE_OF_TWO = Q(document__isnull=True, file__isnull=False) | Q(document__isnull=False, file__isnull=True)


class Withdrawal(TenantModel):
    """One withdrawal (znepřístupnění, storno) of a document or a file, and its taking back. NSESSS 7.2.12, 7.2.15.

    It outlives the destruction of what was withdrawn, because the report of 7.3.7 tells of it.
    """

    document = TenantForeignKey(
        "records.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )
    file = TenantForeignKey(
        "records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )
    state_before = models.CharField("stav předtím", max_length=12)
    from_file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order_before = models.PositiveIntegerField("pořadí ve spisu předtím", null=True, blank=True)
    reason = models.TextField("důvod znepřístupnění")
    withdrawn_at = models.DateTimeField("znepřístupněno")
    withdrawn_by = models.CharField("znepřístupnil", max_length=200)
    restored_at = models.DateTimeField("zpřístupněno", null=True, blank=True)
    restored_by = models.CharField("zpřístupnil", max_length=200, blank=True)

    log_with = ("document", "file")

    class Meta:
        verbose_name = "znepřístupnění"
        verbose_name_plural = "znepřístupnění"
        constraints = [
            models.CheckConstraint(condition=ONE_OF_TWO, name="records_withdrawal_of_one"),
            models.UniqueConstraint(
                fields=["tenant", "document", "file"],
                condition=Q(restored_at__isnull=True),
                nulls_distinct=False,
                name="records_withdrawal_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-withdrawn_at", "-id"], name="records_withdrawal_at"),
            models.Index(fields=["tenant", "document"], name="records_withdrawal_document"),
            models.Index(fields=["tenant", "file"], name="records_withdrawal_file"),
        ]

    def __str__(self) -> str:
        return f"znepřístupnění: {self.document or self.file}"
