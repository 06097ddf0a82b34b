"""Searches that people keep."""

from django.db import models
from django.db.models import Q

from egon.tenancy.models import TenantForeignKey, TenantModel


class SavedSearch(TenantModel):
    """A search kept under a name, for its owner alone or for everybody in a unit; it holds what is asked, no results.

    A deleted one can be taken back by its owner.
    """

    name = models.CharField("název", max_length=120)
    query = models.TextField("dotaz")  # as it stands in the address of the search
    owner = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    unit = TenantForeignKey("registry.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField("uloženo")
    deleted_at = models.DateTimeField("smazáno", null=True, blank=True)

    class Meta:
        verbose_name = "uložené hledání"
        verbose_name_plural = "uložená hledání"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "owner", "name"], condition=Q(deleted_at__isnull=True), name="records_search_name"
            )
        ]
        indexes = [models.Index(fields=["tenant", "unit"], name="records_search_unit")]

    def __str__(self) -> str:
        return self.name
