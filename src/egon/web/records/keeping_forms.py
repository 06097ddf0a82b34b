"""Forms of what the keepers set for the evidence of documents."""

from typing import Any

from django import forms

from egon.records import plan_queries
from egon.records.models import DisposalRegime
from egon.records.rules.kinds import LONGEST_NAME
from egon.web.widgets import DayInput


class KindFilter(forms.Form):
    """What the list of kinds is narrowed by."""

    hledat = forms.CharField(label="Název", required=False, max_length=LONGEST_NAME)
    stav = forms.ChoiceField(
        label="Používání",
        required=False,
        choices=[("", "vše"), ("used", "používané"), ("ended", "ukončené"), ("coming", "teprve se začnou používat")],
    )
    rezim = forms.ChoiceField(
        label="Skartační režim",
        required=False,
        choices=[("", "vše"), ("ano", "s vlastním režimem"), ("ne", "bez vlastního režimu")],
    )


class KindForm(forms.Form):
    """What may be changed of a kind; its regime may not."""

    name = forms.CharField(label="Název", max_length=LONGEST_NAME)
    description = forms.CharField(
        label="Popis",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kdy se druh používá; pro ty, kdo ho vybírají.",
    )
    valid_from = forms.DateField(label="Používá se od", widget=DayInput)
    valid_to = forms.DateField(
        label="Používá se do",
        required=False,
        widget=DayInput,
        help_text="Poslední den. Dokumentům, které druh mají, zůstane.",
    )


class RegimeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A regime, told by its name as well."""

    def label_from_instance(self, obj: Any) -> str:
        """``S/5 Běžná korespondence``."""
        return f"{obj.written} {obj.name}"


class NewKindForm(KindForm):
    """A new kind, perhaps with a regime."""

    regime = RegimeField(
        label="Skartační režim",
        queryset=DisposalRegime.objects.none(),
        required=False,
        empty_label="žádný, platí režim spisu",
        help_text="Později už ho nepůjde změnit (NSESSS 4.2.4). Při uzavření spisu rozhodne přísnější režim.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regime"].queryset = plan_queries.regimes()  # type: ignore[attr-defined]
