"""Reminders of a day, that people set to themselves and to others."""

from django.db import models
from django.db.models import Q

from egon.records.rules.reminders import LONGEST_REMINDER
from egon.tenancy.models import TenantForeignKey, TenantModel


class Reminder(TenantModel):
    """A document or a file that a person is to be reminded of on a day. What must be settled by a day has a deadline.

    It gives no sight: who may not see the entity any more learns nothing of it from here.
    """

    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    set_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    day = models.DateField("připomenout dne")
    note = models.CharField("co připomenout", max_length=LONGEST_REMINDER)
    set_at = models.DateTimeField("nastaveno")
    done_at = models.DateTimeField("hotovo", null=True, blank=True)

    log_with = ("document", "file", "person")

    class Meta:
        verbose_name = "připomínka"
        verbose_name_plural = "připomínky"
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=True, file__isnull=False) | Q(document__isnull=False, file__isnull=True),
                name="records_reminder_of_one",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "person", "day", "id"], name="records_reminder_day"),
            models.Index(
                fields=["tenant", "person", "day"], condition=Q(done_at__isnull=True), name="records_reminder_waiting"
            ),
            models.Index(fields=["tenant", "set_by", "day", "id"], name="records_reminder_set"),
            models.Index(
                fields=["tenant", "document"], condition=Q(document__isnull=False), name="records_reminder_document"
            ),
            models.Index(fields=["tenant", "file"], condition=Q(file__isnull=False), name="records_reminder_file"),
        ]

    def __str__(self) -> str:
        return f"připomínka na {self.day.day}. {self.day.month}. {self.day.year}"
