"""By what the auditor narrows the transaction log."""

from typing import Any

from django import forms

from egon.audit.models import Outcome
from egon.audit.operation import operations
from egon.web.audit.labels import ENTITIES

DAY = forms.DateInput(attrs={"type": "date"})


class LogFilter(forms.Form):
    """Period, person, operation, entity, outcome."""

    od = forms.DateField(label="Od", required=False, widget=DAY)
    do = forms.DateField(label="Do", required=False, widget=DAY)
    osoba = forms.CharField(label="Kdo", required=False, max_length=80)
    operace = forms.ChoiceField(label="Operace", required=False)
    typ = forms.ChoiceField(label="Entita", required=False, choices=[("", "Všechny"), *ENTITIES.items()])
    cislo = forms.IntegerField(label="Číslo entity", required=False, min_value=1)
    vysledek = forms.ChoiceField(label="Výsledek", required=False, choices=[("", "Všechny"), *Outcome.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = sorted(((spec.code, spec.title) for spec in operations()), key=lambda pair: pair[1])
        operation = self.fields["operace"]
        assert isinstance(operation, forms.ChoiceField)  # noqa: S101 - declared above
        operation.choices = [("", "Všechny"), *titles]
