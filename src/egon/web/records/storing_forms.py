"""Forms of places where paper is kept, of storing the paper of a file, and of notes."""

from typing import Any

from django import forms

from egon.kernel.clock import today
from egon.records import storing_queries
from egon.records.models import StoragePlace
from egon.records.rules.storing import LONGEST_NOTE, LONGEST_PLACE, LONGEST_VOLUME_NOTE
from egon.web.forms import offer
from egon.web.widgets import DayInput


class PlaceFilter(forms.Form):
    """What the list of places is narrowed by."""

    hledat = forms.CharField(label="Název nebo adresa", required=False, max_length=LONGEST_PLACE)
    ukoncena = forms.BooleanField(label="I ta, která se už nepoužívají", required=False)


class PlaceForm(forms.Form):
    """A place of the code list."""

    name = forms.CharField(label="Název", max_length=LONGEST_PLACE, help_text="Například Spisovna, sál 2.")
    address = forms.CharField(label="Adresa nebo popis", required=False, max_length=250)
    valid_from = forms.DateField(label="Používá se od", widget=DayInput)
    valid_to = forms.DateField(
        label="Používá se do",
        required=False,
        widget=DayInput,
        help_text="Poslední den. Co v místě leží, v něm zůstane.",
    )


class StoreForm(forms.Form):
    """Where the paper of a file lies. Where it lies now stays offered after the place went out of use."""

    place = forms.ModelChoiceField(
        label="Místo uložení",
        queryset=StoragePlace.objects.none(),
        required=False,
        empty_label="žádné, spis listinnou část nemá",
    )
    detail = forms.CharField(
        label="Regál, krabice", required=False, max_length=120, help_text="Například regál 12, krabice 3."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", storing_queries.places_in_use(on=today(), besides=self.initial.get("place")))


class StoreVolumeForm(StoreForm):
    """Where the paper of a volume lies, and a note to it."""

    note = forms.CharField(label="Poznámka", required=False, max_length=LONGEST_VOLUME_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].empty_label = "žádné, díl listiny nemá"  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """A note to a file."""

    text = forms.CharField(label="Nová poznámka", max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2}))
