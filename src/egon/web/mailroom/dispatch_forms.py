"""Forms of dispatch: to which box, with which choices, to one or to many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db.models import QuerySet

from egon.databox.models import Box, Payment
from egon.databox.options import IDENTITY_LEVELS, SendingOptions
from egon.databox.recipients import SEARCH_KINDS
from egon.gateways.isds import LegalTitle
from egon.gateways.isds.rules import MAX_REFERENCE, MAX_TO_HANDS
from egon.mailroom.models import Channel, DispatchState
from egon.mailroom.operations.dispatching import ChosenBox
from egon.records.models import Addressee
from egon.web.forms import SOUGHT_IN_NEWEST
from egon.web.widgets import DayInput

MAIN_FORM: Final = "odeslani"
"""Id of the form that sends; the search beside it belongs to it, so that nothing typed is lost by searching."""

_UNPAID = ("", "neodesílat, když by se platilo")


class DispatchFilter(forms.Form):
    """Filter of the history of dispatch (GET)."""

    hledat = forms.CharField(
        label="Hledat",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "číslo jednací, adresát, věc, ID zprávy"}),
        help_text=SOUGHT_IN_NEWEST,
    )
    stav = forms.ChoiceField(label="Stav", required=False, choices=[("", "všechny"), *DispatchState.choices])
    vysledek = forms.ChoiceField(
        label="Výsledek",
        required=False,
        choices=[
            ("", "jakýkoli"),
            ("zpet", "vrátilo se, čeká na nový pokus"),
            ("pozde", "doručení se opožďuje"),
            ("fikce", "doručeno fikcí"),
        ],
    )
    schranka = forms.ModelChoiceField(
        label="Z naší schránky", queryset=Box.objects.none(), required=False, empty_label="všechny"
    )
    od = forms.DateField(label="Předáno od", required=False, widget=DayInput())
    do = forms.DateField(label="do", required=False, widget=DayInput())

    def __init__(self, *args: Any, boxes: QuerySet[Box], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["schranka"].queryset = boxes


class OptionsForm(forms.Form):
    """What may be chosen about a message; left alone it is an ordinary one."""

    personal_delivery = forms.BooleanField(
        label="Do vlastních rukou",
        required=False,
        help_text="Zprávu otevře jen ten, kdo má v cílové schránce oprávnění číst zprávy do vlastních rukou.",
    )
    no_fiction = forms.BooleanField(
        label="Vyloučit náhradní doručení (fikci)",
        required=False,
        help_text="Zpráva se nedoručí uplynutím deseti dnů, jen přihlášením. Použijte, jen když to ukládá zákon.",
    )
    to_hands = forms.CharField(label="K rukám", required=False, max_length=MAX_TO_HANDS)
    recipient_reference = forms.CharField(label="Jejich číslo jednací", required=False, max_length=MAX_REFERENCE)
    recipient_file_mark = forms.CharField(label="Jejich spisová značka", required=False, max_length=MAX_REFERENCE)
    law = forms.IntegerField(label="Zákon č.", required=False, min_value=1, max_value=9999)
    law_year = forms.IntegerField(label="rok", required=False, min_value=1800, max_value=2999)
    law_section = forms.CharField(label="§", required=False, max_length=10)
    law_paragraph = forms.CharField(label="odst.", required=False, max_length=10)
    law_point = forms.CharField(label="písm.", required=False, max_length=10)
    publish = forms.TypedMultipleChoiceField(
        label="Co se adresát dozví o tom, kdo zprávu odeslal",
        required=False,
        coerce=int,
        choices=list(IDENTITY_LEVELS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="Jde o osobu přihlášenou do schránky, ne o podepsaného. Bez zaškrtnutí uvidí jen druh uživatele.",
    )
    payment = forms.ChoiceField(
        label="Kdy by šlo o placenou poštovní zprávu",
        required=False,
        choices=[_UNPAID, *Payment.choices],
        help_text="Platí se jen mezi schránkami, z nichž žádná nepatří orgánu veřejné moci.",
    )

    def __init__(self, *args: Any, public_authority: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An authority never pays, and nobody else may exclude the fiction.
        del self.fields["payment" if public_authority else "no_fiction"]

    @property
    def is_default(self) -> bool:
        """Whether nothing was chosen, so that the choices may stay folded."""
        return not any(self[name].value() for name in self.fields if name != "recipient_reference") and not self.errors

    def options(self) -> SendingOptions:
        """What was chosen."""
        data = self.cleaned_data
        title = LegalTitle(data["law"], data["law_year"], data["law_section"], data["law_paragraph"], data["law_point"])
        return SendingOptions(
            to_hands=data["to_hands"],
            recipient_reference=data["recipient_reference"],
            recipient_file_mark=data["recipient_file_mark"],
            personal_delivery=data["personal_delivery"],
            allow_fiction=not data.get("no_fiction"),
            legal_title=title,
            publish_level=sum(data["publish"]) or None,
            payment=data.get("payment", ""),
        )


class DispatchForm(forms.Form):
    """To which box a document goes."""

    recipient_box_id = forms.CharField(
        label="Schránka příjemce",
        max_length=7,
        min_length=7,
        help_text="Sedm znaků; když ji neznáte, vyhledejte ji vedle.",
    )
    recipient_type = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    remember = forms.BooleanField(label="Zapamatovat schránku u osoby v jmenném rejstříku", required=False)


@dataclass(frozen=True, slots=True)
class ManyRow:
    """The fields of one addressee."""

    addressee: Addressee
    wanted: forms.BoundField
    box: forms.BoundField
    to_hands: forms.BoundField


class ManyForm(forms.Form):
    """To which boxes one document goes: a row for each addressee that waits."""

    def __init__(self, *args: Any, addressees: Sequence[tuple[Addressee, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.addressees = [addressee for addressee, _ in addressees]
        for addressee, known_box in addressees:
            self.fields[f"komu-{addressee.pk}"] = forms.BooleanField(
                label=f"Odeslat: {addressee.name}", required=False, initial=bool(known_box)
            )
            self.fields[f"schranka-{addressee.pk}"] = forms.CharField(
                label=f"Schránka: {addressee.name}",
                required=False,
                max_length=7,
                initial=known_box,
                widget=forms.TextInput(attrs={"size": 9, "autocomplete": "off"}),
            )
            self.fields[f"ruce-{addressee.pk}"] = forms.CharField(
                label=f"K rukám: {addressee.name}",
                required=False,
                max_length=MAX_TO_HANDS,
                widget=forms.TextInput(attrs={"size": 14}),
            )

    def rows(self) -> Iterator[ManyRow]:
        """Rows for the template."""
        for one in self.addressees:
            yield ManyRow(one, self[f"komu-{one.pk}"], self[f"schranka-{one.pk}"], self[f"ruce-{one.pk}"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [one for one in self.addressees if data.get(f"komu-{one.pk}")]
        if not chosen:
            self.add_error(None, "Nikdo není vybraný. Zaškrtněte alespoň jednoho adresáta.")
        for one in chosen:
            if len(data.get(f"schranka-{one.pk}", "")) != 7:
                self.add_error(
                    f"schranka-{one.pk}",
                    f"{one.name}: schránka má sedm znaků. Vyhledejte ji, nebo adresáta odškrtněte.",
                )
        return data

    def chosen(self) -> list[ChosenBox]:
        """Addressees that were ticked, with their boxes."""
        data = self.cleaned_data
        return [
            ChosenBox(addressee=one, box_id=data[f"schranka-{one.pk}"], to_hands=data[f"ruce-{one.pk}"])
            for one in self.addressees
            if data[f"komu-{one.pk}"]
        ]


class HandOverForm(forms.Form):
    """Sending otherwise than by a data box."""

    channel = forms.ChoiceField(
        label="Způsob",
        choices=[
            (Channel.IN_PERSON, "osobní převzetí"),
            (Channel.COURIER, "kurýrem"),
            (Channel.POST, "poštou bez podacího archu"),
            (Channel.EMAIL, "e-mailem"),
        ],
    )
    note = forms.CharField(
        label="Poznámka", required=False, max_length=255, help_text="Například podací číslo zásilky."
    )


class BoxSearchForm(forms.Form):
    """Search of a recipient's box. Its fields belong to the form that sends (see :data:`MAIN_FORM`)."""

    q = forms.CharField(label="Jméno, název, IČO, adresa nebo identifikátor", min_length=3, max_length=100)
    podle = forms.ChoiceField(label="Hledat podle", required=False, choices=list(SEARCH_KINDS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = MAIN_FORM


class AdviceForm(forms.Form):
    """What to do with a letter that came back."""

    advice = forms.CharField(
        label="Co s ní dál",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Například: pošlete poštou na adresu trvalého pobytu, nebo do schránky advokáta abcdefg.",
    )
