"""Forms of dispatch by post, and of delivery slips."""

from django import forms

from egon.mailroom.models import EnvelopeSize, PostService
from egon.mailroom.rules import HEAVIEST, SlipOutcome
from egon.web.widgets import DayInput


class PostForm(forms.Form):
    """How one letter goes by post."""

    service = forms.ChoiceField(label="Služba", choices=PostService.choices, initial=PostService.RECORDED)
    envelope = forms.ChoiceField(label="Obálka", choices=EnvelopeSize.choices)
    weight = forms.IntegerField(label="Hmotnost v gramech", required=False, min_value=1, max_value=HEAVIEST)
    address = forms.CharField(
        label="Adresa na obálku",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500,
        help_text="Jméno ani název sem nepište, doplní se samy. Každý řádek adresy na zvláštní řádek.",
    )


class SlipForm(forms.Form):
    """What a delivery slip tells."""

    on = forms.DateField(label="Datum na doručence", widget=DayInput({"autofocus": True}))
    outcome = forms.TypedChoiceField(
        label="Výsledek", choices=[(one.value, one.label) for one in SlipOutcome], coerce=SlipOutcome
    )
    note = forms.CharField(
        label="Poznámka",
        required=False,
        max_length=120,
        help_text="Například kdo zásilku převzal, je-li to jiný člověk.",
    )
