"""Cross-references (křížové odkazy) between files and documents."""

from django.db import models
from django.db.models import Q

from egon.tenancy.models import TenantForeignKey, TenantModel

ONE_SOURCE = Q(file__isnull=True, document__isnull=False) | Q(file__isnull=False, document__isnull=True)
ONE_TARGET = Q(to_file__isnull=True, to_document__isnull=False) | Q(to_file__isnull=False, to_document__isnull=True)


class CrossReference(TenantModel):
    """A cross-reference (křížový odkaz): a file or a document refers to another one. NSESSS 4.1.1, 4.1.2.

    A fixed one (pevný) joins two files, which then share their class and disposal; a free one changes nothing.
    It is seen from both sides. A removed one is deleted; the log keeps what it was and why it went.
    """

    file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_document = TenantForeignKey(
        "records.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fixed = models.BooleanField("pevný", default=False, db_default=False)
    reason = models.CharField("důvod", max_length=250, blank=True)
    made_on = models.DateField("vytvořen")
    made_by = models.CharField("vytvořil", max_length=200)

    log_with = ("file", "document", "to_file", "to_document")

    class Meta:
        verbose_name = "křížový odkaz"
        verbose_name_plural = "křížové odkazy"
        constraints = [
            models.CheckConstraint(condition=ONE_SOURCE, name="records_reference_source"),
            models.CheckConstraint(condition=ONE_TARGET, name="records_reference_target"),
            models.CheckConstraint(
                condition=(Q(file__isnull=True) | Q(to_file__isnull=True) | ~Q(file=models.F("to_file")))
                & (Q(document__isnull=True) | Q(to_document__isnull=True) | ~Q(document=models.F("to_document"))),
                name="records_reference_other",
            ),
            models.CheckConstraint(
                condition=Q(fixed=False) | Q(file__isnull=False, to_file__isnull=False), name="records_reference_fixed"
            ),
            models.UniqueConstraint(
                fields=["tenant", "file", "document", "to_file", "to_document", "fixed"],
                nulls_distinct=False,
                name="records_reference_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "file"], name="records_ref_file"),
            models.Index(fields=["tenant", "document"], name="records_ref_document"),
            models.Index(fields=["tenant", "to_file"], name="records_ref_to_file"),
            models.Index(fields=["tenant", "to_document"], name="records_ref_to_document"),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"

    @property
    def source(self) -> object:
        """What refers."""
        return self.file or self.document

    @property
    def target(self) -> object:
        """What is referred to."""
        return self.to_file or self.to_document
