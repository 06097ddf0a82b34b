"""The index: one row an entity, with the lexemes computed by us."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from egon.tenancy.models import TenantModel


class Entry(TenantModel):
    """What can be found about one entity. Derived from the entity; may be built anew at any time."""

    entity_type = models.CharField("druh", max_length=60)
    entity_id = models.BigIntegerField("entita")
    title = models.CharField("název", max_length=500)
    sort_at = models.DateTimeField("čas")
    tsv = SearchVectorField("lexémy")  # among them the originator, so that the index alone answers for a tenant

    class Meta:
        verbose_name = "položka rejstříku"
        verbose_name_plural = "položky rejstříku"
        constraints = [models.UniqueConstraint(fields=["tenant", "entity_type", "entity_id"], name="search_entry_once")]
        indexes = [
            GinIndex(fields=["tsv"], name="search_entry_tsv"),
            models.Index(fields=["tenant", "entity_type", "-sort_at", "-id"], name="search_entry_newest_of"),
        ]

    def __str__(self) -> str:
        return self.title
