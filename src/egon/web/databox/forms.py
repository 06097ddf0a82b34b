"""Forms of the data boxes."""

import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms

from egon.databox.connection import ADDRESSES
from egon.databox.models import Box, DeliveryPolicy, Direction, LoginKind
from egon.mailroom.models import IntakeState
from egon.registry import queries as registry
from egon.web.forms import SOUGHT_IN_NEWEST
from egon.web.widgets import DayInput

OWN_ADDRESS: Final = "jina"
_ADDRESS_LABELS: Final = {
    "produkce": "produkční ISDS",
    "test": "veřejné testovací prostředí ISDS",
    "produkce-kivs": "produkční ISDS přes KIVS",
    "test-kivs": "testovací prostředí přes KIVS",
    "produkce-stara": "produkční ISDS, stará adresa (mojedatovaschranka.cz)",
    "test-stara": "testovací prostředí, stará adresa (czebox.cz)",
}
_INTERVALS: Final = [
    (20, "20 sekund (jen ke zkoušení)"),
    (60, "minutě"),
    (300, "5 minutách"),
    (900, "čtvrt hodině"),
    (3600, "hodině"),
    (14400, "4 hodinách"),
]


class BoxForm(forms.Form):
    """A new data box: who it is, how the product logs in, when and how it takes messages over."""

    box_id = forms.CharField(label="Identifikátor schránky", max_length=7, min_length=7)
    name = forms.CharField(label="Název", max_length=200, help_text="Podle něj schránku poznáte v seznamech.")
    login_kind = forms.ChoiceField(
        label="Způsob přihlášení",
        choices=LoginKind.choices,
        initial=LoginKind.PASSWORD,
        help_text="Certifikát nahrajete po uložení. Kód SMS a mobilní klíč potřebují člověka u telefonu; ty umí příkaz "
        "./egon isds.",
    )
    login = forms.CharField(
        label="Přihlašovací jméno", max_length=60, required=False, help_text="Jen u přihlášení jménem a heslem."
    )
    password = forms.CharField(
        label="Heslo",
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Ukládá se zašifrované a nikde se nezobrazuje. V hostované spisové službě provozní řád ISDS ukládání "
        "hesel nedovoluje, použijte certifikát.",
    )
    environment = forms.ChoiceField(
        label="Prostředí ISDS",
        required=False,
        choices=[
            ("", "podle nastavení celé instalace"),
            *((word, _ADDRESS_LABELS[word]) for word in ADDRESSES),
            (OWN_ADDRESS, "jiná adresa"),
        ],
    )
    own_address = forms.CharField(
        label="Jiná adresa", max_length=200, required=False, help_text="Například https://isds.kraj.cz."
    )
    delivery_policy = forms.ChoiceField(
        label="Přebírání zpráv",
        choices=DeliveryPolicy.choices,
        initial=DeliveryPolicy.AT_ONCE,
        help_text="Zpráva je doručena okamžikem, kdy si ji systém nechá vypsat. Sledování zprávy jen ukáže a nic "
        "nedoručí; jde jen s certifikátem.",
    )
    check_every = forms.TypedChoiceField(label="Nové zprávy vyhlížet po", choices=_INTERVALS, coerce=int, initial=60)
    hours_from = forms.IntegerField(label="Samo stahovat od (hodina)", min_value=0, max_value=23, required=False)
    hours_to = forms.IntegerField(
        label="Samo stahovat do (hodina)",
        min_value=1,
        max_value=24,
        required=False,
        help_text="Nevyplněné znamená celý den. Pokyn člověka platí kdykoli.",
    )
    working_days_only = forms.BooleanField(label="Samo stahovat jen v pracovní dny", required=False)

    def values(self) -> dict[str, Any]:
        """Arguments of the operation."""
        found = dict(self.cleaned_data)
        environment, own = found.pop("environment"), found.pop("own_address").strip()
        if environment == OWN_ADDRESS or (own and not environment):
            environment = own or OWN_ADDRESS  # the word alone is refused as an address
        found["environment_url"] = environment
        return found


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


def values_of(box: Box) -> dict[str, Any]:
    """What the form of a box starts with."""
    names = ("name", "login_kind", "login", "delivery_policy", "check_every", "hours_from", "hours_to")
    known = {name: getattr(box, name) for name in (*names, "working_days_only", "active")}
    is_known = box.environment_url in ("", *ADDRESSES)
    known["environment"] = box.environment_url if is_known else OWN_ADDRESS
    known["own_address"] = "" if is_known else box.environment_url
    return known


class CertificateForm(forms.Form):
    """A login certificate with its key."""

    file = forms.FileField(label="Soubor s certifikátem", help_text="PKCS#12 (.p12, .pfx) nebo PEM.")
    key_file = forms.FileField(
        label="Soubor se soukromým klíčem",
        required=False,
        help_text="Jen když klíč není v souboru s certifikátem (PEM).",
    )
    password = forms.CharField(
        label="Heslo k souboru",
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Použije se jen k otevření a neuloží se.",
    )


class PersonForm(forms.Form):
    """Whose own hands a message is for."""

    person = forms.TypedChoiceField(label="Adresát zprávy", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(person.pk), str(person)) for person in registry.people()]
        self.fields["person"].choices = [("", "vyberte osobu"), *people]  # type: ignore[attr-defined]


class MessageFilter(forms.Form):
    """What the list of data messages is narrowed by (GET)."""

    hledat = forms.CharField(
        label="Věc, ID nebo číslo jednací", required=False, max_length=100, help_text=SOUGHT_IN_NEWEST
    )
    kdo = forms.CharField(label="Odesílatel nebo příjemce", required=False, max_length=100, help_text=SOUGHT_IN_NEWEST)
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
        help_text=SOUGHT_IN_NEWEST,
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
