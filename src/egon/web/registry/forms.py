"""Forms of the organisation's administration."""

from collections.abc import Iterable
from typing import Any

from django import forms

from egon.gateways.directory import DEFAULT_ATTRIBUTES, DEFAULT_FILTER
from egon.jobs.runs.states import ItemState
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.registry import queries
from egon.registry.change_rules import ACTION_NAMES
from egon.registry.directory_rules import NEEDED
from egon.registry.models import ROLE_NAMES, CodeListItem, Person, Unit
from egon.registry.people_table import COLUMNS
from egon.web.forms import SharedForm, offer
from egon.web.offers import Offered, SoughtChoice

# The beginnings of codes of operations, and what they are about.
SETTINGS_AREAS = {
    "registry.unit": "Organizační části",
    "reorganisation.": "Reorganizace",
    "registry.position": "Funkční místa",
    "registry.person": "Osoby",
    "registry.role": "Role",
    "registry.own_role": "Vlastní role",
    "registry.restriction": "Omezení přístupu",
    "registry.substitution": "Zástupy",
    "registry.code": "Číselníky",
    "registry.changes": "Návrhy změn",
    "registry.calendar": "Kalendář",
    "registry.directory": "Adresář osob",
    "identity.": "Účty",
    "records.settings": "Číslování, dopisy, uzavírání",
    "records.period": "Období číslování",
    "records.kind": "Druhy dokumentů",
    "records.template": "Šablony dokumentů",
    "records.own": "Vlastní údaje a jejich číselníky",
    "records.place": "Místa uložení",
    "records.disclosure": "Co se dozví neoprávněný",
    "records.removal": "Znepřístupnění a ničení",
    "records.regime": "Skartační režimy",
    "records.class": "Věcné skupiny",
    "records.plan": "Spisový plán",
    "parties.settings": "Jmenný rejstřík",
    "circulation.template": "Šablony oběhu",
    "databox.box": "Datové schránky",
}


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A calendar day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


