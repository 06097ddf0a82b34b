"""Bulk prints (hromadný tisk): a run made in the background, and what became of each of its items."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from egon.jobs.runs.models import Run, RunItem
from egon.records.rules import labels
from egon.records.rules.printing import BulkPrint, Printed
from egon.tenancy.models import TenantForeignKey


class PrintRun(Run):
    """One bulk print, made with the rights of the person who started it. NSESSS 5.2.8, 5.2.13.

    The result is kept some days, then only the run remains.
    """

    what = models.CharField("co se tiskne", max_length=16, choices=labels.choices(BulkPrint))
    person = TenantForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    result_digest = models.CharField("výsledek", max_length=64, blank=True)
    result_size = models.BigIntegerField("velikost výsledku", default=0)

    called = "Hromadný tisk"
    done_words = ("Vytištěno", "Nevytištěno")

    class Meta:
        verbose_name = "hromadný tisk"
        verbose_name_plural = "hromadné tisky"
        indexes = [models.Index(fields=["tenant", "person", "-started_at"], name="records_print_person")]

    def __str__(self) -> str:
        return f"hromadný tisk č. {self.pk}: {BulkPrint(self.what).label}"


class PrintItem(RunItem):
    """One entity of a bulk print; ``part_digest`` is its piece until the whole is put together."""

    run = TenantForeignKey(PrintRun, on_delete=models.PROTECT, related_name="items")
    file = TenantForeignKey("records.CaseFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    document = TenantForeignKey("records.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    typed_file = TenantForeignKey(
        "records.TypedFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    section = TenantForeignKey(
        "records.TypedSection", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    volume = TenantForeignKey("records.Volume", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField("pořadí")
    part_digest = models.CharField("část", max_length=64, blank=True)
    part_size = models.BigIntegerField("velikost části", default=0)

    log_with = tuple(one.value for one in Printed)

    class Meta:
        verbose_name = "položka hromadného tisku"
        verbose_name_plural = "položky hromadného tisku"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "position"], name="records_print_position"),
            models.CheckConstraint(
                condition=reduce(or_, (Q(**{f"{one}__isnull": one != of for one in Printed}) for of in Printed)),
                name="records_print_of_one",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "run", "state", "id"], name="records_print_state")]

    def __str__(self) -> str:
        entity = self.volume or self.section or self.typed_file
        return entity.full_name if entity else str(self.file or self.document)
