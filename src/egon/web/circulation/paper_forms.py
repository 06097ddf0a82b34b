"""Forms of where paper is and who has what."""

from typing import Any

from django import forms

from egon.circulation.models import PaperPlace
from egon.kernel.clock import today
from egon.records import storing_queries
from egon.records.models import StoragePlace
from egon.registry import queries as registry
from egon.registry.models import Person, Unit
from egon.web.forms import offer
from egon.web.offers import SoughtChoice


class PaperForm(forms.Form):
    """Where the paper is now; at least one of the four."""

    unit = SoughtChoice(Unit.objects.none(), label="Útvar", required=False, empty_label="–", source="utvary")
    person = SoughtChoice(Person.objects.none(), label="Osoba", required=False, empty_label="–", source="osoby")
    storage_place = forms.ModelChoiceField(
        StoragePlace.objects.none(), label="Místo uložení", required=False, empty_label="–"
    )
    room = forms.CharField(
        label="Místnost, regál", required=False, max_length=120, help_text="Například: spisovna, regál 12"
    )
    note = forms.CharField(label="Poznámka", required=False, max_length=250)

    def __init__(self, *args: Any, present: PaperPlace | None, **kwargs: Any) -> None:
        if present is not None:
            names = {"unit": present.unit_id, "person": present.person_id, "storage_place": present.place_id}
            kwargs.setdefault("initial", names | {"room": present.room})
        super().__init__(*args, **kwargs)
        offer(self, "unit", registry.units(on=today()))
        offer(self, "person", registry.people())
        used = storing_queries.places_in_use(on=today(), besides=self.initial.get("storage_place"))
        offer(self, "storage_place", used)


class WhoHasFilter(forms.Form):
    """What the page "who has what" is narrowed by; its names stand in the address."""

    utvar = SoughtChoice(
        Unit.objects.none(), label="Útvar", required=False, empty_label="všechny", source="utvary-vsechny"
    )
    osoba = SoughtChoice(
        Person.objects.none(), label="Osoba", required=False, empty_label="všichni", source="osoby-vsechny"
    )
    papir = forms.BooleanField(label="Jen papír (podle toho, kde leží)", required=False)
    misto = forms.ModelChoiceField(
        StoragePlace.objects.none(), label="Místo uložení papíru", required=False, empty_label="všechna"
    )
    mistnost = forms.CharField(label="Místnost, regál", required=False, max_length=120)
    pozde = forms.BooleanField(label="Jen po termínu", required=False)
    vyrizene = forms.BooleanField(label="I vyřízené", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "utvar", registry.units())
        offer(self, "osoba", registry.people(active=None))
        offer(self, "misto", storing_queries.places())

    def chosen(self) -> dict[str, Any]:
        """Arguments of the query; of a filter that makes no sense nothing."""
        data = self.cleaned_data if self.is_valid() else {}
        return {
            "unit": data.get("utvar"),
            "person": data.get("osoba"),
            "on_paper": data.get("papir", False),
            "place": data.get("misto"),
            "room": data.get("mistnost", "").strip(),
            "late_on": today() if data.get("pozde") else None,
            "also_settled": data.get("vyrizene", False),
        }
