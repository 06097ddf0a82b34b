"""Access granted to documents, files, typed files and their sections by those who have it."""

import functools
import operator
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from egon.records.rules import labels
from egon.records.rules.access import LONGEST_REASON, GrantState
from egon.registry.models import ROLE_CHOICES
from egon.tenancy.models import TenantForeignKey, TenantModel

if TYPE_CHECKING:
    from egon.records.models.records import CaseFile, Document
    from egon.records.models.typed import TypedFile, TypedSection

_OPENED = ("document", "file", "typed_file", "section")
_OPEN = (GrantState.WAITING.value, GrantState.CONFIRMED.value)


def _only(name: str) -> Q:
    return Q(**{f"{one}__isnull": one != name for one in _OPENED})


class AccessGrant(TenantModel):
    """Access to a document, a file, a typed file or a section, for a person, a unit or a role. NSESSS 7.1.2 to 7.1.4.

    It holds once the receiver confirms it, within its days; of a typed file or a section it opens all that is below.
    What was refused, withdrawn or ended stays.
    """

    document = TenantForeignKey(
        "records.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="access_grants"
    )
    file = TenantForeignKey(
        "records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="access_grants"
    )
    typed_file = TenantForeignKey(
        "records.TypedFile", on_delete=models.PROTECT, null=True, blank=True, related_name="access_grants"
    )
    section = TenantForeignKey(
        "records.TypedSection", on_delete=models.PROTECT, null=True, blank=True, related_name="access_grants"
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

    log_with = ("document", "file", "typed_file", "section", "person")

    class Meta:
        verbose_name = "přidělený přístup"
        verbose_name_plural = "přidělené přístupy"
        constraints = [
            models.CheckConstraint(
                condition=functools.reduce(operator.or_, (_only(name) for name in _OPENED)),
                name="records_grant_of_one",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=True, role="")
                | Q(person__isnull=True, unit__isnull=False, role="")
                | (Q(person__isnull=True, unit__isnull=True) & ~Q(role="")),
                name="records_grant_to_one",
            ),
            models.UniqueConstraint(
                fields=["tenant", *_OPENED, "person", "unit", "role"],
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
            models.Index(
                fields=["tenant", "typed_file"], condition=Q(typed_file__isnull=False), name="records_grant_typed"
            ),
            models.Index(
                fields=["tenant", "section"], condition=Q(section__isnull=False), name="records_grant_section"
            ),
            models.Index(fields=["tenant", "given_by", "-given_at"], name="records_grant_given"),
        ]

    def __str__(self) -> str:
        return f"{self.mark} → {self.receiver}"

    @property
    def entity(self) -> "Document | CaseFile | TypedFile | TypedSection":
        """What it lets see."""
        held: tuple[Document | CaseFile | TypedFile | TypedSection | None, ...]
        held = (self.document, self.file, self.typed_file, self.section)
        return next(one for one in held if one is not None)  # there is one, by a constraint of the table

    @property
    def mark(self) -> str:
        """The number of what it lets see, for who need not see its name (NSESSS 7.1.3)."""
        one = self.typed_file or self.section
        return str(one.full_name if one else self.entity)

    @property
    def receiver(self) -> str:
        """Whom it lets see it, for people."""
        return str(self.person or self.unit or f"role {self.get_role_display()}")

    def holds(self, on: date) -> bool:
        """Whether it lets its receiver see the thing on a day."""
        in_days = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return in_days and self.state == GrantState.CONFIRMED