class UnitForm(forms.Form):
    """A unit."""

    code = forms.CharField(label="Zkratka", max_length=20)
    name = forms.CharField(label="Název", max_length=200)
    parent = SoughtChoice(
        label="Nadřízená část",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="žádná",
        source="utvary-vsechny",
    )
    is_records_node = forms.BooleanField(
        label="Spisový uzel", required=False, help_text="Přijímá, předává a ukládá dokumenty."
    )
    valid_from = day_field("Platí od")
    valid_to = day_field("Platí do", required=False, help_text="Poslední den platnosti; prázdné, dokud část trvá.")

    def __init__(self, *args: Any, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = queries.units() if unit is None else queries.units().exclude(pk=unit.pk)
        offer(self, "parent", others)
        if unit is None:
            self.fields["valid_from"].initial = clock.today()
            self.fields["is_records_node"].initial = True


class PositionForm(forms.Form):
    """A position in a unit."""

    name = forms.CharField(label="Název místa", max_length=160)
    person = SoughtChoice(
        label="Osoba", queryset=Person.objects.none(), required=False, empty_label="neobsazeno", source="osoby"
    )
    is_head = forms.BooleanField(label="Vedoucí místo", required=False)

    def __init__(self, *args: Any, people: Offered | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people or queries.people())


class FillForm(forms.Form):
    """Who shall hold a position."""

    person = SoughtChoice(
        label="Osoba", queryset=Person.objects.none(), required=False, empty_label="neobsazeno", source="osoby"
    )

    def __init__(self, *args: Any, people: Offered | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people or queries.people())


class PersonForm(forms.Form):
    """A person's name, e-mail and personal number."""

    title_before = forms.CharField(label="Titul před jménem", max_length=40, required=False)
    given_name = forms.CharField(label="Jméno", max_length=60)
    family_name = forms.CharField(label="Příjmení", max_length=80)
    title_after = forms.CharField(label="Titul za jménem", max_length=40, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    personal_number = forms.CharField(
        label="Osobní číslo", max_length=60, required=False, help_text="Podle něj osobu pozná import a adresář."
    )


class AccountForm(forms.Form):
    """A login: a new one, or one the person already has in another organisation."""

    login = forms.CharField(
        label="Přihlašovací jméno", max_length=60, help_text="Malá písmena bez diakritiky, například novakova."
    )
    existing = forms.BooleanField(label="Připojit účet, který už tato osoba má v jiné organizaci", required=False)


class RoleForm(forms.Form):
    """A role for a unit or for the whole organisation."""

    role = forms.ChoiceField(label="Role", choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
    unit = SoughtChoice(
        label="Pro část", queryset=Unit.objects.none(), required=False, empty_label="celou organizaci", source="utvary"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", queries.units(on=clock.today()))

    def clean_role(self) -> Role:
        """The role itself."""
        return Role(self.cleaned_data["role"])


class SubstitutionForm(forms.Form):
    """Who does whose work, and when."""

    absent = SoughtChoice(label="Koho", queryset=Person.objects.none(), empty_label="Vyberte…", source="osoby")
    substitute = SoughtChoice(
        label="Kdo zastupuje", queryset=Person.objects.none(), empty_label="Vyberte…", source="osoby"
    )
    valid_from = day_field("Od")
    valid_to = day_field("Do", help_text="Poslední den zástupu.")

    def __init__(self, *args: Any, only_absent: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "substitute", queries.people())
        if only_absent is None:
            offer(self, "absent", queries.people())
        else:
            offer(self, "absent", queries.people().filter(pk=only_absent.pk))
            self.fields["absent"].initial = only_absent.pk


class CodeForm(forms.Form):
    """A new item of a code list."""

    code_list = forms.SlugField(label="Číselník", max_length=40)
    code = forms.CharField(label="Kód", max_length=40)
    name = forms.CharField(label="Název", max_length=200)
    valid_from = day_field("Platí od")
    valid_to = day_field("Platí do", required=False)


class CodeEditForm(forms.Form):
    """What may change of an item; its code stays."""

    name = forms.CharField(label="Název", max_length=200)
    valid_from = day_field("Platí od")
    valid_to = day_field("Platí do", required=False, help_text="Poslední den platnosti.")

    @classmethod
    def of(cls, item: CodeListItem) -> "CodeEditForm":
        """Filled with the present values."""
        return cls(initial={"name": item.name, "valid_from": item.valid_from, "valid_to": item.valid_to})


class CodeFilter(forms.Form):
    """By what the items of code lists are narrowed."""

    ciselnik = forms.ChoiceField(label="Číselník", required=False)
    q = forms.CharField(label="Kód nebo název", required=False, max_length=80)
    platnost = forms.ChoiceField(
        label="Platnost", required=False, choices=[("", "Všechny"), ("dnes", "Platí dnes"), ("ne", "Neplatí dnes")]
    )

    def __init__(self, *args: Any, names: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["ciselnik"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 - declared above
        chosen.choices = [("", "Všechny"), *((name, name) for name in names)]


class PeopleFileForm(forms.Form):
    """A table of people."""

    soubor = forms.FileField(
        label="Tabulka CSV nebo XLSX",
        help_text="První řádek jsou názvy sloupců. Nejvýš 5 MB.",
    )


class CodesFileForm(forms.Form):
    """A code list by příloha 7."""

    soubor = forms.FileField(label="Číselník XML podle přílohy č. 7 NSESSS", help_text="Nejvýš 5 MB.")


class ConfirmForm(forms.Form):
    """Whether also what the source does not have is to change."""

    includes_gone = forms.BooleanField(label="Ukončit i to, co ve zdroji chybí", required=False)


class ChangesFilter(forms.Form):
    """By what the changes of a proposal are narrowed."""

    co = forms.ChoiceField(
        label="Co se stane", required=False, choices=[("", "Vše"), *((a.value, n) for a, n in ACTION_NAMES.items())]
    )
    stav = forms.ChoiceField(label="Stav", required=False, choices=[("", "Vše"), *ItemState.choices])


class NumberingForm(SharedForm):
    """How reference numbers and file marks are written."""

    reference_format = forms.CharField(
        label="Tvar čísla jednacího",
        max_length=80,
        help_text="Pořadí údajů a oddělovače: {code} zkratka organizace, {unit} zkratka útvaru, {year} období, "
        "{number} pořadové číslo.",
    )
    file_mark_format = forms.CharField(label="Tvar spisové značky", max_length=80)


class DirectoryForm(forms.Form):
    """How the directory is reached, what it calls things, and what is done every night."""

    host = forms.CharField(label="Server", max_length=200, help_text="Jméno, na které zní certifikát serveru.")
    port = forms.IntegerField(label="Port", min_value=1, max_value=65535, initial=636)
    starttls = forms.ChoiceField(
        label="Šifrování",
        required=False,
        choices=[("", "LDAPS (obvykle port 636)"), ("ano", "StartTLS (obvykle port 389)")],
    )
    authority = forms.CharField(
        label="Certifikát autority (PEM)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Prázdné, když certifikát serveru vydala autorita, které důvěřuje systém.",
    )
    base = forms.CharField(label="Báze", max_length=300, help_text="Například OU=Zaměstnanci,DC=kraj,DC=cz.")
    bind_dn = forms.CharField(label="Přihlašovací jméno", max_length=300, help_text="Účet, který smí jen číst.")
    password = forms.CharField(
        label="Heslo",
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Prázdné nechá dosavadní.",
    )
    search_filter = forms.CharField(label="Filtr osob", max_length=500, initial=DEFAULT_FILTER)
    daily = forms.BooleanField(label="Porovnávat a provádět každou noc", required=False)
    includes_gone = forms.BooleanField(label="V noci ukončit i ty, kteří v adresáři nejsou", required=False)
    limit_percent = forms.IntegerField(
        label="Mez úbytku v %",
        min_value=0,
        max_value=100,
        initial=10,
        help_text="Zmizelo-li by jich víc, v noci se neprovede nic a návrh počká na vás.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, theirs in DEFAULT_ATTRIBUTES.items():
            label = f"Údaj v adresáři: {COLUMNS[name]}"
            self.fields[f"attribute_{name}"] = forms.CharField(
                label=label, max_length=60, initial=theirs, required=name in NEEDED
            )

    def arguments(self) -> dict[str, Any]:
        """What the operation takes."""
        given = {name: value for name, value in self.cleaned_data.items() if not name.startswith("attribute_")}
        attributes = {name: self.cleaned_data[f"attribute_{name}"].strip() for name in DEFAULT_ATTRIBUTES}
        return {**given, "starttls": bool(given["starttls"]), "attributes": attributes}


class FactsForm(forms.Form):
    """What stands on letters."""

    address = forms.CharField(
        label="Adresa",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Po řádcích, jak má stát v dopise.",
    )
    phone = forms.CharField(label="Telefon", max_length=40, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    web = forms.CharField(label="Web", max_length=80, required=False)
    databox_id = forms.CharField(label="Datová schránka", max_length=7, required=False)


class DaysOffForm(forms.Form):
    """Days on which the organisation does not work."""

    first = day_field("První den")
    last = day_field("Poslední den", required=False, help_text="Prázdné, jde-li o jediný den.")
    name = forms.CharField(label="Název", max_length=80, help_text="Například celozávodní dovolená.")


class SettingsLogFilter(forms.Form):
    """By what changes of settings are narrowed."""

    od = day_field("Od", required=False)
    do = day_field("Do", required=False)
    kdo = forms.CharField(label="Kdo", required=False, max_length=80)
    oblast = forms.ChoiceField(label="Oblast", required=False, choices=[("", "Všechny"), *SETTINGS_AREAS.items()])


class PeriodForm(forms.Form):
    """A period of numbering."""

    label = forms.CharField(
        label="Označení v číslech", max_length=20, help_text="Stojí v čísle místo roku, například 2026/27."
    )
    starts_on = day_field("První den")
    ends_on = day_field("Poslední den")
