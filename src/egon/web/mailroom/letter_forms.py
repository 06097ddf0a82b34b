"""Forms of paper letters: what is read from the envelope, on which labels it is printed, a scanned code."""

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import fields as fields_of
from typing import Any

from django import forms

from egon.gateways.pdfa import SHEETS
from egon.mailroom.models import LetterKind
from egon.mailroom.rules import EnvelopeFacts
from egon.records.rules.paper import PaperFacts
from egon.records.rules.states import Direction
from egon.registry import queries as registry
from egon.registry.models import Unit
from egon.web.forms import offer
from egon.web.mailroom.forms import RegisterForm
from egon.web.offers import SoughtChoice
from egon.web.records.paper_forms import PaperFields
from egon.web.widgets import DayInput, MomentInput


class EnvelopeForm(PaperFields):
    """Facts of the envelope and of the paper in it."""

    envelope_kind = forms.ChoiceField(label="Druh zásilky", choices=LetterKind.choices)
    post_number = forms.CharField(
        label="Podací číslo",
        required=False,
        max_length=30,
        help_text="Načtěte čtečkou, nebo opište. U obyčejné zásilky není.",
    )
    posted_on = forms.DateField(label="Podáno k přepravě", required=False, widget=DayInput())
    to_hands = forms.CharField(label="K rukám", required=False, max_length=120)
    unopened = forms.BooleanField(
        label="Předává se neotevřená",
        required=False,
        help_text="Na obálce je jméno člověka nad názvem úřadu (vyhláška 259/2012 Sb., § 5 odst. 1).",
    )
    defects = forms.CharField(
        label="Vady", required=False, max_length=255, help_text="Například poškozená obálka, nečitelný list."
    )
    envelope_kept = forms.BooleanField(label="Obálka se ponechává u dokumentu", required=False)

    def facts(self) -> EnvelopeFacts:
        """What was typed, for the operations."""
        paper = asdict(self.paper() or PaperFacts())
        names = [field.name for field in fields_of(EnvelopeFacts) if field.name not in ("kind", *paper)]
        typed = {name: self.cleaned_data[name] for name in names}
        return EnvelopeFacts(kind=self.cleaned_data["envelope_kind"], **paper, **typed)


class LetterForm(EnvelopeForm, RegisterForm):
    """A whole paper letter: its envelope, who sent it, what it is about, where it goes."""

    delivered_at = forms.DateTimeField(label="Doručeno", widget=MomentInput())
    sender_reference = forms.CharField(label="Značka odesílatele", required=False, max_length=100)

    def typed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Raw values of a form that was posted only to search, to be shown again."""
        return {
            name: name in data if isinstance(field, forms.BooleanField) else data.get(name, "")
            for name, field in self.fields.items()
        }


class LabelForm(forms.Form):
    """Which labels are in the printer, and which of them is the first unused one."""

    sheet = forms.ChoiceField(label="Štítky", choices=[(key, sheet.name) for key, sheet in SHEETS.items()])
    first = forms.IntegerField(
        label="Začít na štítku č.", min_value=1, initial=1, help_text="Počítá se po řádcích zleva, od horního rohu."
    )

    def clean(self) -> dict[str, Any]:
        """The first place is on the sheet."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        sheet = SHEETS.get(cleaned.get("sheet", ""))
        if sheet and (cleaned.get("first") or 1) > sheet.places:
            self.add_error("first", f"Na tomto archu je jen {sheet.places} štítků.")
        return cleaned


class CodeForm(forms.Form):
    """A code from a label, scanned or typed."""

    kod = forms.CharField(
        label="Kód ze štítku nebo z obalu spisu, číslo jednací, spisová značka nebo podací číslo",
        max_length=120,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )


class SlipCodeForm(CodeForm):
    """A code from a delivery slip or a returned envelope."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kod"].label = "Kód z doručenky nebo obálky, podací číslo, číslo jednací"


class TakeOverForm(CodeForm):
    """A code from a label of a paper document or from a hand-over list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kod"].label = "Kód ze štítku listiny nebo z předávacího protokolu"


class BookFilter(forms.Form):
    """Which part of the register book (GET)."""

    od = forms.DateField(label="Zaevidováno od", widget=DayInput())
    do = forms.DateField(label="do", widget=DayInput())
    smer = forms.ChoiceField(
        label="Směr", required=False, choices=[("", "všechny"), *((one.value, one.label) for one in Direction)]
    )
    utvar = SoughtChoice(
        label="Útvar", queryset=Unit.objects.none(), required=False, empty_label="všechny", source="utvary-vsechny"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "utvar", registry.units())

    def clean(self) -> dict[str, Any]:
        """The period does not end before it begins."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("od") and cleaned.get("do") and cleaned["od"] > cleaned["do"]:
            self.add_error("do", "Konec období je před jeho začátkem.")
        return cleaned
