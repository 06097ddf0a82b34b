"""Forms of the analogue part of a document."""

from typing import Any

from django import forms

from egon.records.rules.labels import choices
from egon.records.rules.paper import LONGEST_ANNEXES, MOST_SHEETS, Carrier, PaperFacts

PAPER_FIELDS = ("carrier", "sheets", "annexes", "bundles", "other_annexes", "other_annexes_note")


class PaperFields(forms.Form):
    """What is counted of an analogue part (vyhláška 259/2012 § 3 odst. 3); what is not typed is none."""

    may_be_digital = False

    carrier = forms.ChoiceField(label="Nosič", required=False, choices=choices(Carrier))
    sheets = forms.IntegerField(
        label="Listů", min_value=0, max_value=MOST_SHEETS, required=False, help_text="Bez listů příloh."
    )
    annexes = forms.IntegerField(label="Listinných příloh", min_value=0, max_value=MOST_SHEETS, required=False)
    bundles = forms.IntegerField(label="Svazků", min_value=0, max_value=MOST_SHEETS, required=False)
    other_annexes = forms.IntegerField(label="Jiných příloh", min_value=0, max_value=MOST_SHEETS, required=False)
    other_annexes_note = forms.CharField(label="Popis jiných příloh", required=False, max_length=LONGEST_ANNEXES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.may_be_digital:
            carrier: Any = self.fields["carrier"]
            carrier.choices = [("", "žádná, dokument je digitální"), *choices(Carrier)]
            carrier.label = "Analogová část"

    def clean(self) -> dict[str, Any]:
        """Counts without a carrier would be lost."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.may_be_digital and not cleaned.get("carrier") and any(cleaned.get(name) for name in PAPER_FIELDS):
            self.add_error("carrier", "Vyberte, z čeho analogová část je, nebo smažte počty.")
        return cleaned

    def paper(self) -> PaperFacts | None:
        """What was typed; None of a digital document."""
        typed = self.cleaned_data
        if self.may_be_digital and not typed["carrier"]:
            return None
        return PaperFacts(
            carrier=typed["carrier"] or Carrier.PAPER.value,
            sheets=typed["sheets"] or 0,
            annexes=typed["annexes"] or 0,
            bundles=typed["bundles"] or 0,
            other_annexes=typed["other_annexes"] or 0,
            other_annexes_note=typed["other_annexes_note"],
        )
