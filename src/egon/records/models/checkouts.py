"""Who has which component taken out for editing."""

from django.db import models

from egon.tenancy.models import TenantForeignKey, TenantModel


class CheckOut(TenantModel):
    """A component of a draft taken out for editing: nobody else changes it meanwhile.

    The row ends with the check-in or the cancelling; the log keeps who had the component and when.
    """

    component = TenantForeignKey("records.Component", on_delete=models.PROTECT, related_name="check_outs")
    person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField("vzato")

    log_with = ("component", "person")

    class Meta:
        verbose_name = "úprava komponenty"
        verbose_name_plural = "úpravy komponent"
        constraints = [models.UniqueConstraint(fields=["tenant", "component"], name="records_checkout_once")]
        indexes = [models.Index(fields=["tenant", "person"], name="records_checkout_person")]

    def __str__(self) -> str:
        return f"{self.component} ({self.person})"
