"""Forms of withdrawing and destroying."""

from django import forms

from egon.records.removal_queries import Fate
from egon.records.rules.destruction import Ground
from egon.records.rules.header import EXTRAS
from egon.records.rules.labels import choices
from egon.web.forms import SharedForm
from egon.web.widgets import DayInput


class WithdrawnFilter(forms.Form):
    """What the list of withdrawals is narrowed by."""

    stav = forms.ChoiceField(label="Stav", required=False, choices=[("", "vše"), *choices(Fate)])
    q = forms.CharField(label="Číslo, věc, důvod nebo kdo", required=False, max_length=80)
    od = forms.DateField(label="Od", required=False, widget=DayInput)
    do = forms.DateField(label="Do", required=False, widget=DayInput)


class ByNumberForm(forms.Form):
    """One document or file that an administrator withdraws without seeing it."""

    number = forms.CharField(
        label="Číslo",
        max_length=100,
        help_text="Identifikátor, číslo jednací nebo spisová značka, celé a přesně. Vždy jen jedno.",
    )
    reason = forms.CharField(label="Důvod", widget=forms.Textarea(attrs={"rows": 3}))


class DestroyedFilter(forms.Form):
    """What the list of destroyed records is narrowed by."""

    duvod = forms.ChoiceField(label="Důvod", required=False, choices=[("", "vše"), *choices(Ground)])
    q = forms.CharField(label="Číslo, věc nebo rozhodnutí", required=False, max_length=80)
    od = forms.DateField(label="Od", required=False, widget=DayInput)
    do = forms.DateField(label="Do", required=False, widget=DayInput)


class ConsentFilter(forms.Form):
    """Which files under a standing consent are offered."""

    znak = forms.CharField(label="Spisový znak", required=False, max_length=30)
    q = forms.CharField(label="Značka nebo obsah", required=False, max_length=80)


class ConsentForm(forms.Form):
    """On what decision the files are destroyed."""

    reference = forms.CharField(
        label="Rozhodnutí o trvalém skartačním souhlasu",
        max_length=100,
        help_text="Identifikátor nebo číslo jednací rozhodnutí archivu (NSESSS 7.2.4).",
    )
    reason = forms.CharField(label="Poznámka", max_length=250, required=False)
    scope = forms.ChoiceField(
        label="Co zničit",
        choices=[("marked", "jen zaškrtnuté spisy"), ("all", "všechny, které odpovídají filtru")],
        initial="marked",
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(label="Vím, že zničené spisy nejde obnovit")


class PeriodForm(forms.Form):
    """What was withdrawn from when to when is to be destroyed."""

    since = forms.DateField(label="Znepřístupněné od", widget=DayInput)
    until = forms.DateField(label="do", widget=DayInput)
    reason = forms.CharField(label="Poznámka", max_length=250, required=False)
    sure = forms.BooleanField(label="Vím, že zničené nejde obnovit")


class RemovalSettingsForm(SharedForm):
    """Whether anything may be withdrawn, when it is destroyed by itself, and what headers keep."""

    allows_withdrawal = forms.BooleanField(
        label="Dokumenty a spisy jde znepřístupnit (stornovat)",
        required=False,
        help_text="Co je znepřístupněné teď, tím zůstane.",
    )
    destroys_withdrawn_after = forms.IntegerField(
        label="Znepřístupněné samo zničit po dnech",
        required=False,
        min_value=1,
        max_value=36_500,
        help_text="Prázdné: nikdy samo, jen na pokyn správce spisovny.",
    )
    header_extras = forms.MultipleChoiceField(
        label="Co navíc zůstane v hlavičce zničených",
        required=False,
        choices=list(EXTRAS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="Čísla, věc, soupis dokumentů, důvod a čas zničení zůstávají vždy (příloha č. 8 NSESSS).",
    )
