"""Forms of the jmenný rejstřík."""

from dataclasses import fields
from typing import Any

from django import forms

from egon.parties.models import Duplicate, DuplicateState, Kind, Party
from egon.parties.operations import PartyDetails
from egon.web.forms import SharedForm


class PartyForm(SharedForm):
    """All facts of a party; which of them belong to it follows from its kind."""

    kind = forms.ChoiceField(label="Druh osoby", choices=Kind.choices, initial=Kind.NATURAL)
    given_name = forms.CharField(label="Jméno", max_length=80, required=False, help_text="Jen u fyzické osoby.")
    family_name = forms.CharField(label="Příjmení", max_length=80, required=False)
    birth_date = forms.DateField(
        label="Datum narození", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    name = forms.CharField(
        label="Název", max_length=250, required=False, help_text="U fyzické osoby nechte prázdné, složí se ze jména."
    )
    ic = forms.CharField(label="IČO", max_length=12, required=False)
    legal_form = forms.CharField(
        label="Právní forma",
        max_length=100,
        required=False,
        help_text="Jak ji vede registr osob; fyzická osoba ji nemá.",
    )
    street = forms.CharField(label="Ulice", max_length=120, required=False)
    house_number = forms.CharField(label="Číslo popisné", max_length=12, required=False)
    orientation_number = forms.CharField(label="Číslo orientační", max_length=12, required=False)
    postal_code = forms.CharField(label="PSČ", max_length=12, required=False)
    city = forms.CharField(label="Obec", max_length=120, required=False)
    country = forms.CharField(label="Stát", max_length=2, initial="CZ", help_text="Dvě písmena, například CZ.")
    databox_id = forms.CharField(label="Datová schránka", max_length=7, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    phone = forms.CharField(label="Telefon", max_length=40, required=False)

    @property
    def details(self) -> PartyDetails:
        """What was typed, for the operations."""
        return PartyDetails(**{field.name: self.cleaned_data[field.name] for field in fields(PartyDetails)})

    @classmethod
    def values_of(cls, party: Party) -> dict[str, Any]:
        """The present facts, to start from."""
        return {field.name: getattr(party, field.name) for field in fields(PartyDetails)}


class PartyFilter(forms.Form):
    """By what the list is narrowed."""

    q = forms.CharField(
        label="Jméno, obec, IČO nebo schránka",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    druh = forms.ChoiceField(label="Druh osoby", required=False, choices=[("", "Všechny"), *Kind.choices])
    ztotozneno = forms.ChoiceField(
        label="Ztotožnění", required=False, choices=[("", "Všechny"), ("ano", "ztotožněné"), ("ne", "neztotožněné")]
    )


class DuplicateFilter(forms.Form):
    """Which pairs of similar records are shown."""

    stav = forms.ChoiceField(
        label="Stav", required=False, choices=[*DuplicateState.choices, ("vse", "všechny")], initial=DuplicateState.OPEN
    )


class RetentionForm(forms.Form):
    """After how long records without any link are destroyed."""

    natural_days = forms.IntegerField(
        label="Fyzické osoby (počet dnů)", required=False, help_text="I podnikající. Prázdné: nemazat."
    )
    legal_days = forms.IntegerField(
        label="Právnické osoby a úřady (počet dnů)", required=False, help_text="Prázdné: nemazat."
    )


class MergeForm(forms.Form):
    """Which of two records stays."""

    kept = forms.ChoiceField(label="Který záznam zůstane", widget=forms.RadioSelect)

    def __init__(self, *args: Any, pair: Duplicate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {str(party.pk): party for party in (pair.party, pair.other)}
        self.fields["kept"].choices = [  # type: ignore[attr-defined]
            (str(pair.party_id), f"starší: {_described(pair.party)}"),
            (str(pair.other_id), f"novější: {_described(pair.other)}"),
        ]
        self.fields["kept"].initial = str(pair.party_id)


def _described(party: Party) -> str:
    return ", ".join(part for part in (party.name, party.address) if part)
