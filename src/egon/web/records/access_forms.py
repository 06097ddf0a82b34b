"""Forms of granted access."""

from typing import Any

from django import forms

from egon.kernel.actor import Role
from egon.kernel.clock import today
from egon.records.rules.access import LONGEST_REASON
from egon.registry import queries as registry
from egon.registry.models import ROLE_NAMES, Person, Unit
from egon.web.widgets import DayInput


def receivers() -> list[tuple[str, Any]]:
    """People, units and roles in one list, each with its kind in the value."""
    people = [(f"person:{person.pk}", person.name) for person in registry.people()]
    units = [(f"unit:{unit.pk}", str(unit)) for unit in registry.units(on=today())]
    roles = [(f"role:{role.value}", name) for role, name in ROLE_NAMES.items() if role is not Role.CENTRE_ADMINISTRATOR]
    return [("", "Vyberte komu…"), ("Lidé", people), ("Útvary", units), ("Role", roles)]


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
