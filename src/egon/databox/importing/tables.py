"""Tables of an import: what was brought, and what became of each file of it."""

from django.db import models
from django.db.models import PROTECT

from egon.tenancy.models import TenantForeignKey, TenantModel


class RunState(models.TextChoices):
    """How far an import has got."""

    RUNNING = "running", "probíhá"
    DONE = "done", "dokončen"
    STOPPED = "stopped", "zastaven"
    FAILED = "failed", "nepodařil se"


class ImportRun(TenantModel):
    """One import of a store of messages. The source is an uploaded blob, or files the command line was given.

    ``former_boxes``: boxes of the organisation that it no longer has, so they are not among its boxes.
    """

    name = models.CharField("co se importuje", max_length=255)
    source_digest = models.CharField("nahraný soubor", max_length=64, blank=True)
    former_boxes = models.JSONField("bývalé vlastní schránky", default=list, blank=True)
    state = models.CharField("stav", max_length=8, choices=RunState, default=RunState.RUNNING)
    problem = models.TextField("co se nepovedlo", blank=True)
    total = models.PositiveIntegerField("souborů celkem", default=0)
    started_by = models.CharField("spustil", max_length=200)
    started_at = models.DateTimeField("spuštěn")
    resumed_at = models.DateTimeField("naposledy pokračoval", null=True)
    done_before = models.PositiveIntegerField("hotovo před pokračováním", default=0)
    finished_at = models.DateTimeField("dokončen", null=True)

    class Meta:
        verbose_name = "import datových zpráv"
        verbose_name_plural = "importy datových zpráv"
        indexes = [models.Index(fields=["tenant", "-started_at"], name="databox_import_started")]

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    """What became of one file."""

    IMPORTED = "imported", "uloženo"
    DOUBTFUL = "doubtful", "uloženo, neprošlo kontrolou"
    KNOWN = "known", "už v evidenci bylo"
    REFUSED = "refused", "neuloženo"
    SKIPPED = "skipped", "přeskočeno"
    ENVELOPE = "envelope", "jen obálka"


class ImportEntry(TenantModel):
    """One file of an import and what became of it; written together with the message, so a kill cannot part them."""

    run = TenantForeignKey(ImportRun, on_delete=PROTECT, related_name="entries", db_index=False)
    name = models.CharField("soubor", max_length=500)
    size = models.BigIntegerField("velikost", default=0)
    outcome = models.CharField("výsledek", max_length=8, choices=Outcome)
    reason = models.TextField("proč", blank=True)
    dm_id = models.CharField("ID zprávy", max_length=20, blank=True)
    message = TenantForeignKey("databox.DataMessage", on_delete=PROTECT, related_name="+", null=True)
    at = models.DateTimeField("čas")

    class Meta:
        verbose_name = "soubor importu"
        verbose_name_plural = "soubory importu"
        constraints = [models.UniqueConstraint(fields=["tenant", "run", "name"], name="databox_import_file_once")]
        indexes = [models.Index(fields=["tenant", "run", "outcome", "id"], name="databox_import_outcome")]

    def __str__(self) -> str:
        return self.name
