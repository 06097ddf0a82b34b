"""Forms of the data boxes."""

from django import forms

from egon.databox.models import DeliveryPolicy


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
