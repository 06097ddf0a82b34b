"""Access granted to documents and files by those who have it."""

from datetime import date

from django.db import models
from django.db.models import Q

from egon.records.rules import labels
from egon.records.rules.access import LONGEST_REASON, GrantState
from egon.registry.models import ROLE_CHOICES
from egon.tenancy.models import TenantForeignKey, TenantModel

_OPEN = (GrantState.WAITING.value, GrantState.CONFIRMED.value)


class AccessGrant(TenantModel):
    """Access to a document or a file given to a person, a unit or a role. NSESSS 7.1.2 to 7.1.4.

    It holds once the receiver confirms it, within its days. What was refused, withdrawn or ended stays.
    """

    document = TenantForeignKey(
        "records.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="access_grants"
    )
    file = TenantForeignKey(
        "records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="access_grants"
    )
    person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField("role", max_length=24, blank=True, choices=ROLE_CHOICES)
    reason = models.CharField("důvod", max_length=LONGEST_REASON)
    valid_from = models.DateField("od")
    valid_to = models.DateField("do", null=True, blank=True, help_text="Poslední den přístupu.")
    state = models.CharField(
        "stav", max_length=10, choices=labels.choices(GrantState), default=GrantState.WAITING.value
    )
    given_at = models.DateTimeField("přiděleno")
    given_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("rozhodnuto", null=True, blank=True)
    decided_by = TenantForeignKey("registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField("vyjádření", max_length=LONGEST_REASON, blank=True)

    log_with = ("document", "file", "person")

    class Meta:
        verbose_name = "přidělený přístup"
        verbose_name_plural = "přidělené přístupy"
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=True, file__isnull=False) | Q(document__isnull=False, file__isnull=True),
                name="records_grant_of_one",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=True, role="")
                | Q(person__isnull=True, unit__isnull=False, role="")
                | (Q(person__isnull=True, unit__isnull=True) & ~Q(role="")),
                name="records_grant_to_one",
            ),
            models.UniqueConstraint(
                fields=["tenant", "document", "file", "person", "unit", "role"],
                condition=Q(state=GrantState.WAITING.value),
                nulls_distinct=False,
                name="records_grant_waits_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "person"], condition=Q(state__in=_OPEN), name="records_grant_person"),
            models.Index(fields=["tenant", "unit"], condition=Q(state__in=_OPEN), name="records_grant_unit"),
            models.Index(fields=["tenant", "role"], condition=Q(state__in=_OPEN), name="records_grant_role"),
            models.Index(fields=["tenant", "document"], name="records_grant_document"),
            models.Index(fields=["tenant", "file"], name="records_grant_file"),
            models.Index(fields=["tenant", "given_by", "-given_at"], name="records_grant_given"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} → {self.receiver}"

    @property
    def entity(self) -> object:
        """What it lets see."""
        return self.document or self.file

    @property
    def receiver(self) -> str:
        """Whom it lets see it, for people."""
        return str(self.person or self.unit or f"role {self.get_role_display()}")

    def holds(self, on: date) -> bool:
        """Whether it lets its receiver see the thing on a day."""
        in_days = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return in_days and self.state == GrantState.CONFIRMED
