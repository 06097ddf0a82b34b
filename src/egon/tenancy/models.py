"""The originator, and what every table of an originator's records has in common."""

from typing import Any

from django.db import models


class Tenant(models.Model):
    """An originator (původce, zákon 499/2004 Sb. § 63). A centre table: the directory of all organisations served."""

    id = models.AutoField(primary_key=True)
    code = models.CharField("zkratka", max_length=12, unique=True, help_text="Stojí v číslech jednacích, např. KRV.")
    name = models.CharField("název", max_length=200)
    ic = models.CharField("IČO", max_length=8, blank=True)
    is_operator = models.BooleanField("provozuje centrum", default=False)
    active = models.BooleanField("činná", default=True)

    class Meta:
        verbose_name = "organizace"
        verbose_name_plural = "organizace"
        constraints = [
            models.UniqueConstraint(
                fields=["is_operator"], condition=models.Q(is_operator=True), name="tenancy_one_operator"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CurrentTenant(models.Func):
    """The tenant of the database session, as the row policies see it."""

    template = "NULLIF(current_setting('app.tenant_id', true), '')::int"
    output_field = models.IntegerField()

    def __init__(self) -> None:
        super().__init__()


class TenantModel(models.Model):
    """A row of one originator. The database fills ``tenant_id`` from the session and hides rows of all others.

    The row policy, the unique ``(tenant_id, id)`` and the composite foreign keys are made by :mod:`egon.tenancy.guard`.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, db_default=CurrentTenant(), db_index=False, editable=False, related_name="+"
    )

    class Meta:
        abstract = True


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A reference within one originator: the database checks ``(tenant_id, this)`` against ``(tenant_id, id)``.

    A plain foreign key is not subject to row security and would let one originator point at another's row.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **options: Any) -> None:
        options["db_constraint"] = False
        options.setdefault("db_index", False)
        super().__init__(to, on_delete, **options)
