"""Forms of the mailroom."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from egon.databox.models import DataMessage, MessageFile
from egon.gateways.isds.codes import BoxType
from egon.kernel import clock
from egon.mailroom.identification import kind_of_box
from egon.mailroom.models import Channel, IntakeState
from egon.mailroom.refusals import Refusals
from egon.mailroom.rules import RefusedBecause
from egon.parties.models import Kind, Party
from egon.parties.operations import PartyDetails
from egon.records import queries as records
from egon.records.models import DocumentKind
from egon.records.rules.own_metadata import OwnEntity
from egon.registry import queries as registry
from egon.registry.models import Person, Unit
from egon.web import formatting
from egon.web.forms import SOUGHT_IN_NEWEST
from egon.web.offers import SoughtChoice
from egon.web.records.own_fields import OwnFieldsForm
from egon.web.widgets import DayInput

NEW_SENDER = "novy"
_ARRIVALS = (Channel.DATABOX, Channel.ZFO_UPLOAD, Channel.POST, Channel.COURIER, Channel.IN_PERSON, Channel.TABLE)
_ADDRESS = re.compile(
    r"^(?P<street>[^,]*?)\s*(?P<number>\d+\w?)(?:/(?P<orientation>\d+\w?))?\s*,\s*"
    r"(?P<postal>\d{3} ?\d{2})\s+(?P<city>[^,]+)(?:,\s*(?P<country>[A-Z]{2}))?\s*$"
)


class InboxFilter(forms.Form):
    """Filter of the inbox (GET)."""

    hledat = forms.CharField(label="Odesílatel, věc nebo schránka", required=False, help_text=SOUGHT_IN_NEWEST)
    stav = forms.ChoiceField(
        label="Stav", required=False, choices=[*IntakeState.choices, ("vse", "všechna podání")], initial="waiting"
    )
    kontroly = forms.ChoiceField(
        label="Kontroly",
        required=False,
        choices=[("", "jakkoli dopadly"), ("ok", "v pořádku"), ("warning", "s výhradou"), ("failed", "neprošly")],
    )
    zpusob = forms.ChoiceField(
        label="Způsob doručení",
        required=False,
        choices=[("", "všechny"), *((channel.value, channel.label) for channel in _ARRIVALS)],
    )


class UploadForm(forms.Form):
    """A ``.zfo`` file."""

    soubor = forms.FileField(
        label="Soubor ZFO",
        help_text="Došlá nebo odeslaná datová zpráva, nebo doručenka, uložená z datové schránky. Nejvýše 150 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".zfo,application/vnd.software602.filler.form-xml-zip"}),
    )


class RegisterForm(OwnFieldsForm):
    """Registration of an item: who sent it, what it is about, where it goes."""

    sender = forms.ChoiceField(label="Odesílatel v jmenném rejstříku", widget=forms.RadioSelect, required=False)
    subject = forms.CharField(label="Věc", max_length=250)
    kind = forms.ModelChoiceField(
        label="Druh dokumentu", queryset=DocumentKind.objects.none(), required=False, empty_label="neurčen"
    )
    unit = SoughtChoice(
        label="Předat útvaru",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="zatím nepředávat",
        source="uzly",
    )
    person = SoughtChoice(
        label="Předat přímo do rukou",
        queryset=Person.objects.none(),
        required=False,
        empty_label="nikomu zvlášť",
        help_text="Komu je určeno k rukám nebo do vlastních rukou; dostane to hned, bez rozdělení v útvaru.",
        source="osoby",
    )
    deadline = forms.DateField(label="Termín vyřízení", required=False, widget=DayInput())
    note = forms.CharField(
        label="Poznámka pro útvar", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, candidates: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        fields: Any = self.fields
        fields["sender"].choices = [
            *((str(party.pk), describe_party(party)) for party in candidates),
            (NEW_SENDER, "Zapsat nového odesílatele podle obálky (údaje níže)"),
        ]
        fields["kind"].queryset = records.kinds(on=today)
        fields["unit"].queryset = registry.records_nodes(on=today)
        fields["person"].queryset = registry.people()
        self.ask_own(OwnEntity.DOCUMENT)


class RefusalForm(forms.Form):
    """Which attachments are not stored, and why (NSESSS 2.1.7)."""

    def __init__(self, *args: Any, files: Sequence[MessageFile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attachments = files
        reasons = [("", "uložit"), *((one.value, f"neuložit: {one.label}") for one in RefusedBecause)]
        for file in files:
            label = f"{file.name} ({formatting.write_file_size(file.size)})"
            self.fields[f"neulozit-{file.pk}"] = forms.ChoiceField(label=label, choices=reasons, required=False)
        self.fields["vada"] = forms.CharField(
            label="Co má odesílatel opravit",
            required=False,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text="U jiné vady povinné.",
        )

    def refusals(self) -> Refusals:
        """What was chosen, of a valid form."""
        chosen = {file.pk: self.cleaned_data[f"neulozit-{file.pk}"] for file in self.attachments}
        return Refusals({pk: RefusedBecause(one) for pk, one in chosen.items() if one}, self.cleaned_data["vada"])


class SenderForm(forms.Form):
    """Facts of a new sender, prefilled from the envelope."""

    kind = forms.ChoiceField(label="Druh osoby", choices=Kind.choices)
    name = forms.CharField(
        label="Název", required=False, max_length=250, help_text="U fyzické osoby stačí jméno a příjmení."
    )
    given_name = forms.CharField(label="Jméno", required=False, max_length=80)
    family_name = forms.CharField(label="Příjmení", required=False, max_length=80)
    ic = forms.CharField(label="IČO", required=False, max_length=12)
    street = forms.CharField(label="Ulice", required=False, max_length=120)
    house_number = forms.CharField(label="Číslo popisné", required=False, max_length=12)
    orientation_number = forms.CharField(label="Číslo orientační", required=False, max_length=12)
    city = forms.CharField(label="Obec", required=False, max_length=120)
    postal_code = forms.CharField(label="PSČ", required=False, max_length=12)
    databox_id = forms.CharField(label="Datová schránka", required=False, max_length=7)

    def is_complete(self) -> bool:
        """Valid and with a name. Asked only when a new sender is written: all that is missing is told at once."""
        if self.is_valid() and not any(self.cleaned_data[name] for name in ("name", "given_name", "family_name")):
            person = self.cleaned_data["kind"] in (Kind.NATURAL, Kind.ENTREPRENEUR)
            self.add_error("family_name" if person else "name", "Chybí jméno a příjmení." if person else "Chybí název.")
        return self.is_valid()

    def details(self) -> PartyDetails:
        """What was typed, for the register of parties."""
        return PartyDetails(**self.cleaned_data)


def describe_party(party: Party) -> str:
    """One line by which a clerk recognises a party."""
    parts = [party.name, f"IČO {party.ic}" if party.ic else "", party.address]
    box = f"schránka {party.databox_id}" if party.databox_id else ""
    return " · ".join(part for part in (*parts, box) if part)


def details_from_envelope(message: DataMessage) -> dict[str, str]:
    """What an envelope tells about its sender, for the form of a new party."""
    kind = kind_of_box(BoxType.of(message.sender_type))
    facts = {"kind": kind, "name": message.sender_name, "databox_id": message.sender_box_id}
    if kind in (Kind.NATURAL, Kind.ENTREPRENEUR):
        given, _, family = message.sender_name.split(" - ")[0].strip().rpartition(" ")
        facts |= {"given_name": given, "family_name": family}
    if kind == Kind.NATURAL:
        facts["name"] = ""
    return facts | _address_from(message.sender_address)


def _address_from(text: str) -> dict[str, str]:
    """``Dlouhá 12/3, 50002 Sázava, CZ`` taken apart; what cannot be taken apart is left to the clerk."""
    found = _ADDRESS.match(text.strip())
    if not found:
        return {}
    return {
        "street": found["street"],
        "house_number": found["number"],
        "orientation_number": found["orientation"] or "",
        "postal_code": found["postal"].replace(" ", ""),
        "city": found["city"].strip(),
    }
