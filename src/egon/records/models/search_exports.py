"""Whole results of searches, made in the background with the rights of the person who asked."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from egon.jobs.runs.models import Run, RunItem
from egon.records.rules import labels
from egon.records.rules.exporting import ExportForm
from egon.tenancy.models import TenantForeignKey


class SearchExport(Run):
    """One result taken away as a file (NSESSS 5.1.1, 5.2.11). The file is kept some days, then only the run remains.

    ``query`` is what stands in the address of the search, ``told`` the same in Czech.
    """

    person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    form = models.CharField("podoba", max_length=4, choices=labels.choices(ExportForm))
    query = models.TextField("dotaz")
    told = models.TextField("co se hledalo")
    rows = models.PositiveIntegerField("řádků", default=0)
    result_digest = models.CharField("výsledek", max_length=64, blank=True)
    result_size = models.BigIntegerField("velikost výsledku", default=0)

    called = "Export hledání"
    done_words = ("Prohledáno měsíců", "Vynecháno měsíců")

    class Meta:
        verbose_name = "export hledání"
        verbose_name_plural = "exporty hledání"
        indexes = [models.Index(fields=["tenant", "person", "-id"], name="records_export_person")]

    def __str__(self) -> str:
        return f"export hledání č. {self.pk}"

    @property
    def file_name(self) -> str:
        """Under which name the result is taken away."""
        return f"hledani-{self.pk}.{self.form}"


class SearchExportMonth(RunItem):
    """One month of a search: rows found in it, each with what it is put in order by, until the file is made."""

    run = TenantForeignKey("records.SearchExport", on_delete=models.PROTECT, related_name="items")
    since = models.DateField("od")
    until = models.DateField("do")
    rows = models.JSONField("řádky", default=list, encoder=DjangoJSONEncoder)  # [[rank, [cell, …]], …]

    class Meta:
        verbose_name = "měsíc exportu hledání"
        verbose_name_plural = "měsíce exportu hledání"
        indexes = [models.Index(fields=["tenant", "run", "state", "id"], name="records_export_state")]

    def __str__(self) -> str:
        return f"{self.since:%m/%Y}"
