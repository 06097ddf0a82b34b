"""Forms of reorganisations."""

from datetime import timedelta
from typing import Any

from django import forms

from egon.kernel.clock import today
from egon.registry import queries as registry
from egon.registry.models import Position, Unit
from egon.reorganisation import queries
from egon.reorganisation.models import Reorganisation
from egon.reorganisation.rules import KIND_NAMES, Kind
from egon.web.forms import offer
from egon.web.offers import SoughtChoice
from egon.web.widgets import DayInput


class ReorganisationForm(forms.Form):
    """What passes, to whom, when and why."""

    kind = forms.ChoiceField(
        label="Co se stane",
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        initial=Kind.MERGE.value,
        widget=forms.RadioSelect,
    )
    successor = SoughtChoice(
        Unit.objects.none(),
        label="Přebírající útvar",
        empty_label="Vyberte útvar…",
        source="utvary-vsechny",
        help_text="Nový útvar nejdřív založte v Organizačních částech.",
    )
    positions = forms.ModelMultipleChoiceField(
        Position.objects.none(),
        label="Která místa přejdou (jen u vyčlenění)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    on = forms.DateField(
        label="Účinnost",
        widget=DayInput,
        help_text="První den, kdy to má přebírající útvar. Budoucí den se počká a převod začne po půlnoci.",
    )
    reason = forms.CharField(label="Důvod", max_length=250, help_text="Například rozhodnutí o organizačním řádu.")

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": today() + timedelta(days=1), "kind": Kind.MERGE.value})
        super().__init__(*args, **kwargs)
        self.unit = unit
        offer(self, "successor", registry.units().exclude(pk=unit.pk))
        positions: Any = self.fields["positions"]
        positions.queryset = queries.positions_of(unit)
        positions.label_from_instance = lambda one: f"{one.name}: {one.person or 'neobsazeno'}"
        if not positions.queryset.exists():
            del self.fields["positions"]

    def arguments(self) -> dict[str, Any]:
        """Arguments of the operation, once valid."""
        data = dict(self.cleaned_data)
        return {**data, "kind": Kind(data["kind"]), "positions": list(data.get("positions") or ()), "unit": self.unit}

    def planned(self) -> Reorganisation:
        """What was filled in so far, for the preview."""
        data = self.cleaned_data if self.is_bound else {}
        chosen = data.get("positions") or ()
        kind = data.get("kind") or Kind.MERGE.value
        return Reorganisation(unit=self.unit, kind=kind, positions=[one.pk for one in chosen])
