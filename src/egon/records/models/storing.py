"""Where paper parts of files lie, and notes that people write to files."""

from django.db import models
from django.db.models import Q

from egon.tenancy.models import TenantForeignKey, TenantModel


class StoragePlace(TenantModel):
    """A place where paper is kept (místo uložení): a records room, an office, a depository. NSESSS 7.3.4.

    One that is no longer used has its last day and stays where it stands.
    """

    name = models.CharField("název", max_length=120)
    address = models.CharField("adresa nebo popis", max_length=250, blank=True)
    valid_from = models.DateField("používá se od")
    valid_to = models.DateField("používá se do", null=True, blank=True)

    class Meta:
        verbose_name = "místo uložení"
        verbose_name_plural = "místa uložení"
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="records_place_name")]

    def __str__(self) -> str:
        return self.name


class StoredPaper(TenantModel):
    """Where the paper of a file or of a volume lies now (umístění analogové části, NSESSS 5.2.6 j, 7.3.4).

    The log tells the past.
    """

    file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    volume = TenantForeignKey("records.Volume", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place = TenantForeignKey("records.StoragePlace", on_delete=models.PROTECT, related_name="stored")
    detail = models.CharField("regál, krabice", max_length=120, blank=True)
    since = models.DateTimeField("od")
    recorded_by = models.CharField("zapsal", max_length=200)

    log_with = ("file", "volume", "place")

    class Meta:
        verbose_name = "uložení listinné části"
        verbose_name_plural = "uložení listinných částí"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "file"], name="records_stored_once"),
            models.UniqueConstraint(fields=["tenant", "volume"], name="records_stored_volume_once"),
            models.CheckConstraint(
                condition=Q(file__isnull=True, volume__isnull=False) | Q(file__isnull=False, volume__isnull=True),
                name="records_stored_of_one",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "place", "detail"], name="records_stored_place")]

    def __str__(self) -> str:
        return f"{self.place}, {self.detail}" if self.detail else str(self.place)


class FileNote(TenantModel):
    """What a person wrote to a file for others (uživatelská poznámka, NSESSS 5.2.13 k). Taken back, it is not shown."""

    file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, related_name="notes")
    text = models.CharField("poznámka", max_length=1000)
    written_at = models.DateTimeField("napsáno")
    author = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField("vzato zpět", null=True, blank=True)

    log_with = ("file",)

    class Meta:
        verbose_name = "poznámka ke spisu"
        verbose_name_plural = "poznámky ke spisům"
        indexes = [
            models.Index(fields=["tenant", "file"], condition=models.Q(taken_back_at=None), name="records_note_file")
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 60 else f"{self.text[:59]}…"
