"""Forms of the data boxes."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from egon.databox.models import Box, DeliveryPolicy, Direction
from egon.mailroom.models import IntakeState
from egon.web.widgets import DayInput


class BoxForm(forms.Form):
    """A new data box with its login."""

    box_id = forms.CharField(label="Identifikátor schránky", max_length=7, min_length=7)
    name = forms.CharField(label="Název", max_length=200, help_text="Podle něj schránku poznáte v seznamech.")
    login = forms.CharField(label="Přihlašovací jméno", max_length=60)
    password = forms.CharField(
        label="Heslo",
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Ukládá se zašifrované a nikde se nezobrazuje.",
    )
    environment_url = forms.CharField(
        label="Adresa ISDS",
        max_length=200,
        required=False,
        help_text="Prázdná znamená adresu celé instalace; jinak „produkce“, „test“ nebo celá adresa.",
    )
    delivery_policy = forms.ChoiceField(
        label="Stahování zpráv",
        choices=DeliveryPolicy.choices,
        help_text="Zpráva je doručena okamžikem, kdy si ji systém nechá vypsat.",
    )


class BoxEditForm(BoxForm):
    """Changes of a box; its identifier stays, an empty password keeps the present one."""

    box_id = None  # type: ignore[assignment]
    password = forms.CharField(
        label="Nové heslo",
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Nevyplněné heslo zůstane stejné.",
    )
    active = forms.BooleanField(label="Schránka se používá", required=False)


class MessageFilter(forms.Form):
    """What the list of data messages is narrowed by (GET)."""

    hledat = forms.CharField(label="Věc, ID nebo číslo jednací", required=False, max_length=100)
    kdo = forms.CharField(label="Odesílatel nebo příjemce", required=False, max_length=100)
    smer = forms.ChoiceField(label="Druh", required=False, choices=[("", "všechny"), *Direction.choices])
    schranka = forms.ChoiceField(label="Schránka", required=False)
    od = forms.DateField(label="Dodáno od", required=False, widget=DayInput)
    do = forms.DateField(label="Dodáno do", required=False, widget=DayInput)
    kontroly = forms.ChoiceField(
        label="Kontroly",
        required=False,
        choices=[
            ("", "jakkoli dopadly"),
            ("ok", "v pořádku"),
            ("warning", "s výhradou"),
            ("failed", "neprošly"),
            ("none", "nekontrolováno"),
        ],
    )
    evidence = forms.ChoiceField(
        label="V podatelně",
        required=False,
        choices=[("", "jakkoli"), ("none", "jen uložené"), *IntakeState.choices],
    )

    def __init__(self, *args: Any, boxes: Sequence[Box], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["schranka"]
        field.choices = [("", "všechny"), *((box.box_id, f"{box.name} ({box.box_id})") for box in boxes)]


class ImportForm(forms.Form):
    """A store of messages as one file."""

    largest = 4 * 1024**3

    soubor = forms.FileField(
        label="Soubor s uloženými zprávami",
        help_text="Archiv ZIP se soubory ZFO, jeden soubor ZFO, nebo databáze zpráv Datovky (.db). Nejvýše 4 GB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,.zfo,.db"}),
    )
    byvale_schranky = forms.CharField(
        label="Bývalé vlastní schránky",
        required=False,
        max_length=400,
        help_text="Jen když soubor obsahuje zprávy schránky, kterou organizace už nemá. Oddělte je čárkou.",
    )

    def clean_byvale_schranky(self) -> list[str]:
        """Identifiers, however they were separated."""
        return re.split(r"[,;\s]+", self.cleaned_data["byvale_schranky"].strip())


class CentreFilter(forms.Form):
    """What the list of all organisations' boxes is narrowed by (GET)."""

    hledat = forms.CharField(label="Organizace nebo schránka", required=False, max_length=100)
    problem = forms.BooleanField(label="Jen s problémem", required=False)
