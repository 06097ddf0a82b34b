"""Forms of circulation. Their choices are read when the form is made, inside the organisation's scope."""

from collections.abc import Sequence
from typing import Any

from django import forms

from egon.circulation import queries
from egon.kernel.clock import today
from egon.records.models import CaseFile, Document
from egon.registry import queries as registry
from egon.registry.models import Person, Unit
from egon.web.forms import offer
from egon.web.offers import SoughtChoice
from egon.web.records.forms import FilesField
from egon.web.widgets import DayInput

NOTE = forms.Textarea(attrs={"rows": 2})


def _known(pk: int | None) -> list[int]:
    return [] if pk is None else [pk]


class AssignForm(forms.Form):
    """To which unit a document goes."""

    unit = SoughtChoice(Unit.objects.none(), label="Útvar", empty_label="Vyberte útvar…", source="uzly")
    deadline = forms.DateField(label="Termín", required=False, widget=DayInput)
    note = forms.CharField(label="Pokyn", required=False, widget=NOTE)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "predat_%s")
        super().__init__(*args, **kwargs)
        nodes = registry.records_nodes(on=today())
        offer(self, "unit", nodes.exclude(pk__in=_known(document.unit_id)))


class HandFileForm(forms.Form):
    """To which unit or person a whole file goes; exactly one of them."""

    unit = SoughtChoice(
        Unit.objects.none(), label="Útvar", required=False, empty_label="–", source="uzly",
        help_text="Převezme ho vedoucí, sekretariát nebo správce spisového uzlu.",
    )  # fmt: skip
    person = SoughtChoice(
        Person.objects.none(), label="Nebo osoba", required=False, empty_label="–", source="osoby",
        help_text="Vyplňte jen jedno: útvar, nebo osobu.",
    )  # fmt: skip
    deadline = forms.DateField(label="Termín", required=False, widget=DayInput)
    note = forms.CharField(label="Pokyn", required=False, widget=NOTE)

    def __init__(self, *args: Any, file: CaseFile, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "spis_%s")
        super().__init__(*args, **kwargs)
        offer(self, "unit", registry.records_nodes(on=today()))
        offer(self, "person", registry.people().exclude(pk__in=_known(file.processor_id)))


class GiveForm(forms.Form):
    """Who in the unit shall work on a document."""

    person = SoughtChoice(Person.objects.none(), label="Zpracovatel", empty_label="Vyberte osobu…", source="osoby")
    deadline = forms.DateField(label="Termín", required=False, widget=DayInput)
    note = forms.CharField(label="Pokyn", required=False, widget=NOTE)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "dat_%s")
        super().__init__(*args, **kwargs)
        people = registry.people_in(document.unit) if document.unit else Person.objects.none()
        offer(self, "person", people.exclude(pk__in=_known(document.holder_id)))


class HandOnForm(forms.Form):
    """Who in the unit shall know of a circular."""

    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label="Komu předat na vědomí", widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="Vzkaz", required=False, widget=NOTE)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "vedomi_%s")
        super().__init__(*args, **kwargs)
        offer(self, "people", registry.people_in(unit))


class ReturnForm(forms.Form):
    """Why a document or a file goes back."""

    reason = forms.CharField(label="Důvod vrácení", widget=forms.Textarea(attrs={"rows": 3}))


class ApprovalForm(forms.Form):
    """Whom to ask for approval; the head of the unit is offered first."""

    approver = SoughtChoice(
        Person.objects.none(), label="Schvaluje", empty_label="Vyberte schvalovatele…", source="osoby"
    )
    note = forms.CharField(label="Průvodní slovo", required=False, widget=NOTE)

    def __init__(self, *args: Any, document: Document, asks: int | None, **kwargs: Any) -> None:
        usual = queries.usual_approver(document)
        kwargs.setdefault("auto_id", "schvaleni_%s")
        kwargs.setdefault("initial", {"approver": usual.pk if usual and usual.pk != asks else None})
        super().__init__(*args, **kwargs)
        approvers = queries.approvers().exclude(pk__in=_known(asks))
        offer(self, "approver", approvers)


class ApproveForm(forms.Form):
    """An approval may carry a word."""

    comment = forms.CharField(
        label="Vyjádření (nepovinné)", required=False, widget=forms.Textarea(attrs={"rows": 2, "id": "schvalit_slovo"})
    )


class ReworkForm(forms.Form):
    """What to change before the draft is shown again."""

    comment = forms.CharField(
        label="Co přepracovat", widget=forms.Textarea(attrs={"rows": 3, "id": "prepracovat_slovo"})
    )


class CircularForm(forms.Form):
    """A new internal document and the units it goes to; of an existing document only the units."""

    subject = forms.CharField(label="Věc", max_length=250)
    text = forms.CharField(
        label="Text",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Vysází se do PDF/A. Místo textu můžete nahrát hotový soubor.",
    )
    files = FilesField(  # type: ignore[assignment]
        label="Soubory", required=False, help_text="Nejvýše 50 MB každý."
    )
    instruction = forms.CharField(label="Pokyn útvarům", required=False, widget=NOTE)
    deadline = forms.DateField(label="Převzít do", required=False, widget=DayInput)
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="Kterým útvarům", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, document: Document | None = None, **kwargs: Any) -> None:
        nodes = registry.records_nodes(on=today())
        kwargs.setdefault("initial", {"units": [unit.pk for unit in nodes]})
        super().__init__(*args, **kwargs)
        offer(self, "units", nodes)
        self.document = document
        if document is not None:
            for name in ("subject", "text", "files"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A circular without a word and without a file tells nothing."""
        data = super().clean() or {}
        told: Sequence[Any] = [data.get("text"), *(data.get("files") or [])]
        if self.document is None and not any(told) and "text" not in self.errors and "files" not in self.errors:
            self.add_error("text", "Napište text, nebo nahrajte aspoň jeden soubor.")
        return data
