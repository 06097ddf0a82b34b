"""Forms of documents and files."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q

from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.parties import queries as parties
from egon.parties.models import Party
from egon.records import known_parties, own_metadata, queries
from egon.records.models import CaseFile, Document, DocumentKind, DocumentTemplate, PaperPart, TypedSection
from egon.records.rules.checkouts import LONGEST_COMMENT
from egon.records.rules.labels import Labelled, choices
from egon.records.rules.own_metadata import LONGEST_VALUE, OwnEntity
from egon.records.rules.parties import PartyRole
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import Direction, DocumentState, FileState
from egon.registry import queries as registry
from egon.registry.models import Person, Unit
from egon.web.forms import SharedForm, offer
from egon.web.offers import SoughtChoice
from egon.web.records.own_fields import OwnFieldsForm
from egon.web.records.paper_forms import PAPER_FIELDS, PaperFields
from egon.web.records.plan_forms import TargetField
from egon.web.widgets import DayInput

LARGEST_FILE = 50 * 1024 * 1024
MOST_CANDIDATES = 20
ANY = [("", "vše")]
_OWN = ("udaj", "hodnota", "hodnota_od", "hodnota_do")


def _still_there(states: type[Labelled]) -> list[tuple[str, str]]:
    """States of a filter: of what is destroyed no list tells."""
    return [choice for choice in choices(states) if choice[0] != DocumentState.DESTROYED]


class OwnValueFilter(forms.Form):
    """The part of a filter by one own field: this value, or from one to another."""

    own_entity: OwnEntity
    own_found = Q()

    udaj = forms.ChoiceField(label="Vlastní údaj", required=False)
    hodnota = forms.CharField(label="Hodnota", required=False, max_length=LONGEST_VALUE)
    hodnota_od = forms.CharField(label="Hodnota od", required=False, max_length=LONGEST_VALUE)
    hodnota_do = forms.CharField(label="Hodnota do", required=False, max_length=LONGEST_VALUE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = own_metadata.filter_choices(self.own_entity)
        self.kinds = offered["kind"]
        if offered["own"]:
            self.fields["udaj"].choices = [("", "–"), *offered["own"]]  # type: ignore[attr-defined]
        else:
            for name in _OWN:
                del self.fields[name]
        self.order_fields([name for name in self.fields if name not in _OWN])

    def clean(self) -> dict[str, Any]:
        """Read the values as the field wants them."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("udaj"):
            try:
                self.own_found = own_metadata.having(
                    own_metadata.field_for(int(data["udaj"])),
                    only=data["hodnota"],
                    since=data["hodnota_od"],
                    until=data["hodnota_do"],
                )
            except ValueError as fault:
                self.add_error("hodnota", str(fault))
        return data


