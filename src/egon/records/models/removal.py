"""What was withdrawn, what was destroyed and on what ground, and runs of destroying (NSESSS 7.2)."""

from django.db import models
from django.db.models import Q

from egon.jobs.runs.models import Run, RunItem
from egon.records.rules import labels
from egon.records.rules.destruction import Ground
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
    from_file = TenantForeignKey(
        "records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawn_documents"
    )
    put_back = models.BooleanField("vrácen do spisu", default=False, db_default=False)
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
            models.Index(
                fields=["tenant", "from_file"],
                condition=Q(from_file__isnull=False, put_back=False),
                name="records_withdrawal_left",
            ),
        ]

    def __str__(self) -> str:
        return f"znepřístupnění: {self.document or self.file}"


class DestructionRun(Run):
    """Many documents and files destroyed on one ground, in the background. NSESSS 7.2.3, 7.2.16."""

    ground = models.CharField("důvod zničení", max_length=12, choices=labels.choices(Ground))
    reference = models.CharField("rozhodnutí", max_length=100, blank=True)
    reason = models.CharField("poznámka", max_length=250, blank=True)

    called = "Ničení"
    done_words = ("Zničeno", "Nezničeno")

    class Meta:
        verbose_name = "ničení"
        verbose_name_plural = "ničení"
        indexes = [models.Index(fields=["tenant", "-started_at", "-id"], name="records_destr_run_started")]

    def __str__(self) -> str:
        return f"ničení č. {self.pk}"


class DestructionItem(RunItem):
    """One document or file of a run, and what became of it."""

    run = TenantForeignKey("records.DestructionRun", on_delete=models.PROTECT, related_name="items")
    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    log_with = ("document", "file")

    class Meta:
        verbose_name = "položka ničení"
        verbose_name_plural = "položky ničení"
        constraints = [models.CheckConstraint(condition=ONE_OF_TWO, name="records_destr_item_of_one")]
        indexes = [
            models.Index(fields=["tenant", "run", "state", "id"], name="records_destr_item_state"),
            models.Index(fields=["tenant", "document"], name="records_destr_item_document"),
            models.Index(fields=["tenant", "file"], name="records_destr_item_file"),
        ]

    def __str__(self) -> str:
        return str(self.document or self.file)


class Destruction(TenantModel):
    """The part of a header of metadata that tells of the destruction. NSESSS 7.2.9, 7.2.10, příloha 8.

    The database lets it in only when the ground holds, and never changes or deletes it (``destroyed.sql``).
    """

    document = TenantForeignKey(
        "records.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="destructions"
    )
    file = TenantForeignKey(
        "records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="destructions"
    )
    run = TenantForeignKey("records.DestructionRun", on_delete=models.PROTECT, related_name="destructions")
    ground = models.CharField("důvod zničení", max_length=12, choices=labels.choices(Ground))
    reference = models.CharField("rozhodnutí", max_length=100, blank=True)
    record_class = TenantForeignKey(
        "records.RecordClass", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kept = models.JSONField("další údaje hlavičky", default=list)  # [[label, value], …]
    destroyed_at = models.DateTimeField("zničeno")
    destroyed_by = models.CharField("posuzovatel", max_length=200)

    log_with = ("document", "file")

    class Meta:
        verbose_name = "zničení"
        verbose_name_plural = "zničení"
        constraints = [
            models.CheckConstraint(condition=ONE_OF_TWO, name="records_destruction_of_one"),
            models.UniqueConstraint(
                fields=["tenant", "document", "file"], nulls_distinct=False, name="records_destruction_once"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-destroyed_at", "-id"], name="records_destruction_at"),
            models.Index(fields=["tenant", "file"], name="records_destruction_file"),
        ]

    def __str__(self) -> str:
        return f"zničení: {self.document or self.file}"


class DoomedContent(TenantModel):
    """Content that no record needs any more, waiting to be removed from the storage; its name is not a reference."""

    content = models.CharField("otisk SHA-256", max_length=64)
    doomed_at = models.DateTimeField("od")

    class Meta:
        verbose_name = "obsah k odstranění"
        verbose_name_plural = "obsahy k odstranění"
        constraints = [models.UniqueConstraint(fields=["tenant", "content"], name="records_doomed_once")]

    def __str__(self) -> str:
        return self.content
