"""Own metadata of documents, files and what is above them: their fields, code lists, and the index of their values."""

from collections.abc import Sequence
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from egon.records.rules import labels
from egon.records.rules.own_metadata import LONGEST_NAME, LONGEST_VALUE, OwnEntity, ValueType
from egon.tenancy.models import TenantForeignKey, TenantModel

OWNERS: Final = ("document", "file", "record_class", "typed_file", "section", "volume", "component")
"""Columns of which a value has just one: what it belongs to. Those of persons are found by the register's words."""


def _one_of(columns: Sequence[str]) -> Q:
    found = Q()
    for filled in columns:
        found |= Q(**{f"{one}__isnull": one != filled for one in columns})
    return found


class OwnList(TenantModel):
    """A code list of an own field. Values are kept as they read, so an item that left the list stays where it was."""

    name = models.CharField("název", max_length=LONGEST_NAME)
    items = ArrayField(models.CharField(max_length=LONGEST_VALUE), verbose_name="položky")

    class Meta:
        verbose_name = "vlastní číselník"
        verbose_name_plural = "vlastní číselníky"
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="records_own_list_name")]

    def __str__(self) -> str:
        return self.name


class OwnField(TenantModel):
    """One own field of documents (of all, or of one kind) or of another entity. NSESSS 9.1.1, 4.2.3.

    Its entity, kind and type never change; a withdrawn one is asked for no more and stays where it is filled in.
    """

    entity = models.CharField("čeho", max_length=12, choices=labels.choices(OwnEntity))
    kind = TenantForeignKey(
        "records.DocumentKind", on_delete=models.PROTECT, null=True, blank=True, related_name="own_fields"
    )
    name = models.CharField("název", max_length=LONGEST_NAME)
    hint = models.CharField("nápověda", max_length=200, blank=True)
    value_type = models.CharField("typ", max_length=8, choices=labels.choices(ValueType))
    own_list = TenantForeignKey(
        "records.OwnList", on_delete=models.PROTECT, null=True, blank=True, related_name="fields"
    )
    required = models.BooleanField("povinný", default=False)
    position = models.PositiveIntegerField("pořadí")
    withdrawn_on = models.DateField("nevyplňuje se od", null=True, blank=True)

    log_with = ("kind",)

    class Meta:
        verbose_name = "vlastní údaj"
        verbose_name_plural = "vlastní údaje"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "entity", "kind", "name"], nulls_distinct=False, name="records_own_field_name"
            ),
            models.CheckConstraint(
                condition=Q(kind__isnull=True) | Q(entity=OwnEntity.DOCUMENT.value), name="records_own_field_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OwnValue(TenantModel):
    """One value in a form that compares as it does, by which its owner is found. Kept with the values."""

    field = TenantForeignKey("records.OwnField", on_delete=models.PROTECT, related_name="values")
    document = TenantForeignKey("records.Document", on_delete=models.CASCADE, null=True, related_name="+")
    file = TenantForeignKey("records.CaseFile", on_delete=models.CASCADE, null=True, related_name="+")
    record_class = TenantForeignKey("records.RecordClass", on_delete=models.CASCADE, null=True, related_name="+")
    typed_file = TenantForeignKey("records.TypedFile", on_delete=models.CASCADE, null=True, related_name="+")
    section = TenantForeignKey("records.TypedSection", on_delete=models.CASCADE, null=True, related_name="+")
    volume = TenantForeignKey("records.Volume", on_delete=models.CASCADE, null=True, related_name="+")
    component = TenantForeignKey("records.Component", on_delete=models.CASCADE, null=True, related_name="+")
    value = models.CharField("hodnota", max_length=LONGEST_VALUE)

    class Meta:
        verbose_name = "hodnota vlastního údaje"
        verbose_name_plural = "hodnoty vlastních údajů"
        constraints = [
            models.CheckConstraint(
                condition=_one_of(OWNERS),
                name="records_own_value_of_one",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "field", "value", "document", "file"], name="records_own_value_found"),
            models.Index(fields=["tenant", "document"], name="records_own_value_document"),
            models.Index(fields=["tenant", "file"], name="records_own_value_file"),
            *(
                models.Index(
                    fields=["tenant", owner], condition=Q(**{f"{owner}__isnull": False}), name=f"records_own_{owner}"
                )
                for owner in OWNERS[2:]
            ),
        ]

    def __str__(self) -> str:
        return self.value