class DocumentFilter(OwnValueFilter):
    """What the list of documents is narrowed by."""

    own_entity = OwnEntity.DOCUMENT

    stav = forms.ChoiceField(label="Stav", required=False, choices=[*ANY, *_still_there(DocumentState)])
    smer = forms.ChoiceField(label="Směr", required=False, choices=[*ANY, *choices(Direction)])
    utvar = SoughtChoice(Unit.objects.none(), label="Útvar", required=False, empty_label="vše", source="utvary-vsechny")
    druh = forms.ChoiceField(label="Druh dokumentu", required=False)
    od = forms.DateField(label="Od", required=False, widget=DayInput)
    do = forms.DateField(label="Do", required=False, widget=DayInput)
    spis = forms.CharField(label="Spisová značka", required=False, max_length=80, help_text="Od začátku.")
    moje = forms.BooleanField(label="Jen moje", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["druh"].choices = [*ANY, *self.kinds]  # type: ignore[attr-defined]
        offer(self, "utvar", registry.units())


class FileFilter(OwnValueFilter):
    """What the list of files is narrowed by."""

    own_entity = OwnEntity.FILE

    stav = forms.ChoiceField(label="Stav", required=False, choices=[*ANY, *_still_there(FileState)])
    utvar = SoughtChoice(Unit.objects.none(), label="Útvar", required=False, empty_label="vše", source="utvary-vsechny")
    znak = forms.CharField(label="Spisový znak", required=False, max_length=30)
    q = forms.CharField(
        label="Značka nebo obsah", required=False, max_length=80, help_text="Celá slova, začátek s hvězdičkou."
    )
    moje = forms.BooleanField(label="Jen moje", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "utvar", registry.units())


class PartyLookup(forms.Form):
    """Finding a party of the register by its name, IČO or box without JavaScript.

    One hit is taken at once; of several the person chooses in a list that appears with the answer.
    """

    party_text = forms.CharField(label="Osoba z rejstříku", required=False, max_length=120)
    party_id = forms.ChoiceField(label="Nalezené osoby", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = self._candidates(actor)
        if len(self.candidates) > 1:
            self.fields["party_id"].choices = [  # type: ignore[attr-defined]
                (str(party.pk), f"{party.name}, {party.address}") for party in self.candidates
            ]
        else:
            del self.fields["party_id"]

    def _candidates(self, actor: Actor) -> list[Party]:
        """Whom the text finds, of those the actor may see; that they were shown is logged."""
        wanted = (self.data.get(self.add_prefix("party_text")) or "").strip() if self.is_bound else ""
        if not wanted:
            return []
        found = list(parties.find(wanted).filter(known_parties.visible_to(actor))[:MOST_CANDIDATES])
        parties.note_shown(actor, found, text=wanted)
        return found

    @property
    def party(self) -> Party | None:
        """The party chosen, after the form was found valid."""
        if len(self.candidates) == 1:
            return self.candidates[0]
        chosen = self.cleaned_data.get("party_id") or ""
        return next((party for party in self.candidates if str(party.pk) == chosen), None)

    def clean(self) -> dict[str, Any]:
        """Say plainly when nobody was found, or when a choice is needed."""
        data = super().clean() or self.cleaned_data
        if data.get("party_text"):
            if not self.candidates:
                self.add_error(
                    "party_text", "Nikdo takový v rejstříku není. Zkuste jinou část jména, IČO, nebo osobu založte."
                )
            elif len(self.candidates) > 1 and self.party is None:
                self.add_error("party_id", "Odpovídá víc osob. Vyberte jednu z nich.")
        return data


class CorrectionForm(SharedForm):
    """A form of a file or of a document that asks for a reason once the file is closed (NSESSS 7.1.5)."""

    def ask_reason(self, file: CaseFile | None) -> None:
        """Add the reason where it is needed; call it last, it stands at the end."""
        if file is not None and file.state == FileState.CLOSED:
            self.fields["reason"] = forms.CharField(
                label="Důvod opravy",
                max_length=250,
                help_text="Spis je uzavřený. Důvod se zapíše do historie spolu s původními hodnotami.",
            )


class MetadataForm(CorrectionForm, PartyLookup, OwnFieldsForm):
    """Corrections of what is recorded of a document."""

    subject = forms.CharField(label="Věc", max_length=250)
    kind = forms.ModelChoiceField(
        label="Druh dokumentu", queryset=DocumentKind.objects.none(), required=False, empty_label="neurčen"
    )
    sender_reference = forms.CharField(label="Značka odesílatele", max_length=100, required=False)
    deadline = forms.DateField(label="Termín vyřízení", required=False, widget=DayInput)
    note = forms.CharField(label="Poznámka", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    field_order = ("subject", "kind", "party_text", "party_id", "sender_reference", "deadline", "note")

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", queries.kinds(on=today(), kept=document.kind_id))
        if document.direction == Direction.RECEIVED:
            self.fields["party_text"].label = "Změnit odesílatele"
            self.fields["party_text"].help_text = f"Teď: {document.sender or 'není'}. Nechte prázdné, pokud souhlasí."
        else:
            for name in ("party_text", "party_id", "sender_reference"):
                self.fields.pop(name, None)
        self.ask_own(OwnEntity.DOCUMENT, document.own_values)
        self.ask_reason(document.case_file)


class AddresseeForm(PartyLookup):
    """To whom a document goes: from the register, or written by hand."""

    name = forms.CharField(label="Jméno nebo název", max_length=250, required=False)
    address = forms.CharField(label="Adresa", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    databox_id = forms.CharField(label="Datová schránka", max_length=7, required=False)

    def clean(self) -> dict[str, Any]:
        """Either a party, or at least a name."""
        data = super().clean()
        if not data.get("party_text") and not data.get("name"):
            self.add_error("party_text", "Najděte osobu v rejstříku, nebo napište jméno adresáta.")
        return data


class PartyLinkForm(PartyLookup):
    """Another person in a document or a file, and what they are to it."""

    role = forms.ChoiceField(label="Role", choices=choices(PartyRole), initial=PartyRole.PARTICIPANT.value)
    note = forms.CharField(label="Poznámka", max_length=250, required=False)

    field_order = ("party_text", "party_id", "role", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party_text"].required = True
        self.fields["party_text"].help_text = "Stačí část jména, obec, IČO nebo schránka; na diakritice nezáleží."


class SettleForm(forms.Form):
    """How a document is settled (vyhláška 259/2012 § 14)."""

    how = forms.ChoiceField(label="Způsob vyřízení", choices=choices(SettledHow), widget=forms.RadioSelect)
    on = forms.DateField(label="Datum vyřízení", widget=DayInput)
    note = forms.CharField(
        label="Záznam o vyřízení",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Povinný při postoupení a při vyřízení záznamem.",
    )


class ReplyForm(forms.Form):
    """The template of a reply."""

    template = forms.ModelChoiceField(
        label="Šablona",
        queryset=DocumentTemplate.objects.none(),
        required=False,
        empty_label="prázdný dopis",
        widget=forms.RadioSelect,
    )
    subject = forms.CharField(
        label="Věc",
        max_length=250,
        required=False,
        help_text="Když zůstane prázdná, doplní se ze šablony nebo „Odpověď:“ s věcí dokumentu.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "template", queries.templates())


class TextForm(SharedForm):
    """The text of a document in our small markup."""

    subject = forms.CharField(label="Věc", max_length=250)
    body = forms.CharField(
        label="Text",
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
        help_text="Prázdný řádek dělí odstavce, „- “ začíná odrážku, „1. “ číslovaný bod, „# “ nadpis, **tučně**.",
        strip=False,
    )


class ManyFiles(forms.ClearableFileInput):
    """A control for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each of them is checked."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """A list of the files uploaded."""
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        files = [super(FilesField, self).clean(one, initial) for one in given if one or self.required]
        for file in files:
            if file and file.size > LARGEST_FILE:
                raise forms.ValidationError(f"Soubor „{file.name}“ je větší než {LARGEST_FILE // 1024 // 1024} MB.")
        return [file for file in files if file]


class AnnexForm(forms.Form):
    """Annexes of a draft."""

    uploads = FilesField(label="Soubory", help_text="Nejvýše 50 MB každý.")


class CheckInForm(forms.Form):
    """A component brought back from editing."""

    upload = forms.FileField(
        label="Upravený soubor",
        required=False,
        help_text="Nejvýše 50 MB, ve stejném formátu. Nechte prázdné, když jste soubor uložili přímo z programu.",
    )
    changes = forms.CharField(
        label="Co se změnilo", max_length=LONGEST_COMMENT, help_text="Uvidí to každý, kdo otevře seznam verzí."
    )


class PaperForm(CorrectionForm, PaperFields):
    """The analogue part of a registered document, or that it has none."""

    may_be_digital = True

    def __init__(self, *args: Any, present: PaperPart | None, file: CaseFile | None, **kwargs: Any) -> None:
        if present is not None:
            kwargs["initial"] = {name: getattr(present, name) for name in PAPER_FIELDS}
        super().__init__(*args, **kwargs)
        self.ask_reason(file)


class NewDocumentForm(PartyLookup, OwnFieldsForm, PaperFields):
    """A new own document."""

    may_be_digital = True

    direction = forms.ChoiceField(
        label="Směr",
        choices=[(Direction.OUTGOING.value, "k odeslání"), (Direction.INTERNAL.value, "vlastní (zůstává v úřadu)")],
        initial=Direction.OUTGOING.value,
        widget=forms.RadioSelect,
    )
    subject = forms.CharField(label="Věc", max_length=250)
    kind = forms.ModelChoiceField(
        label="Druh dokumentu", queryset=DocumentKind.objects.none(), required=False, empty_label="neurčen"
    )
    body = forms.CharField(
        label="Text", required=False, widget=forms.Textarea(attrs={"rows": 10}), strip=False,
        help_text="Z textu vznikne PDF/A s hlavičkou organizace. Text jde napsat i později.",
    )  # fmt: skip
    uploads = FilesField(label="Soubory", required=False)
    deadline = forms.DateField(label="Termín", required=False, widget=DayInput)

    field_order = (
        "direction", "subject", "kind", "party_text", "party_id", "body", "uploads", "deadline", *PAPER_FIELDS,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", queries.kinds(on=today()))
        self.fields["party_text"].label = "Adresát"
        self.fields["party_text"].help_text = "Jméno, IČO nebo schránka z rejstříku; jen u dokumentu k odeslání."
        self.ask_own(OwnEntity.DOCUMENT)

    def first_rows(self) -> list[forms.BoundField]:
        """All fields but those of the analogue part, which have a place of their own."""
        return [field for field in self if field.name not in PAPER_FIELDS]

    def paper_rows(self) -> list[forms.BoundField]:
        """Fields of the analogue part."""
        return [self[name] for name in PAPER_FIELDS]

    def is_on_paper(self) -> bool:
        """Whether anything of the analogue part was typed: the page then shows its fields."""
        return any(self[name].data for name in PAPER_FIELDS)


class NewFileForm(OwnFieldsForm):
    """A new file: its class from the plan unless a section of a typed file was chosen, and its subject."""

    record_class = TargetField(label="Spisový znak")
    subject = forms.CharField(label="Stručný obsah", max_length=250)

    def __init__(self, *args: Any, section: TypedSection | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        self.ask_own(OwnEntity.FILE)
        if section is not None:
            del self.fields["record_class"]

    def place(self) -> dict[str, Any]:
        """Where the file is to be opened, as the operation wants it."""
        if self.section is not None:
            return {"section": self.section}
        return {"record_class": self.cleaned_data["record_class"]}


class FileForm(CorrectionForm, OwnFieldsForm):
    """What may be changed of a file."""

    subject = forms.CharField(label="Stručný obsah", max_length=250)
    processor = SoughtChoice(label="Zpracovatel", queryset=Person.objects.none(), source="osoby")

    def __init__(self, *args: Any, people: Any, file: CaseFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "processor", people)
        self.ask_own(OwnEntity.FILE, file.own_values)
        self.ask_reason(file)
