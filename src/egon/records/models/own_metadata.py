"""Own metadata of documents and files: their fields, code lists, and the index of their values."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from egon.records.rules import labels
from egon.records.rules.own_metadata import LONGEST_NAME, LONGEST_VALUE, OwnEntity, ValueType
from egon.tenancy.models import TenantForeignKey, TenantModel


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
    """One own field of documents (of all, or of one kind) or of files. NSESSS 9.1.1, 4.2.3.

    Its entity, kind and type never change; a withdrawn one is asked for no more and stays where it is filled in.
    """

    entity = models.CharField("čeho", max_length=8, choices=labels.choices(OwnEntity))
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
    """One value in a form that compares as it does, by which documents and files are found. Kept with the values."""

    field = TenantForeignKey("records.OwnField", on_delete=models.PROTECT, related_name="values")
    document = TenantForeignKey("records.Document", on_delete=models.CASCADE, null=True, related_name="+")
    file = TenantForeignKey("records.CaseFile", on_delete=models.CASCADE, null=True, related_name="+")
    value = models.CharField("hodnota", max_length=LONGEST_VALUE)

    class Meta:
        verbose_name = "hodnota vlastního údaje"
        verbose_name_plural = "hodnoty vlastních údajů"
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=True, file__isnull=False) | Q(document__isnull=False, file__isnull=True),
                name="records_own_value_of_one",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "field", "value", "document", "file"], name="records_own_value_found"),
            models.Index(fields=["tenant", "document"], name="records_own_value_document"),
            models.Index(fields=["tenant", "file"], name="records_own_value_file"),
        ]

    def __str__(self) -> str:
        return self.value
