"""Forms of handing an agenda over."""

from collections.abc import Collection
from typing import Any

from django import forms

from egon.circulation import agenda_queries
from egon.circulation.agenda_rules import KIND_NAMES, AgendaKind
from egon.kernel.actor import Actor
from egon.registry import queries as registry
from egon.registry.models import Person
from egon.web.forms import offer
from egon.web.offers import SoughtChoice


class LeaverForm(forms.Form):
    """Whose agenda it is."""

    leaver = SoughtChoice(
        Person.objects.none(), label="Čí agenda se předává", empty_label="Vyberte osobu…", source="osoby-vsechny"
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = agenda_queries.people_to_hand_over(actor)
        offer(self, "leaver", people)


class AgendaForm(forms.Form):
    """To whom, what and why."""

    heir = SoughtChoice(Person.objects.none(), label="Kdo agendu přebírá", empty_label="Vyberte osobu…", source="osoby")
    kinds = forms.MultipleChoiceField(
        label="Co se předává",
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        initial=[kind.value for kind in AgendaKind],
        widget=forms.CheckboxSelectMultiple,
    )
    scope = forms.ChoiceField(
        label="Rozsah",
        choices=[("all", "všechno z toho"), ("marked", "jen označené v seznamu níže")],
        initial="all",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Důvod", max_length=250, help_text="Například odchod nebo přechod na jiné místo.")

    def __init__(self, *args: Any, leaver: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "heir", registry.people().exclude(pk=leaver.pk))

    def chosen(self, marked: Collection[str]) -> dict[str, Any]:
        """Arguments of the operation, once valid; ``marked`` are "kind:key" of the list."""
        data = self.cleaned_data
        only = {pair for one in marked if (pair := _pair(one))} if data["scope"] == "marked" else None
        kinds = [AgendaKind(kind) for kind in data["kinds"]]
        return {"heir": data["heir"], "kinds": kinds, "reason": data["reason"], "only": only}


def _pair(text: str) -> tuple[AgendaKind, int] | None:
    kind, _, key = text.partition(":")
    return (AgendaKind(kind), int(key)) if kind in set(AgendaKind) and key.isdecimal() else None
