"""Forms of reminders."""

from datetime import timedelta
from typing import Any

from django import forms

from egon.kernel.clock import today
from egon.records.rules.reminders import LONGEST_REMINDER
from egon.registry import queries as registry
from egon.registry.models import Person
from egon.web.forms import offer
from egon.web.offers import SoughtChoice
from egon.web.widgets import DayInput


class ChangeForm(forms.Form):
    """When to remind, and of what."""

    day = forms.DateField(label="Připomenout dne", widget=DayInput())
    note = forms.CharField(
        label="Co připomenout", max_length=LONGEST_REMINDER, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReminderForm(ChangeForm):
    """A new reminder; to oneself, unless somebody else is chosen."""

    person = SoughtChoice(
        Person.objects.none(),
        label="Komu",
        required=False,
        empty_label="mně",
        source="osoby",
        help_text="Jiný člověk musí dokument nebo spis vidět.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": today() + timedelta(days=7)})
        super().__init__(*args, **kwargs)
        offer(self, "person", registry.people())


class ReminderFilter(forms.Form):
    """What the list of reminders is narrowed by; its names stand in the address."""

    DUE, AHEAD, DONE, ALL = "dnes", "pozdeji", "hotove", "vse"

    stav = forms.ChoiceField(
        label="Stav",
        required=False,
        choices=[
            ("", "čekající"),
            (DUE, "na dnes a prošlé"),
            (AHEAD, "na později"),
            (DONE, "hotové"),
            (ALL, "všechny"),
        ],
    )
    koho = forms.ChoiceField(label="Komu", required=False, choices=[("", "mně"), ("jinym", "nastavené mnou jiným")])
    od = forms.DateField(label="Den od", required=False, widget=DayInput)
    do = forms.DateField(label="Den do", required=False, widget=DayInput)

    def clean(self) -> dict[str, Any]:
        """The interval does not end before it begins."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("od") and cleaned.get("do") and cleaned["od"] > cleaned["do"]:
            self.add_error("do", "Konec období je před jeho začátkem.")
        return cleaned
