"""Who has which component taken out for editing."""

from django.db import models

from egon.tenancy.models import TenantForeignKey, TenantModel


class CheckOut(TenantModel):
    """A component of a draft taken out for editing: nobody else changes it meanwhile.

    ``working_digest`` is what an office program has saved and nobody has checked in. Of the secret in the program's
    address only the SHA-256 is kept; ``lock_token`` is the program's own WebDAV lock.
    The row ends with the check-in or the cancelling; the log keeps who had the component and when.
    """

    component = TenantForeignKey("records.Component", on_delete=models.PROTECT, related_name="check_outs")
    person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField("vzato")
    working_digest = models.CharField("otisk rozpracovaného obsahu", max_length=64, blank=True, default="")
    working_size = models.BigIntegerField("velikost rozpracovaného obsahu", default=0)
    saved_at = models.DateTimeField("naposledy uloženo z programu", null=True, blank=True)
    link_hash = models.CharField("otisk adresy pro program", max_length=64, blank=True, default="")
    link_until = models.DateTimeField("adresa platí do", null=True, blank=True)
    lock_token = models.CharField("zámek programu", max_length=64, blank=True, default="")
    lock_until = models.DateTimeField("zámek programu do", null=True, blank=True)

    log_with = ("component", "person")

    class Meta:
        verbose_name = "úprava komponenty"
        verbose_name_plural = "úpravy komponent"
        constraints = [models.UniqueConstraint(fields=["tenant", "component"], name="records_checkout_once")]
        indexes = [
            models.Index(fields=["tenant", "person"], name="records_checkout_person"),
            models.Index(fields=["tenant", "link_hash"], name="records_checkout_link"),
            models.Index(fields=["tenant", "working_digest"], name="records_checkout_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.component} ({self.person})"
