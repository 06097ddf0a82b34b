"""Forms of granted access."""

from typing import Any

from django import forms

from egon.kernel.actor import Role
from egon.kernel.clock import today
from egon.records.models import RecordsSettings
from egon.records.rules.access import LONGEST_REASON
from egon.records.rules.disclosure import Disclosure, Way
from egon.records.rules.labels import choices
from egon.registry import queries as registry
from egon.registry.models import ROLE_NAMES, Person, Unit
from egon.web.widgets import DayInput


def receivers() -> list[tuple[str, Any]]:
    """People, units and roles in one list, each with its kind in the value."""
    people = [(f"person:{person.pk}", person.name) for person in registry.people()]
    units = [(f"unit:{unit.pk}", str(unit)) for unit in registry.units(on=today())]
    roles = [(f"role:{role.value}", name) for role, name in ROLE_NAMES.items() if role is not Role.CENTRE_ADMINISTRATOR]
    return [("", "Vyberte komu…"), ("Lidé", people), ("Útvary", units), ("Role", roles)]


class DisclosureForm(forms.Form):
    """How much of what one may not see is told by each way (NSESSS 5.1.2)."""

    def __init__(self, *args: Any, settings: RecordsSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for way in Way:
            label = f"{way.label[0].upper()}{way.label[1:]}"
            present = getattr(settings, f"disclosed_by_{way.value}")
            self.fields[way.value] = forms.ChoiceField(label=label, choices=choices(Disclosure), initial=present)

    def levels(self) -> dict[Way, Disclosure]:
        """The level of each way, once valid."""
        return {way: Disclosure(self.cleaned_data[way.value]) for way in Way}


class ReadingsFilter(forms.Form):
    """What the report of readings is narrowed by."""

    spis = forms.CharField(label="Spisová značka", required=False, max_length=80)
    kdo = forms.CharField(label="Kdo", required=False, max_length=80)
    od = forms.DateField(label="Od", required=False, widget=DayInput)
    do = forms.DateField(label="Do", required=False, widget=DayInput)


class GrantAccessForm(forms.Form):
    """Whom to give access, why and for how long."""

    receiver = forms.ChoiceField(label="Komu")
    reason = forms.CharField(label="Důvod", max_length=LONGEST_REASON, help_text="Příjemce ho uvidí u nabídky.")
    valid_from = forms.DateField(label="Od", widget=DayInput, required=False, help_text="Prázdné: ode dneška.")
    valid_to = forms.DateField(
        label="Do", widget=DayInput, required=False, help_text="Poslední den. Prázdné: bez omezení."
    )

    def __init__(self, *args: Any, only_people: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = receivers()
        self.fields["receiver"].choices = offered[:2] if only_people else offered  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The arguments of :func:`egon.records.operations.grant_access`, once valid."""
        data = dict(self.cleaned_data)
        kind, _, key = data.pop("receiver").partition(":")
        found: dict[str, Any] = {"person": None, "unit": None, "role": None}
        if kind == "person":
            found["person"] = Person.objects.get(pk=key)
        elif kind == "unit":
            found["unit"] = Unit.objects.get(pk=key)
        else:
            found["role"] = Role(key)
        return data | found
