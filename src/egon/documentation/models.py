"""What people state of the installation, which versions ran, and how writing the documentation ended."""

from django.db import models

from egon.tenancy.models import TenantModel


class InstalledVersion(models.Model):
    """A version put in force by ``migrate``, for the whole installation. NSESSS 10.1.3.

    ``fingerprint`` is SHA-256 over the program's files: the same version with another fingerprint is a patch.
    """

    version = models.CharField("verze", max_length=40)
    fingerprint = models.CharField("otisk programu", max_length=64)
    installed_at = models.DateTimeField("nasazena")
    migrations = models.PositiveIntegerField("změn datové struktury")

    append_only = True

    class Meta:
        verbose_name = "nasazená verze"
        verbose_name_plural = "nasazené verze"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.version} ({self.fingerprint[:12]})"


class SystemFacts(TenantModel):
    """What only the originator knows of the eSSL it runs; one row an originator. NSESSS 10.1.1."""

    supplier = models.CharField("dodavatel (obchodní firma)", max_length=250, blank=True)
    trial_from = models.DateField("zkušební provoz od", null=True, blank=True)
    regular_from = models.DateField("řádný provoz od", null=True, blank=True)
    ended_on = models.DateField("provoz ukončen", null=True, blank=True)
    attested_on = models.DateField("atest získán", null=True, blank=True)
    attested_version = models.CharField("atestovaná verze", max_length=40, blank=True)
    migrated_data = models.TextField("data převzatá z předchozího systému", blank=True)
    connected_systems = models.TextField("propojené systémy", blank=True)
    changes = models.TextField("významné změny", blank=True)
    scope = models.TextField("část agendy, na niž se systém vztahuje", blank=True)
    open_data = models.TextField("otevřená data a přístup externích subjektů", blank=True)
    contacts = models.TextField("kontakty při havárii", blank=True)

    class Meta:
        verbose_name = "údaje o provozu"
        verbose_name_plural = "údaje o provozu"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="documentation_facts_once")]

    def __str__(self) -> str:
        return "údaje o provozu"


class Writing(TenantModel):
    """One writing of the documentation, and what went wrong with it."""

    written_at = models.DateTimeField("vytvořena")
    written_by = models.CharField("vytvořil", max_length=200)
    folder = models.CharField("složka", max_length=500)
    problem = models.TextField("co se nepovedlo", blank=True)

    class Meta:
        verbose_name = "vytvoření dokumentace"
        verbose_name_plural = "vytvoření dokumentace"
        indexes = [models.Index(fields=["tenant", "-written_at"], name="documentation_written")]

    def __str__(self) -> str:
        return f"dokumentace {self.written_at:%Y-%m-%d %H:%M:%S}"
