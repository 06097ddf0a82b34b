"""Forms of the administrator's restrictions and of own roles."""

from typing import Any

from django import forms

from egon.kernel.actor import LimitKind, Role
from egon.records import access_queries
from egon.registry import queries
from egon.registry.models import LIMIT_CHOICES, ROLE_NAMES, OwnRole, Person
from egon.registry.restriction_rules import ENTITIES, WHEN_NAMES, When, period_of
from egon.web.forms import offer
from egon.web.offers import SoughtChoice, SoughtOption
from egon.web.offers.sources import receivers
from egon.web.registry.functions import functions, names, rights_of_roles
from egon.web.widgets import DayInput

LEVELS = [("hide", "nevidí vůbec"), ("keep", "vidí, ale nemění")]
_ROLES = [(role.value, name) for role, name in ROLE_NAMES.items() if role is not Role.CENTRE_ADMINISTRATOR]


class RestrictionFilter(forms.Form):
    """What the list of restrictions is narrowed by."""

    stav = forms.ChoiceField(label="Stav", required=False, choices=[("", "platné a budoucí"), ("vse", "všechny")])
    co = forms.ChoiceField(label="Co", required=False, choices=[("", "vše"), *LIMIT_CHOICES])
    q = forms.CharField(label="Koho nebo čeho se týká", required=False, max_length=80)


class RestrictionForm(forms.Form):
    """Whom to restrict in what, when and why."""

    receiver = SoughtOption(label="Komu", empty_label="Vyberte koho…", source="omezovani")
    kind = forms.ChoiceField(label="Co", choices=LIMIT_CHOICES)
    number = forms.CharField(
        label="Číslo",
        max_length=100,
        required=False,
        help_text="Číslo jednací dokumentu, spisová značka, identifikátor typového spisu, nebo spisový znak skupiny "
        "(platí i pro vše pod ní).",
    )
    part = forms.CharField(
        label="Soubor nebo součást",
        max_length=255,
        required=False,
        help_text="Název komponenty dokumentu, nebo spisový znak součásti typového spisu.",
    )
    function = forms.ChoiceField(label="Funkce", required=False)
    level = forms.ChoiceField(label="Jak", choices=LEVELS)
    when = forms.ChoiceField(label="Kdy", choices=[(when.value, WHEN_NAMES[when]) for when in When])
    day = forms.DateField(label="Datum", widget=DayInput, required=False)
    until = forms.DateField(label="Do data", widget=DayInput, required=False, help_text="Jen u „od data do data“.")
    reason = forms.CharField(label="Důvod", max_length=250)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "receiver", receivers())
        self.fields["function"].choices = [("", "Vyberte funkci…"), *functions()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The thing must be there, and a day where one is needed."""
        data = super().clean() or {}
        kind = LimitKind(data["kind"]) if data.get("kind") else LimitKind.ENTRY
        if kind in ENTITIES:
            data["found"] = access_queries.named(kind, data.get("number", ""), data.get("part", ""))
            if data["found"] is None:
                self.add_error("number", "Nic takového v této organizaci není. Napište celé číslo tak, jak se eviduje.")
        when = When(data.get("when") or When.ALWAYS)
        if when is not When.ALWAYS and not data.get("day"):
            self.add_error("day", "Napište datum.")
        if when is When.BETWEEN and not data.get("until"):
            self.add_error("until", "Napište poslední den.")
        return data

    def arguments(self) -> dict[str, Any]:
        """The arguments of :func:`egon.registry.operations.set_restriction`, once valid."""
        data = self.cleaned_data
        kind = LimitKind(data["kind"])
        about, title = data.get("found") or ("", "")
        if kind is LimitKind.FUNCTION:
            about, title = data["function"], names().get(data["function"], "")
        first, last = period_of(When(data["when"]), data["day"], data["until"])
        return {
            "kind": kind,
            "about": about,
            "title": title,
            "hides": data["level"] == "hide",
            "valid_from": first,
            "valid_to": last,
            "reason": data["reason"],
            **_receiver(data["receiver"]),
        }


class OwnRoleForm(forms.Form):
    """What an own role is made of."""

    name = forms.CharField(label="Název", max_length=80)
    description = forms.CharField(label="K čemu je", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    bases = forms.MultipleChoiceField(
        label="Vychází z rolí", choices=_ROLES, widget=forms.CheckboxSelectMultiple, required=False
    )
    without = forms.MultipleChoiceField(
        label="Nesmí",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 14}),
        help_text="Co role proti těm, ze kterých vychází, nemá. Více položek vyberete s klávesou Ctrl.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["without"].choices = rights_of_roles()  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The arguments of :func:`egon.registry.operations.save_own_role`, once valid."""
        data = dict(self.cleaned_data)
        return data | {"bases": [Role(base) for base in data["bases"]]}


class HolderForm(forms.Form):
    """Who gets an own role and where."""

    person = SoughtChoice(label="Osoba", queryset=Person.objects.none(), empty_label="Vyberte osobu…", source="osoby")
    unit = SoughtChoice(
        label="Pro útvar",
        queryset=queries.units().none(),
        required=False,
        empty_label="celou organizaci",
        source="utvary-vsechny",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", queries.people())
        offer(self, "unit", queries.units())


def _receiver(value: str) -> dict[str, Any]:
    kind, _, key = value.partition(":")
    if kind == "person":
        return {"person": Person.objects.get(pk=key)}
    return {"role": Role(key)} if kind == "role" else {"own_role": OwnRole.objects.get(pk=key)}
