"""Text read from components, for the search."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from egon.records.rules import labels
from egon.records.rules.components import TextState
from egon.tenancy.models import TenantForeignKey, TenantModel

LONGEST_REASON = 250


class ComponentText(TenantModel):
    """The text layer of one version of a component, or why there is none, or not a whole one. May be read anew."""

    version = TenantForeignKey("records.ComponentVersion", on_delete=models.CASCADE, related_name="read_texts")
    state = models.CharField("stav čtení", max_length=10, choices=labels.choices(TextState))
    text = models.TextField("text", blank=True)
    tsv = SearchVectorField("lexémy")  # tells which component of a found document has the words (NSESSS 5.1.5)
    reason = models.CharField("proč není text", max_length=LONGEST_REASON, blank=True)
    read_at = models.DateTimeField("přečteno")
    reader = models.SmallIntegerField("čtečka", default=1, db_default=1)  # see egon.gateways.texts.VERSION

    class Meta:
        verbose_name = "text komponenty"
        verbose_name_plural = "texty komponent"
        constraints = [models.UniqueConstraint(fields=["tenant", "version"], name="records_text_once")]
        # What an older reader found no text in, few of all.
        indexes = [
            models.Index(
                fields=["tenant", "reader"], condition=models.Q(state=TextState.NONE.value), name="records_text_none"
            )
        ]

    def __str__(self) -> str:
        return self.get_state_display()
